// Reads a configuration document of any size without holding up this thread. Knows no schema, store or admin API.
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { DocumentFormat, DocumentIssue, DocumentResult } from "./document-parse.ts";
import type { Position } from "./document-position.ts";
import { runDocumentTask } from "./document-task.ts";
import type { DocumentAnswer, DocumentTask } from "./document-task.ts";

/** Largest document, in bytes of UTF-8. */
export const maxDocumentBytes = 64 * 1024 * 1024;

/** Below this a parse takes less time than starting a thread. */
const inlineLength = 128 * 1024;

/** `.json` is JSON, everything else YAML. */
export function documentFormat(fileName: string): DocumentFormat {
  return extname(fileName).toLowerCase() === ".json" ? "json" : "yaml";
}

function atStart(message: string): readonly DocumentIssue[] {
  return [{ line: 1, column: 1, path: "", message }];
}

/** The text without byte order mark, or what is wrong with the bytes. */
function decode(content: string | Uint8Array): string | readonly DocumentIssue[] {
  const bytes = typeof content === "string" ? Buffer.byteLength(content) : content.length;
  if (bytes > maxDocumentBytes) {
    return atStart(`The document has ${bytes} bytes; at most ${maxDocumentBytes} (64 MiB) are read`);
  }
  if (typeof content === "string") return content.startsWith("\uFEFF") ? content.slice(1) : content;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch {
    return atStart("The document is not UTF-8: save it with that encoding");
  }
}

/** Rejects when the thread fails, with code ERR_WORKER_OUT_OF_MEMORY when the document is too dense for the memory. */
function runInWorker(task: DocumentTask): Promise<DocumentAnswer> {
  // Spelled out for the tools that look for files in use: from source, and as built.
  const file = import.meta.url.endsWith(".ts")
    ? new URL("./document-worker.ts", import.meta.url)
    : new URL("./document-worker.js", import.meta.url);
  const worker = new Worker(file, { workerData: task });
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`The document thread ended with code ${code}`)));
  });
}

async function run(task: DocumentTask): Promise<DocumentAnswer> {
  return task.text.length <= inlineLength ? runDocumentTask(task) : runInWorker(task);
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
}

/** The value of a document; null when it is empty. Malformed, too large or too deep documents give issues. */
export async function readDocumentText(
  content: string | Uint8Array,
  format: DocumentFormat,
): Promise<DocumentResult> {
  const text = decode(content);
  if (typeof text !== "string") return { issues: text };
  try {
    const answer = await run({ task: "parse", text, format });
    if (answer.task !== "parse") throw new TypeError("The document thread answered another task");
    return answer.result;
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
    return { issues: atStart("The document needs more memory than there is: split it or add memory") };
  }
}

/** Line and column of each path in the document; of its nearest parent where the path is not there. */
export async function locate(
  content: string | Uint8Array,
  paths: readonly string[],
): Promise<readonly Position[]> {
  const nowhere = paths.map(() => ({ line: 1, column: 1 }));
  const text = decode(content);
  if (paths.length === 0 || typeof text !== "string") return nowhere;
  try {
    const answer = await run({ task: "locate", text, paths });
    return answer.task === "locate" ? answer.positions : nowhere;
  } catch (error) {
    // A message without its line is better than none.
    if (!isOutOfMemory(error)) throw error;
    return nowhere;
  }
}
