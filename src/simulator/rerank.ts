// POST /v1/rerank in the shapes of vLLM, Jina, Cohere and Voyage. Must not know sockets, pace or faults.
import { isRecord, missing, optionalBoolean, optionalInteger, requiredString, wrong } from "./fields.ts";
import type { JsonObject } from "./fields.ts";
import { countRanking, rank } from "./relevance.ts";
import type { Ranked } from "./relevance.ts";
import { jsonReply } from "./reply.ts";
import type { Call, Reply } from "./reply.ts";

const mostDocuments = 1_000;

interface Ranking {
  readonly id: string;
  readonly model: string;
  readonly results: readonly Ranked[];
  readonly tokens: number;
  /** What the request says of texts in the answer; null when it says nothing. */
  readonly withText: boolean | null;
}

/** Whose shape is told by the model's name or by `top_k`, which only Voyage has; vLLM's for any other. */
export function rerankDocuments(call: Call): Reply {
  const { body } = call;
  // vLLM serves one model, which need not be named.
  const model = typeof body["model"] === "string" ? body["model"] : "simulated-rerank";
  const query = requiredString(body, "query");
  const documents = readDocuments(body["documents"] ?? missing("documents"));
  const most =
    optionalInteger(body, "top_n", 0, mostDocuments) ?? optionalInteger(body, "top_k", 0, mostDocuments) ?? 0;
  const withText = body["return_documents"] === undefined ? null : optionalBoolean(body, "return_documents");
  const ranking: Ranking = {
    id: call.newUuid(),
    model,
    results: rank(query, documents, most),
    tokens: countRanking(query, documents),
    withText,
  };
  return jsonReply(shapeOf(body, model)(ranking), 0, ranking.tokens);
}

function readDocuments(documents: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(documents) ? documents : [];
  if (list.length === 0 || list.length > mostDocuments)
    return wrong("documents", `1 to ${mostDocuments} texts`);
  return list.map((entry) => {
    const text = isRecord(entry) ? entry["text"] : entry;
    return typeof text === "string" ? text : wrong("documents", "texts, or objects with a text");
  });
}

function shapeOf(body: JsonObject, model: string): (ranking: Ranking) => JsonObject {
  if (body["top_k"] !== undefined || /^rerank-(?:lite-)?\d/.test(model)) return voyage;
  return model.startsWith("rerank-") ? cohere : vllm;
}

function rows({ results, withText }: Ranking, usually: boolean): JsonObject[] {
  return results.map(({ index, score, text }) => ({
    index,
    relevance_score: score,
    ...((withText ?? usually) ? { document: { text } } : {}),
  }));
}

function vllm(ranking: Ranking): JsonObject {
  const { id, model, tokens } = ranking;
  const usage = { prompt_tokens: tokens, total_tokens: tokens };
  return { id: `rerank-${id}`, model, usage, results: rows(ranking, true) };
}

function cohere(ranking: Ranking): JsonObject {
  const meta = { api_version: { version: "2" }, billed_units: { search_units: 1 } };
  return { id: ranking.id, results: rows(ranking, false), meta };
}

function voyage(ranking: Ranking): JsonObject {
  const usage = { total_tokens: ranking.tokens };
  return { object: "list", data: rows(ranking, false), model: ranking.model, usage };
}
