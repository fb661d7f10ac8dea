// One lane: what takes committed records to one receiver, in order, one batch at a time, until each is taken or a dead
// letter. Knows no format and no socket.
import type { ExchangeRecord } from "../../core/exchange-record.ts";
import { codeOf, failureWords } from "../../lib/failure-words.ts";
import { isoTime } from "../../lib/iso-time.ts";
import type { FeedAnswer, RecordFeed } from "../store/feed-place.ts";
import { waitMs } from "./backoff.ts";
import type { DeadLetters } from "./dead-letters.ts";
import type { DeliveryPorts } from "./delivery-ports.ts";
import type { LanePlaces, LaneProgress } from "./lane-places.ts";
import type { Delivered, Receiver } from "./receiver.ts";

export interface LaneOptions {
  /** Of the sink and of its part, such as `collector/traces`. */
  readonly name: string;
  readonly part: string;
  readonly flushIntervalMs: number;
  readonly receiver: Receiver;
  readonly feed: RecordFeed;
  readonly places: LanePlaces;
  readonly deadLetters: DeadLetters;
  readonly ports: DeliveryPorts;
  /** What the receiver is given of a record. */
  readonly prepare: (record: ExchangeRecord) => ExchangeRecord;
  readonly maxRecords: number;
}

/** How the last tries of a lane went. */
export interface LaneFailure {
  readonly kind: "later" | "refused";
  readonly message: string;
  readonly atMs: number;
  readonly sinceMs: number;
  readonly nextTryMs: number;
}

const requestDeadlineMs = 10_000;
/** Of one request, before compression; a single record may be more. */
const maxRequestChars = 4 * 1024 * 1024;
/** So many records refused one by one, none taken between them: it is not the records. */
const maxRefusedInRow = 20;

type Batch = readonly ExchangeRecord[];

export class Lane {
  readonly #options: LaneOptions;
  readonly #stopping = new AbortController();
  #progress: LaneProgress;
  #failure: LaneFailure | null = null;
  #failures = 0;
  #refusedInRow = 0;
  #storeFailed = false;
  #note: { readonly message: string; readonly atMs: number } | null = null;
  #wake: (() => void) | null = null;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  /** @throws when its place cannot be read or written */
  constructor(options: LaneOptions) {
    this.#options = options;
    const { places, name, feed } = options;
    const known = places.read(name);
    this.#progress = known ?? {
      // A new sink is told of what happens from now on.
      place: feed.end(),
      done: 0,
      delivered: 0,
      deadLettered: 0,
      rejected: 0,
      dropped: 0,
      lastDeliveredAt: null,
    };
    if (known === undefined) places.write(name, this.#progress);
  }

  get progress(): LaneProgress {
    return this.#progress;
  }

  get failure(): LaneFailure | null {
    return this.#failure;
  }

  /** What the receiver said of the last batch that it took in part. */
  get note(): { readonly message: string; readonly atMs: number } | null {
    return this.#note;
  }

  /** Whether it waits: for records, or for its next try. */
  get waiting(): boolean {
    return this.#wake !== null;
  }

  /** @throws when the store cannot be read */
  behind(): number {
    const { place, done } = this.#progress;
    return Math.max(0, (this.#options.feed.end()?.total ?? 0) - (place?.total ?? 0) - done);
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Lets a request that is under way come to its end, for as long as given; then it is given up. */
  async stop(graceMs: number): Promise<void> {
    this.#stopped = true;
    this.#wake?.();
    const giveUp = this.#options.ports.timers.after(graceMs, () => this.#stopping.abort());
    await this.#running;
    giveUp();
    await this.#options.receiver.close();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const more = await this.#round();
      if (!more && !this.#stopped) await this.#sleep(this.#options.flushIntervalMs);
    }
  }

  /** One batch to its end. @returns whether there is more at once */
  async #round(): Promise<boolean> {
    const answer = this.#read();
    if (answer === undefined) {
      await this.#sleep(waitMs("later", this.#failures, this.#options.ports.random()));
      return true;
    }
    const { records, place, more } = answer;
    const skipped = Math.min(this.#progress.done, records.length);
    const left = records.slice(skipped).map((record) => this.#options.prepare(record));
    if (!(await this.#deliverAll(left))) return false;
    if (records.length > 0) this.#keep({ place, done: this.#progress.done - records.length });
    return more;
  }

  /** Undefined when the store cannot be read. */
  #read(): FeedAnswer | undefined {
    const { feed, maxRecords } = this.#options;
    const { place, done, dropped } = this.#progress;
    try {
      const answer = feed.read(place, maxRecords);
      if (this.#storeFailed) this.#failure = null;
      this.#storeFailed = false;
      if (answer.missed > 0) {
        const lost = Math.max(0, answer.missed - done);
        this.#progress = {
          ...this.#progress,
          done: Math.max(0, done - answer.missed),
          dropped: dropped + lost,
        };
      }
      return answer;
    } catch (error) {
      this.#storeFailed = true;
      this.#failed("later", `The log store cannot be read: ${String(error)}`, null);
      return undefined;
    }
  }

  /** @returns false when it was stopped before the end */
  async #deliverAll(records: Batch): Promise<boolean> {
    const { receiver } = this.#options;
    // Newest last, so that the next one is taken off the end.
    const pending = slices(records).toReversed();
    for (let slice = pending.pop(); slice !== undefined; slice = pending.pop()) {
      if (this.#stopped) return false;
      const wanted = slice.filter((record) => receiver.wants(record));
      const delivered: Delivered =
        wanted.length === 0 ? { kind: "taken", rejected: 0, message: "" } : await this.#attempt(wanted);
      if (delivered.kind === "taken") this.#taken(slice.length, wanted.length, delivered);
      else if (delivered.kind === "unfit" && slice.length > 1) pending.push(...halves(slice).toReversed());
      else if (delivered.kind === "unfit" && this.#refusedInRow < maxRefusedInRow) {
        if (!this.#bury(slice, delivered.message)) pending.push(slice);
      } else {
        pending.push(slice);
        await this.#waitAfter(delivered);
      }
    }
    return true;
  }

  async #attempt(records: Batch): Promise<Delivered> {
    const { ports, receiver } = this.#options;
    const deadline = new AbortController();
    const cancel = ports.timers.after(requestDeadlineMs, () => deadline.abort());
    try {
      return await receiver.deliver(records, AbortSignal.any([deadline.signal, this.#stopping.signal]));
    } catch (error) {
      const late = deadline.signal.aborted;
      const message = late ? `No answer within ${requestDeadlineMs / 1000} s.` : networkMessage(error);
      return { kind: "later", message, afterMs: null };
    } finally {
      cancel();
    }
  }

  #taken(done: number, delivered: number, { rejected, message }: Delivered & { kind: "taken" }): void {
    const nowMs = this.#options.ports.clock.wallMs();
    if (delivered > 0) {
      this.#failure = null;
      this.#failures = 0;
      this.#refusedInRow = 0;
      this.#note = message === "" ? null : { message, atMs: nowMs };
    }
    this.#keep({
      done: this.#progress.done + done,
      delivered: this.#progress.delivered + delivered,
      rejected: this.#progress.rejected + rejected,
      ...(delivered > 0 ? { lastDeliveredAt: isoTime(nowMs) } : {}),
    });
  }

  /** The one record of a slice goes to the dead letters. @returns false when it could not be written there */
  #bury([record]: Batch, reason: string): boolean {
    const { deadLetters, ports, part } = this.#options;
    if (record === undefined) return true;
    const at = isoTime(ports.clock.wallMs());
    try {
      deadLetters.add({ at, part, reason, record });
    } catch (error) {
      this.#failed("refused", `A dead letter cannot be written: ${String(error)}`, null);
      this.#refusedInRow = maxRefusedInRow;
      return false;
    }
    this.#refusedInRow += 1;
    this.#note = { message: reason, atMs: ports.clock.wallMs() };
    this.#keep({ done: this.#progress.done + 1, deadLettered: this.#progress.deadLettered + 1 });
    return true;
  }

  async #waitAfter(delivered: Exclude<Delivered, { kind: "taken" }>): Promise<void> {
    if (this.#stopped) return;
    const kind = delivered.kind === "later" ? "later" : "refused";
    const afterMs = delivered.kind === "later" ? delivered.afterMs : null;
    const wait = this.#failed(kind, delivered.message, afterMs);
    await this.#sleep(wait);
    // After the wait one more may go to the dead letters: who really refuses them all loses little.
    if (delivered.kind === "unfit") this.#refusedInRow = maxRefusedInRow - 1;
  }

  /** @returns how long to wait */
  #failed(kind: "later" | "refused", message: string, afterMs: number | null): number {
    const { clock, random } = this.#options.ports;
    const nowMs = clock.wallMs();
    this.#failures += 1;
    const wait = Math.max(waitMs(kind, this.#failures, random()), afterMs ?? 0);
    const sinceMs = this.#failure?.sinceMs ?? nowMs;
    this.#failure = { kind, message, atMs: nowMs, sinceMs, nextTryMs: nowMs + wait };
    return wait;
  }

  #keep(change: Partial<LaneProgress>): void {
    this.#progress = { ...this.#progress, ...change };
    const { places, name } = this.#options;
    try {
      places.write(name, this.#progress);
    } catch (error) {
      // What is in memory goes on; after a restart some would be delivered twice.
      this.#note = {
        message: `How far this sink has come cannot be written down: ${String(error)}`,
        atMs: this.#options.ports.clock.wallMs(),
      };
    }
  }

  #sleep(ms: number): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        cancel();
        this.#wake = null;
        resolve();
      };
      const cancel = this.#options.ports.timers.after(ms, wake);
      this.#wake = wake;
    });
  }
}

function networkMessage(error: unknown): string {
  if (!(error instanceof Error)) return "The connection failed.";
  const cause = error.cause instanceof Error ? error.cause : error;
  return failureWords(codeOf(cause));
}

function halves(slice: Batch): Batch[] {
  const middle = Math.ceil(slice.length / 2);
  return [slice.slice(0, middle), slice.slice(middle)];
}

/** In order, each within the bound of a request. */
function slices(records: Batch): Batch[] {
  const found: ExchangeRecord[][] = [];
  let chars = Infinity;
  for (const record of records) {
    const size = charsOf(record);
    const current = found.at(-1);
    if (current === undefined || chars + size > maxRequestChars) {
      found.push([record]);
      chars = size;
    } else {
      current.push(record);
      chars += size;
    }
  }
  return found;
}

function charsOfDecision(decision: ExchangeRecord["decision"]): number {
  const models = decision?.routing?.evidence.models.length;
  return (decision?.candidates.length ?? 0) * 200 + (models === undefined ? 0 : 1_000 + models * 200);
}

/** About as much as it becomes; exact enough for a bound. */
function charsOf({ attempts, requestContent, responseContent, decision, path }: ExchangeRecord): number {
  const content = (requestContent?.length ?? 0) + (responseContent?.length ?? 0);
  return 2_000 + path.length + attempts.length * 1_000 + charsOfDecision(decision) + content * 2;
}
