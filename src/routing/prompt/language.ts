// The language of a prompt by its script, and within Latin letters by small words. Knows no model.
import type { Language } from "../../core/routing-record.ts";
import type { MarkCounts } from "./mark-counts.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** Undefined: another language, or no letters at all. */
export function languageOf(read: Tokenizer, marks: MarkCounts): Language | undefined {
  const { latin, accented, han, kana, otherLetters } = read;
  if (latin + han + kana + otherLetters === 0) return undefined;
  // A Chinese character says about as much as three letters, a kana or a letter of Korean two.
  const chinese = han * 3;
  const other = kana * 2 + otherLetters * 2;
  if (kana * 8 > han && chinese + other > latin) return undefined;
  if (other > chinese && other > latin) return undefined;
  // Questions about an English text, code or names are asked in the language of the question: a fifth is enough.
  if (chinese * 4 > latin) return "zh";
  const isForeign = marks.foreign > marks.english;
  if (isForeign || (accented * 25 > latin && marks.foreign >= marks.english)) return undefined;
  return "en";
}
