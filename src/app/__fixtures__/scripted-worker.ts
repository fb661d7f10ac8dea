// Stands in for a data-plane worker: does what the revision of its configuration says. Speaks the real messages.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import type { FromWorker, ToWorker, WorkerSetup } from "../worker-messages.ts";

const setup = workerData as WorkerSetup;
const port = 4_242;
let steps = 0;

function tell(message: FromWorker): void {
  parentPort?.postMessage(message);
}

function dieOnce(): void {
  const mark = join(setup.spoolDir, "died");
  if (setup.index !== 1 || existsSync(mark)) return;
  writeFileSync(mark, "");
  throw new Error("this worker was told to die");
}

parentPort?.on("message", (message: ToWorker) => {
  if (message.kind === "drain") return tell({ kind: "drained" });
  const { revision, base } = message.patch;
  if (revision === 666) dieOnce();
  if (revision === 777 && base !== null && steps > 0) {
    steps = 0;
    return tell({ kind: "out-of-step" });
  }
  if (revision === 888) {
    const error = { message: "listen EADDRINUSE", code: "EADDRINUSE", syscall: "listen", address: "127.0.0.1", port };
    return tell({ kind: "failed", error });
  }
  steps += 1;
  if (steps === 1) tell({ kind: "in-flight", inFlight: 1 });
  tell({ kind: "serving", revision, port });
});
