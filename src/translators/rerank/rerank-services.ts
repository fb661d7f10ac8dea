// Services that rank: vLLM's form with Voyage's words for it, DashScope's and Cohere's. Must not know clients.
import { countOf, memberOf, textOf, type JsonObject } from "../../lib/json-value.ts";
import { dashscopeErrorOf } from "../../protocols/dashscope-output.ts";
import { isErrorValue, readError } from "../../protocols/reported-error.ts";
import type { ReportedError } from "../../protocols/wire.ts";
import type { SingleService } from "../single-call.ts";
import type { TranslationContext } from "../translation.ts";
import {
  listOfRanks,
  readResults,
  type RerankAnswer,
  type RerankAsk,
  type RerankResult,
} from "./rerank-form.ts";

export type RerankService = SingleService<RerankAsk, RerankAnswer>;

const noNames: ReadonlySet<string> = new Set();
const cohereNames: ReadonlySet<string> = new Set(["max_tokens_per_doc", "priority"]);
const voyageNames: ReadonlySet<string> = new Set(["truncation"]);

export const vllmRerank: RerankService = {
  calls(ask, context) {
    const isVoyage = context.traits.dialect === "voyage";
    const count = isVoyage ? "top_k" : "top_n";
    const known = isVoyage ? voyageNames : noNames;
    return [{ path: "/v1/rerank", body: flatBody(ask, context, { count, known }) }];
  },
  answer: ([body], ask) => flatAnswer(body, ask, countOf(memberOf(body, "usage"), "total_tokens")),
};

/** Cohere bills by searches; tokens are told only where they are billed. */
export const cohereRerank: RerankService = {
  calls: (ask, context) => [
    { path: "/v2/rerank", body: flatBody(ask, context, { count: "top_n", known: cohereNames }) },
  ],
  answer: ([body], ask) =>
    flatAnswer(body, ask, countOf(memberOf(memberOf(body, "meta"), "billed_units"), "input_tokens")),
};

export const dashscopeRerank: RerankService = {
  calls({ query, documents, topN, instruction, others }, { model, notes }) {
    const parameters = {
      // The texts are at hand: they need not come back.
      return_documents: false,
      ...(topN === undefined ? {} : { top_n: topN }),
      ...(instruction === undefined ? {} : { instruct: instruction }),
      ...notes.rest(others, noNames),
    };
    return [
      {
        path: "/services/rerank/text-rerank/text-rerank",
        body: { model, input: { query, documents }, parameters },
      },
    ];
  },
  answer([body], ask) {
    const error = dashscopeErrorOf(body);
    if (error !== undefined) return error;
    const results = readResults(memberOf(memberOf(body, "output"), "results"), ask);
    const total = countOf(memberOf(body, "usage"), "total_tokens");
    return answerOf(results, textOf(body, "request_id"), total);
  },
};

function flatBody(
  { query, documents, topN, instruction, others }: RerankAsk,
  { model, notes }: TranslationContext,
  { count, known }: { readonly count: string; readonly known: ReadonlySet<string> },
): JsonObject {
  if (instruction !== undefined) notes.dropped("parameters.instruct");
  const own = Object.keys(others).filter((name) => known.has(name));
  return {
    model,
    query,
    documents,
    ...(topN === undefined ? {} : { [count]: topN }),
    ...Object.fromEntries(own.map((name) => [name, others[name]])),
    ...notes.rest(others, known),
  };
}

function flatAnswer(
  body: unknown,
  ask: RerankAsk,
  totalTokens: number | undefined,
): RerankAnswer | ReportedError {
  const error = memberOf(body, "error");
  if (isErrorValue(error)) return readError(error);
  return answerOf(readResults(listOfRanks(body), ask), textOf(body, "id"), totalTokens);
}

function answerOf(
  results: readonly RerankResult[] | ReportedError,
  id: string | undefined,
  totalTokens: number | undefined,
): RerankAnswer | ReportedError {
  return "status" in results ? results : { id, results, totalTokens };
}
