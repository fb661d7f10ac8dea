// Services that make embeddings: OpenAI's form with Voyage's words for it, Gemini's, Cohere's and DashScope's. Must not know
// clients.
import { GatewayError } from "../../core/errors.ts";
import { countOf, listOf, memberOf, textOf, type JsonObject } from "../../lib/json-value.ts";
import { dashscopeErrorOf } from "../../protocols/dashscope-output.ts";
import { isErrorValue, readError } from "../../protocols/reported-error.ts";
import type { ReportedError } from "../../protocols/wire.ts";
import type { SingleService } from "../single-call.ts";
import type { TranslationContext } from "../translation.ts";
import {
  embeddingAnswer,
  groups,
  placed,
  sumOf,
  vectorOf,
  type EmbeddingAnswer,
  type EmbeddingAsk,
  type Vector,
} from "./embedding-form.ts";

export type EmbeddingService = SingleService<EmbeddingAsk, EmbeddingAnswer>;

/** A protocol's part of it. */
interface Dialect {
  /** Texts that one call takes. */
  readonly texts: number;
  /** Names of the client's other fields that the protocol knows. */
  known(context: TranslationContext): readonly string[];
  call(
    texts: readonly unknown[],
    ask: EmbeddingAsk,
    context: TranslationContext,
  ): { path: string; body: JsonObject };
  vectors(body: unknown, count: number): readonly (Vector | undefined)[];
  tokens(body: unknown): number | undefined;
  /** Lists of tokens are taken, too. */
  readonly takesTokens?: boolean;
}

function service(dialect: Dialect): EmbeddingService {
  return {
    calls(ask, context) {
      if (dialect.takesTokens !== true) refuseTokens(ask);
      const known = new Set(dialect.known(context));
      const passed = context.notes.rest(ask.others, known);
      return parts(ask, dialect, context).map((texts) => {
        const { path, body } = dialect.call(texts, ask, context);
        return { path, body: { ...body, ...passed } };
      });
    },
    answer(bodies, ask, context) {
      const asked = parts(ask, dialect, context);
      const vectors: (Vector | undefined)[] = [];
      for (const [index, body] of bodies.entries()) {
        const error = errorIn(body);
        if (error !== undefined) return error;
        vectors.push(...dialect.vectors(body, asked[index]?.length ?? 0));
      }
      const id = textOf(bodies[0], "id") ?? textOf(bodies[0], "request_id");
      return embeddingAnswer(vectors, ask, { tokens: sumOf(bodies.map(dialect.tokens)), id });
    },
  };
}

function parts({ inputs }: EmbeddingAsk, dialect: Dialect, { traits }: TranslationContext): unknown[][] {
  return groups(inputs, traits.embeddingTexts ?? dialect.texts);
}

function errorIn(body: unknown): ReportedError | undefined {
  const error = memberOf(body, "error");
  return isErrorValue(error) ? readError(error) : undefined;
}

function refuseTokens({ inputs }: EmbeddingAsk): void {
  const place = inputs.findIndex((input) => typeof input !== "string");
  if (place === -1) return;
  throw new GatewayError("invalid_request", {
    message:
      "input has tokens in place of text: they mean nothing to the service that takes this request. Send texts.",
    param: inputs.length === 1 ? "input" : `input.${place}`,
  });
}

/** The client's own fields that the protocol knows, as they came. */
function owned({ others }: EmbeddingAsk, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(others, name)).map((name) => [name, others[name]]),
  );
}

const openaiNames = ["user"] as const;
const voyageNames = ["truncation", "output_dtype"] as const;

/** For clients of other protocols. */
export const openaiEmbeddings: EmbeddingService = service({
  texts: 2_048,
  known: ({ traits }) => (traits.dialect === "voyage" ? voyageNames : openaiNames),
  takesTokens: true,
  call(texts, ask, { model, traits, notes }) {
    const isVoyage = traits.dialect === "voyage";
    if (!isVoyage && ask.inputType !== undefined) notes.dropped("taskType");
    const length = isVoyage ? "output_dimension" : "dimensions";
    return {
      path: "/v1/embeddings",
      body: {
        model,
        input: texts,
        ...(isVoyage ? {} : { encoding_format: "float" }),
        ...(ask.dimensions === undefined ? {} : { [length]: ask.dimensions }),
        ...(isVoyage && ask.inputType !== undefined ? { input_type: ask.inputType } : {}),
        ...owned(ask, isVoyage ? voyageNames : openaiNames),
      },
    };
  },
  vectors: (body, count) => placed(listOf(body, "data"), count, { place: "index", vector: "embedding" }),
  tokens: (body) => {
    const usage = memberOf(body, "usage");
    return countOf(usage, "prompt_tokens") ?? countOf(usage, "total_tokens");
  },
});

const geminiTypes = { query: "RETRIEVAL_QUERY", document: "RETRIEVAL_DOCUMENT" } as const;

export const geminiEmbeddings: EmbeddingService = service({
  texts: 100,
  known: () => ["task_type", "title"],
  call(texts, ask, { model }) {
    const type = ask.inputType === undefined ? ask.others["task_type"] : geminiTypes[ask.inputType];
    const name = model.includes("/") ? model : `models/${model}`;
    const common = {
      model: name,
      ...(ask.dimensions === undefined ? {} : { outputDimensionality: ask.dimensions }),
      ...(type === undefined ? {} : { taskType: type }),
      ...owned(ask, ["title"]),
    };
    const [folder = "", ...rest] = name.split("/");
    return {
      path: `/${folder}/${encodeURIComponent(rest.join("/").toWellFormed())}:batchEmbedContents`,
      body: { requests: texts.map((text) => ({ ...common, content: { parts: [{ text }] } })) },
    };
  },
  vectors: (body) => listOf(body, "embeddings").map((each) => vectorOf(memberOf(each, "values"))),
  tokens: (body) => countOf(memberOf(body, "usageMetadata"), "promptTokenCount"),
});

const cohereTypes = { query: "search_query", document: "search_document" } as const;

export const cohereEmbeddings: EmbeddingService = service({
  texts: 96,
  known: () => ["input_type", "truncate", "max_tokens", "priority"],
  call(texts, ask, { model }) {
    const asked = ask.inputType === undefined ? ask.others["input_type"] : cohereTypes[ask.inputType];
    return {
      path: "/v2/embed",
      body: {
        model,
        texts,
        // It must be said. What is embedded is mostly what is searched in.
        input_type: asked ?? "search_document",
        embedding_types: ["float"],
        ...(ask.dimensions === undefined ? {} : { output_dimension: ask.dimensions }),
        ...owned(ask, ["truncate", "max_tokens", "priority"]),
      },
    };
  },
  vectors: (body) => listOf(memberOf(body, "embeddings"), "float").map(vectorOf),
  tokens: (body) => countOf(memberOf(memberOf(body, "meta"), "billed_units"), "input_tokens"),
});

const dashscopeNames = ["output_type", "instruct"] as const;

const dashscopeDialect: Dialect = {
  texts: 10,
  known: () => ["text_type", ...dashscopeNames],
  call(texts, ask, { model }) {
    const type = ask.inputType ?? ask.others["text_type"];
    const parameters = {
      ...(type === undefined ? {} : { text_type: type }),
      ...(ask.dimensions === undefined ? {} : { dimension: ask.dimensions }),
      ...owned(ask, dashscopeNames),
    };
    return {
      path: "/services/embeddings/text-embedding/text-embedding",
      body: { model, input: { texts }, parameters },
    };
  },
  vectors: (body, count) =>
    placed(listOf(memberOf(body, "output"), "embeddings"), count, {
      place: "text_index",
      vector: "embedding",
    }),
  tokens: (body) => countOf(memberOf(body, "usage"), "total_tokens"),
};

const dashscope = service(dashscopeDialect);

export const dashscopeEmbeddings: EmbeddingService = {
  calls: dashscope.calls,
  answer(bodies, ask, context) {
    const error = bodies.map(dashscopeErrorOf).find((each) => each !== undefined);
    return error ?? dashscope.answer(bodies, ask, context);
  },
};
