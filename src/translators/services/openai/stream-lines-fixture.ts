// Streams of OpenAI-compatible services written line by line, and what is heard in chunks. Only for tests.
import type { ChatChunk } from "../../chat/chat-answer.ts";
import { readStream, type ReadStream } from "../../translation-fixture.ts";
import { openaiService } from "./openai-service.ts";

/** Events without their framing; `DONE` ends the stream, a pair has an event name. */
export type Line = object | string | readonly [name: string, data: object];

export function streamOf(lines: readonly Line[]): Buffer {
  const events = lines.map((line) => {
    if (line === "DONE") return "data: [DONE]\n\n";
    if (typeof line === "string") return `data: ${line}\n\n`;
    return Array.isArray(line)
      ? `event: ${line[0]}\ndata: ${JSON.stringify(line[1])}\n\n`
      : `data: ${JSON.stringify(line)}\n\n`;
  });
  return Buffer.from(events.join(""));
}

export const read = (lines: readonly Line[]): ReadStream => readStream(openaiService, streamOf(lines));

export const delta = (given: object, rest: object = {}): object => ({
  id: "c1",
  created: 7,
  model: "m",
  choices: [{ index: 0, delta: given, finish_reason: null, ...rest }],
});
export const ended = (reason: string | null): object => delta({}, { finish_reason: reason });
export const call = (piece: object): object => delta({ tool_calls: [piece] });

export interface Heard {
  readonly text: string;
  readonly thoughts: string;
  readonly calls: readonly string[];
  readonly finish: readonly unknown[];
}

/** Calls as `index id name arguments`, ids and names as often as they came. */
export function heard(chunks: readonly ChatChunk[]): Heard {
  const calls: { id: string; name: string; json: string }[] = [];
  const deltas = chunks.flatMap(({ choices }) => choices).map((choice) => choice.delta);
  for (const piece of deltas.flatMap(({ tool_calls: pieces = [] }) => pieces)) {
    const found = (calls[piece.index] ??= { id: "", name: "", json: "" });
    found.id += piece.id ?? "";
    found.name += piece.function?.name ?? "";
    found.json += piece.function?.arguments ?? "";
  }
  return {
    text: deltas.map(({ content }) => content ?? "").join(""),
    thoughts: deltas.map(({ reasoning_content: thoughts }) => thoughts ?? "").join(""),
    calls: calls.map(({ id, name, json }, index) => `${index} ${id} ${name} ${json}`),
    finish: chunks
      .flatMap(({ choices }) => choices.map((choice) => choice.finish_reason))
      .filter((reason) => reason !== null),
  };
}

export const begin = (index: number, id: string, name: string): object =>
  call({ index, id, type: "function", function: { name, arguments: "" } });
export const go = (index: number, text: string): object => call({ index, function: { arguments: text } });
