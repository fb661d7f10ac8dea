// What the last question of a request means, as an embedding of its words, and what must be the same around it.
import { withHole, type CanonicalValue } from "../../lib/canonical-json.ts";
import { isJsonObject, parseJson } from "../../lib/json-value.ts";
import { lastQuestion } from "../../protocols/last-question.ts";
import type { SnapshotCache } from "../../snapshot/snapshot.ts";
import { askService } from "../ask-service.ts";
import type { Exchange, Matched } from "../exchange.ts";
import { AskFailed } from "../upstream/collect-answer.ts";
import type { Upstream } from "../upstream/upstream.ts";
import { cacheKey } from "./cache-key.ts";
import type { Likeness } from "./cache-store.ts";

/** Of a question, in UTF-16 code units: long texts are near to each other though their details differ. */
const maxQuestion = 8_192;
const timeoutMs = 2_000;
const maxAnswerBytes = 1024 * 1024;
const maxDimensions = 16_384;

/** A request for which an answer may be reused. */
export interface CacheQuestion {
  readonly exchange: Exchange;
  readonly matched: Matched;
  readonly rules: SnapshotCache;
  readonly body: CanonicalValue;
}

/** Undefined where nothing can be compared; a failed embedding is a warning, and never the client's problem. */
export async function likenessOf(
  { exchange, matched, rules, body }: CacheQuestion,
  upstream: Upstream,
): Promise<Likeness | undefined> {
  const { semantic } = rules;
  const question = matched.operation.answer === "generation" ? lastQuestion(body) : undefined;
  if (semantic === undefined || question === undefined) return undefined;
  const { text, places } = question;
  if (text.trim() === "" || text.length > maxQuestion) return undefined;
  const vector = await embedding(exchange, semantic, text, upstream);
  if (vector === undefined) {
    exchange.warnings.push({ field: "cache.semantic", action: "not-compared" });
    return undefined;
  }
  const around = places.reduce<CanonicalValue>(withHole, body);
  return { partition: cacheKey(exchange, matched, rules, around), vector };
}

async function embedding(
  { call, plan }: Exchange,
  { service: name, model }: { readonly service: string; readonly model: string },
  text: string,
  upstream: Upstream,
): Promise<Float32Array | undefined> {
  const service = plan.services.get(name);
  if (service === undefined) return undefined;
  const left = new AbortController();
  call.onGone = () => left.abort();
  try {
    const { status, body } = await askService(
      service,
      {
        protocols: ["openai"],
        model,
        ask: () => ({ path: "/v1/embeddings", body: { model, input: text, encoding_format: "float" } }),
        timeoutMs,
        maxBytes: maxAnswerBytes,
        signal: left.signal,
      },
      upstream,
    );
    return status === 200 ? readEmbedding(body) : undefined;
  } catch (error) {
    if (error instanceof AskFailed) return undefined;
    throw error;
  } finally {
    call.onGone = null;
  }
}

/** Of length 1, from the answer of an OpenAI-compatible service; undefined for anything else. */
export function readEmbedding(body: string): Float32Array | undefined {
  const numbers = numbersIn(body);
  if (numbers === undefined || numbers.length === 0 || numbers.length > maxDimensions) return undefined;
  let squares = 0;
  for (const number of numbers) squares += number * number;
  const length = Math.sqrt(squares);
  if (!Number.isFinite(length) || length === 0) return undefined;
  return Float32Array.from(numbers, (number) => number / length);
}

function numbersIn(body: string): readonly number[] | undefined {
  const answer = parseJson(body);
  const [first]: readonly unknown[] =
    isJsonObject(answer) && Array.isArray(answer["data"]) ? answer["data"] : [];
  const items: unknown = isJsonObject(first) ? first["embedding"] : undefined;
  if (!Array.isArray(items)) return undefined;
  const numbers = items.filter((item): item is number => typeof item === "number");
  return numbers.length === items.length ? numbers : undefined;
}
