import { describe, expect, test } from "vitest";
import { loadRecordings } from "../../test/support/recordings.ts";
import type { Recording } from "../../test/support/recordings.ts";
import type { Usage } from "../core/usage.ts";
import { SseDecoder } from "../lib/sse.ts";
import type { EventMeaning, StreamReader } from "./wire.ts";
import { wires } from "./wires.ts";

const streams = ["openai-chat", "openai-completions", "anthropic"]
  .flatMap(loadRecordings)
  .filter(isServedStream);

function isServedStream(recording: Recording): boolean {
  return recording.stream && recording.status === 200 && recording.protocol !== "openai-responses";
}

interface Event {
  readonly event: string;
  readonly data: string;
  readonly meaning: EventMeaning;
}

function read(
  recording: Recording,
  pieces: readonly Buffer[],
): { events: Event[]; reader: StreamReader; midEvent: boolean } {
  const reader = wires[recording.protocol === "anthropic" ? "anthropic" : "openai"].reader();
  const decoder = new SseDecoder();
  const events: Event[] = [];
  const listener = (event: string, data: Buffer): void => {
    events.push({ event, data: data.toString(), meaning: reader.read(event, data) });
  };
  for (const piece of pieces) decoder.push(piece, listener);
  decoder.finish(listener);
  return { events, reader, midEvent: decoder.midEvent };
}

/** The events by a plain reading of the text, for comparison. */
function plainEvents(text: string): { event: string; data: string }[] {
  return text
    .replaceAll("\r\n", "\n")
    .split("\n\n")
    .map((block) => block.split("\n"))
    .map((lines) => ({
      event: lines.find((line) => line.startsWith("event:"))?.replace(/^event: ?/, "") ?? "",
      data: lines
        .filter((line) => line.startsWith("data:"))
        .map((line) => line.replace(/^data: ?/, ""))
        .join("\n"),
    }))
    .filter(({ data }) => data !== "");
}

type Figures = Record<string, unknown> | null | undefined;
interface Chunk {
  readonly usage?: Figures;
  readonly x_groq?: { usage?: Figures } | null;
  readonly message?: { usage?: Figures };
  readonly type?: string;
  readonly choices?: readonly { finish_reason?: string | null }[];
}

// Our own recordings: the members named in Chunk have these types where they occur.
const parseChunk = (data: string): Chunk => JSON.parse(data) as Chunk;

function chunksOf(text: string): Chunk[] {
  return plainEvents(text)
    .filter(({ data }) => data !== "[DONE]")
    .map(({ data }) => parseChunk(data));
}

const count = (...values: unknown[]): number =>
  values.find((value): value is number => typeof value === "number") ?? 0;
const detail = (figures: Figures, group: string, key: string): unknown => {
  const inner = figures?.[group];
  return typeof inner === "object" && inner !== null ? new Map(Object.entries(inner)).get(key) : undefined;
};

function expectedUsage(recording: Recording, text: string): Usage | undefined {
  const chunks = chunksOf(text);
  if (recording.protocol === "anthropic") {
    const all = chunks.map((chunk) => chunk.message?.usage ?? chunk.usage).filter((usage) => usage != null);
    if (all.length === 0) return undefined;
    const merged: Figures = Object.assign({}, ...all);
    const cached = count(merged?.["cache_read_input_tokens"]);
    const written = count(merged?.["cache_creation_input_tokens"]);
    return {
      inputTokens: count(merged?.["input_tokens"]) + cached + written,
      outputTokens: count(merged?.["output_tokens"]),
      cachedInputTokens: cached,
      cacheWriteTokens: written,
      reasoningTokens: count(detail(merged, "output_tokens_details", "thinking_tokens")),
      estimated: false,
    };
  }
  const last = chunks.map((chunk) => chunk.usage ?? chunk.x_groq?.usage).findLast((usage) => usage != null);
  if (last === undefined || last === null) return undefined;
  return {
    inputTokens: count(last["prompt_tokens"]),
    outputTokens: count(last["completion_tokens"]),
    cachedInputTokens: count(
      detail(last, "prompt_tokens_details", "cached_tokens"),
      last["prompt_cache_hit_tokens"],
      last["cached_tokens"],
    ),
    cacheWriteTokens: count(detail(last, "prompt_tokens_details", "cache_write_tokens")),
    reasoningTokens: count(
      detail(last, "completion_tokens_details", "reasoning_tokens"),
      last["reasoning_tokens"],
    ),
    estimated: false,
  };
}

function expectedFinish(recording: Recording, text: string): boolean {
  const chunks = chunksOf(text);
  if (recording.protocol === "anthropic") return chunks.some(({ type }) => type === "message_stop");
  return (
    text.includes("[DONE]") || chunks.some(({ choices }) => choices?.some((choice) => choice.finish_reason))
  );
}

/** Pieces of pseudo-random sizes, the same in each run. */
function randomCuts(bytes: Buffer, seed: number): Buffer[] {
  const pieces: Buffer[] = [];
  let state = seed;
  for (let at = 0; at < bytes.length;) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    const size = 1 + (state % 400);
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

function perEvent(bytes: Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  let last = 0;
  new SseDecoder().push(bytes, (_event, _data, start, end) => {
    pieces.push(bytes.subarray(start, end));
    last = end;
  });
  return [...pieces, bytes.subarray(last)];
}

test("there are recordings to read", () => {
  expect(streams.length).toBeGreaterThan(35);
});

describe.each(streams.map((recording) => [recording.name, recording] as const))("%s", (_name, recording) => {
  const text = recording.body.toString();
  const whole = read(recording, [recording.body]);

  test("has the events of a plain reading", () => {
    expect(whole.events.map(({ event, data }) => ({ event, data }))).toEqual(plainEvents(text));
    expect(whole.events.some(({ meaning }) => meaning === "semantic")).toBe(true);
  });

  test("ends with the usage and the finish of the recording", () => {
    expect(whole.reader.usage).toEqual(expectedUsage(recording, text));
    expect(whole.reader.finished).toBe(expectedFinish(recording, text));
  });

  test.each([
    ["in single bytes", () => Array.from(recording.body, (_, at) => recording.body.subarray(at, at + 1))],
    ["event by event", () => perEvent(recording.body)],
    ["at random places", () => randomCuts(recording.body, 1)],
    ["at other random places", () => randomCuts(recording.body, 77)],
  ])("reads the same when cut %s", (_cut, cut) => {
    const pieces = cut();
    const again = read(recording, pieces);
    expect(again.events).toEqual(whole.events);
    expect(again.reader.usage).toEqual(whole.reader.usage);
    expect(again.reader.finished).toBe(whole.reader.finished);
    expect(again.reader.error).toEqual(whole.reader.error);
  });
});

describe("extra usage events", () => {
  const extras = streams.map((recording) => {
    const events = read(recording, [recording.body]).events;
    const reader = wires.openai.reader();
    const found = events.filter(({ event, data }) => {
      const bytes = Buffer.from(data);
      const extra = reader.isExtraUsage(bytes);
      reader.read(event, bytes);
      return extra;
    });
    return { recording, found, first: events[0] };
  });

  test("are those without choices and with usage after a finish_reason, at most one per stream", () => {
    expect(extras.filter(({ found }) => found.length === 1).length).toBeGreaterThan(3);
    for (const { recording, found } of extras) {
      if (recording.protocol === "anthropic") continue;
      const chunks = chunksOf(recording.body.toString());
      const finish = chunks.findIndex(({ choices }) => choices?.some((choice) => choice.finish_reason));
      const plain = chunks.filter(
        ({ choices, usage }, at) => finish !== -1 && at > finish && choices?.length === 0 && usage != null,
      );
      expect(found.map(({ data }) => parseChunk(data))).toEqual(plain);
      expect(found.length).toBeLessThanOrEqual(1);
    }
  });

  test("are not seen in Azure's leading chunk", () => {
    const azure = extras.find(({ recording }) => recording.name.includes("azure-model-router"));
    expect(azure?.first).toMatchObject({
      meaning: "noise",
      data: expect.stringContaining('"choices":[]'),
    });
    expect(azure?.found).not.toContain(azure?.first);
  });
});

describe("errors inside a 200", () => {
  test("OpenRouter's stands in a normal chunk after the first data", () => {
    const recording = streams.find(({ name }) => name.includes("openrouter-stream-error"));
    if (recording === undefined) throw new Error("no such recording");
    const { events, reader } = read(recording, [recording.body]);
    expect(events.find(({ meaning }) => meaning === "error")?.data).toContain("Token limit reached");
    expect(reader.error).toEqual({ status: 400, message: "Token limit reached" });
  });

  test("Groq's comes as an event named error", () => {
    const all = streams.filter(({ name }) => name.includes("tool-use-failed-error-streaming"));
    const failed = all
      .map((one) => read(one, [one.body]).reader.error)
      .filter((error) => error !== undefined);
    expect(failed.length).toBeGreaterThan(0);
    expect(failed[0]).toMatchObject({
      status: 400,
      message: expect.stringMatching(/^Tool call validation failed/),
    });
  });
});

describe("recorded plain answers", () => {
  const answers = ["openai-chat", "openai-completions", "anthropic", "anthropic-count-tokens"]
    .flatMap(loadRecordings)
    .filter((recording) => !recording.stream && recording.protocol !== "openai-responses");

  test.each(answers.map((recording) => [recording.name, recording] as const))(
    "%s is judged",
    (_name, recording) => {
      const wire = wires[recording.protocol.startsWith("anthropic") ? "anthropic" : "openai"];
      const kind =
        recording.protocol === "openai-embeddings" || recording.protocol === "anthropic-count-tokens"
          ? "json"
          : "generation";
      const verdict = wire.judge(recording.body, kind);
      if (recording.status !== 200) {
        expect(verdict.kind).toBe("error");
        return;
      }
      const body = parseChunk(recording.body.toString());
      if (recording.protocol === "anthropic-count-tokens") {
        expect(verdict).toEqual({ kind: "answer", usage: undefined });
        return;
      }
      const framed = `data: ${JSON.stringify(body)}\n\n`;
      expect(verdict).toEqual({ kind: "answer", usage: expectedUsage(recording, framed) });
    },
  );
});
