// The check for an administrator's pattern, in time that grows with the text alone. Knows not what follows from a find.
import { compilePattern } from "../../../lib/linear-pattern/linear-pattern.ts";
import { sourceSpan } from "../../../lib/text-folding/text-view.ts";
import type { RegexCheck } from "../../../snapshot/snapshot-moderation.ts";
import { kindOfFind, type LocalFinder } from "./local-check.ts";

/** @param reach characters of a stream that are checked at once: a match may be longer than any other bound */
export function regexFinder(config: RegexCheck, reach: number): LocalFinder {
  const pattern = compilePattern(config.pattern);
  const kind = kindOfFind(config, "content-compliance", "pattern");
  return {
    reach,
    openFrom: ({ plain, plainText }) => {
      const begin = pattern.openFrom(plainText, Math.max(0, plainText.length - reach));
      return begin === plainText.length ? Infinity : (plain.starts[begin] ?? 0);
    },
    find: (reading) =>
      pattern
        .spans(reading.plainText)
        .map(({ start, end }) => ({ ...sourceSpan(reading.plain, start, end), kind })),
  };
}
