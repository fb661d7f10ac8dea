// The token thread: counts tokens for the data planes, one question after the other. Keeps nothing that it was asked.
import { constants, setPriority } from "node:os";
import { parentPort, type MessagePort } from "node:worker_threads";
import { countAsk } from "../gateway/accounting/token-ask.ts";
import { countTokens } from "../gateway/accounting/tokenizer.ts";
import { processMs, type TokenAnswer, type TokenQuestion, type ToTokenThread } from "./token-messages.ts";

const main = parentPort;
if (main === null) throw new Error("token-worker.ts runs in a worker thread only");

// Estimates can wait, requests cannot. On Linux alone a priority is a thread's; elsewhere it would be the program's.
if (process.platform === "linux") setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

function answer(port: MessagePort, { id, untilMs, ask }: TokenQuestion): void {
  if (processMs() > untilMs) return;
  const told: TokenAnswer = { id, counts: countAsk(ask, countTokens) };
  port.postMessage(told);
}

main.on("message", ({ port }: ToTokenThread) => {
  port.on("message", (question: TokenQuestion) => answer(port, question));
});
