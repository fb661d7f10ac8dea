// POST /v1/moderations: flags words from a short list. Must not know sockets, pace or faults.
import { isRecord, missing, wrong } from "../fields.ts";
import { jsonReply } from "../reply.ts";
import type { Call, Reply } from "../reply.ts";

/** Categories, and the words that raise them. */
const categories: Readonly<Record<string, RegExp | null>> = {
  harassment: /\bidiot/i,
  "harassment/threatening": null,
  hate: /\bhate\b/i,
  "hate/threatening": null,
  illicit: /\bsteal/i,
  "illicit/violent": null,
  "self-harm": /\bhurt myself\b/i,
  "self-harm/instructions": null,
  "self-harm/intent": null,
  sexual: /\bsexual/i,
  "sexual/minors": null,
  violence: /\b(?:kill|murder)/i,
  "violence/graphic": null,
};

/** @throws RefusedRequest for a request that OpenAI would refuse. */
export function moderate(call: Call): Reply {
  const { body } = call;
  const model = typeof body["model"] === "string" ? body["model"] : "omni-moderation-latest";
  const results = readInputs(body["input"] ?? missing("input")).map(judge);
  return jsonReply({ id: call.newId("modr-"), model, results });
}

/** A text, a list of texts, or the parts of one message, which are judged together. */
function readInputs(input: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(input) ? input : [input];
  const texts = list.filter((entry) => typeof entry === "string");
  if (texts.length === list.length) return texts;
  const parts = list.filter(isRecord);
  if (parts.length < list.length) return wrong("input", "a string, a list of strings, or a list of parts");
  return [parts.map((part) => (typeof part["text"] === "string" ? part["text"] : "")).join("\n")];
}

function judge(text: string): object {
  const hits = Object.entries(categories).map(([name, words]): [string, boolean] => [
    name,
    words?.test(text) === true,
  ]);
  const columns = (value: (isHit: boolean) => unknown): object =>
    Object.fromEntries(hits.map(([name, isHit]) => [name, value(isHit)]));
  return {
    flagged: hits.some(([, isHit]) => isHit),
    categories: columns((isHit) => isHit),
    category_scores: columns((isHit) => (isHit ? 0.97 : 0.0001)),
    category_applied_input_types: columns((isHit) => (isHit ? ["text"] : [])),
  };
}
