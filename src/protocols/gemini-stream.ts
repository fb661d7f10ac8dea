// Reads Gemini's streams, event by event or item by item of its JSON array. Must not know the gateway.
import type { Usage } from "../core/usage.ts";
import { skipSpace } from "../lib/json-scan.ts";
import { isJsonObject, listOf, memberOf, parseJson, textOf } from "../lib/json-value.ts";
import { maxWholeEventBytes } from "./clipped-bytes.ts";
import { readGeminiUsage } from "./gemini-usage.ts";
import { lastMember } from "./last-member.ts";
import { invalidJsonError, isErrorValue, readError, readErrorEvent } from "./reported-error.ts";
import type { EventMeaning, ReportedError, StreamReader } from "./wire.ts";

const finishKey = Buffer.from('"finishReason"');
const usageKey = Buffer.from('"usageMetadata"');

export class GeminiStreamReader implements StreamReader {
  finished = false;
  /** Gemini reports usage in every chunk: it is never asked for. */
  readonly usageMayFollow = false;
  usage: Usage | undefined;
  error: ReportedError | undefined;
  #committed = false;

  isExtraUsage(): boolean {
    return false;
  }

  read(event: string, data: Buffer): EventMeaning {
    if (event === "error") return this.#fail(readErrorEvent(data));
    const value = parseJson(data.toString());
    if (isJsonObject(value)) return this.#readChunk(value);
    if (value === undefined && data.length > maxWholeEventBytes) return this.#readClipped(data);
    const isCalm = this.#committed || value !== undefined || skipSpace(data, 0) === data.length;
    return isCalm ? this.#calm() : this.#fail(invalidJsonError);
  }

  #readChunk(chunk: Readonly<Record<string, unknown>>): EventMeaning {
    if (isErrorValue(chunk["error"])) return this.#fail(readError(chunk["error"]));
    // Cumulative, and it may change between chunks: the last figures count.
    this.usage = readGeminiUsage(chunk["usageMetadata"]) ?? this.usage;
    this.finished ||= isEnd(chunk);
    this.#committed ||= isSemanticAnswer(chunk);
    return this.#calm();
  }

  /** An image as a part: only the ends of the chunk are there, and what matters stands near its end. */
  #readClipped(data: Buffer): EventMeaning {
    this.#committed = true;
    this.usage = readGeminiUsage(lastMember(data, usageKey)) ?? this.usage;
    this.finished ||= typeof lastMember(data, finishKey) === "string";
    return "semantic";
  }

  #calm(): EventMeaning {
    return this.#committed ? "semantic" : "noise";
  }

  #fail(error: ReportedError): EventMeaning {
    this.error = error;
    return "error";
  }
}

function isEnd(answer: unknown): boolean {
  return isBlocked(answer) || listOf(answer, "candidates").some(hasFinished);
}

/** Whether an answer or a chunk of one says anything: a part, how it ended, or why it was not made. */
export function isSemanticAnswer(answer: unknown): boolean {
  return (
    isEnd(answer) ||
    listOf(answer, "candidates").some(
      (candidate) => listOf(memberOf(candidate, "content"), "parts").length > 0,
    )
  );
}

function hasFinished(candidate: unknown): boolean {
  return textOf(candidate, "finishReason") !== undefined;
}

function isBlocked(answer: unknown): boolean {
  return textOf(memberOf(answer, "promptFeedback"), "blockReason") !== undefined;
}
