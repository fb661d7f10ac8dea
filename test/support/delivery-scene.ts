// Sinks with receivers over real sockets, under a clock that a test moves: minutes of outage take no time.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExchangeRecord } from "../../src/core/exchange-record.ts";
import { guardedPoster, type Post } from "../../src/lib/guarded-post.ts";
import { Deliverer } from "../../src/telemetry/delivery/deliverer.ts";
import type { ServiceBook } from "../../src/telemetry/delivery/described-exchange.ts";
import { openLanePlaces } from "../../src/telemetry/delivery/lane-places.ts";
import { openRecordedContent } from "../../src/telemetry/delivery/recorded-content.ts";
import type { ReceiverSurroundings } from "../../src/telemetry/delivery/receivers.ts";
import type { Sender, Sink } from "../../src/telemetry/delivery/sink-config.ts";
import type { SinkState } from "../../src/telemetry/delivery-answers.ts";
import { recordOf } from "./exchange-record.ts";
import type { FailingReceiver } from "./failing-receiver.ts";
import { FakeTime } from "./fake-time.ts";
import { MemoryFeed } from "./memory-feed.ts";

const startMs = Date.UTC(2030, 0, 1);

export const testSender: Sender = { version: "1.2.3", instance: "default", region: "local", node: "n1" };

export const testServices: ServiceBook = new Map([
  ["s", { provider: "openai", address: "api.example.com", port: 443 }],
]);

export class DeliveryScene {
  readonly dir = mkdtempSync(join(tmpdir(), "moongate-delivery-"));
  readonly time = new FakeTime(startMs);
  readonly feed = new MemoryFeed();
  readonly problems: string[] = [];
  readonly #poster = guardedPoster("private");
  readonly #receivers: FailingReceiver[] = [];
  /** The deadlines of requests under way. */
  readonly #underWay = new Set<AbortSignal>();
  readonly #post: Post = async (request) => {
    this.#underWay.add(request.signal);
    try {
      return await this.#poster.post(request);
    } finally {
      this.#underWay.delete(request.signal);
    }
  };

  #places = openLanePlaces(this.dir, ({ message }) => void this.problems.push(message));
  #deliverer = this.#newDeliverer();
  #made = 0;

  #newDeliverer(): Deliverer {
    return new Deliverer({
      dataDir: this.dir,
      logsDir: this.dir,
      feed: this.feed,
      places: this.#places,
      content: openRecordedContent(this.dir),
      ports: this.surroundings.ports,
      onProblem: ({ message }) => void this.problems.push(message),
    });
  }

  get surroundings(): ReceiverSurroundings {
    const { clock, timers } = this.time;
    return {
      dataDir: this.dir,
      ports: { clock, timers, random: () => 0.5, post: this.#post },
      sender: testSender,
      services: () => testServices,
    };
  }

  watch(receiver: FailingReceiver): FailingReceiver {
    this.#receivers.push(receiver);
    return receiver;
  }

  configure(...sinks: readonly Sink[]): Promise<void> {
    return this.#deliverer.configure({ sinks, services: testServices, sender: testSender });
  }

  state(name: string): SinkState {
    const state = this.#deliverer.states().find((one) => one.name === name);
    if (state === undefined) throw new Error(`no sink ${name}`);
    return state;
  }

  /** Exchanges that end now, each with an id of its own. */
  add(count: number, overrides: Partial<ExchangeRecord> = {}): void {
    const time = new Date(this.time.clock.wallMs()).toISOString();
    for (let index = 0; index < count; index += 1) {
      this.#made += 1;
      const requestId = `00000000-0000-4000-8000-${String(this.#made).padStart(12, "0")}`;
      this.feed.add(recordOf({ requestId, time, ...overrides }));
    }
  }

  /** Lets so much time pass, with everything that happens in it. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.time.elapsedMs + ms;
    do await this.#quiet();
    while (this.time.toNext(untilMs));
    await this.#quiet();
  }

  /** Until every lane waits for its time: for records, for its next try, or for the end of a request that hangs. */
  async #quiet(): Promise<void> {
    const hangs = (): boolean => {
      const open = [...this.#underWay].filter(({ aborted }) => !aborted).length;
      const hanging = this.#receivers.reduce((sum, receiver) => sum + receiver.hanging, 0);
      return open > 0 && open === hanging;
    };
    while (!this.#deliverer.waiting && !hangs()) await new Promise((resolve) => setImmediate(resolve));
  }

  /** What a restart of the thread does; with a request under way that is given up at once when it is a kill. */
  async restart(...sinks: readonly Sink[]): Promise<void> {
    const stopped = this.#deliverer.stop();
    while (this.time.toNext(this.time.elapsedMs + 3_000))
      await new Promise((resolve) => setImmediate(resolve));
    await stopped;
    this.#places.close();
    this.#places = openLanePlaces(this.dir, ({ message }) => void this.problems.push(message));
    this.#deliverer = this.#newDeliverer();
    await this.configure(...sinks);
  }

  async close(): Promise<void> {
    const stopped = this.#deliverer.stop();
    while (this.time.toNext(this.time.elapsedMs + 3_000))
      await new Promise((resolve) => setImmediate(resolve));
    await stopped;
    this.#places.close();
    await this.#poster.close();
    await Promise.all(this.#receivers.map((receiver) => receiver.close()));
    rmSync(this.dir, { recursive: true, force: true });
  }
}
