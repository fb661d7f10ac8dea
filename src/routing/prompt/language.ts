// The language of a prompt by its script, and within Latin letters by small words. Knows no model.
import type { Language } from "../../core/routing-record.ts";

export interface LanguageSigns {
  readonly latin: number;
  /** Of them with accents. */
  readonly accented: number;
  readonly han: number;
  readonly kana: number;
  readonly otherLetters: number;
  /** Small words of English, and of other languages with Latin letters. */
  readonly englishWords: number;
  readonly foreignWords: number;
}

/** Undefined: another language, or no letters at all. */
export function languageOf(signs: LanguageSigns): Language | undefined {
  const { latin, han, kana, otherLetters } = signs;
  if (latin + han + kana + otherLetters === 0) return undefined;
  // A Chinese character says about as much as three letters, a kana or a letter of Korean two.
  const chinese = han * 3;
  const other = kana * 2 + otherLetters * 2;
  if (kana * 8 > han && chinese + other > latin) return undefined;
  if (other > chinese && other > latin) return undefined;
  // Questions about an English text, code or names are asked in the language of the question: a fifth is enough.
  if (chinese * 4 > latin) return "zh";
  const { accented, englishWords, foreignWords } = signs;
  if (foreignWords > englishWords || (accented * 25 > latin && foreignWords >= englishWords))
    return undefined;
  return "en";
}
