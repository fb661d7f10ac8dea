// A service whose one answer is good for every protocol and every route. Must not know the gateway.
import { wholeAnswer } from "./fault-upstream.ts";
import { startRawUpstream, type RawUpstream } from "./raw-upstream.ts";

/** Holds what each kind of answer must hold. */
const members = {
  id: "any-1",
  object: "list",
  data: [{ url: "https://images.test/1.png", embedding: [1], index: 0, relevance_score: 1 }],
  choices: [{ index: 0, message: { role: "assistant", content: "x" }, finish_reason: "stop" }],
  content: [{ type: "text", text: "x" }],
  output: [{ type: "message", content: [{ type: "output_text", text: "x" }] }],
  candidates: [{ content: { parts: [{ text: "x" }] }, finishReason: "STOP" }],
  embedding: { values: [1] },
  results: [{ index: 0, relevance_score: 1 }],
  text: "x",
};
const plain = JSON.stringify(members);
const dashscope = JSON.stringify({
  ...members,
  output: { text: "x", task_id: "t", results: [{ index: 0 }] },
});

/** What is answered at a path: DashScope and Responses have the same name for different things. */
export function anyAnswer(path: string): string {
  return path.includes("/services/") || path.includes("/tasks") ? dashscope : plain;
}

/** Starts a service that answers every request with `anyAnswer`, or with `status` and it. */
export async function startAnyUpstream(status = 200): Promise<RawUpstream> {
  return startRawUpstream({
    onRequest: ({ connection, path }) => connection.socket.write(wholeAnswer(status, anyAnswer(path))),
  });
}
