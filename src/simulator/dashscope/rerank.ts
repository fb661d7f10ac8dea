// DashScope's text-rerank. Must not know sockets, pace or faults.
import {
  isRecord,
  missing,
  optionalBoolean,
  optionalInteger,
  optionalStrings,
  requiredString,
} from "../fields.ts";
import { countRanking, rank } from "../relevance.ts";
import { jsonReply } from "../reply.ts";
import type { Call, Reply } from "../reply.ts";

const mostDocuments = 500;

/** @throws RefusedRequest (400) without model, query or documents. */
export function rerankTexts(call: Call): Reply {
  const { body } = call;
  requiredString(body, "model");
  const input = isRecord(body["input"]) ? body["input"] : missing("input");
  const parameters = isRecord(body["parameters"]) ? body["parameters"] : {};
  const query = requiredString(input, "query");
  const documents = optionalStrings(input, "documents", mostDocuments);
  if (documents.length === 0) missing("input.documents");
  const most = optionalInteger(parameters, "top_n", 1, mostDocuments) ?? 0;
  const withText = optionalBoolean(parameters, "return_documents");
  const results = rank(query, documents, most).map(({ index, score, text }) => ({
    index,
    relevance_score: score,
    ...(withText ? { document: { text } } : {}),
  }));
  const usage = { total_tokens: countRanking(query, documents) };
  return jsonReply({ output: { results }, usage, request_id: call.newUuid() }, 0, usage.total_tokens);
}
