// Finds what applies to a model in tables of quirks. Knows no row.
import type { ModelTraits } from "../core/model-traits.ts";
import { compilePattern, type Pattern } from "../lib/wildcard.ts";
import type { QuirkRow } from "./model-quirks.ts";

interface ReadyRow {
  readonly models: readonly Pattern[];
  readonly except: readonly Pattern[];
  readonly traits: ModelTraits;
}

export class QuirkTable {
  readonly #rows: readonly QuirkRow[];
  /** Of few providers is ever asked. */
  readonly #ready = new Map<string, readonly ReadyRow[]>();

  constructor(rows: readonly QuirkRow[]) {
    this.#rows = rows;
  }

  /** The rows that apply, in the order of the table. */
  of(provider: string, model: string): readonly ModelTraits[] {
    return this.#rowsOf(provider)
      .filter(({ models, except }) => fits(models, model) && !fits(except, model))
      .map(({ traits }) => traits);
  }

  #rowsOf(provider: string): readonly ReadyRow[] {
    let ready = this.#ready.get(provider);
    if (ready === undefined) {
      ready = this.#rows
        .filter(({ providers }) => providers?.some((each) => each === provider) !== false)
        .map(({ models, except = [], traits }) => ({
          models: models.map(compilePattern),
          except: except.map(compilePattern),
          traits,
        }));
      this.#ready.set(provider, ready);
    }
    return ready;
  }
}

function fits(patterns: readonly Pattern[], model: string): boolean {
  return patterns.some((pattern) => pattern.matches(model));
}
