// Reads OpenAI's event streams of images, speech and transcripts: named events, few of which need a look. Must not know the gateway.
import { noTokens, type Usage } from "../core/usage.ts";
import { skipSpace } from "../lib/json-scan.ts";
import { isJsonObject, memberOf, parseJson, textOf } from "../lib/json-value.ts";
import { lastMember } from "./last-member.ts";
import { readOpenaiUsage } from "./openai-usage.ts";
import { openaiStatus } from "./openai-stream.ts";
import { invalidJsonError, isErrorValue, readError, readErrorEvent } from "./reported-error.ts";
import type { EventMeaning, ReportedError, StreamReader } from "./wire.ts";

/** Events up to this size are parsed, in bytes; the type of a longer one is looked for at its start. */
const longestParsed = 16_384;
const typeKey = Buffer.from('"type"');
const usageKey = Buffer.from('"usage"');

/** Events that end a stream, and whether each is one more image. */
const endings: ReadonlyMap<string, { readonly images: number }> = new Map([
  ["image_generation.completed", { images: 1 }],
  ["image_edit.completed", { images: 1 }],
  ["speech.audio.done", { images: 0 }],
  ["transcript.text.done", { images: 0 }],
]);

export class OpenaiMediaReader implements StreamReader {
  finished = false;
  readonly usageMayFollow = false;
  usage: Usage | undefined;
  error: ReportedError | undefined;
  #committed = false;

  isExtraUsage(): boolean {
    return false;
  }

  read(event: string, data: Buffer): EventMeaning {
    if (event === "error") return this.#fail(readErrorEvent(data));
    const from = skipSpace(data, 0);
    if (from === data.length || data.subarray(from, from + 6).equals(doneMark)) return this.#calm();
    // A piece of an image may be megabytes long, and its name tells all.
    if (this.#committed && event !== "" && !endings.has(event)) return "semantic";
    const value = data.length <= longestParsed ? parseJson(data.toString()) : undefined;
    if (value !== undefined) return this.#readValue(event, value);
    if (data.length <= longestParsed && !this.#committed) return this.#fail(invalidJsonError);
    return this.#readEnding(event || typeOfLong(data), lastMember(data, usageKey));
  }

  #readValue(event: string, value: unknown): EventMeaning {
    if (!isJsonObject(value)) return this.#calm();
    const type = event || (textOf(value, "type") ?? "");
    if (type === "error" || isErrorValue(value["error"]))
      return this.#fail(readError(isErrorValue(value["error"]) ? value["error"] : value));
    return this.#readEnding(type, memberOf(value, "usage"));
  }

  /** The last usage counts; images add up. */
  #readEnding(type: string, figures: unknown): EventMeaning {
    this.#committed = true;
    const ending = endings.get(type);
    if (ending === undefined) return "semantic";
    this.finished = true;
    const usage = readOpenaiUsage(figures);
    if (ending.images === 0) this.usage = usage;
    else
      this.usage = {
        ...(usage ?? this.usage ?? noTokens),
        images: (this.usage?.images ?? 0) + ending.images,
      };
    return "semantic";
  }

  #calm(): EventMeaning {
    return this.#committed ? "semantic" : "noise";
  }

  #fail(error: ReportedError): EventMeaning {
    this.error = { ...error, status: openaiStatus(error.status) };
    return "error";
  }
}

const doneMark = Buffer.from("[DONE]");

/** The type of an event without a name, which stands before or after the long value. */
function typeOfLong(data: Buffer): string {
  const edge = longestParsed / 4;
  const type = lastMember(data.subarray(0, edge), typeKey) ?? lastMember(data.subarray(-edge), typeKey);
  return typeof type === "string" ? type : "";
}
