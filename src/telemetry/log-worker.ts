// The log thread: follows the spool and answers questions about traffic, so that neither holds up the main thread.
import { constants, setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { systemClock } from "../core/clock.ts";
import { findRecord } from "./find-record.ts";
import { FollowedLedger } from "./followed-ledger.ts";
import type { FromLogThread, LogQuestion, LogSetup, ToLogThread } from "./log-messages.ts";

const main = parentPort;
if (main === null) throw new Error("log-worker.ts runs in a worker thread only");
const tell = (message: FromLogThread): void => main.postMessage(message);

// Counting can wait, requests cannot. On Linux alone a priority is a thread's; elsewhere it would be the program's.
if (process.platform === "linux") setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const { dir } = workerData as LogSetup;
const wallMs = (): number => systemClock.wallMs();
const followed = new FollowedLedger({
  dir,
  wallMs,
  onProblem: (error) => tell({ problem: error.message }),
});

function answerOf({ kind, ask }: LogQuestion) {
  const { ledger, caughtUp } = followed;
  switch (kind) {
    case "traffic":
      return ledger.traffic(ask.window, wallMs(), caughtUp, ask.resourceGroup);
    case "way":
      return ledger.way(ask.api, ask.window, wallMs(), caughtUp);
    case "metrics":
      return ledger.metrics(ask, wallMs(), caughtUp);
    case "usage":
      return ledger.usage(ask, wallMs(), caughtUp);
    case "recent":
      return ledger.logs(ask);
    case "log":
      return findRecord(dir, ask.requestId).then((record) =>
        record === undefined ? null : { ...record, recorded: false, feedback: null },
      );
    default:
      throw new Error(`the log thread cannot answer "${kind}" yet`);
  }
}

async function answer({ id, question }: ToLogThread): Promise<void> {
  try {
    // What has just been appended is in the answer.
    await followed.refresh();
    tell({ id, answer: await answerOf(question) });
  } catch (error) {
    tell({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

main.on("message", (message: ToLogThread) => void answer(message));
followed.start();
