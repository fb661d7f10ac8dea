// Answers of ComfyUI that have no JSON. Must not know state.
import type { WholeReply } from "../reply.ts";

/** Nothing but a status, which is how ComfyUI says most of what is wrong. */
export function statusReply(status: number): WholeReply {
  return { kind: "whole", body: "", outputTokens: 0, status, contentType: "text/plain; charset=utf-8" };
}
