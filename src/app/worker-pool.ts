// Keeps the data-plane workers running: starts them, hands them configuration, replaces one that died. Knows no Model API.
import { Worker, type MessagePort } from "node:worker_threads";
import type { AllowedNetworks } from "../lib/address-guard.ts";
import type { Publisher, Subscription } from "../snapshot/publisher.ts";
import type { OperationalLog } from "../telemetry/operational-log.ts";
import { NodeMemory } from "./node-memory.ts";
import type { FromWorker, SystemFailure, ToWorker, WorkerSetup } from "./worker-messages.ts";

export interface WorkerPoolOptions {
  readonly workers: number;
  readonly host: string;
  readonly port: number;
  readonly simulatorUrl: string;
  readonly upstreamNetworks: AllowedNetworks;
  readonly fetchNetworks: AllowedNetworks;
  /** Networks of proxies whose `x-forwarded-for` is believed. */
  readonly trustedProxies: readonly string[];
  readonly spoolDir: string;
  readonly spoolRun: string;
  /** Where ids are kept that outlive an exchange. */
  readonly idFile: string;
  readonly uploadDir: string;
  /** Of the proofs that the main thread makes to try a Model API out. */
  readonly debugSecret: string;
  readonly publisher: Publisher;
  /** Told of the memory of all workers, before any of them starts. */
  readonly onMemory?: (memory: NodeMemory) => void;
  /** Told of every row that a name gets, before any worker knows of it. */
  readonly onNewRow?: (memory: NodeMemory, name: string, row: number) => void;
  /** Brings a worker's port to the token thread. */
  readonly onTokenPort?: (port: MessagePort) => void;
  /** Brings a worker's port to the cache thread. */
  readonly onCachePort?: (port: MessagePort) => void;
  readonly log: OperationalLog;
  /** The script of a worker; another one only in tests. */
  readonly script?: URL;
}

export interface WorkerPool {
  /** The port all workers share. */
  readonly port: number;
  /** How many there are when all are well. */
  readonly workers: number;
  readonly inFlight: number;
  /** What the workers count and learn together. */
  readonly memory: NodeMemory;
  /** Lets every worker finish what it runs, at most so long, and ends them. */
  drain(timeoutMs: number): Promise<void>;
}

const workerScript = new URL(
  import.meta.url.endsWith(".ts") ? "./data-worker.ts" : "./data-worker.js",
  import.meta.url,
);
/** A worker that dies again at once is not replaced in a tight loop. */
const restartDelaysMs = [0, 100, 500, 1_000];
/** After this time a worker counts as healthy again. */
const settledMs = 10_000;

/** Node's `reusePort` balances over threads on these systems alone; elsewhere one worker serves. */
const canSharePorts = ["linux", "freebsd", "aix"].includes(process.platform);

/** Thrown when a worker could not open the data port. */
export class WorkerFailed extends Error {
  readonly code: string | undefined;
  readonly syscall: string | undefined;
  readonly address: string | undefined;
  readonly port: number | undefined;

  constructor(failure: SystemFailure) {
    super(failure.message);
    this.name = "WorkerFailed";
    this.code = failure.code;
    this.syscall = failure.syscall;
    this.address = failure.address;
    this.port = failure.port;
  }
}

/** Starts all workers and resolves when each serves the published configuration. @throws WorkerFailed */
export async function startWorkerPool(options: WorkerPoolOptions): Promise<WorkerPool> {
  const pool = new RunningPool(options);
  try {
    await pool.start();
  } catch (error) {
    await pool.terminate();
    throw error;
  }
  return pool;
}

interface Slot {
  worker: Worker;
  subscription: Subscription;
  inFlight: number;
  startedMs: number;
  deaths: number;
  drained: () => void;
}

class RunningPool implements WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly memory: NodeMemory;
  readonly #slots = new Map<number, Slot>();
  #port: number;
  #stopping = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = { ...options, workers: canSharePorts ? options.workers : 1 };
    this.#port = options.port;
    this.memory = new NodeMemory(this.#options.workers, (revision) => options.publisher.everyoneAt(revision));
    this.memory.onNewRow = (name, row) => options.onNewRow?.(this.memory, name, row);
    options.onMemory?.(this.memory);
  }

  get port(): number {
    return this.#port;
  }

  get workers(): number {
    return this.#options.workers;
  }

  get inFlight(): number {
    return [...this.#slots.values()].reduce((sum, slot) => sum + slot.inFlight, 0);
  }

  async start(): Promise<void> {
    // The first worker settles the port, which matters when any free one was asked for.
    this.#port = await this.#spawn(0, 0);
    const others = Array.from({ length: this.#options.workers - 1 }, (_, index) => this.#spawn(index + 1, 0));
    await Promise.all(others);
  }

  #setupOf(index: number): WorkerSetup {
    const { workers, host, simulatorUrl, upstreamNetworks, fetchNetworks, trustedProxies } = this.#options;
    const { spoolDir, spoolRun, uploadDir, idFile, debugSecret } = this.#options;
    return {
      index,
      workers,
      host,
      port: this.#port,
      sharePort: workers > 1,
      cells: this.memory.cellsBuffer,
      rows: this.memory.rowsBuffer,
      limits: this.memory.limits.buffer,
      conversations: this.memory.conversationsBuffer,
      simulatorUrl,
      upstreamNetworks,
      fetchNetworks,
      trustedProxies,
      spoolDir,
      spoolRun,
      idFile,
      uploadDir,
      debugSecret,
    };
  }

  #spawn(index: number, deaths: number): Promise<number> {
    const worker = new Worker(this.#options.script ?? workerScript, {
      workerData: this.#setupOf(index),
      name: `data plane ${index}`,
    });
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    worker.on("message", (message: FromWorker) => this.#heard(index, message, resolve, reject));
    worker.on("error", (error) =>
      this.#options.log.error("worker-died", { worker: index, message: error.message }),
    );
    worker.on("exit", () => {
      reject(new Error(`data-plane worker ${index} ended before it served`));
      this.#replace(index);
    });
    const subscription = this.#options.publisher.subscribe((patch) => {
      const message: ToWorker = {
        kind: "configuration",
        patch,
        rows: this.memory.rowsFor(this.#options.publisher.current),
      };
      worker.postMessage(message);
    });
    const startedMs = performance.now();
    this.#slots.set(index, {
      worker,
      subscription,
      inFlight: 0,
      startedMs,
      deaths,
      drained: () => undefined,
    });
    return promise;
  }

  #heard(
    index: number,
    message: FromWorker,
    served: (port: number) => void,
    failed: (error: Error) => void,
  ): void {
    const slot = this.#slots.get(index);
    switch (message.kind) {
      case "serving":
        slot?.subscription.acknowledge(message.revision);
        return served(message.port);
      case "out-of-step":
        return slot?.subscription.resend();
      case "in-flight":
        if (slot !== undefined) slot.inFlight = message.inFlight;
        return;
      case "tokens":
        return this.#options.onTokenPort?.(message.port);
      case "answers":
        return this.#options.onCachePort?.(message.port);
      case "problem":
        return this.#options.log.warn(message.event, { worker: index, message: message.message });
      case "failed":
        this.#options.log.error("worker-failed", { worker: index, message: message.error.message });
        return failed(new WorkerFailed(message.error));
      case "drained":
        return slot?.drained();
    }
  }

  /** Takes back what the dead worker held and starts another in its place; its siblings notice nothing. */
  #replace(index: number): void {
    const dead = this.#slots.get(index);
    if (dead === undefined) return;
    dead.subscription.close();
    dead.drained();
    this.#slots.delete(index);
    this.memory.cells.clearColumn(index);
    this.memory.limits.releaseColumn(index);
    this.memory.conversations.release(index);
    if (this.#stopping) return;
    const settled = performance.now() - dead.startedMs > settledMs;
    const deaths = settled ? 0 : dead.deaths + 1;
    const delayMs = restartDelaysMs[Math.min(deaths, restartDelaysMs.length - 1)] ?? 0;
    setTimeout(() => {
      if (this.#stopping) return;
      this.#spawn(index, deaths).catch((error: Error) => {
        this.#options.log.error("worker-restart-failed", { worker: index, message: error.message });
      });
    }, delayMs);
  }

  async drain(timeoutMs: number): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    const slots = [...this.#slots.values()];
    await Promise.all(
      slots.map((slot) => {
        const { promise, resolve } = Promise.withResolvers<void>();
        slot.drained = resolve;
        const message: ToWorker = { kind: "drain", timeoutMs };
        slot.worker.postMessage(message);
        return promise;
      }),
    );
    await this.terminate();
  }

  async terminate(): Promise<void> {
    this.#stopping = true;
    await Promise.all([...this.#slots.values()].map((slot) => slot.worker.terminate()));
  }
}
