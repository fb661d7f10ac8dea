// The table of labels as bytes, as it travels in a snapshot, and back: what is damaged is refused. Knows no request.

const magic = 0x3254_4c4d;
const headLength = 12;

/** Everything that an index needs, as it is stored. */
export interface LabelTable {
  /** Version of what made the sketches (`featuresVersion`). */
  readonly features: number;
  readonly models: readonly string[];
  /** Labelled prompts; more than rows where those were put together. */
  readonly promptCount: number;
  /** Length of a sketch. */
  readonly length: number;
  /** Of the space of sketches (`SketchSpace`). */
  readonly mean: Float32Array;
  readonly scale: Float32Array;
  /** Similarity to the ten nearest of labelled prompts themselves, by percentile; empty: too few to tell. */
  readonly percentiles: Float32Array;
  /** By model. */
  readonly means: Float32Array;
  readonly counts: Float32Array;
  /** By model, `length` each. */
  readonly slopes: Float32Array;
  /** By row, `length` each. */
  readonly vectors: Int8Array;
  /** Prompts by row. */
  readonly sizes: Uint16Array;
  /** Where the worths of a row begin; one more than there are rows. */
  readonly starts: Uint32Array;
  readonly worthModels: Uint16Array;
  /** 0 to 65535. */
  readonly worthScores: Uint16Array;
  readonly worthWeights: Float32Array;
}

export function encodeTable(table: LabelTable): Uint8Array {
  const names = new TextEncoder().encode(JSON.stringify(table.models));
  const parts = [
    Uint32Array.of(table.promptCount, table.length, table.sizes.length, names.length, table.models.length),
    Uint32Array.of(table.percentiles.length, table.worthModels.length, table.features),
    table.mean,
    table.scale,
    table.percentiles,
    table.means,
    table.counts,
    table.slopes,
    table.starts,
    table.worthWeights,
    table.sizes,
    table.worthModels,
    table.worthScores,
    table.vectors,
    names,
  ];
  const length = parts.reduce((sum, part) => sum + part.byteLength, headLength);
  const bytes = new Uint8Array(length);
  let at = headLength;
  for (const part of parts) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
    at += part.byteLength;
  }
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic, true);
  view.setUint32(4, length, true);
  view.setUint32(8, checksum(bytes), true);
  return bytes;
}

export function decodeTable(given: Uint8Array): LabelTable {
  // Views of several bytes must begin at a multiple of four; `slice` of a Buffer would be no copy.
  const bytes = new Uint8Array(given);
  if (bytes.length < headLength) throw damaged("it is too short");
  const view = new DataView(bytes.buffer);
  if (view.getUint32(0, true) !== magic) throw damaged("it does not begin like one of this version");
  if (view.getUint32(4, true) !== bytes.length) throw damaged("its length is not what it says");
  if (view.getUint32(8, true) !== checksum(bytes)) throw damaged("its checksum is wrong");
  return read(bytes);
}

function read(bytes: Uint8Array<ArrayBuffer>): LabelTable {
  let at = headLength;
  const take = (size: number): number => {
    const from = at;
    at += size;
    if (at > bytes.length) throw damaged("it ends too early");
    return from;
  };
  const { buffer } = bytes;
  const floats = (count: number): Float32Array => new Float32Array(buffer, take(count * 4), count);
  const shorts = (count: number): Uint16Array => new Uint16Array(buffer, take(count * 2), count);
  const longs = (count: number): Uint32Array => new Uint32Array(buffer, take(count * 4), count);
  const [promptCount = 0, length = 0, rows = 0, nameBytes = 0, modelCount = 0] = longs(5);
  const [percentileCount = 0, worthCount = 0, features = 0] = longs(3);
  const table = {
    features,
    promptCount,
    length,
    mean: floats(length),
    scale: floats(length),
    percentiles: floats(percentileCount),
    means: floats(modelCount),
    counts: floats(modelCount),
    slopes: floats(modelCount * length),
    starts: longs(rows + 1),
    worthWeights: floats(worthCount),
    sizes: shorts(rows),
    worthModels: shorts(worthCount),
    worthScores: shorts(worthCount),
    vectors: new Int8Array(buffer, take(rows * length), rows * length),
    models: readNames(bytes.subarray(take(nameBytes), at), modelCount),
  };
  if (at !== bytes.length) throw damaged("there is more than it says");
  checkPlaces(table);
  return table;
}

function checkPlaces({ starts, worthModels, models }: LabelTable): void {
  for (let row = 1; row < starts.length; row += 1)
    if ((starts[row] ?? 0) < (starts[row - 1] ?? 0)) throw damaged("its rows overlap");
  if (starts[0] !== 0 || starts.at(-1) !== worthModels.length)
    throw damaged("its rows do not fit its scores");
  for (const model of worthModels)
    if (model >= models.length) throw damaged("it scores a model without a name");
}

function readNames(bytes: Uint8Array, count: number): readonly string[] {
  const names: unknown = JSON.parse(new TextDecoder().decode(bytes));
  if (!Array.isArray(names) || names.length !== count) throw damaged("its names do not fit its models");
  return names.map((name: unknown) => {
    if (typeof name !== "string") throw damaged("a model has no name");
    return name;
  });
}

function damaged(why: string): Error {
  return new Error(`the table of labels cannot be read: ${why}`);
}

/** FNV-1a over what follows the head. */
function checksum(bytes: Uint8Array): number {
  let sum = 0x811c9dc5;
  for (let at = headLength; at < bytes.length; at += 1) sum = Math.imul(sum ^ (bytes[at] ?? 0), 0x01000193);
  return sum >>> 0;
}
