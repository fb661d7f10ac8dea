// JSON whose numbers keep their digits: 1.0, 1e3 and 12345678901234567890 leave as they came. Must not know any shape.

/** `JSON.rawJSON` and the source text of reviver calls (ECMAScript proposal "JSON.parse source text access", in V8 since 11.4). */
interface RawJson {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source: string }) => unknown,
  ): unknown;
  rawJSON(text: string): object;
  isRawJSON(value: unknown): value is { readonly rawJSON: string };
}

// Node 24 has them; the declarations of the language version in use do not.
const json = JSON as unknown as RawJson;

/**
 * What may be a number that a JavaScript number would write in other digits: sixteen digits, with a point among them or
 * not, an exponent, a fraction that ends in a zero or begins with six, minus zero. Found inside strings too: a false alarm only costs the slower reading.
 */
const unusual = /[\d.]{16}|\d[eE]|\.\d*0(?!\d)|0\.000000|-0(?!\.?\d)/;

/**
 * Parses; a number that would change its digits becomes a raw number, which `JSON.stringify` writes as it was read.
 * @throws SyntaxError as `JSON.parse`
 */
export function parseExactJson(text: string): unknown {
  if (!unusual.test(text)) return JSON.parse(text);
  return json.parse(text, (_key, value, { source }) =>
    typeof value === "number" && String(value) !== source ? json.rawJSON(source) : value,
  );
}

/** The value as a number, whether it was kept raw or not; undefined for anything else. */
export function numberIn(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return json.isRawJSON(value) ? Number(value.rawJSON) : undefined;
}

/** A number that was kept raw. It looks like an object, and is none. */
export function isRawNumber(value: unknown): boolean {
  return json.isRawJSON(value);
}
