// The whole program under load is killed twenty times, and a worker of it ended in the middle of its work: every exchange
// comes into the spool while the load goes on, what stood there has exactly one record after the end, and what is counted is
// what is listed. How soon an exchange is in the spool is a figure of `npm run bench:leaving`.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Worker } from "node:worker_threads";
import { afterEach, expect, test } from "vitest";
import { draw } from "../bench/lab/random.ts";
import { startApp } from "../src/app/app.ts";
import { readSettings } from "../src/app/settings.ts";
import { createOperationalLog } from "../src/telemetry/operational-log.ts";
import type { LogItem } from "../src/telemetry/log-answers.ts";
import { Changes } from "./support/changes.ts";
import { countedDocument, CountedProgram } from "./support/counted-program.ts";
import { adminToken, longMs } from "./support/gateway-process.ts";
import { createKeeper } from "./support/keeper.ts";
import { planExchanges, Sender, type PlannedExchange } from "./support/many-exchanges.ts";
import { SpoolSight } from "./support/spool-sight.ts";
import { ToldRecords } from "./support/told-records.ts";

const keep = createKeeper();
const seed = 7;
const lanes = 16;
/** Looks at all records, in a row, that show nothing new: then nothing more is to come. */
const vainLooks = 30;

afterEach(() => process.removeAllListeners("worker"));

/** Exchanges that no run has sent yet, those whose answers were there, and those that must be kept. */
class Load {
  readonly #exchanges: Iterator<PlannedExchange>;
  readonly #changes = new Changes();
  readonly #finished = new Set<string>();
  readonly #durable = new Set<string>();
  #answers = 0;
  sent = 0;
  /** How often something has ended abruptly. */
  ends = 0;

  constructor(bases: readonly string[], count: number) {
    const nobody = { slowBase: "", lateBase: "", leavesInTheMiddle: 0, leavesEarly: 0 };
    this.#exchanges = planExchanges({ seed, count, bases, ...nobody })[Symbol.iterator]();
  }

  /** Sends in lanes as long as `goesOn`, which is asked again when nobody listens. */
  async run(port: number, goesOn: () => boolean): Promise<void> {
    const lane = async (): Promise<void> => {
      const sender = new Sender(port, () => Promise.resolve());
      while (goesOn()) {
        const next = this.#exchanges.next();
        if (next.done === true) throw new Error("more exchanges were sent than were planned");
        await this.#send(sender, next.value);
      }
      sender.close();
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  }

  async #send(sender: Sender, exchange: PlannedExchange): Promise<void> {
    this.sent += 1;
    const { ends } = this;
    try {
      // What was under way at an end may be lost with it, though its answer is there.
      if ((await sender.send(exchange)) && ends === this.ends) this.#finish(exchange.traceId);
    } catch {
      // Its connection broke or was refused: the next one opens another.
      sender.close();
    }
  }

  #finish(traceId: string): void {
    this.#finished.add(traceId);
    this.#answers += 1;
    this.#changes.notify();
  }

  /** Resolves when so many more answers are there. */
  async finishes(count: number): Promise<void> {
    const goal = this.#answers + count;
    await this.#changes.until(() => (this.#answers >= goal ? true : undefined));
  }

  /** To be called before an end: waits until all that clients have had by now stands in the spool, and must be kept. */
  async markDurable(spool: SpoolSight): Promise<void> {
    const due = new Set(this.#finished);
    while (due.size > 0) {
      const seen = spool.look();
      for (const traceId of due) {
        if (!seen.has(traceId)) continue;
        due.delete(traceId);
        this.#durable.add(traceId);
      }
      await nextTurn();
    }
  }

  /** What is under way, or was there just now, may be lost. */
  forget(): void {
    this.#finished.clear();
    this.ends += 1;
  }

  /** All that is told, once all is there that must be, or nothing more comes. */
  async recordsIn(told: ToldRecords): Promise<readonly LogItem[]> {
    for (let [looks, most] = [0, 0]; ; looks += 1) {
      const records = await told.atLeast(1);
      if (looks === vainLooks || this.#lostIn(records).length === 0) return records;
      if (records.length > most) [looks, most] = [0, records.length];
    }
  }

  #lostIn(records: readonly LogItem[]): readonly string[] {
    const kept = new Set(records.map(({ traceId }) => traceId));
    return [...this.#durable].filter((traceId) => !kept.has(traceId));
  }

  expectKept(records: readonly LogItem[]): void {
    expect(new Set(records.map(({ traceId }) => traceId)).size).toBe(records.length);
    expect(new Set(records.map(({ requestId }) => requestId)).size).toBe(records.length);
    expect(this.#lostIn(records)).toEqual([]);
    expect(records.length).toBeLessThanOrEqual(this.sent);
  }

  get durable(): number {
    return this.#durable.size;
  }
}

test(
  "twenty kills under load lose and double nothing",
  async () => {
    const program = keep(await CountedProgram.start([{ name: "steady" }], seed));
    const load = new Load(["/steady"], 200_000);
    const spool = new SpoolSight(program.program.dataDir);
    for (let kill = 0; kill < 20; kill += 1) {
      let alive = true;
      const running = load.run(program.program.gatewayPort, () => alive);
      // Some kills come before what was recorded is written to the store, some while it is, some after.
      await load.finishes(50 + Math.floor(draw(seed, kill) ** 3 * 1_500));
      await load.markDurable(spool);
      program.program.kill("SIGKILL");
      load.forget();
      alive = false;
      await running;
      await program.restart();
    }
    const records = await load.recordsIn(program.told);
    load.expectKept(records);
    expect(load.durable).toBeGreaterThan(1_000);
    expect(await program.told.total("requests")).toBe(records.length);
  },
  // Twenty starts and as many loads.
  2 * longMs,
);

test(
  "a worker that ends in the middle of its work takes no record with it that was due",
  async () => {
    const workers = new Set<Worker>();
    process.on("worker", (worker) => {
      workers.add(worker);
      worker.on("exit", () => workers.delete(worker));
    });
    const folder = mkdtempSync(join(tmpdir(), "kill-"));
    writeFileSync(join(folder, "gateway.json"), JSON.stringify(countedDocument([{ name: "steady" }])));
    const app = await startApp(settingsIn(folder), {
      env: {},
      print: () => undefined,
      log: createOperationalLog({ level: "error", target: { write: () => undefined }, wallMs: Date.now }),
      consoleFolder: join(folder, "console"),
    });
    keep({
      close: async () => {
        await app.stop();
        rmSync(folder, { recursive: true, force: true });
      },
    });
    const load = new Load(["/steady"], 100_000);
    const spool = new SpoolSight(join(folder, "data"));
    let goesOn = true;
    const running = load.run(app.gatewayPort, () => goesOn);
    for (let end = 0; end < 6; end += 1) {
      await load.finishes(100 + Math.floor(draw(seed, end, 1) * 300));
      // The other one serves on, and the one in its place takes its share after a while.
      const planeNow = () => [...workers].find(({ threadName }) => threadName === `data plane ${end % 2}`);
      await expect.poll(planeNow).toBeDefined();
      await load.markDurable(spool);
      // What is under way at its end may be lost with it.
      await planeNow()?.terminate();
      load.forget();
    }
    goesOn = false;
    await running;
    expect(load.ends).toBe(6);
    await load.markDurable(spool);
    const headers = { authorization: `Bearer ${adminToken}` };
    const told = new ToldRecords((path) =>
      fetch(`http://127.0.0.1:${app.consolePort}/api/v1${path}`, { headers }),
    );
    const records = await load.recordsIn(told);
    load.expectKept(records);
    expect(await told.total("requests")).toBe(records.length);
  },
  longMs,
);

function settingsIn(folder: string) {
  const read = readSettings({
    MOONGATE_DATA_DIR: join(folder, "data"),
    MOONGATE_CONFIG: join(folder, "gateway.json"),
    MOONGATE_GATEWAY_HOST: "127.0.0.1",
    MOONGATE_GATEWAY_PORT: "0",
    MOONGATE_CONSOLE_PORT: "0",
    MOONGATE_WORKERS: "2",
    MOONGATE_ADMIN_TOKEN: adminToken,
    MOONGATE_DRAIN_TIMEOUT_MS: "0",
  });
  if ("problems" in read) throw new Error(read.problems.map(({ message }) => message).join());
  return read.settings;
}
