// Recorded content: what was sent and answered, by day in files of its own, so that it goes sooner than the records that
// it belongs to, and by its own right. Used by the log thread alone. Knows no record.
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import {
  isDamagedContent,
  moveContentAside,
  openContentFile,
  removeContentFile,
  type ContentFile,
  type ContentItem,
} from "./content-file.ts";
import { searchExpression } from "./search-words.ts";

export type { ContentItem } from "./content-file.ts";

export interface ContentSearch {
  /** Newest first, by the end of the exchange. */
  readonly requestIds: string[];
  /** There are more. */
  readonly clipped: boolean;
}

export interface ContentStoreOptions {
  readonly dir: string;
  /** Told of a file that is damaged, or of a newer version: recorded content of that day is not served. */
  readonly onProblem: (error: Error) => void;
}

const dayMs = 24 * 60 * 60 * 1000;
const fileName = /^(\d{4}-\d{2}-\d{2})-content\.db$/;

export class ContentStore {
  readonly #options: ContentStoreOptions;
  /** By the beginning of the day, open; null = a file that cannot be used. */
  readonly #files = new Map<number, ContentFile | null>();

  constructor(options: ContentStoreOptions) {
    this.#options = options;
    mkdirSync(options.dir, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(options.dir)) {
      const day = Date.parse(fileName.exec(name)?.[1] ?? "");
      if (!Number.isNaN(day)) this.#open(day);
    }
  }

  #open(day: number): ContentFile | null {
    const known = this.#files.get(day);
    if (known !== undefined) return known;
    let file: ContentFile | null = null;
    try {
      file = openContentFile(this.#pathOf(day), day, this.#options.onProblem);
    } catch (error) {
      this.#options.onProblem(error instanceof Error ? error : new Error(String(error)));
    }
    this.#files.set(day, file);
    return file;
  }

  #pathOf(day: number): string {
    return join(this.#options.dir, `${new Date(day).toISOString().slice(0, 10)}-content.db`);
  }

  /** Each day's in one transaction. The same again changes nothing. @throws when the disk takes nothing */
  put(items: readonly ContentItem[]): void {
    const byDay = new Map<number, ContentItem[]>();
    for (const item of items) {
      const day = Math.floor(item.endedMs / dayMs) * dayMs;
      const sameDay = byDay.get(day);
      if (sameDay === undefined) byDay.set(day, [item]);
      else sameDay.push(item);
    }
    for (const [day, ofDay] of byDay) this.#attempt(day, (file) => file.put(ofDay));
  }

  /** A file that turns out to be damaged is begun anew: nothing else shall wait for it, records least of all. */
  #attempt<Result>(day: number, act: (file: ContentFile) => Result): Result | undefined {
    const file = this.#open(day);
    if (file === null) return undefined;
    try {
      return act(file);
    } catch (error) {
      if (!isDamagedContent(error)) throw error;
      file.close();
      this.#files.delete(day);
      moveContentAside(file.path, this.#options.onProblem);
      const anew = this.#open(day);
      return anew === null ? undefined : act(anew);
    }
  }

  get(requestId: string): Pick<ContentItem, "request" | "response"> | undefined {
    for (const [day] of this.#newestFirst()) {
      const found = this.#attempt(day, (file) => file.get(requestId));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /**
   * Exchanges whose recorded content holds all words; `"…"` is a phrase. Case and accents do not count.
   * @param fromMs end of the exchange, milliseconds since 1970, included
   * @param toMs not included
   */
  search(text: string, fromMs: number | null, toMs: number | null, limit: number): ContentSearch {
    const expression = searchExpression(text);
    const requestIds: string[] = [];
    if (expression === undefined) return { requestIds, clipped: false };
    for (const [day] of this.#newestFirst()) {
      if ((toMs !== null && day >= toMs) || (fromMs !== null && day + dayMs <= fromMs)) continue;
      const room = limit + 1 - requestIds.length;
      const found = this.#attempt(day, (file) => file.search(expression, fromMs, toMs, room));
      requestIds.push(...(found ?? []));
      if (requestIds.length > limit) return { requestIds: requestIds.slice(0, limit), clipped: true };
    }
    return { requestIds, clipped: false };
  }

  #newestFirst(): [number, ContentFile][] {
    return [...this.#files]
      .filter((entry): entry is [number, ContentFile] => entry[1] !== null)
      .toSorted(([left], [right]) => right - left);
  }

  /** Removes whole days, all of whose content is older. @returns how many */
  sweep(nowMs: number, days: number): number {
    let removed = 0;
    for (const [day, file] of this.#files) {
      if (day + dayMs > nowMs - days * dayMs) continue;
      file?.close();
      removeContentFile(this.#pathOf(day));
      this.#files.delete(day);
      removed += 1;
    }
    return removed;
  }

  /** What it takes on disk. */
  get bytes(): number {
    return this.#newestFirst().reduce((sum, [, file]) => sum + file.bytes, 0);
  }

  close(): void {
    for (const [, file] of this.#newestFirst()) file.close();
    this.#files.clear();
  }
}
