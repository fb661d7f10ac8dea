// Keeps what was learnt of targets over a restart: one small file, written now and then and at the end. What is in it is
// worth having, not needed: a file that cannot be read or written is reported and done without.
import { readFile } from "node:fs/promises";
import { learntOf, restoreLearnt, type LearntTarget } from "../gateway/targets/target-memory.ts";
import { isTargetRow } from "../gateway/targets/row-names.ts";
import { replaceFile } from "../lib/replace-file.ts";
import type { SharedRows } from "../lib/shared-rows.ts";
import type { OperationalLog } from "../telemetry/operational-log.ts";

const version = 1;
const saveEveryMs = 60_000;
/** What is older says nothing about how a service answers today. */
const maxAgeMs = 24 * 3_600_000;

/** The memory as far as it is looked at. */
interface Memory {
  readonly names: ReadonlyMap<string, number>;
  readonly rows: SharedRows;
}

interface LearntFile {
  readonly version: number;
  /** Ms since 1970. */
  readonly savedMs: number;
  readonly targets: Readonly<Record<string, LearntTarget>>;
}

export interface LearntTargetsOptions {
  readonly file: string;
  readonly wallMs: () => number;
  readonly log: OperationalLog;
}

export class LearntTargets {
  readonly #options: LearntTargetsOptions;
  /** Of the last run, by name of the row; each is given back once. */
  readonly #remembered: Map<string, LearntTarget>;
  #timer: NodeJS.Timeout | undefined;

  private constructor(options: LearntTargetsOptions, remembered: Map<string, LearntTarget>) {
    this.#options = options;
    this.#remembered = remembered;
  }

  /** Reads what the last run left behind. */
  static async open(options: LearntTargetsOptions): Promise<LearntTargets> {
    const text = await readFile(options.file, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") report(options, "learnt-targets-not-read", error);
      return undefined;
    });
    return new LearntTargets(options, text === undefined ? new Map() : remember(options, text));
  }

  /** Gives a new row of a target what was learnt of it. */
  restore(name: string, rows: SharedRows, row: number): void {
    const learnt = this.#remembered.get(name);
    if (learnt === undefined) return;
    this.#remembered.delete(name);
    restoreLearnt(rows, row, learnt);
  }

  /** Saves from now on. */
  start(memory: Memory): void {
    this.#timer = setInterval(() => void this.save(memory), saveEveryMs);
    this.#timer.unref();
  }

  /** Saves for the last time. */
  async stop(memory: Memory): Promise<void> {
    clearInterval(this.#timer);
    await this.save(memory);
  }

  async save({ names, rows }: Memory): Promise<void> {
    const targets: Record<string, LearntTarget> = {};
    for (const [name, row] of names) {
      const learnt = isTargetRow(name) ? learntOf(rows, row) : undefined;
      if (learnt !== undefined) targets[name] = learnt;
    }
    const content: LearntFile = { version, savedMs: this.#options.wallMs(), targets };
    try {
      await replaceFile(this.#options.file, JSON.stringify(content));
    } catch (error) {
      report(this.#options, "learnt-targets-not-written", error);
    }
  }
}

function remember(options: LearntTargetsOptions, text: string): Map<string, LearntTarget> {
  try {
    // Decoder: `restoreLearnt` checks every number.
    const file = JSON.parse(text) as LearntFile;
    if (file.version !== version || options.wallMs() - file.savedMs > maxAgeMs) return new Map();
    return new Map(Object.entries(file.targets));
  } catch (error) {
    report(options, "learnt-targets-not-read", error);
    return new Map();
  }
}

function report({ log }: LearntTargetsOptions, event: string, error: unknown): void {
  log.warn(event, { message: error instanceof Error ? error.message : String(error) });
}
