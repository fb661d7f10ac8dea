// JSON as a tree in which every value is one text, so that two documents have one text exactly when they say the same:
// keys are sorted, spaces are gone, numbers keep their digits. Knows no document's meaning.

/** A value: a scalar by its text; the items of a list; the members of an object. */
export type CanonicalValue = string | readonly CanonicalValue[] | ReadonlyMap<string, CanonicalValue>;

const maxDepth = 128;
const scalar = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null/y;
const space = /[ \t\n\r]*/y;

class NotCanonical extends Error {}

/** Undefined for what is no JSON, is nested too deep, or names a key of one object twice: parsers differ over these. */
export function readCanonical(text: string): CanonicalValue | undefined {
  try {
    const reader = new Reader(text);
    const value = reader.value(0);
    reader.end();
    return value;
  } catch (error) {
    if (error instanceof NotCanonical) return undefined;
    throw error;
  }
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): CanonicalValue {
    if (depth > maxDepth) throw new NotCanonical();
    switch (this.#next()) {
      case "{":
        return this.#object(depth);
      case "[":
        return this.#list(depth);
      case '"':
        return this.#string();
      default:
        return this.#scalar();
    }
  }

  end(): void {
    if (this.#next() !== "") throw new NotCanonical();
  }

  /** The next character that is no space; "" at the end. */
  #next(): string {
    space.lastIndex = this.#at;
    space.test(this.#text);
    this.#at = space.lastIndex;
    return this.#text.charAt(this.#at);
  }

  /** Takes one of two characters. */
  #take(wanted: string, or: string): string {
    const found = this.#next();
    if (found === "" || (found !== wanted && found !== or)) throw new NotCanonical();
    this.#at += 1;
    return found;
  }

  #object(depth: number): ReadonlyMap<string, CanonicalValue> {
    this.#at += 1;
    const members = new Map<string, CanonicalValue>();
    if (this.#next() === "}") {
      this.#at += 1;
      return members;
    }
    do {
      if (this.#next() !== '"') throw new NotCanonical();
      const key = this.#string();
      if (members.has(key)) throw new NotCanonical();
      this.#take(":", ":");
      members.set(key, this.value(depth + 1));
    } while (this.#take(",", "}") === ",");
    return members;
  }

  #list(depth: number): readonly CanonicalValue[] {
    this.#at += 1;
    const items: CanonicalValue[] = [];
    if (this.#next() === "]") {
      this.#at += 1;
      return items;
    }
    do items.push(this.value(depth + 1));
    while (this.#take(",", "]") === ",");
    return items;
  }

  /** With its quotes; escapes in one spelling. */
  #string(): string {
    const from = this.#at;
    let end = this.#text.indexOf('"', from + 1);
    while (end !== -1 && this.#isEscaped(end)) end = this.#text.indexOf('"', end + 1);
    if (end === -1) throw new NotCanonical();
    this.#at = end + 1;
    const raw = this.#text.slice(from, end + 1);
    return raw.includes("\\") ? inOneSpelling(raw) : raw;
  }

  #isEscaped(at: number): boolean {
    let backslashes = 0;
    while (this.#text.charCodeAt(at - 1 - backslashes) === 0x5c) backslashes += 1;
    return backslashes % 2 === 1;
  }

  #scalar(): string {
    scalar.lastIndex = this.#at;
    const [found] = scalar.exec(this.#text) ?? [];
    if (found === undefined) throw new NotCanonical();
    this.#at += found.length;
    return found;
  }
}

function inOneSpelling(raw: string): string {
  try {
    return JSON.stringify(JSON.parse(raw));
  } catch {
    throw new NotCanonical();
  }
}

/** Lists before objects: `Array.isArray` does not tell TypeScript about lists that cannot be changed. */
export function isList(value: CanonicalValue | undefined): value is readonly CanonicalValue[] {
  return Array.isArray(value);
}

export function canonicalText(value: CanonicalValue): string {
  if (typeof value === "string") return value;
  if (isList(value)) return `[${value.map(canonicalText).join(",")}]`;
  const members = [...value].toSorted(([left], [right]) => (left < right ? -1 : 1));
  return `{${members.map(([key, item]) => `${key}:${canonicalText(item)}`).join(",")}}`;
}

/** A member of an object; undefined where it is none, or has no such member. */
export function memberOf(value: CanonicalValue | undefined, name: string): CanonicalValue | undefined {
  return value === undefined || typeof value === "string" || isList(value)
    ? undefined
    : value.get(JSON.stringify(name));
}

/** The text that a scalar is; undefined for any other value. */
export function textOf(value: CanonicalValue | undefined): string | undefined {
  if (typeof value !== "string" || !value.startsWith('"')) return undefined;
  const text: unknown = JSON.parse(value);
  return typeof text === "string" ? text : undefined;
}

/** Members by name, items by index. */
export type CanonicalPath = readonly (string | number)[];

/** The same with a `?`, as no JSON has it, where the path leads. */
export function withHole(value: CanonicalValue, [step, ...rest]: CanonicalPath): CanonicalValue {
  if (step === undefined) return "?";
  if (isList(value)) return value.map((item, index) => (index === step ? withHole(item, rest) : item));
  if (typeof value === "string") return value;
  const key = JSON.stringify(step);
  return new Map([...value].map(([name, item]) => [name, name === key ? withHole(item, rest) : item]));
}
