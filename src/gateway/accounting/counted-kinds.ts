// Which requests consume tokens that can be counted from their text. Knows no format.
import type { AnswerKind } from "../../protocols/wire.ts";

const textKinds: ReadonlySet<AnswerKind> = new Set<AnswerKind>(["generation", "embedding", "rerank"]);

/** A request that may have found its route. */
interface Asked {
  readonly call: { readonly method: string };
  readonly matched: { readonly operation: { readonly answer: AnswerKind } } | null;
}

/** Whether it sends a model text in one body. */
export function countsTokens({ call, matched }: Asked): boolean {
  return call.method === "POST" && matched !== null && textKinds.has(matched.operation.answer);
}

/** Whether the answer to it is text that a model has made. */
export function countsOutput({ matched }: Asked): boolean {
  return matched?.operation.answer === "generation";
}
