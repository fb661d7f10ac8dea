// Each record is taken exactly once, wherever the process that takes it ends.
import { spawn } from "node:child_process";
import { DatabaseSync, StatementSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { recordOf } from "../../../test/support/exchange-record.ts";
import {
  countedRequests,
  dayMs,
  idsOf,
  noonMs,
  storeFixture,
  uuid,
  type StoreFixture,
} from "../../../test/support/log-store.ts";
import { openRecordFeed } from "./record-feed.ts";

let fixture: StoreFixture;
beforeEach(() => {
  fixture = storeFixture();
});
afterEach(() => fixture.remove());

function fed(): string[] {
  const feed = openRecordFeed(fixture.logsDir);
  const ids: string[] = [];
  for (let place = null, more = true; more;) {
    const answer = feed.read(place, 100);
    ids.push(...idsOf(answer.records));
    ({ place, more } = answer);
  }
  feed.close();
  return ids;
}

const child = fileURLToPath(new URL("./ingest-child.ts", import.meta.url));

/** Runs the child until it has said so many things, then kills it. @returns whether it had read everything */
function killAfter(words: number): Promise<boolean> {
  const running = spawn(process.execPath, [child, fixture.spoolDir, fixture.logsDir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  running.stdout.on("data", (text: Buffer) => {
    said += text.toString();
    if (said.split("\n").length > words || said.includes("done")) running.kill("SIGKILL");
  });
  return new Promise((resolve) => running.on("close", () => resolve(said.includes("done"))));
}

test("a process killed twenty times at any moment takes every record exactly once", async () => {
  const spools = [0, 1].map(() => fixture.spool({ segmentBytes: 200_000 }));
  const written: string[] = [];
  const write = async (count: number) => {
    for (let index = 0; index < count; index += 1) {
      const requestId = uuid(written.length);
      written.push(requestId);
      const time = new Date(noonMs + index).toISOString();
      spools[index % 2]?.record(recordOf({ requestId, time, path: "/".repeat(300) }));
    }
    for (const spool of spools) await spool.flush();
  };
  for (let round = 0; round < 20; round += 1) {
    await write(1_000 + 37 * round);
    await killAfter(1 + ((round * 7) % 11));
  }
  for (const spool of spools) await spool.close();
  const keeper = fixture.open({ wallMs: Date.now });
  while (keeper.step());
  keeper.commit();
  const found = idsOf(await fixture.walk(keeper)).toSorted();
  expect(found).toEqual(written);
  expect(await countedRequests(keeper)).toBe(written.length);
  expect(fed().toSorted()).toEqual(written);
});

/** From its n-th statement on a database does nothing more, as if the process had ended there. */
function dyingAt(statement: number): { readonly hasDied: () => boolean; readonly revive: () => void } {
  let count = 0;
  const live = (): void => {
    count += 1;
    if (count >= statement) throw new Error("dead");
  };
  const run = StatementSync.prototype.run;
  const exec = DatabaseSync.prototype.exec;
  const spies = [
    vi.spyOn(StatementSync.prototype, "run").mockImplementation(function (this: StatementSync, ...values) {
      live();
      return run.apply(this, values);
    }),
    vi.spyOn(DatabaseSync.prototype, "exec").mockImplementation(function (this: DatabaseSync, sql) {
      live();
      exec.call(this, sql);
    }),
  ];
  return { hasDied: () => count >= statement, revive: () => spies.forEach((spy) => spy.mockRestore()) };
}

test("an end before any statement of a commit leaves every record taken exactly once", async () => {
  let written = 0;
  for (let statement = 1, hasDied = true; hasDied; statement += 1) {
    let keeper = fixture.open({ onProblem: () => undefined });
    const spool = fixture.spool();
    for (let index = 0; index < 3; index += 1, written += 1)
      spool.record(recordOf({ requestId: uuid(written), time: new Date(noonMs).toISOString() }));
    await spool.close();
    // Every other time the day changes too.
    if (statement % 2 === 0) fixture.nowMs += dayMs / 8;
    const death = dyingAt(statement);
    try {
      while (keeper.step());
      keeper.commit();
      keeper.checkpoint();
    } catch {
      // As much as a process that has ended can say.
    }
    ({ hasDied } = { hasDied: death.hasDied() });
    keeper.close();
    death.revive();
    fixture.abandon();
    keeper = fixture.open();
    while (keeper.step());
    expect(idsOf(await fixture.walk(keeper)).toSorted(), `statement ${statement}`).toEqual(
      Array.from({ length: written }, (_, index) => uuid(index)),
    );
    expect(await countedRequests(keeper)).toBe(written);
  }
  expect(written).toBeGreaterThan(100);
});
