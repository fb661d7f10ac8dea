// Looks into parsed JSON of unknown shape without trusting it. Must not know any particular shape.

export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The parsed text, or undefined when it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Like `parseJson`, but reads numbers padded with zeros too (`"t":0017`): lenient services and clients do, so such a
 * text is no sign of a fault.
 */
export function parseLenientJson(text: string): unknown {
  const value = parseJson(text);
  if (value !== undefined) return value;
  // Strings are matched first, so that what looks like a number inside one stays.
  const unpadded = text.replace(/"(?:[^"\\]|\\.)*"|(?<![\d.eE+-])(-?)0+(?=\d)/gu, (match, sign?: string) =>
    match.startsWith('"') ? match : (sign ?? ""),
  );
  return unpadded === text ? undefined : parseJson(unpadded);
}

/** The member of an object; undefined when there is none or the value is no object. */
export function memberOf(value: unknown, key: string): unknown {
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** The member if it is a finite number not below zero, as every count is. */
export function countOf(value: unknown, key: string): number | undefined {
  const count = memberOf(value, key);
  return typeof count === "number" && Number.isFinite(count) && count >= 0 ? count : undefined;
}

/** The member if it is a string of at least one character. */
export function textOf(value: unknown, key: string): string | undefined {
  const text = memberOf(value, key);
  return typeof text === "string" && text !== "" ? text : undefined;
}

/** The member if it is an array, else an empty one. */
export function listOf(value: unknown, key: string): readonly unknown[] {
  const list = memberOf(value, key);
  return Array.isArray(list) ? list : [];
}
