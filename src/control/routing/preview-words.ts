// A preview in one sentence, such as "62 % to small, cost -48 %, expected quality -0.6 ± 0.9". Knows no HTTP.
import type { Preview } from "../../routing/learning/preview.ts";

export function previewWords({ requests, models, costUsd, quality }: Preview): string {
  if (requests === 0) return "No request yet that could be decided again.";
  const most = models.toSorted(
    (left, right) => right.next - left.next || (left.model < right.model ? -1 : 1),
  )[0];
  const change = costChange(costUsd);
  const cost = change === null ? "cost unknown" : `cost ${signed(change * 100, 0)} %`;
  const reach = ((quality.high - quality.low) / 2) * 100;
  return `${Math.round((most?.next ?? 0) * 100)} % to ${most?.model ?? ""}, ${cost}, expected quality ${signed(quality.value * 100, 1)} ± ${reach.toFixed(1)}`;
}

/** Share by which it changes; null where nothing was paid. */
export function costChange({ now, next }: Preview["costUsd"]): number | null {
  return now > 0 ? next / now - 1 : null;
}

function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return `${value < 0 ? "-" : "+"}${text}`;
}
