// Which requests consume tokens that can be counted from their text. Knows no format.
import type { AnswerKind } from "../../protocols/wire.ts";
import type { Exchange } from "../exchange.ts";

const textKinds: ReadonlySet<AnswerKind> = new Set<AnswerKind>(["generation", "embedding", "rerank"]);

/** Whether an exchange sends a model text in one body. */
export function countsTokens({ call, matched }: Exchange): boolean {
  return call.method === "POST" && matched !== null && textKinds.has(matched.operation.answer);
}

/** Whether the answer to it is text that a model has made. */
export function countsOutput({ matched }: Exchange): boolean {
  return matched?.operation.answer === "generation";
}
