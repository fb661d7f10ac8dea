// Compresses bytes to one LZ4 block, without frame. Knows nothing of what the bytes are.
// Format: https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md

const minMatch = 4;
/** The last bytes of a block are literals: the format wants five, and no match may begin within the last twelve. */
const lastLiterals = 5;
const matchLimit = 12;
const maxOffset = 65_535;
const hashBits = 14;

/** The block that decompresses to `input`. */
export function lz4Block(input: Uint8Array): Uint8Array {
  const writer = new BlockWriter(input);
  const table = new Int32Array(1 << hashBits).fill(-1);
  const matchEnd = input.length - lastLiterals;
  let at = 0;
  let literalsFrom = 0;
  let misses = 0;
  while (at <= input.length - matchLimit) {
    const slot = hashAt(input, at);
    const candidate = table[slot] ?? -1;
    table[slot] = at;
    if (candidate < 0 || at - candidate > maxOffset || !sameFour(input, candidate, at)) {
      // What does not compress is passed over ever faster.
      misses += 1;
      at += 1 + (misses >> 6);
      continue;
    }
    misses = 0;
    let length = minMatch;
    while (at + length < matchEnd && input[candidate + length] === input[at + length]) length += 1;
    writer.sequence(literalsFrom, at, at - candidate, length);
    at += length;
    literalsFrom = at;
  }
  writer.lastLiterals(literalsFrom);
  return writer.bytes();
}

function hashAt(input: Uint8Array, at: number): number {
  const word =
    (input[at] ?? 0) |
    ((input[at + 1] ?? 0) << 8) |
    ((input[at + 2] ?? 0) << 16) |
    ((input[at + 3] ?? 0) << 24);
  return Math.imul(word, 0x9e3779b1) >>> (32 - hashBits);
}

function sameFour(input: Uint8Array, a: number, b: number): boolean {
  return (
    input[a] === input[b] &&
    input[a + 1] === input[b + 1] &&
    input[a + 2] === input[b + 2] &&
    input[a + 3] === input[b + 3]
  );
}

class BlockWriter {
  readonly #input: Uint8Array;
  readonly #output: Uint8Array;
  #at = 0;

  constructor(input: Uint8Array) {
    this.#input = input;
    // The most that the format can need.
    this.#output = new Uint8Array(input.length + Math.ceil(input.length / 255) + 16);
  }

  /** Literals of the input from `from` to `to`, then a copy of `length` bytes from `offset` bytes before. */
  sequence(from: number, to: number, offset: number, length: number): void {
    const extra = length - minMatch;
    this.#token(to - from, extra);
    this.#literals(from, to);
    this.#put(offset & 255);
    this.#put(offset >> 8);
    this.#rest(extra);
  }

  lastLiterals(from: number): void {
    this.#token(this.#input.length - from, 0);
    this.#literals(from, this.#input.length);
  }

  bytes(): Uint8Array {
    return this.#output.subarray(0, this.#at);
  }

  #token(literals: number, match: number): void {
    this.#put((Math.min(literals, 15) << 4) | Math.min(match, 15));
    this.#rest(literals);
  }

  /** What of a length the token has no room for. */
  #rest(length: number): void {
    if (length < 15) return;
    let left = length - 15;
    while (left >= 255) {
      this.#put(255);
      left -= 255;
    }
    this.#put(left);
  }

  #literals(from: number, to: number): void {
    this.#output.set(this.#input.subarray(from, to), this.#at);
    this.#at += to - from;
  }

  #put(byte: number): void {
    this.#output[this.#at] = byte;
    this.#at += 1;
  }
}
