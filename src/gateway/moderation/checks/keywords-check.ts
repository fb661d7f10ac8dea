// The check for an administrator's words. Knows not what follows from a find.
import type { KeywordsCheck } from "../../../snapshot/snapshot-moderation.ts";
import { kindOfFind, type LocalFinder } from "./local-check.ts";
import { WordFinder } from "./word-finder.ts";

export function keywordsFinder(config: KeywordsCheck): LocalFinder {
  const words = new WordFinder(config.keywords, config.wholeWords);
  const kind = kindOfFind(config, "content-compliance", "keyword");
  return {
    reach: words.reach,
    openFrom: (reading) => words.openFrom(reading),
    find: (reading) => words.find(reading).map(({ start, end }) => ({ start, end, kind })),
  };
}
