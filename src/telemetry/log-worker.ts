// The log thread: keeps records and answers questions about them, so that neither holds up the main thread.
import { constants, setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { systemClock } from "../core/clock.ts";
import { KeeperBroken, LogKeeper } from "./log-keeper.ts";
import type { FromLogThread, LogSetup, ToLogThread } from "./log-messages.ts";

const main = parentPort;
if (main === null) throw new Error("log-worker.ts runs in a worker thread only");
const tell = (message: FromLogThread): void => main.postMessage(message);

// Counting can wait, requests cannot. On Linux alone a priority is a thread's; elsewhere it would be the program's.
if (process.platform === "linux") setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const keeper = new LogKeeper({
  ...(workerData as LogSetup),
  // A thread that is started again counts anew, as after a restart.
  countedSinceMs: systemClock.wallMs() - process.uptime() * 1000,
  wallMs: () => systemClock.wallMs(),
  monotonicMs: () => systemClock.monotonicMs(),
  onProblem: (error) => tell({ problem: error.message }),
});

async function answer({ id, question }: ToLogThread): Promise<void> {
  try {
    tell({ id, answer: await keeper.answer(question) });
  } catch (error) {
    if (error instanceof KeeperBroken) throw error;
    tell({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

main.on("message", (message: ToLogThread) => void answer(message));
keeper.start();
