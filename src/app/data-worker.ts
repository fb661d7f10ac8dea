// A worker thread: one data plane with its own listener, pools and spool. Gets its configuration by message.
import { parentPort, workerData } from "node:worker_threads";
import { systemClock } from "../core/clock.ts";
import { startDataPlane, type DataPlane } from "../gateway/data-plane.ts";
import { SharedLimits } from "../gateway/limits/shared-limits.ts";
import { SharedConversations } from "../gateway/routing/conversations.ts";
import { warmUp } from "../gateway/warm-up.ts";
import { SharedCells } from "../lib/shared-cells.ts";
import { SharedRows } from "../lib/shared-rows.ts";
import { cacheEpochs } from "../snapshot/cache-epoch.ts";
import { translatesChats } from "../snapshot/translates-chats.ts";
import { applyPatch, PatchMismatch, type SnapshotPatch } from "../snapshot/patch.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { lineOf } from "../telemetry/record-lines.ts";
import { openSpool } from "../telemetry/spool.ts";
import { openIdFile } from "./id-file.ts";
import { CachePort } from "./cache-port.ts";
import { TokenPort } from "./token-port.ts";
import { toSystemFailure, type FromWorker, type ToWorker, type WorkerSetup } from "./worker-messages.ts";

const reportEveryMs = 500;

const main = parentPort;
if (main === null) throw new Error("data-worker.ts runs in a worker thread only");
const tell = (message: FromWorker): void => main.postMessage(message);

const setup = workerData as WorkerSetup;
const spool = openSpool({
  dir: setup.spoolDir,
  writer: `w${setup.index}-${setup.spoolRun}`,
  wallMs: () => systemClock.wallMs(),
  onProblem: (error) => tell({ kind: "problem", event: "records-lost", message: error.message }),
});

const ids = openIdFile({
  file: setup.idFile,
  clock: systemClock,
  onProblem: (error) => tell({ kind: "problem", event: "ids-unavailable", message: error.message }),
});

const tokens = new TokenPort({
  connect: (port) => main.postMessage({ kind: "tokens", port } satisfies FromWorker, [port]),
});

const answers = new CachePort({
  connect: (port) => main.postMessage({ kind: "answers", port } satisfies FromWorker, [port]),
});

let snapshot: Snapshot | undefined;
let plane: DataPlane | undefined;

function onDefect(error: unknown): void {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  tell({ kind: "problem", event: "request-failed", message });
}

async function openPlane(): Promise<DataPlane> {
  const { host, port, sharePort, simulatorUrl, trustedProxies, index, workers } = setup;
  const { upstreamNetworks, fetchNetworks } = setup;
  // Writing the line is half of what a record costs, so it is warmed too; its text goes nowhere.
  await warmUp((entry) => void lineOf(entry));
  const cells = new SharedCells(setup.cells, workers, index);
  const rows = new SharedRows(setup.rows);
  const nowMs = (): number => systemClock.monotonicMs();
  const limits = new SharedLimits({
    buffer: setup.limits,
    column: index,
    nowMs,
    onDefect,
  });
  const conversations = new SharedConversations(setup.conversations, index, nowMs);
  return startDataPlane({
    host,
    port,
    sharePort,
    simulatorUrl,
    upstreamNetworks,
    fetchNetworks,
    trustedProxies,
    cells,
    rows,
    limits,
    conversations,
    spoolFolder: setup.uploadDir,
    ids,
    debugSecret: setup.debugSecret,
    tokens,
    answers,
    record: (entry) => spool.record(entry),
    onDefect,
    onKeysMissed: (error) => tell({ kind: "problem", event: "token-keys-missed", message: error.message }),
  });
}

async function configure(patch: SnapshotPatch, rows: ReadonlyMap<string, number>): Promise<void> {
  try {
    snapshot = applyPatch(snapshot, patch);
  } catch (error) {
    if (!(error instanceof PatchMismatch)) throw error;
    return tell({ kind: "out-of-step" });
  }
  plane ??= await openPlane();
  plane.apply(snapshot, rows);
  answers.keepOnly(cacheEpochs(snapshot));
  if (translatesChats(snapshot)) answers.open();
  tell({ kind: "serving", revision: snapshot.revision, port: plane.port });
}

function report(): void {
  tell({ kind: "in-flight", inFlight: plane?.inFlight ?? 0 });
}

async function drain(timeoutMs: number): Promise<void> {
  await plane?.drain(timeoutMs);
  await spool.close();
  ids.close();
  report();
  tell({ kind: "drained" });
}

setInterval(report, reportEveryMs).unref();

/** One message after the other: opening the plane takes a moment, and patches build on each other. */
let queue: Promise<void> = Promise.resolve();
main.on("message", (message: ToWorker) => {
  queue = queue
    .then(() =>
      message.kind === "drain" ? drain(message.timeoutMs) : configure(message.patch, message.rows),
    )
    .catch((error: unknown) => tell({ kind: "failed", error: toSystemFailure(error) }));
});
