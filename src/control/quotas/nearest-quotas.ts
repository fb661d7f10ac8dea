// The quotas nearest to their end, out of very many: in pieces, so that the thread goes on with other things. Knows no
// counter and no HTTP.
import { setImmediate as otherTurns } from "node:timers/promises";
import type { QuotaShare } from "./quota-book.ts";

/** A place in the order. */
export interface QuotaPlace {
  readonly share: number;
  readonly quota: { readonly counted: { readonly key: string } };
}

/** So many are looked at in one turn. */
const rowsPerTurn = 2_000;

/** The largest share first; among equals by key, so that a list can be told in pages. */
export function compareQuotas(left: QuotaPlace, right: QuotaPlace): number {
  if (left.share !== right.share) return right.share - left.share;
  const [one, other] = [left.quota.counted.key, right.quota.counted.key];
  return one === other ? 0 : one < other ? -1 : 1;
}

/** So many of those that are wanted, in order. */
export async function nearestQuotas(
  shares: Iterable<QuotaShare>,
  count: number,
  isWanted: (row: QuotaShare) => boolean = () => true,
): Promise<QuotaShare[]> {
  let nearest: QuotaShare[] = [];
  let last: QuotaShare | undefined;
  const keepNearest = (): void => {
    nearest = nearest.toSorted(compareQuotas).slice(0, count);
    last = nearest.length < count ? undefined : nearest.at(-1);
  };
  let rows = 0;
  for (const row of shares) {
    if ((rows += 1) % rowsPerTurn === 0) await otherTurns();
    // What comes behind the last of a full list cannot come into it any more.
    if (!isWanted(row) || (last !== undefined && compareQuotas(row, last) > 0)) continue;
    nearest.push(row);
    if (nearest.length >= 2 * count + rowsPerTurn) keepNearest();
  }
  keepNearest();
  return nearest;
}
