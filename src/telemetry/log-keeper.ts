// All that the log thread does, without the thread: brings records in, keeps them, answers what is asked, lets the oldest
// go. Knows no message.
import { ContentStore } from "./content/content-store.ts";
import { summaryOf } from "./exchange-summary.ts";
import type { LogQuestion } from "./log-messages.ts";
import type { LogSettings, LogStoreState } from "./log-state.ts";
import { prometheusText } from "./prometheus-text.ts";
import { RollupReader } from "./rollups/rollup-reader.ts";
import { Rollups } from "./rollups/rollups.ts";
import { Ingest } from "./store/ingest.ts";
import { LogReader } from "./store/log-reader.ts";
import { LogStore } from "./store/log-store.ts";
import { dayOf, isDamage } from "./store/partition.ts";

const pollEveryMs = 500;
const tidyEveryMs = 60_000;
/** Folding holds up questions and records no longer than this and one piece. */
const foldForMs = 100;
/** What one question reads in before it is answered. */
const refreshSteps = 16;
const lastExchanges = 20;

export interface LogKeeperOptions {
  /** Folder of the spool. */
  readonly spoolDir: string;
  /** Folder of the log store. */
  readonly logsDir: string;
  /** Of this process's writers; null = of any. */
  readonly spoolRun: string | null;
  readonly settings: LogSettings;
  /** What ended before is not counted for Prometheus: when the process began. */
  readonly countedSinceMs: number;
  readonly wallMs: () => number;
  readonly monotonicMs: () => number;
  readonly onProblem: (error: Error) => void;
}

/** Thrown when records can no longer be taken: whoever runs the keeper makes another. */
export class KeeperBroken extends Error {}

export class LogKeeper {
  readonly #options: LogKeeperOptions;
  readonly #content: ContentStore;
  readonly #store: LogStore;
  readonly #ingest: Ingest;
  readonly #reader: LogReader;
  readonly #counts: RollupReader;
  /** The last fold was ended before all was folded. */
  #moreToFold = false;
  readonly #rollups: Rollups;
  #timer: NodeJS.Timeout | NodeJS.Immediate | undefined;
  #tidiedMs = -Infinity;
  #stopped = false;
  #failing = false;

  /** @throws NewerPartition; the system's error when the folder cannot be made or written */
  constructor(options: LogKeeperOptions) {
    this.#options = options;
    const { logsDir, monotonicMs, onProblem, wallMs, settings } = options;
    this.#content = new ContentStore({ dir: logsDir, onProblem });
    const content = this.#content;
    const rollups = new Rollups({ wallMs, countedSinceMs: options.countedSinceMs });
    this.#rollups = rollups;
    this.#store = new LogStore({
      dir: logsDir,
      wallMs,
      settings,
      content,
      rollups,
      onProblem,
    });
    const store = this.#store;
    this.#ingest = new Ingest({
      dir: options.spoolDir,
      run: options.spoolRun,
      store,
      monotonicMs,
      onProblem,
    });
    this.#reader = new LogReader({ store, content, monotonicMs });
    this.#counts = new RollupReader({
      partitions: () => store.partitions.map(({ db }) => db),
      hours: store.hours,
      open: rollups,
      wallMs,
      caughtUp: () => this.#ingest.caughtUp,
    });
  }

  /** Reads on from now on, in the background. */
  start(): void {
    void this.#readOn();
  }

  async #readOn(): Promise<void> {
    const moreToRead = this.step();
    if (this.#options.monotonicMs() - this.#tidiedMs >= tidyEveryMs) await this.tidy();
    // Records come first; what they have left to be folded is made good before it is waited for others.
    else if (!moreToRead && this.#moreToFold) this.fold();
    if (this.#stopped) return;
    const more = moreToRead || this.#moreToFold;
    // At once while there is more, though whoever asked meanwhile is answered first.
    this.#timer = more
      ? setImmediate(() => void this.#readOn())
      : setTimeout(() => void this.#readOn(), pollEveryMs);
  }

  /** One piece of the spool. @returns whether there may be more */
  step(): boolean {
    try {
      const more = this.#ingest.step();
      this.#failing = false;
      return more;
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }

  /** What is to be done now and then: folds, checkpoints, retention. */
  async tidy(): Promise<void> {
    this.#tidiedMs = this.#options.monotonicMs();
    this.fold();
    try {
      await this.#store.retain();
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Folds roll-ups for a moment. @returns whether there may be more to fold */
  fold(): boolean {
    const { monotonicMs } = this.#options;
    const endMs = monotonicMs() + foldForMs;
    this.#moreToFold = false;
    try {
      this.#moreToFold = this.#store.fold(() => monotonicMs() >= endMs);
    } catch (error) {
      this.#failed(error);
    }
    return this.#moreToFold;
  }

  /** Told once until it goes well again. @throws KeeperBroken when nothing can go well any more */
  #failed(error: unknown): void {
    if (isDamage(error) && !this.#store.isolateDamage())
      throw new KeeperBroken("the log store is damaged and begins anew", { cause: error });
    if (!this.#failing) this.#options.onProblem(error instanceof Error ? error : new Error(String(error)));
    this.#failing = true;
  }

  /** Writes down what was read. */
  commit(): void {
    this.#ingest.commit();
  }

  /** Makes sure of what was committed, and removes the segments that held it. */
  checkpoint(): void {
    this.#ingest.tidy();
  }

  /** Reads what has just been appended, but not a whole backlog. */
  refresh(): void {
    for (let steps = 0; steps < refreshSteps; steps += 1) if (!this.step()) return;
  }

  async answer(question: LogQuestion) {
    this.refresh();
    try {
      return await this.#answer(question);
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#failed(error);
      return await this.#answer(question);
    }
  }

  async #answer({ kind, ask }: LogQuestion) {
    const { caughtUp } = this.#ingest;
    switch (kind) {
      case "traffic":
        return this.#counts.traffic(ask.window, ask.resourceGroups);
      case "way": {
        const newest = await this.#reader.newest(ask.api, ask.resourceGroups, lastExchanges);
        return {
          ...this.#counts.way(ask.api, ask.window, ask.resourceGroups),
          lastExchanges: newest.map(summaryOf),
        };
      }
      case "logs":
        return this.#reader.page(ask, caughtUp);
      case "log":
        return this.#reader.one(ask.requestId);
      case "trace":
        return this.#reader.trace(ask.traceId);
      case "tail":
        return this.#reader.tail(ask);
      case "feedback":
        return this.#reader.setFeedback(ask.requestId, ask.feedback);
      case "metrics":
        return this.#counts.metrics(ask);
      case "usage":
        return this.#counts.usage(ask);
      case "prometheus":
        return prometheusText(this.#rollups.families());
      case "settings":
        this.#store.settings = ask;
        await this.tidy();
        return null;
      case "state":
        return this.#state();
    }
  }

  #state(): LogStoreState {
    const { records, bytes, uncommitted, damaged, partitions } = this.#store;
    const { unread, dropped } = this.#ingest;
    return {
      records,
      bytes: bytes + unread,
      since: this.#reader.since,
      days: [...new Set(partitions.map(({ key }) => dayOf(key)))],
      uncommitted,
      unread,
      dropped,
      damaged,
    };
  }

  /** Commits what was read and closes all files. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer as NodeJS.Timeout);
    clearImmediate(this.#timer as NodeJS.Immediate);
    try {
      this.commit();
    } finally {
      this.close();
    }
  }

  /** Closes all files; what was not committed stands in the spool. */
  close(): void {
    this.#store.close();
    this.#content.close();
  }
}
