// Domains by where their examples lie among the vectors of some embedding model: near to the middle of one is likely of it.
// Knows no text and nobody who makes vectors.

export interface ClassVectors {
  readonly name: string;
  /** Of Euclidean length 1 and of the same dimensions. */
  readonly vectors: readonly Float32Array[];
}

export interface ClassMeans {
  readonly names: readonly string[];
  readonly dimensions: number;
  /** Probabilities in the order of `names`. */
  classify(vector: Float32Array): readonly number[];
}

/** What nearness is multiplied with before it becomes a probability: the one that the examples themselves agree with best. */
const sharpnesses = [2, 4, 8, 12, 16, 24, 32, 48, 64] as const;

/** @param classes each with one vector at least */
export function classMeans(classes: readonly ClassVectors[]): ClassMeans {
  const dimensions = classes[0]?.vectors[0]?.length ?? 0;
  // Embeddings of one model share a direction that says nothing: without it they are told apart better.
  const centre = meanOf(
    classes.flatMap(({ vectors }) => vectors),
    dimensions,
  );
  const centred = classes.map(({ vectors }) => vectors.map((vector) => away(vector, centre)));
  const sums = centred.map((vectors) => sumOf(vectors, dimensions));
  const means = sums.map((sum) => ofLengthOne(sum));
  const sharpness = bestSharpness(leftOutNearness(centred, sums, means));
  return {
    names: classes.map(({ name }) => name),
    dimensions,
    classify: (vector) => {
      const point = away(vector, centre);
      return softmax(
        means.map((mean) => dot(point, mean)),
        sharpness,
      );
    },
  };
}

interface Nearness {
  readonly own: number;
  readonly toClasses: readonly number[];
}

/** How near each example is to every class, where its own class is made without it. */
function leftOutNearness(
  centred: readonly (readonly Float32Array[])[],
  sums: readonly Float32Array[],
  means: readonly Float32Array[],
): Nearness[] {
  return centred.flatMap((vectors, own) =>
    vectors.length < 2
      ? []
      : vectors.map((vector) => ({
          own,
          toClasses: means.map((mean, index) =>
            dot(vector, index === own ? ofLengthOne(without(sums[own] ?? mean, vector)) : mean),
          ),
        })),
  );
}

function bestSharpness(examples: readonly Nearness[]): number {
  let best: number = sharpnesses[2];
  let least = Infinity;
  for (const sharpness of examples.length === 0 ? [] : sharpnesses) {
    const loss = examples.reduce(
      (sum, { own, toClasses }) => sum - Math.log(Math.max(softmax(toClasses, sharpness)[own] ?? 0, 1e-9)),
      0,
    );
    if (loss < least) [best, least] = [sharpness, loss];
  }
  return best;
}

function softmax(nearness: readonly number[], sharpness: number): number[] {
  const highest = Math.max(...nearness);
  const parts = nearness.map((value) => Math.exp((value - highest) * sharpness));
  const sum = parts.reduce((total, part) => total + part, 0);
  return parts.map((part) => part / sum);
}

function sumOf(vectors: readonly Float32Array[], dimensions: number): Float32Array {
  const sum = new Float32Array(dimensions);
  for (const vector of vectors)
    for (let at = 0; at < dimensions; at += 1) sum[at] = (sum[at] ?? 0) + (vector[at] ?? 0);
  return sum;
}

function meanOf(vectors: readonly Float32Array[], dimensions: number): Float32Array {
  return sumOf(vectors, dimensions).map((value) => value / Math.max(1, vectors.length));
}

function without(sum: Float32Array, vector: Float32Array): Float32Array {
  return sum.map((value, at) => value - (vector[at] ?? 0));
}

function away(vector: Float32Array, centre: Float32Array): Float32Array {
  return ofLengthOne(without(vector, centre));
}

function ofLengthOne(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector));
  return length === 0 ? vector : vector.map((value) => value / length);
}

function dot(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < left.length; at += 1) sum += (left[at] ?? 0) * (right[at] ?? 0);
  return sum;
}
