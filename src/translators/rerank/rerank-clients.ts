// Clients that ask for ranks: vLLM's form, which Jina and Cohere share, and DashScope's. Must not know services.
import { numberIn } from "../../lib/exact-json.ts";
import type { JsonObject } from "../../lib/json-value.ts";
import { fault, listAt, objectAt, own, textAt } from "../clients/openai/field-faults.ts";
import type { SingleClient } from "../single-call.ts";
import { textOfDocument, type RerankAnswer, type RerankAsk } from "./rerank-form.ts";

export type RerankClient = SingleClient<RerankAsk, RerankAnswer>;

const vllmFields = new Set(["model", "query", "documents", "top_n", "return_documents", "stream"]);

/** The text of a document is always told, as vLLM does. */
export const vllmRerankClient: RerankClient = {
  ask({ body }) {
    const asked = objectAt(body, "body");
    return {
      query: queryAt(own(asked, "query"), "query"),
      documents: documentsAt(own(asked, "documents"), "documents"),
      topN: countAt(own(asked, "top_n"), "top_n"),
      instruction: undefined,
      returnDocuments: true,
      others: rest(asked, vllmFields),
    };
  },
  write({ id, results, totalTokens = 0 }, { documents }, { model, newId }) {
    return {
      id: id ?? `rerank-${newId()}`,
      model,
      usage: { total_tokens: totalTokens },
      results: results.map(({ index, score }) => ({
        index,
        document: { text: documents[index] ?? "" },
        relevance_score: score,
      })),
    };
  },
};

const dashscopeFields = new Set(["model", "input", "parameters"]);
const inputFields = new Set(["query", "documents"]);
const parameterFields = new Set(["top_n", "return_documents", "instruct"]);

export const dashscopeRerankClient: RerankClient = {
  ask({ body }, { notes }) {
    const asked = objectAt(body, "body");
    const input = objectAt(own(asked, "input"), "input");
    const parameters = objectAt(own(asked, "parameters") ?? {}, "parameters");
    const instruct = own(parameters, "instruct");
    for (const name of Object.keys(rest(input, inputFields))) notes.dropped(`input.${name}`);
    return {
      query: queryAt(own(input, "query"), "input.query"),
      documents: documentsAt(own(input, "documents"), "input.documents"),
      topN: countAt(own(parameters, "top_n"), "parameters.top_n"),
      instruction: instruct === undefined ? undefined : textAt(instruct, "parameters.instruct"),
      returnDocuments: own(parameters, "return_documents") === true,
      others: { ...rest(parameters, parameterFields), ...rest(asked, dashscopeFields) },
    };
  },
  write({ id, results, totalTokens = 0 }, { documents, returnDocuments }, { newId }) {
    return {
      output: {
        results: results.map(({ index, score }) => ({
          ...(returnDocuments ? { document: { text: documents[index] ?? "" } } : {}),
          index,
          relevance_score: score,
        })),
      },
      usage: { total_tokens: totalTokens },
      request_id: id ?? newId(),
    };
  },
};

function queryAt(value: unknown, param: string): string {
  const text = textOfDocument(value);
  if (text === undefined) throw fault(param, "must be a string: only texts are ranked in another protocol");
  return text;
}

function documentsAt(value: unknown, param: string): string[] {
  const list = listAt(value, param);
  if (list.length === 0) throw fault(param, "must not be empty");
  return list.map((document, index) => {
    const text = textOfDocument(document);
    if (text === undefined)
      throw fault(`${param}.${index}`, "must be a string: only texts are ranked in another protocol");
    return text;
  });
}

/** Zero asks for all. */
function countAt(value: unknown, param: string): unknown {
  if (value === undefined) return undefined;
  const number = numberIn(value);
  if (number === undefined || !Number.isInteger(number) || number < 0)
    throw fault(param, "must be a whole number, not below zero");
  return number === 0 ? undefined : value;
}

function rest(object: JsonObject, known: ReadonlySet<string>): JsonObject {
  const others: Record<string, unknown> = { __proto__: null };
  for (const name of Object.keys(object)) if (!known.has(name)) others[name] = object[name];
  return others;
}
