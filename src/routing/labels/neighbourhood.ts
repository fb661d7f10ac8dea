// The rows of a table of labels by their similarity to one prompt: how near the nearest are, and which count as near.
// The same memory for every prompt. Knows no model.
import { fullSimilarity, similarities, type Rows } from "./nearest.ts";

/** Similarity is told apart in steps of 2^this: fine enough, and sorted by counting. */
const stepBits = 5;
/** Rows that are less alike than not at all share the lowest step. */
const steps = (fullSimilarity >> stepBits) + 200;

export class Neighbourhood {
  readonly similarity: Int32Array;
  private readonly rows: Rows;
  private readonly sizes: Uint16Array;
  private readonly rowsByStep = new Uint32Array(steps);
  private readonly promptsByStep = new Uint32Array(steps);

  /** @param sizes prompts by row */
  constructor(rows: Rows, sizes: Uint16Array) {
    this.rows = rows;
    this.sizes = sizes;
    this.similarity = new Int32Array(rows.count + 3);
  }

  /** Looks at another prompt. */
  look(query: Float64Array): void {
    const { rows, similarity, sizes, rowsByStep, promptsByStep } = this;
    similarities(rows, query, similarity);
    rowsByStep.fill(0);
    promptsByStep.fill(0);
    for (let row = 0; row < rows.count; row += 1) {
      const value = similarity[row] ?? 0;
      const step = value <= 0 ? 0 : value >> stepBits;
      rowsByStep[step] = (rowsByStep[step] ?? 0) + 1;
      promptsByStep[step] = (promptsByStep[step] ?? 0) + (sizes[row] ?? 0);
    }
  }

  /** Mean similarity, 0 to 1, of so many nearest rows. */
  nearness(count: number): number {
    let left = Math.min(count, this.rows.count);
    const all = left;
    let sum = 0;
    for (let step = steps - 1; step > 0 && left > 0; step -= 1) {
      const taken = Math.min(left, this.rowsByStep[step] ?? 0);
      sum += taken * ((step << stepBits) + (1 << (stepBits - 1)));
      left -= taken;
    }
    return all === 0 ? 0 : sum / all / fullSimilarity;
  }

  /** Similarity from which on so many prompts are; at least above 0. */
  threshold(prompts: number): number {
    let left = prompts;
    let step = steps;
    while (step > 0 && left > 0) {
      step -= 1;
      left -= this.promptsByStep[step] ?? 0;
    }
    return Math.max(step << stepBits, 1);
  }
}
