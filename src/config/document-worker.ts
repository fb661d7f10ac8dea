// Worker thread: does one task on a large document, answers and ends, so that nobody waits for the parser.
import { parentPort, workerData } from "node:worker_threads";
import { runDocumentTask } from "./document-task.ts";
import type { DocumentTask } from "./document-task.ts";

// Only read-document.ts starts this file, with a task.
parentPort?.postMessage(runDocumentTask(workerData as DocumentTask));
