// A thread for one piece of work of mode intelligent's learning; it ends with it. Keeps nothing.
import { constants, setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { runLearningTask, type LearningTask } from "../routing/learning/learning-task.ts";

const main = parentPort;
if (main === null) throw new Error("learning-worker.ts runs in a worker thread only");

// Learning can wait, requests cannot. On Linux alone a priority is a thread's; elsewhere it would be the program's.
if (process.platform === "linux") setPriority(constants.priority.PRIORITY_LOW);

// The main thread's words: `LearningThread` alone starts this file.
main.postMessage(runLearningTask(workerData as LearningTask));
