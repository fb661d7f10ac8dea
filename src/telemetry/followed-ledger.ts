// A ledger that follows a spool: reads what the segments hold and what is appended to them, and answers in between.
import type { ExchangeRecord } from "../core/exchange-record.ts";
import { ledgerReachMs, RecordLedger } from "./record-ledger.ts";
import { SegmentTail } from "./segment-tail.ts";

const pollEveryMs = 500;
const tidyEveryMs = 60_000;
const refreshSteps = 16;

export interface FollowedLedgerOptions {
  readonly dir: string;
  readonly wallMs: () => number;
  /** Told when the spool cannot be read, once until it can be again. */
  readonly onProblem: (error: Error) => void;
  readonly ledger?: RecordLedger;
  readonly pieceBytes?: number;
}

export class FollowedLedger {
  readonly ledger: RecordLedger;
  readonly #options: FollowedLedgerOptions;
  readonly #tail: SegmentTail;
  /** Whether all that was there when it was last looked at has been read. */
  caughtUp = false;
  #tidiedMs = 0;
  #problemTold = false;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #reading: Promise<boolean> | null = null;

  constructor(options: FollowedLedgerOptions) {
    this.#options = options;
    this.ledger = options.ledger ?? new RecordLedger();
    const { dir, wallMs, pieceBytes } = options;
    this.#tail = new SegmentTail({
      dir,
      ...(pieceBytes === undefined ? {} : { pieceBytes }),
      onLine: (line) => this.#take(line),
      onOld: (lastWrittenMs) => this.ledger.reaches(Math.min(lastWrittenMs, wallMs() - ledgerReachMs)),
    });
  }

  /** Reads on from now on, in the background. */
  start(): void {
    void this.#readOn();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** One piece; calls at the same time share it. @returns whether there may be more */
  step(): Promise<boolean> {
    this.#reading ??= this.#step().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  /** Reads what has just been appended, but not a whole backlog. */
  async refresh(): Promise<void> {
    for (let steps = 0; steps < refreshSteps; steps += 1) if (!(await this.step())) return;
  }

  async #step(): Promise<boolean> {
    const nowMs = this.#options.wallMs();
    if (nowMs - this.#tidiedMs >= tidyEveryMs || nowMs < this.#tidiedMs) {
      this.#tidiedMs = nowMs;
      this.ledger.tidy(nowMs);
    }
    try {
      const more = await this.#tail.step(nowMs - ledgerReachMs);
      if (!more) this.caughtUp = true;
      this.#problemTold = false;
      return more;
    } catch (error) {
      if (!this.#problemTold)
        this.#options.onProblem(error instanceof Error ? error : new Error(String(error)));
      this.#problemTold = true;
      this.caughtUp = false;
      return false;
    }
  }

  async #readOn(): Promise<void> {
    const more = await this.step();
    if (this.#stopped) return;
    // At once while there is more, though whoever asked meanwhile is answered first.
    this.#timer = setTimeout(() => void this.#readOn(), more ? 0 : pollEveryMs);
  }

  #take(line: string): void {
    const record = parseRecord(line);
    if (record !== undefined) this.ledger.add(record, this.#options.wallMs());
  }
}

/** Undefined for a line that a full disk has torn. */
function parseRecord(line: string): ExchangeRecord | undefined {
  try {
    // Nobody but the spool writes segments, and what it writes are records.
    const record = JSON.parse(line) as ExchangeRecord;
    return typeof record.requestId === "string" && Array.isArray(record.attempts) ? record : undefined;
  } catch {
    return undefined;
  }
}
