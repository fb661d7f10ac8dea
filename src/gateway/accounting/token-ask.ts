// How many tokens an exchange read and said, from as much of its text as was kept. Knows no tokenizer and no thread.
import { readText, saidText } from "../../protocols/json-texts.ts";

/** The beginning of a text, and how long the whole is, in bytes. */
export interface Beginning {
  readonly bytes: Uint8Array;
  readonly total: number;
}

/** What was kept of an exchange whose service did not say what it consumed. */
export interface TokenAsk {
  /** The body of the request; null when its tokens are known. */
  readonly request: Beginning | null;
  readonly answer: Beginning;
}

export interface TokenCounts {
  readonly input: number;
  readonly output: number;
}

/** Null when it cannot be counted in time. */
export interface TokenCounter {
  count(ask: TokenAsk): Promise<TokenCounts | null>;
}

/** Of a request at most so many bytes are looked at; what follows is taken to be as dense. */
export const maxRequestBytes = 64 * 1024;

const decoder = new TextDecoder();

/** @param tokensOf tokens of a text */
export function countAsk({ request, answer }: TokenAsk, tokensOf: (text: string) => number): TokenCounts {
  const input = request === null ? 0 : tokensIn(request, readIn, tokensOf);
  return { input, output: tokensIn(answer, saidText, tokensOf) };
}

/** What follows the beginning is taken to be like it. */
function tokensIn(
  { bytes, total }: Beginning,
  textIn: (text: string) => string,
  tokensOf: (text: string) => number,
): number {
  if (bytes.length === 0) return Math.round(total / bytesPerToken);
  const tokens = tokensOf(textIn(decoder.decode(bytes)));
  return Math.round((tokens * total) / bytes.length);
}

/** What is no JSON is read as it is. */
function readIn(request: string): string {
  return /^\s*\{/.test(request) ? readText(request) : request;
}

/** About as many bytes of a request are a token, with what JSON puts around them. */
const bytesPerToken = 4;
/** Characters of a token in languages that are written in ASCII, and in others. */
const plainPerToken = 5;
const otherPerToken = 1.2;

/** Without a tokenizer: by the characters. */
export function roughTokens(text: string): number {
  let plain = 0;
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) < 0x80) plain += 1;
  return Math.ceil(plain / plainPerToken + (text.length - plain) / otherPerToken);
}

/** Looked at of a request without a tokenizer, in bytes: on a thread that has requests to serve. */
const roughRequestBytes = 4 * 1024;

/** What can be said without a tokenizer. */
export function roughCounts({ request, answer }: TokenAsk): TokenCounts {
  const shorter =
    request === null ? null : { bytes: request.bytes.subarray(0, roughRequestBytes), total: request.total };
  return countAsk({ request: shorter, answer }, roughTokens);
}
