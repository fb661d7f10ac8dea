// Figures of a series of runs: percentiles and who served. Pure.
import { factsOf } from "./run-facts.ts";
import { headerOf, type RunView } from "./run-view.ts";

/** Nearest rank; null of nothing. @param share 0 to 1 */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

export interface SeriesFigures {
  readonly ttft: readonly number[];
  readonly elapsed: readonly number[];
  readonly errors: number;
  /** Most first. */
  readonly served: readonly (readonly [service: string, runs: number])[];
}

export function seriesFigures(views: readonly RunView[]): SeriesFigures {
  const good = views.filter(({ phase, status }) => phase === "done" && status < 400);
  const served = new Map<string, number>();
  for (const view of views) {
    const service = headerOf(view, "x-moongate-service");
    if (service !== "") served.set(service, (served.get(service) ?? 0) + 1);
  }
  return {
    ttft: good.flatMap((view) => factsOf(view).ttftMs ?? []),
    elapsed: good.map(({ elapsedMs }) => elapsedMs),
    errors: views.length - good.length,
    served: [...served].toSorted(([, one], [, other]) => other - one),
  };
}
