// Finds secrets that are known by their value, however many there are, in one pass over a text. Knows not whose they are.

/** Characters that are looked at together; shorter secrets are not told from ordinary words. */
const width = 8;
const factor = 31;
/** Hashes that the filter tells apart. */
const filterSize = 65_536;
const smallFilterSize = 1_024;

/** `factor` to the power of `width`: what a character counts when it leaves the window. */
const leaving = Array.from({ length: width }).reduce<number>((power) => Math.imul(power, factor), 1);

export class KnownSecrets {
  /** By the hash of their first characters, longest first. */
  readonly #byStart = new Map<number, string[]>();
  /** Whether anything has a hash that ends so: what most places are passed over by. */
  readonly #filter: Uint8Array;
  readonly #filterBits: number;

  constructor(secrets: Iterable<string>) {
    const spelt = new Set([...secrets].flatMap(spellings));
    const size = spelt.size <= 32 ? smallFilterSize : filterSize;
    this.#filter = new Uint8Array(size);
    this.#filterBits = size - 1;
    for (const secret of spelt) this.#add(secret);
    for (const list of this.#byStart.values()) list.sort((left, right) => right.length - left.length);
  }

  #add(secret: string): void {
    if (secret.length < width) return;
    let hash = 0;
    for (let index = 0; index < width; index += 1) hash = next(hash, secret.charCodeAt(index));
    const list = this.#byStart.get(hash);
    if (list === undefined) this.#byStart.set(hash, [secret]);
    else list.push(secret);
    this.#filter[hash & this.#filterBits] = 1;
  }

  /** @param mask by the length of what it stands for */
  mask(text: string, mask: (length: number) => string): string {
    if (this.#byStart.size === 0 || text.length < width) return text;
    let masked = "";
    let from = 0;
    let hash = 0;
    for (let index = 0; index < text.length; index += 1) {
      hash = next(hash, text.charCodeAt(index));
      if (index >= width) hash = (hash - Math.imul(leaving, text.charCodeAt(index - width))) | 0;
      if (this.#filter[hash & this.#filterBits] === 0) continue;
      const start = index - width + 1;
      const found = start < from ? undefined : this.#foundAt(text, start, hash);
      if (found === undefined) continue;
      masked += text.slice(from, start) + mask(found.length);
      from = start + found.length;
    }
    return from === 0 ? text : masked + text.slice(from);
  }

  /** How many of the last characters are the beginning of a secret whose end is not there. */
  openEnd(text: string): number {
    let longest = 0;
    for (const secrets of this.#byStart.values()) {
      for (const secret of secrets) longest = Math.max(longest, commonEnd(text, secret));
    }
    return longest;
  }

  #foundAt(text: string, start: number, hash: number): string | undefined {
    return this.#byStart.get(hash)?.find((secret) => text.startsWith(secret, start));
  }
}

/** Fewer characters of a secret tell nothing. */
const leastOpenEnd = 4;

function commonEnd(text: string, secret: string): number {
  for (let length = secret.length - 1; length >= leastOpenEnd; length -= 1) {
    if (text.endsWith(secret.slice(0, length))) return length;
  }
  return 0;
}

function next(hash: number, code: number): number {
  return (Math.imul(hash, factor) + code) | 0;
}

/** As it is, in JSON, in JSON within JSON, and in an address or a form. */
function spellings(secret: string): string[] {
  const inJson = JSON.stringify(secret).slice(1, -1);
  const inJsonTwice = JSON.stringify(inJson).slice(1, -1);
  return [
    secret,
    inJson,
    inJson.replaceAll("/", "\\/"),
    inJsonTwice,
    encodeURIComponent(secret.toWellFormed()),
  ];
}
