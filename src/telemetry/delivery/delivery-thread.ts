// The main thread's end of the delivery thread: starts it, hands it the sinks, keeps what it last told of them, and
// starts another when it died. Knows no record and no format.
import { Worker } from "node:worker_threads";
import { sameData } from "../../lib/same-data.ts";
import type { SinkState, SinkTest } from "../delivery-answers.ts";
import type { DeliveryConfiguration } from "./deliverer.ts";
import type { DeliverySetup, FromDeliveryThread, ToDeliveryThread } from "./delivery-messages.ts";
import type { Sink } from "./sink-config.ts";

export interface DeliveryThreadOptions extends DeliverySetup {
  readonly onProblem: (error: Error) => void;
  /** Another one only in tests. */
  readonly script?: URL;
}

interface Waiting {
  readonly resolve: (test: SinkTest) => void;
  readonly reject: (error: Error) => void;
}

const script = new URL(
  import.meta.url.endsWith(".ts") ? "./delivery-worker.ts" : "./delivery-worker.js",
  import.meta.url,
);
/** Doubles while the thread ends soon after it was started. */
const restartAfterMs = { first: 1_000, most: 60_000 };
/** After so long it counts as well again. */
const settledMs = 30_000;
/** Tests under way at a time; more are refused. */
const maxTests = 20;
/** A thread that does not come to its end is ended. */
const stopWithinMs = 5_000;
/** Batches of all lanes, with room. */
const maxHeapMb = 512;

export class DeliveryThread {
  readonly #options: DeliveryThreadOptions;
  readonly #tests = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #configuration: DeliveryConfiguration | undefined;
  #states: readonly SinkState[] = [];
  #timer: NodeJS.Timeout | undefined;
  #nextId = 1;
  #stopped: (() => void) | undefined;
  #restartMs = restartAfterMs.first;
  #startedMs = 0;

  constructor(options: DeliveryThreadOptions) {
    this.#options = options;
    this.#spawn();
  }

  get states(): readonly SinkState[] {
    return this.#states;
  }

  /** What the thread has already is not sent again. */
  configure(configuration: DeliveryConfiguration): void {
    if (sameConfiguration(configuration, this.#configuration)) return;
    this.#configuration = configuration;
    this.#send({ kind: "configure", configuration });
  }

  test(sink: Sink): Promise<SinkTest> {
    if (this.#worker === undefined || this.#tests.size >= maxTests)
      return Promise.reject(new Error("the delivery thread cannot be asked now"));
    const id = this.#nextId;
    this.#nextId += 1;
    const answered = Promise.withResolvers<SinkTest>();
    this.#tests.set(id, answered);
    this.#send({ kind: "test", id, sink });
    return answered.promise;
  }

  /** Requests under way get a moment to end. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    const worker = this.#worker;
    if (worker === undefined) {
      this.#stopped = () => undefined;
      return;
    }
    const ended = new Promise<void>((resolve) => {
      this.#stopped = resolve;
    });
    const timer = setTimeout(() => this.#stopped?.(), stopWithinMs);
    this.#send({ kind: "stop" });
    await ended;
    clearTimeout(timer);
    await worker.terminate();
  }

  #spawn(): void {
    const { dataDir, logsDir, networks } = this.#options;
    const setup: DeliverySetup = { dataDir, logsDir, networks };
    const worker = new Worker(this.#options.script ?? script, {
      workerData: setup,
      name: "delivery",
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
    });
    this.#worker = worker;
    this.#startedMs = performance.now();
    worker.on("message", (message: FromDeliveryThread) => this.#heard(message));
    worker.on("error", (error) => this.#options.onProblem(error));
    worker.on("exit", () => this.#ended());
    worker.unref();
    if (this.#configuration !== undefined)
      this.#send({ kind: "configure", configuration: this.#configuration });
  }

  #send(message: ToDeliveryThread): void {
    this.#worker?.postMessage(message);
  }

  #heard(message: FromDeliveryThread): void {
    switch (message.kind) {
      case "states":
        this.#states = message.states;
        return;
      case "tested":
        this.#tests.get(message.id)?.resolve(message.test);
        this.#tests.delete(message.id);
        return;
      case "problem":
        return this.#options.onProblem(new Error(message.message));
      case "stopped":
        this.#stopped?.();
    }
  }

  #ended(): void {
    this.#worker = undefined;
    for (const { reject } of this.#tests.values()) reject(new Error("the delivery thread ended"));
    this.#tests.clear();
    if (this.#stopped !== undefined) return this.#stopped();
    this.#options.onProblem(new Error("the delivery thread ended; another is started"));
    const settled = performance.now() - this.#startedMs > settledMs;
    const wait = settled ? restartAfterMs.first : this.#restartMs;
    this.#restartMs = Math.min(wait * 2, restartAfterMs.most);
    this.#timer = setTimeout(() => this.#spawn(), wait);
    this.#timer.unref();
  }
}

function sameConfiguration(one: DeliveryConfiguration, other: DeliveryConfiguration | undefined): boolean {
  if (other === undefined) return false;
  return (
    sameData(one.sinks, other.sinks) &&
    sameData(one.sender, other.sender) &&
    sameData(Object.fromEntries(one.services), Object.fromEntries(other.services))
  );
}
