// The beginning of a streamed answer, kept for the case that its service does not say what it consumed. Its memory is
// used again by the next stream. Knows no format.

const sampleBytes = 8 * 1024;
/** Buffers that wait for another stream at most. */
const maxSpare = 256;
const spare: Buffer[] = [];

export class AnswerSample {
  /** All bytes that came. */
  total = 0;
  #buffer: Buffer | null = null;
  #used = 0;

  push(chunk: Buffer): void {
    this.total += chunk.length;
    if (this.#used < sampleBytes) this.#keep(chunk);
  }

  #keep(chunk: Buffer): void {
    this.#buffer ??= spare.pop() ?? Buffer.allocUnsafeSlow(sampleBytes);
    this.#used += chunk.copy(this.#buffer, this.#used);
  }

  /** A copy of what was kept. */
  beginning(): Buffer {
    return Buffer.from(this.#buffer?.subarray(0, this.#used) ?? []);
  }

  /** Nothing is kept from here on. */
  release(): void {
    if (this.#buffer !== null && spare.length < maxSpare) spare.push(this.#buffer);
    this.#buffer = null;
    this.#used = sampleBytes;
  }
}
