// How a figure differs from the time before: the text, and whether that is better or worse. Pure.
import { formatCount, formatDuration } from "../../i18n/format.ts";

export type Verdict = "better" | "worse" | "same";

export interface Change {
  readonly text: string;
  readonly verdict: Verdict;
}

/** Which way is good; `none` = neither. */
export type Wish = "more" | "less" | "none";

const minus = "\u2212";
const signed = (value: number, text: string): string => `${value < 0 ? minus : "+"}${text}`;

function verdictOf(difference: number, wish: Wish): Verdict {
  if (wish === "none" || difference === 0) return "same";
  return difference > 0 === (wish === "more") ? "better" : "worse";
}

/** `+8.2 %`; null without anything before, as nothing has no share. */
export function relativeChange(now: number, before: number, wish: Wish = "none"): Change | null {
  if (before === 0) return null;
  const share = (now - before) / before;
  const percent = Math.abs(share * 100);
  const text = `${percent.toFixed(percent < 10 ? 1 : 0)} %`;
  if (Number.parseFloat(text) === 0) return { text: "±0 %", verdict: "same" };
  return { text: signed(share, text), verdict: verdictOf(share, wish) };
}

/** `+0.04`, of two shares in points of a hundred. */
export function pointChange(now: number, before: number, wish: Wish): Change {
  const points = (now - before) * 100;
  const text = Math.abs(points).toFixed(2);
  if (Number(text) === 0) return { text: "±0", verdict: "same" };
  return { text: signed(points, text), verdict: verdictOf(points, wish) };
}

/** `−0.06 s` */
export function durationChange(now: number | null, before: number | null): Change | null {
  if (now === null || before === null) return null;
  const difference = now - before;
  const text = formatDuration(Math.abs(difference));
  if (Number.parseFloat(text) === 0) return { text: `±0 ms`, verdict: "same" };
  return { text: signed(difference, text), verdict: verdictOf(difference, "less") };
}

/** `−12` */
export function countChange(now: number, before: number, wish: Wish): Change {
  const difference = now - before;
  if (difference === 0) return { text: "±0", verdict: "same" };
  return {
    text: signed(difference, formatCount(Math.abs(difference))),
    verdict: verdictOf(difference, wish),
  };
}
