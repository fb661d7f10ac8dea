// How long a service asks to be left alone: in headers, or in the body of its answer. Pure; never throws.
import { parseJson, record } from "../../lib/unknown-json.ts";
import { advisedPauseMs, durationMs } from "./duration-text.ts";
import type { KeptAnswer } from "../failure.ts";

/** All three forms begin with a day and hold a time; that of asctime names no zone, and is UTC like the others (RFC 9110, 5.6.7). */
const datePattern = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? .*\d\d:\d\d:\d\d/i;
const rfc3339Pattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/i;
/** Up to 11 days: more digits are a date in seconds, and not meant here. */
const secondsPattern = /^\d{1,6}(?:\.\d{1,9})?$/;

/** Who asks for more is taken to ask for this: it is a quota then, and no one here waits so long. */
const maxPauseMs = 3_600_000;
/** Larger bodies are no errors; nothing in them is looked for. */
const maxBodyBytes = 65_536;
const maxSentenceChars = 4_096;

/**
 * Limits that a service reports beside its answer. The reset is when the whole limit is back, which is later than when
 * the next request would pass: asked only when nothing else is said, and only of limits of which nothing remains.
 * - OpenAI, "Rate limits": durations such as 1s or 6m0s. Groq and others do the same; Azure sends plain seconds.
 * - Anthropic, "Rate limits": dates in RFC 3339.
 */
const limits: readonly (readonly [remaining: string, reset: string])[] = [
  ["x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"],
  ["x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"],
  ["anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset"],
  ["anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset"],
  ["anthropic-ratelimit-input-tokens-remaining", "anthropic-ratelimit-input-tokens-reset"],
  ["anthropic-ratelimit-output-tokens-remaining", "anthropic-ratelimit-output-tokens-reset"],
];

/**
 * What an answer asks for, in the order of trust: `retry-after-ms` (OpenAI, Azure; their SDKs ask it first),
 * Retry-After, the body, the resets of limits that are used up.
 * @param wallMs milliseconds since 1970 to count dates from
 * @returns milliseconds to wait, an hour at most; undefined when the answer asks for nothing
 */
export function askedPauseMs(answer: KeptAnswer | undefined, wallMs: number): number | undefined {
  if (answer === undefined) return undefined;
  const { head, body } = answer;
  const headers = byName(head.forward);
  const pauseMs =
    retryAfterMsHeader(headers.get("retry-after-ms")) ??
    retryAfterMs(head.retryAfter, wallMs) ??
    pauseInBody(body) ??
    latestReset(headers, wallMs);
  return pauseMs === undefined ? undefined : Math.min(pauseMs, maxPauseMs);
}

/**
 * Retry-After in both its forms (RFC 9110, 10.2.3).
 * @param value header value: seconds or an HTTP date; "" when absent
 * @param wallMs milliseconds since 1970 to count a date from
 * @returns milliseconds to wait, never negative; undefined when absent or unreadable
 */
export function retryAfterMs(value: string, wallMs: number): number | undefined {
  const text = value.trim();
  if (text === "") return undefined;
  if (/^\d+(?:\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  const zoned = / \d{4}$/.test(text) ? `${text} GMT` : text;
  const dateMs = datePattern.test(text) ? Date.parse(zoned) : Number.NaN;
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - wallMs);
}

function retryAfterMsHeader(value: string | undefined): number | undefined {
  const text = value?.trim() ?? "";
  return /^\d+(?:\.\d+)?$/.test(text) ? Math.round(Number(text)) : undefined;
}

function byName(flat: readonly string[]): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (let index = 0; index < flat.length; index += 2) {
    headers.set(flat[index]?.toLowerCase() ?? "", flat[index + 1] ?? "");
  }
  return headers;
}

/**
 * Google: `{"error":{"details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34s"}]}}`
 * (google/rpc/error_details.proto), the same in an array for streams. Others: a sentence in `error.message`, `error` or
 * `message`, such as OpenAI's "Please try again in 20s.", Azure's "Please retry after 6 seconds.", Gemini's "Please
 * retry in 58.9s."; or as plain text.
 */
function pauseInBody(body: Buffer): number | undefined {
  if (body.length === 0 || body.length > maxBodyBytes) return undefined;
  const text = body.toString("utf8");
  const parsed = parseJson(text);
  if (parsed === undefined) return pauseIn(text);
  const first: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  const { error, message } = record(first);
  const fields = record(error);
  return retryDelay(fields["details"]) ?? pauseIn(fields["message"]) ?? pauseIn(error) ?? pauseIn(message);
}

function retryDelay(details: unknown): number | undefined {
  if (!Array.isArray(details)) return undefined;
  for (const detail of details as readonly unknown[]) {
    const { retryDelay: delay } = record(detail);
    const pauseMs = typeof delay === "string" ? durationMs(delay) : undefined;
    if (pauseMs !== undefined) return pauseMs;
  }
  return undefined;
}

function pauseIn(sentence: unknown): number | undefined {
  return typeof sentence === "string" ? advisedPauseMs(sentence.slice(0, maxSentenceChars)) : undefined;
}

function latestReset(headers: ReadonlyMap<string, string>, wallMs: number): number | undefined {
  let latest: number | undefined;
  for (const [remaining, reset] of limits) {
    if (headers.get(remaining)?.trim() !== "0") continue;
    const pauseMs = resetMs(headers.get(reset)?.trim() ?? "", wallMs);
    if (pauseMs !== undefined && pauseMs > (latest ?? 0)) latest = pauseMs;
  }
  return latest;
}

function resetMs(text: string, wallMs: number): number | undefined {
  if (secondsPattern.test(text)) return Math.ceil(Number(text) * 1000);
  if (!rfc3339Pattern.test(text)) return durationMs(text);
  const dateMs = Date.parse(text);
  return Number.isNaN(dateMs) ? undefined : dateMs - wallMs;
}
