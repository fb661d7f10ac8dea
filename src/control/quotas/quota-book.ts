// Follows what data planes count of quotas: keeps it over restarts, tells webhooks what was crossed, and says how each
// stands. Time, counters, store and posting come in as ports; knows no HTTP and no thread.
import type { KeptQuota, QuotaLetter, QuotaStore } from "../../core/kept-quota.ts";
import { CalendarPeriods } from "../../lib/calendar-period.ts";
import type { Post } from "../../lib/guarded-post.ts";
import { isoTime } from "../../lib/iso-time.ts";
import { sameData } from "../../lib/same-data.ts";
import { createSerialQueue } from "../serial-queue.ts";
import type { QuotaState, QuotaStateName } from "./quota-answers.ts";
import type { KnownQuota, QuotaDirectory } from "./quota-directory.ts";
import { QuotaLetters } from "./quota-letters.ts";
import { crossedShares, lettersOf, type QuotaOrigin } from "./quota-warnings.ts";

/** What was counted of a quota, in the newest period in which it was asked for. */
export interface QuotaCount {
  readonly key: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly used: number;
  readonly reserved: number;
}

/** The counters of all data planes of this node. */
export interface QuotaCounters {
  /** Undefined for a quota of which nothing was ever counted. */
  read(key: string): QuotaCount | undefined;
  /** Before anything is counted: it is no change. */
  restore(counts: readonly Omit<QuotaCount, "reserved">[]): void;
  /** Nothing is used any more in the period that runs. */
  reset(key: string): void;
  forget(key: string): void;
  /** What has changed since a mark, each as it is when it is come to; 0: since the start. */
  changedSince(mark: number): { readonly mark: number; readonly counts: Iterable<QuotaCount> };
}

export type QuotaEvent = "quotas-not-kept" | "quota-undelivered";

export interface QuotaBookPorts {
  readonly directory: QuotaDirectory;
  readonly counters: QuotaCounters;
  /** Null: what is counted ends with the process. */
  readonly store: QuotaStore | null;
  /** What the store kept of the processes before. */
  readonly kept: readonly KeptQuota[];
  readonly post: Post;
  readonly wallMs: () => number;
  readonly origin: () => QuotaOrigin;
  /** Told of what an operator should know; must not throw. */
  readonly report: (event: QuotaEvent, message: string) => void;
}

/** Puts back what an earlier process has counted; before any data plane counts. */
export function restoreCounts(counters: QuotaCounters, kept: readonly KeptQuota[], nowMs: number): void {
  counters.restore(kept.filter(({ endMs }) => endMs > nowMs));
}

/** Quotas that one look takes, and that are written at once: some milliseconds of this thread. */
const rowsPerLook = 1_000;

/** A quota with the share of it that is used. */
export interface QuotaShare {
  readonly quota: KnownQuota;
  readonly share: number;
  readonly state: QuotaStateName;
}

export class QuotaBook {
  readonly #ports: QuotaBookPorts;
  readonly #periods = new CalendarPeriods();
  readonly #letters: QuotaLetters;
  readonly #inTurn = createSerialQueue();
  readonly #kept: Map<string, KeptQuota>;
  #mark = 0;
  /** The configuration whose quotas were compared with what is kept. */
  #seen: object | undefined;
  /** A round of looks over all that has changed; undefined between two. */
  #round: Generator<void> | undefined;
  /** What the store has not taken yet. */
  readonly #unwritten = {
    keys: new Set<string>(),
    letters: new Map<string, QuotaLetter>(),
    sent: new Set<string>(),
  };
  #isStoreWell = true;
  #isDelivering = false;

  /** @throws StoreUnavailable */
  constructor(ports: QuotaBookPorts) {
    this.#ports = ports;
    const { store, kept, post, wallMs, report } = ports;
    this.#kept = new Map(kept.map((count) => [count.key, count]));
    const onUndelivered = ({ key }: QuotaLetter, message: string): void => {
      const quota = ports.directory.find(key);
      report("quota-undelivered", `quota ${quota?.config.name ?? ""} of ${quota?.owner ?? ""}: ${message}`);
    };
    this.#letters = new QuotaLetters({ post, wallMs, onUndelivered }, store?.letters() ?? []);
  }

  /**
   * Takes what was counted since the last look, tells what was crossed, and writes it all down: a piece of it, so that
   * the thread goes on with other things however many quotas there are.
   * @returns whether there is more
   */
  look(): boolean {
    this.#round ??= this.#changes();
    for (let row = 0; row < rowsPerLook && this.#round !== undefined; row += 1)
      if (this.#round.next().done === true) this.#round = undefined;
    this.#write();
    return this.#round !== undefined;
  }

  *#changes(): Generator<void> {
    const { counters, directory } = this.#ports;
    const { mark, counts } = counters.changedSince(this.#mark);
    for (const count of counts) yield this.#take(directory.find(count.key), count);
    this.#mark = mark;
    const { state } = directory;
    if (this.#seen !== state) yield* this.#follow();
    this.#seen = state;
  }

  #take(quota: KnownQuota | undefined, count: Omit<QuotaCount, "reserved">): void {
    const { key, startMs, endMs, used } = count;
    if (quota === undefined) return this.#forget(key);
    const before = this.#kept.get(key);
    const { told, shares } = crossedShares(quota, before, count);
    const after: KeptQuota = { key, startMs, endMs, used, ...told };
    if (sameData(before, after)) return;
    this.#kept.set(key, after);
    this.#unwritten.keys.add(key);
    const sent = { atMs: this.#ports.wallMs(), origin: this.#ports.origin() };
    const letters = shares.flatMap((share) => lettersOf(quota, share, after, sent));
    for (const letter of letters) this.#unwritten.letters.set(letter.deliveryId, letter);
    for (const id of this.#letters.add(letters)) this.#unwritten.sent.add(id);
  }

  /** After a change of the configuration: what has no quota goes, and another limit makes another share. */
  *#follow(): Generator<void> {
    const { directory, wallMs } = this.#ports;
    for (const [key, kept] of this.#kept) {
      const quota = directory.find(key);
      if (quota === undefined) this.#forget(key);
      else if (kept.toldLimit !== quota.config.limit && kept.endMs > wallMs()) this.#take(quota, kept);
      yield;
    }
  }

  #forget(key: string): void {
    this.#ports.counters.forget(key);
    this.#kept.delete(key);
    this.#unwritten.keys.add(key);
  }

  /** What cannot be written is tried again with the next look. */
  #write(): void {
    const { store, report } = this.#ports;
    const { keys, letters, sent } = this.#unwritten;
    if (keys.size + letters.size + sent.size === 0) return;
    const some = firstOf(keys, rowsPerLook);
    try {
      store?.write({
        counts: some.flatMap((key) => this.#kept.get(key) ?? []),
        gone: some.filter((key) => !this.#kept.has(key)),
        letters: [...letters.values()],
        sent: [...sent],
      });
      for (const key of some) keys.delete(key);
      for (const part of [letters, sent]) part.clear();
      this.#isStoreWell = true;
    } catch (error) {
      if (this.#isStoreWell) report("quotas-not-kept", String(error));
      this.#isStoreWell = false;
    }
  }

  /** Sends the messages that are due. */
  deliver(): Promise<void> {
    if (this.#letters.waiting === 0 || this.#isDelivering) return Promise.resolve();
    this.#isDelivering = true;
    return this.#inTurn(async () => {
      const { again, sent } = await this.#letters.deliver((key) => this.#ports.directory.find(key));
      for (const letter of again) this.#unwritten.letters.set(letter.deliveryId, letter);
      for (const id of sent) {
        this.#unwritten.letters.delete(id);
        this.#unwritten.sent.add(id);
      }
      this.#write();
      this.#isDelivering = false;
    });
  }

  /** As it is this moment. */
  stateOf(quota: KnownQuota): QuotaState {
    const { config, counted } = quota;
    const nowMs = this.#ports.wallMs();
    const count = this.#ports.counters.read(counted.key);
    const isRunning = count !== undefined && count.endMs > nowMs;
    const span = isRunning ? count : this.#periods.at(counted.period, counted.timeZone, nowMs);
    const used = isRunning ? tidy(count.used, config.metric) : 0;
    return {
      name: config.name,
      metric: config.metric,
      used,
      reserved: tidy(count?.reserved ?? 0, config.metric),
      limit: config.limit,
      period: config.period,
      timeZone: config.timeZone,
      dryRun: config.dryRun,
      startsAt: isoTime(span.startMs),
      resetsAt: isoTime(span.endMs),
      state: stateName(quota, shareOf(quota, used)),
    };
  }

  /** Every quota with the share of it that is used. */
  *shares(): Generator<QuotaShare> {
    this.look();
    const nowMs = this.#ports.wallMs();
    for (const quota of this.#ports.directory.all()) {
      const kept = this.#kept.get(quota.counted.key);
      const share = shareOf(quota, kept !== undefined && kept.endMs > nowMs ? kept.used : 0);
      yield { quota, share, state: stateName(quota, share) };
    }
  }

  /** From now on nothing is used of the period that runs. */
  reset(quota: KnownQuota): void {
    const { key } = quota.counted;
    const { counters, wallMs } = this.#ports;
    const count = counters.read(key);
    if (count !== undefined) this.#take(quota, count);
    const kept = this.#kept.get(key);
    if (kept === undefined) return;
    // The clock was ahead when that period began: the quota comes back to the one that runs.
    if (kept.startMs > wallMs()) this.#forget(key);
    else {
      counters.reset(key);
      this.#kept.set(key, { ...kept, used: 0, toldShare: 0 });
      this.#unwritten.keys.add(key);
    }
    this.#write();
  }

  /** A round that is on its way has passed by what has changed since. */
  #lookAtAll(): void {
    this.#round = undefined;
    while (this.look());
    // Only what was left over by writes that failed.
    for (let left = Infinity; this.#unwritten.keys.size < left; this.#write())
      left = this.#unwritten.keys.size;
  }

  /** Writes the last counts, and ends what is being sent. */
  async close(): Promise<void> {
    this.#letters.close();
    await this.#inTurn(() => Promise.resolve(this.#lookAtAll()));
    this.#ports.store?.close();
  }
}

function firstOf(keys: ReadonlySet<string>, count: number): string[] {
  const first: string[] = [];
  for (const key of keys) {
    if (first.length === count) break;
    first.push(key);
  }
  return first;
}

/** Sums of costs are told without the noise of the arithmetic. */
function tidy(amount: number, metric: "tokens" | "cost"): number {
  return metric === "tokens" ? Math.round(amount) : Math.round(amount * 1e9) / 1e9;
}

/** Of nothing everything is used. */
function shareOf({ config: { limit } }: KnownQuota, used: number): number {
  return limit === 0 ? 1 : used / limit;
}

function stateName({ config: { warnAt } }: KnownQuota, share: number): QuotaStateName {
  if (share >= 1) return "exhausted";
  return share >= Math.min(1, ...warnAt) ? "warned" : "ok";
}
