// Counts over everything that a query matches: how often each value occurs, and exchanges by time. Knows no file.
import type { LogFacet, LogFacetField, LogFlagField, LogHistogram } from "../log-answers.ts";
import { isRefusal } from "../success.ts";
import { flagBits, textsOfEntry, type Block, type DictionaryField } from "./block-columns.ts";

const maxValues = 50;
/** Clients choose some values: of so many different ones those that occur least are only counted together from then on. */
const maxCounted = 40_000;
const keptOfCounted = 5_000;

/** Counts the rows of a block that fit. */
interface Facet {
  readonly field: LogFacetField;
  add(block: Block, fits: Uint8Array): void;
  counts(): ReadonlyMap<string, number>;
  /** Rows of values that are not counted one by one any more. */
  readonly others?: () => number;
}

export class Facets {
  readonly #facets: readonly Facet[];

  constructor(fields: readonly LogFacetField[]) {
    this.#facets = fields.map(facetOf);
  }

  add(block: Block, fits: Uint8Array): void {
    for (const facet of this.#facets) facet.add(block, fits);
  }

  take(): LogFacet[] {
    return this.#facets.map((facet) => {
      const counts = [...facet.counts()].toSorted(mostFirst);
      const values = counts.slice(0, maxValues).map(([value, count]) => ({ value, count }));
      const others = counts.slice(maxValues).reduce((sum, [, count]) => sum + count, facet.others?.() ?? 0);
      return { field: facet.field, values, others };
    });
  }
}

function mostFirst([left, leftCount]: [string, number], [right, rightCount]: [string, number]): number {
  if (leftCount !== rightCount) return rightCount - leftCount;
  return left < right ? -1 : 1;
}

function facetOf(field: LogFacetField): Facet {
  if (field === "status") return statusFacet();
  if (isFlag(field)) return flagFacet(field);
  return textFacet(field);
}

const flagFields: readonly string[] = [
  "stream",
  "fallback",
  "estimated",
  "recorded",
] satisfies LogFlagField[];

function isFlag(field: LogFacetField): field is LogFlagField {
  return flagFields.includes(field);
}

function textFacet(field: DictionaryField): Facet {
  let counts = new Map<string, number>();
  let others = 0;
  const letGo = (): void => {
    const sorted = [...counts].toSorted(([, left], [, right]) => right - left);
    others = sorted.slice(keptOfCounted).reduce((sum, [, count]) => sum + count, others);
    counts = new Map(sorted.slice(0, keptOfCounted));
  };
  return {
    field: field as LogFacetField,
    add: (block, fits) => {
      const { values, codes } = block.texts(field);
      const byCode = new Uint32Array(values.length);
      for (let row = 0; row < fits.length; row += 1) {
        const code = codes[row] ?? 0;
        byCode[code] = (byCode[code] ?? 0) + (fits[row] ?? 0);
      }
      for (const [code, entry] of values.entries()) {
        const count = byCode[code] ?? 0;
        if (count === 0) continue;
        for (const text of textsOfEntry(entry)) counts.set(text, (counts.get(text) ?? 0) + count);
      }
      if (counts.size > maxCounted) letGo();
    },
    counts: () => counts,
    others: () => others,
  };
}

function statusFacet(): Facet {
  const byStatus = new Map<number, number>();
  return {
    field: "status",
    add: (block, fits) => {
      const { values } = block.numbers("status");
      for (let row = 0; row < fits.length; row += 1) {
        if (fits[row] === 0) continue;
        const status = values[row] ?? 0;
        byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
      }
    },
    counts: () => new Map([...byStatus].map(([status, count]) => [String(status), count])),
  };
}

function flagFacet(field: LogFlagField): Facet {
  const bit = flagBits[field];
  const counts = { true: 0, false: 0 };
  return {
    field,
    add: (block, fits) => {
      const flags = block.flags();
      for (let row = 0; row < fits.length; row += 1) {
        if (fits[row] === 0) continue;
        if (((flags[row] ?? 0) & bit) === 0) counts.false += 1;
        else counts.true += 1;
      }
    },
    counts: () => new Map(Object.entries(counts).filter(([, count]) => count > 0)),
  };
}

export class TimeColumns {
  readonly #startMs: number;
  readonly #stepMs: number;
  readonly #succeeded: number[];
  readonly #refused: number[];
  readonly #failed: number[];

  /** @param columns at least 1 */
  constructor(fromMs: number, toMs: number, columns: number) {
    this.#startMs = fromMs;
    this.#stepMs = Math.max(1, Math.ceil((toMs - fromMs) / columns));
    this.#succeeded = Array.from({ length: columns }, () => 0);
    this.#refused = Array.from({ length: columns }, () => 0);
    this.#failed = Array.from({ length: columns }, () => 0);
  }

  add(block: Block, fits: Uint8Array): void {
    const times = block.times();
    const flags = block.flags();
    const { values: statuses } = block.numbers("status");
    for (let row = 0; row < fits.length; row += 1) {
      if (fits[row] === 0) continue;
      const column = Math.floor(((times[row] ?? 0) - this.#startMs) / this.#stepMs);
      const hasSucceeded = ((flags[row] ?? 0) & flagBits.succeeded) !== 0;
      const counts = this.#countsOf(statuses[row] ?? 0, hasSucceeded);
      const count = counts[column];
      if (count !== undefined) counts[column] = count + 1;
    }
  }

  #countsOf(status: number, hasSucceeded: boolean): number[] {
    if (isRefusal(status)) return this.#refused;
    return hasSucceeded ? this.#succeeded : this.#failed;
  }

  take(): LogHistogram {
    return {
      startMs: this.#startMs,
      stepMs: this.#stepMs,
      succeeded: this.#succeeded,
      refused: this.#refused,
      failed: this.#failed,
    };
  }
}
