// Reads durations as services write them: "20ms", "6m0s", "34s", "8 hours 24 minutes". Pure, in linear time.

/** Milliseconds of a unit, by what its name begins with; longer beginnings first. */
const units: readonly (readonly [beginning: string, ms: number])[] = [
  ["ms", 1],
  ["mil", 1],
  ["s", 1_000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
];

/** About thirty years: what is longer is the same, and stays a whole number. */
const longestMs = 1e12;

const unitPattern =
  "(?:ms|milliseconds?|s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?)(?![a-z])";
// Every repetition is bounded, so that no text makes the search slow.
const partPattern = String.raw`(\d{1,9}(?:\.\d{1,12})?) ?(${unitPattern})`;
const listPattern = `${partPattern}(?:,?(?: and)? ?${partPattern}){0,4}`;

const part = new RegExp(partPattern, "gi");
const whole = new RegExp(`^${listPattern}$`, "i");
const advice = new RegExp(
  String.raw`\b(?:try again|retry|wait)(?: in| after| for)? (?=\d)${listPattern}`,
  "i",
);

/** @returns milliseconds; undefined when the text is anything but a duration, or one of nothing */
export function durationMs(text: string): number | undefined {
  return whole.test(text) ? sumOf(text) : undefined;
}

/** The pause that a sentence such as "Please try again in 1m9.696s." advises. @returns as `durationMs` */
export function advisedPauseMs(text: string): number | undefined {
  const [found] = advice.exec(text) ?? [];
  return found === undefined ? undefined : sumOf(found);
}

function sumOf(text: string): number | undefined {
  let totalMs = 0;
  for (const [, amount = "", name = ""] of text.matchAll(part)) {
    const unit = units.find(([beginning]) => name.toLowerCase().startsWith(beginning));
    totalMs += Number(amount) * (unit?.[1] ?? 0);
  }
  return totalMs > 0 ? Math.min(Math.ceil(totalMs), longestMs) : undefined;
}
