// A log store in a folder of its own, with the parts around it, a clock that stands still, and records. Tests only.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recordOf } from "./exchange-record.ts";
import type { ExchangeRecord } from "../../src/core/exchange-record.ts";
import type { LogItem, LogPage, LogQuery } from "../../src/telemetry/log-answers.ts";
import { LogKeeper, type LogKeeperOptions } from "../../src/telemetry/log-keeper.ts";
import type { LogQuestion, LogQuestions } from "../../src/telemetry/log-messages.ts";
import { defaultLogSettings } from "../../src/telemetry/log-state.ts";
import { openSpool, type Spool, type SpoolOptions } from "../../src/telemetry/spool.ts";

export const noonMs = Date.parse("2026-03-10T12:00:00.000Z");
export const dayMs = 24 * 60 * 60 * 1_000;

export const wholeQuery: LogQuery = {
  fromMs: null,
  toMs: null,
  filters: [],
  search: null,
  limit: 500,
  cursor: null,
  facets: [],
  histogramColumns: 0,
};

export function uuid(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;
}

export interface StoreFixture {
  readonly spoolDir: string;
  readonly logsDir: string;
  readonly problems: Error[];
  nowMs: number;
  /** A keeper over the folder; the one before is stopped. */
  open(overrides?: Partial<LogKeeperOptions>): LogKeeper;
  /** Another one beside the folder's: as after the one before was killed. */
  abandon(): void;
  spool(overrides?: Partial<SpoolOptions>): Spool;
  /** Writes records through a spool of their own, and has them read in. */
  take(keeper: LogKeeper, ...records: readonly Partial<ExchangeRecord>[]): Promise<void>;
  ask<Kind extends keyof LogQuestions>(
    keeper: LogKeeper,
    kind: Kind,
    ask: LogQuestions[Kind]["ask"],
  ): Promise<LogQuestions[Kind]["answer"]>;
  /** All of a query, page by page. */
  walk(keeper: LogKeeper, query?: Partial<LogQuery>): Promise<LogItem[]>;
  remove(): Promise<void>;
}

export function storeFixture(): StoreFixture {
  const dir = mkdtempSync(join(tmpdir(), "log-store-"));
  const spools: Spool[] = [];
  let opened: LogKeeper | undefined;
  const fixture: StoreFixture = {
    spoolDir: join(dir, "records"),
    logsDir: join(dir, "logs"),
    problems: [],
    nowMs: noonMs,
    open: (overrides = {}) => {
      opened?.stop();
      opened = new LogKeeper({ ...keeperOptions(fixture), ...overrides });
      return opened;
    },
    abandon: () => {
      opened = undefined;
    },
    spool: (overrides = {}) => {
      const spool = openSpool({
        dir: fixture.spoolDir,
        writer: `w${spools.length}-now`,
        wallMs: () => fixture.nowMs,
        onProblem: (error) => fixture.problems.push(error),
        ...overrides,
      });
      spools.push(spool);
      return spool;
    },
    take: async (keeper, ...records) => {
      const spool = fixture.spool();
      const time = new Date(fixture.nowMs).toISOString();
      for (const each of records) spool.record(recordOf({ time, ...each }));
      await spool.close();
      while (keeper.step());
    },
    ask,
    walk,
    remove: async () => {
      opened?.stop();
      for (const spool of spools) await spool.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return fixture;
}

function keeperOptions(fixture: StoreFixture): LogKeeperOptions {
  return {
    spoolDir: fixture.spoolDir,
    logsDir: fixture.logsDir,
    spoolRun: "now",
    settings: defaultLogSettings,
    countedSinceMs: 0,
    wallMs: () => fixture.nowMs,
    monotonicMs: () => performance.now(),
    onProblem: (error) => fixture.problems.push(error),
  };
}

async function ask<Kind extends keyof LogQuestions>(
  keeper: LogKeeper,
  kind: Kind,
  question: LogQuestions[Kind]["ask"],
): Promise<LogQuestions[Kind]["answer"]> {
  // Kind and question belong together by the signature, and each kind has its kind of answer.
  const answer: unknown = await keeper.answer({ kind, ask: question } as LogQuestion);
  return answer as LogQuestions[Kind]["answer"];
}

async function walk(keeper: LogKeeper, query: Partial<LogQuery> = {}): Promise<LogItem[]> {
  const items: LogItem[] = [];
  for (let cursor: string | null = null; ;) {
    const page: LogPage = await ask(keeper, "logs", { ...wholeQuery, ...query, cursor });
    items.push(...page.items);
    if (page.nextCursor === null) return items;
    cursor = page.nextCursor;
  }
}

export const idsOf = (items: readonly { readonly requestId: string }[]): string[] =>
  items.map(({ requestId }) => requestId);

/** How many exchanges the roll-ups have counted. */
export async function countedRequests(keeper: LogKeeper): Promise<number> {
  const { metrics } = await ask(keeper, "metrics", {
    fromMs: noonMs - 40 * dayMs,
    toMs: noonMs + 40 * dayMs,
    stepMs: null,
    filters: [],
    selections: [{ name: "requests", groupBy: [], top: 1, filters: [] }],
  });
  return metrics[0]?.series[0]?.total ?? 0;
}
