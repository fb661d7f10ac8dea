// A text that is judged while it grows: what is clear may go, what a find may still cover stays. Must not know protocols.
import type { Judge } from "./judge.ts";
import { maskOf, type JudgedFind } from "./policy.ts";

/** What is to be taken out, by offsets in the whole text; in order, apart from each other. */
export interface MaskedRange {
  readonly start: number;
  end: number;
  readonly text: string;
}

export interface WindowOptions {
  /** Characters that remote checks are asked about at once. */
  readonly remoteCharacters: number;
  /** What is found was found and noted before, and is masked here too. */
  readonly repeats?: boolean;
  /** Finds that are none of this window's. */
  readonly skips?: (start: number, end: number) => boolean;
  /** Ask no remote checks. */
  readonly localOnly?: boolean;
}

/** Remote checks are asked about so many characters at once where more has come than was to be waited for. */
const gatheredCharacters = 2_000;

export class TextWindow {
  readonly #judge: Judge;
  readonly #options: WindowOptions;
  /** The end of the text, from `#from` on. */
  #text = "";
  #from = 0;
  /** Finds that end here or before are noted. */
  #firm = 0;
  #localClear = 0;
  /** Remote checks have judged so far. */
  #remoteClear = 0;
  /** What they are asked about now, or null. */
  #asking: Promise<void> | null = null;
  #ended = false;
  /** What stands before has gone to the client. */
  #gone = 0;
  readonly masks: MaskedRange[] = [];

  constructor(judge: Judge, options: WindowOptions) {
    this.#judge = judge;
    this.#options = options;
  }

  /** Length of the whole text. */
  get length(): number {
    return this.#from + this.#text.length;
  }

  get #asksRemote(): boolean {
    return this.#judge.checks.remote.length > 0 && this.#options.localOnly !== true;
  }

  /** What lies before is clear: it may go, with its masks. */
  get clear(): number {
    return this.#asksRemote ? Math.min(this.#localClear, this.#remoteClear) : this.#localClear;
  }

  /** Resolves when the remote checks have judged what they were asked about; null while they are not asked. */
  get asking(): Promise<void> | null {
    return this.#asking;
  }

  /** The text up to here goes to the client. */
  letGo(to: number): void {
    this.#gone = Math.max(this.#gone, to);
  }

  append(text: string): void {
    this.#text += text;
    this.#ended = false;
  }

  /** Judges what came. @param last what came is all for now: nothing that may follow is waited for */
  judge(last: boolean): void {
    this.#judgeLocally(last);
    if (last) this.#ended = true;
    if (this.#asksRemote) this.#ask();
    else this.#forget();
  }

  #judgeLocally(last: boolean): void {
    const { reach, local } = this.#judge.checks;
    const { length } = this;
    if (local.length === 0) {
      this.#firm = length;
      this.#localClear = length;
      return;
    }
    // A find that ends later begins no earlier, and what stands before it may matter to it.
    const start = Math.max(this.#from, this.#firm - 2 * reach);
    const seen = this.#text.slice(start - this.#from);
    const firm = last ? length : Math.max(this.#firm, length - this.#judge.open(seen));
    let clear = firm;
    if (length > this.#firm || last) {
      for (const find of this.#judge.local(seen)) {
        const end = start + find.end;
        if (end <= this.#firm) continue;
        if (end <= firm) this.#take({ ...find, start: start + find.start, end });
        else clear = Math.min(clear, start + find.start);
      }
    }
    this.#firm = firm;
    this.#localClear = Math.max(this.#localClear, clear);
  }

  #take(given: JudgedFind): void {
    if (this.#options.skips?.(given.start, given.end) === true) return;
    // Half a mask would show the half that has gone for what it is.
    const find = this.#isPartlyOut(given) ? { ...given, action: "block" as const } : given;
    if (this.#options.repeats !== true) this.#judge.note(find);
    else if (find.action === "block") this.#judge.blocked = true;
    if (find.action === "mask" && find.end > find.start) addMask(this.masks, find);
  }

  /** Something that is to be masked began before a pause, and its beginning has gone as it was. */
  #isPartlyOut({ action, start, end }: JudgedFind): boolean {
    if (action !== "mask" || start >= this.#gone || end <= this.#gone) return false;
    return !this.masks.some((mask) => mask.start <= start && mask.end >= this.#gone);
  }

  #ask(): void {
    if (this.#asking !== null) return;
    const { remoteCharacters } = this.#options;
    const waiting = this.length - this.#remoteClear;
    if (waiting === 0 || !(this.#ended || waiting >= remoteCharacters)) return this.#forget();
    const from = this.#remoteClear;
    // What has gathered while they were busy is asked about together.
    const to = Math.min(this.length, from + Math.max(remoteCharacters, gatheredCharacters));
    const start = Math.max(this.#from, from - remoteCharacters);
    const text = this.#text.slice(start - this.#from, to - this.#from);
    this.#asking = this.#judge.remote(text).then((finds) => {
      for (const find of finds) {
        if (start + find.end > from)
          this.#take({ ...find, start: start + find.start, end: start + find.end });
      }
      this.#remoteClear = to;
      this.#asking = null;
      this.#ask();
    });
  }

  /** Lets go of what nobody looks at again. */
  #forget(): void {
    const { reach } = this.#judge.checks;
    let needed = this.#firm - 2 * reach;
    if (this.#asksRemote) needed = Math.min(needed, this.#remoteClear - this.#options.remoteCharacters);
    // Now and then, so that a long text is not copied for each of its pieces.
    if (needed - this.#from < 4_096 + 2 * reach) return;
    this.#text = this.#text.slice(needed - this.#from);
    this.#from = needed;
  }
}

/** Adds a range in its order; ranges that overlap become one, under the name of the first. */
export function addMask(masks: MaskedRange[], find: JudgedFind): void {
  let at = masks.length;
  while (at > 0 && (masks[at - 1]?.start ?? 0) > find.start) at -= 1;
  masks.splice(at, 0, { start: find.start, end: find.end, text: maskOf(find) });
  at = Math.max(0, at - 1);
  while (at < masks.length - 1) {
    const here = masks[at];
    const next = masks[at + 1];
    if (here === undefined || next === undefined) return;
    if (next.start >= here.end) {
      if (next.start > find.end) return;
      at += 1;
      continue;
    }
    here.end = Math.max(here.end, next.end);
    masks.splice(at + 1, 1);
  }
}
