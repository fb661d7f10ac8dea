// A log store in a folder of its own, with the parts around it, a clock that stands still, and records. Tests only.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recordOf } from "../../../test/support/exchange-record.ts";
import type { ExchangeRecord } from "../../core/exchange-record.ts";
import type { LogItem, LogPage, LogQuery } from "../log-answers.ts";
import { LogKeeper, type LogKeeperOptions } from "../log-keeper.ts";
import type { LogQuestions } from "../log-messages.ts";
import { defaultLogSettings } from "../log-state.ts";
import { openSpool, type Spool, type SpoolOptions } from "../spool.ts";

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
  readonly dir: string;
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
  let writers = 0;
  const fixture: StoreFixture = {
    dir,
    spoolDir: join(dir, "records"),
    logsDir: join(dir, "logs"),
    problems: [],
    nowMs: noonMs,
    open: (overrides = {}) => {
      opened?.stop();
      opened = new LogKeeper({
        spoolDir: fixture.spoolDir,
        logsDir: fixture.logsDir,
        spoolRun: "now",
        settings: defaultLogSettings,
        countedSinceMs: 0,
        wallMs: () => fixture.nowMs,
        monotonicMs: () => performance.now(),
        onProblem: (error) => fixture.problems.push(error),
        ...overrides,
      });
      return opened;
    },
    abandon: () => {
      opened = undefined;
    },
    spool: (overrides = {}) => {
      writers += 1;
      const spool = openSpool({
        dir: fixture.spoolDir,
        writer: `w${writers}-now`,
        wallMs: () => fixture.nowMs,
        onProblem: (error) => fixture.problems.push(error),
        ...overrides,
      });
      spools.push(spool);
      return spool;
    },
    take: async (keeper, ...records) => {
      const spool = fixture.spool();
      for (const each of records)
        spool.record(recordOf({ time: new Date(fixture.nowMs).toISOString(), ...each }));
      await spool.close();
      while (keeper.step());
    },
    // Each kind of question has its kind of answer.
    ask: (keeper, kind, ask) =>
      keeper.answer({ kind, ask } as Parameters<LogKeeper["answer"]>[0]) as Promise<
        LogQuestions[typeof kind]["answer"]
      >,
    walk: async (keeper, query = {}) => {
      const items: LogItem[] = [];
      for (let cursor: string | null = null; ;) {
        const page: LogPage = await fixture.ask(keeper, "logs", { ...wholeQuery, ...query, cursor });
        items.push(...page.items);
        if (page.nextCursor === null) return items;
        cursor = page.nextCursor;
      }
    },
    remove: async () => {
      opened?.stop();
      for (const spool of spools) await spool.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return fixture;
}

export const idsOf = (items: readonly { readonly requestId: string }[]): string[] =>
  items.map(({ requestId }) => requestId);
