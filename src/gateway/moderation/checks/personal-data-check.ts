// The check for data of persons and for secrets, by their shape and check digits. Knows not what follows from a find.
import { personalKinds, personalSpans } from "../../../core/redaction/personal-kinds.ts";
import { sourceSpan } from "../../../lib/text-folding/text-view.ts";
import type { PersonalDataCheck } from "../../../snapshot/snapshot-moderation.ts";
import { openData } from "./open-end.ts";
import { kindOfFind, type Found, type LocalFinder } from "./local-check.ts";

export function personalDataFinder(config: PersonalDataCheck): LocalFinder {
  const rows = config.kinds.map((name) => ({
    shapes: personalKinds[name],
    kind: kindOfFind(config, "sensitive-data", name),
  }));
  return {
    reach: Math.max(...rows.map(({ shapes }) => shapes.longest)) + 16,
    openFrom: ({ plain, plainText }) => {
      const begin = openData(plainText);
      return begin === plainText.length ? Infinity : (plain.starts[begin] ?? 0);
    },
    find: (reading) => {
      const found: Found[] = [];
      for (const { shapes, kind } of rows) {
        for (const { start, end } of personalSpans(shapes, reading.plainText)) {
          found.push({ ...sourceSpan(reading.plain, start, end), kind });
        }
      }
      return found;
    },
  };
}
