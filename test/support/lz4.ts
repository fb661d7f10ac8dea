// Decompresses an LZ4 block and refuses whatever the format does not allow. Shares nothing with the compressor.

/** @throws when the block is not well formed or has another length */
export function unpackLz4Block(block: Uint8Array, rawLength: number): Buffer {
  const output = Buffer.alloc(rawLength);
  let from = 0;
  let to = 0;
  const byte = (): number => {
    const value = block[from];
    if (value === undefined) throw new Error("the block ends in the middle");
    from += 1;
    return value;
  };
  const length = (start: number): number => {
    let total = start;
    if (start < 15) return total;
    for (;;) {
      const more = byte();
      total += more;
      if (more < 255) return total;
    }
  };
  for (;;) {
    const token = byte();
    const literals = length(token >> 4);
    if (from + literals > block.length || to + literals > rawLength) throw new Error("too many literals");
    output.set(block.subarray(from, from + literals), to);
    from += literals;
    to += literals;
    if (from === block.length) break;
    const offset = byte() | (byte() << 8);
    if (offset === 0 || offset > to) throw new Error(`an offset of ${offset} at ${to}`);
    if (rawLength - to < 12) throw new Error("a match begins within the last twelve bytes");
    const copied = length(token & 15) + 4;
    if (to + copied > rawLength - 5) throw new Error("a match reaches into the last five bytes");
    for (let index = 0; index < copied; index += 1) output[to + index] = output[to + index - offset] ?? 0;
    to += copied;
  }
  if (to !== rawLength) throw new Error(`${to} bytes instead of ${rawLength}`);
  return output;
}
