// What marked words of a prompt were counted. Knows no words.
import { asking, binding, common, demanding, foreign, polite } from "./word-marks.ts";

/** Words among which a question begins. */
const firstWords = 3;

export class MarkCounts {
  words = 0;
  wordCharacters = 0;
  /** Polite words; characters and lines of politeness. */
  polite = 0;
  politeCharacters = 0;
  politeLines = 0;
  asking = 0;
  /** Tokens that are more than politeness. */
  meant = 0;
  /** 1 where one of the first words asks. */
  asksFirst = 0;
  demanding = 0;
  binding = 0;
  /** Small words of English, and of other languages with Latin letters. */
  english = 0;
  foreign = 0;

  reset(): void {
    this.words = 0;
    this.wordCharacters = 0;
    this.polite = 0;
    this.politeCharacters = 0;
    this.politeLines = 0;
    this.asking = 0;
    this.meant = 0;
    this.asksFirst = 0;
    this.demanding = 0;
    this.binding = 0;
    this.english = 0;
    this.foreign = 0;
  }

  count(mark: number): void {
    if (mark === 0) return;
    if ((mark & polite) !== 0) this.polite += 1;
    if ((mark & demanding) !== 0) this.demanding += 1;
    if ((mark & binding) !== 0) this.binding += 1;
    if ((mark & asking) === 0) return;
    this.asking += 1;
    if (this.meant < firstWords) this.asksFirst = 1;
  }

  countWord(mark: number, length: number): void {
    this.words += 1;
    this.wordCharacters += length;
    if ((mark & common) !== 0) this.english += 1;
    if ((mark & foreign) !== 0) this.foreign += 1;
  }
}
