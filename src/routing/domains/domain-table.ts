// The weights of a domain classifier as bytes, and the classifier that reads them where they are. Knows no training.
import { featuresVersion, type PromptFeatures } from "../prompt/prompt-features.ts";
import type { DomainClassifier } from "./domain-classifier.ts";
import { biasAt, partScales, softmax, structureFrom, vectorFrom } from "./softmax.ts";
import type { DomainWeights } from "./train-domains.ts";

/** `MGDT`, little-endian. */
const magic = 0x54_44_47_4d;
/** A table is of no use to other features than it was made of. */
const version = featuresVersion;
/** Magic, version, classes, bytes of the names, temperature. */
const headerBytes = 20;
const mostClasses = 256;
/** Weights of a part are signed bytes, each class with a scale of its own: grams, vector, structure; and the bias. */
const numbersOfClass = 4;
const partStarts = [0, vectorFrom, structureFrom, biasAt] as const;

class TableError extends Error {
  constructor(what: string) {
    super(`the domain table cannot be read: ${what}`);
  }
}

export function encodeDomainTable(names: readonly string[], model: DomainWeights): Uint8Array {
  const { classes, weights } = model;
  const nameBytes = new TextEncoder().encode(JSON.stringify(names));
  const scalesAt = headerBytes + nameBytes.length;
  const weightsAt = scalesAt + classes * numbersOfClass * 4;
  const bytes = new Uint8Array(weightsAt + biasAt * classes);
  const view = new DataView(bytes.buffer);
  [magic, version, classes, nameBytes.length].forEach((value, at) => view.setUint32(at * 4, value, true));
  view.setFloat32(16, model.temperature, true);
  bytes.set(nameBytes, headerBytes);
  for (let one = 0; one < classes; one += 1) {
    const numbersAt = scalesAt + one * numbersOfClass * 4;
    for (let part = 0; part < 3; part += 1) {
      const [from, to] = [partStarts[part] ?? 0, partStarts[part + 1] ?? 0];
      let highest = 0;
      for (let at = from; at < to; at += 1)
        highest = Math.max(highest, Math.abs(weights[at * classes + one] ?? 0));
      const scale = highest / 127;
      view.setFloat32(numbersAt + part * 4, scale, true);
      if (scale === 0) continue;
      for (let at = from; at < to; at += 1)
        view.setInt8(weightsAt + at * classes + one, Math.round((weights[at * classes + one] ?? 0) / scale));
    }
    view.setFloat32(numbersAt + 12, weights[biasAt * classes + one] ?? 0, true);
  }
  return bytes;
}

/** Throws where the bytes are no table of this version. */
export function openDomainTable(bytes: Uint8Array): DomainClassifier {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < headerBytes || view.getUint32(0, true) !== magic)
    throw new TableError("these are other bytes");
  const found = view.getUint32(4, true);
  if (found !== version) throw new TableError(`it has version ${found}, this program reads ${version}`);
  const classes = view.getUint32(8, true);
  const nameLength = view.getUint32(12, true);
  const temperature = view.getFloat32(16, true);
  const scalesAt = headerBytes + nameLength;
  const weightsAt = scalesAt + classes * numbersOfClass * 4;
  if (classes > mostClasses || bytes.length !== weightsAt + biasAt * classes)
    throw new TableError("it is damaged");
  if (!(temperature > 0 && temperature < 1_000)) throw new TableError("its temperature is none");
  const numbers = new Float32Array(classes * numbersOfClass);
  for (let at = 0; at < numbers.length; at += 1) numbers[at] = view.getFloat32(scalesAt + at * 4, true);
  if (!numbers.every(Number.isFinite)) throw new TableError("its scales are none");
  const names = namesIn(bytes.subarray(headerBytes, scalesAt), classes);
  const weights = new Int8Array(bytes.buffer, bytes.byteOffset + weightsAt, biasAt * classes);
  return new TableClassifier(names, weights, numbers, temperature);
}

function namesIn(bytes: Uint8Array, classes: number): readonly string[] {
  const names = readNames(bytes);
  if (names?.length !== classes || new Set(names).size !== classes)
    throw new TableError("its names are damaged");
  return names;
}

function readNames(bytes: Uint8Array): string[] | undefined {
  try {
    const names: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return Array.isArray(names) && names.every((name) => typeof name === "string") ? names : undefined;
  } catch {
    return undefined;
  }
}

class TableClassifier implements DomainClassifier {
  readonly names: readonly string[];
  private readonly weights: Int8Array;
  /** By class: scales of grams, vector and structure, bias. */
  private readonly numbers: Float32Array;
  private readonly temperature: number;
  private readonly probabilities: Float32Array;
  private readonly sums: Float64Array;
  private readonly scores: Float64Array;

  constructor(names: readonly string[], weights: Int8Array, numbers: Float32Array, temperature: number) {
    this.names = names;
    this.weights = weights;
    this.numbers = numbers;
    this.temperature = temperature;
    this.probabilities = new Float32Array(names.length);
    this.sums = new Float64Array(names.length);
    this.scores = new Float64Array(names.length);
  }

  classify(features: PromptFeatures): Float32Array {
    const { grams, gramWeights, gramCount, meaning, structure } = features;
    const { scores, numbers } = this;
    for (let one = 0; one < scores.length; one += 1) scores[one] = numbers[one * numbersOfClass + 3] ?? 0;
    for (let at = 0; at < gramCount; at += 1) this.add(grams[at] ?? 0, gramWeights[at] ?? 0);
    this.finishPart(0, partScales.grams);
    for (let at = 0; at < meaning.length; at += 1) this.add(vectorFrom + at, meaning[at] ?? 0);
    this.finishPart(1, partScales.vector);
    for (let at = 0; at < structure.length; at += 1) this.add(structureFrom + at, structure[at] ?? 0);
    this.finishPart(2, partScales.structure);
    softmax(scores, this.temperature, this.probabilities);
    return this.probabilities;
  }

  private add(input: number, value: number): void {
    const { sums, weights } = this;
    const classes = sums.length;
    const from = input * classes;
    for (let one = 0; one < classes; one += 1)
      sums[one] = (sums[one] ?? 0) + value * (weights[from + one] ?? 0);
  }

  /** The sums of a part go into the scores, and begin anew. */
  private finishPart(part: number, partScale: number): void {
    const { sums, scores, numbers } = this;
    for (let one = 0; one < sums.length; one += 1) {
      const scale = (numbers[one * numbersOfClass + part] ?? 0) * partScale;
      scores[one] = (scores[one] ?? 0) + (sums[one] ?? 0) * scale;
      sums[one] = 0;
    }
  }
}
