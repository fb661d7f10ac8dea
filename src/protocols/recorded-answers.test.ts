import { describe, expect, test } from "vitest";
import { loadRecordings, type Recording } from "../../test/support/recordings.ts";
import type { RouteProtocol } from "../core/protocol.ts";
import { noTokens, type Usage } from "../core/usage.ts";
import { eventDecoderOf, type EventDecoder } from "./event-decoder.ts";
import { JsonArrayDecoder } from "./json-array-decoder.ts";
import rows from "./golden/recorded-usage.json" with { type: "json" };
import type { AnswerKind, EventMeaning, StreamReader } from "./wire.ts";
import { wires } from "./wires.ts";

/** Figures that are not zero; `in` includes what was cached and written. */
interface Figures {
  readonly in: number;
  readonly out: number;
  readonly cached?: number;
  readonly written?: number;
  readonly reasoning?: number;
  readonly images?: number;
  readonly seconds?: number;
  readonly searches?: number;
}

interface RecordedUsage {
  readonly name: string;
  readonly protocol: RouteProtocol;
  readonly kind: AnswerKind;
  /** What the answer is; `stream after n`: n events are held before the first data. */
  readonly what: string;
  readonly usage?: Figures;
}

// Our own file; its figures were counted from the recordings by rules apart from the code under test.
const recordedUsage = rows as readonly RecordedUsage[];

const folders = [
  "dashscope",
  "dashscope-compat",
  "dashscope-task",
  "files",
  "gemini",
  "gemini-embed",
  "models",
  "openai-audio",
  "openai-embeddings",
  "openai-images",
  "openai-responses",
  "rerank",
];
const recordings = new Map(folders.flatMap(loadRecordings).map((each) => [each.name, each]));

function recordingOf(name: string): Recording {
  const found = recordings.get(name);
  if (found === undefined) throw new Error(`no recording ${name}`);
  return found;
}

function usageOf(figures: Figures | undefined): Usage | undefined {
  if (figures === undefined) return undefined;
  const { in: inputTokens, out: outputTokens, cached = 0, written = 0, reasoning = 0, ...units } = figures;
  return {
    ...noTokens,
    inputTokens,
    outputTokens,
    cachedInputTokens: cached,
    cacheWriteTokens: written,
    reasoningTokens: reasoning,
    ...units,
  };
}

interface Reading {
  readonly meanings: readonly EventMeaning[];
  readonly events: readonly string[];
  readonly reader: StreamReader;
}

function read(
  { protocol, kind: answer }: RecordedUsage,
  pieces: readonly Buffer[],
  decoder?: EventDecoder,
): Reading {
  const chosen = decoder ?? eventDecoderOf({ protocol, answer }, "text/event-stream", true);
  const reader = wires[protocol].reader(answer);
  const meanings: EventMeaning[] = [];
  const events: string[] = [];
  const listener = (event: string, data: Buffer): void => {
    meanings.push(reader.read(event, data));
    events.push(`${event} ${data.toString()}`);
  };
  for (const piece of pieces) {
    const copy = Buffer.from(piece);
    chosen?.push(copy, listener);
    copy.fill(0);
  }
  chosen?.finish(listener);
  return { meanings, events, reader };
}

const single = (bytes: Buffer): Buffer[] => Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));

function slices(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
    bytes.subarray(at * size, (at + 1) * size),
  );
}

const named = (chosen: readonly RecordedUsage[]): (readonly [string, RecordedUsage])[] =>
  chosen.map((row) => [`${row.name}, ${row.protocol} ${row.kind}, ${row.what}`, row]);

test("every recording has its row", () => {
  expect(recordedUsage.map(({ name }) => name).toSorted()).toEqual([...recordings.keys()].toSorted());
});

const isStream = ({ what }: RecordedUsage): boolean => what.includes("stream");

describe("recorded answers", () => {
  test.each(named(recordedUsage.filter((row) => !isStream(row))))(
    "%s",
    (_, { name, protocol, kind, what, usage }) => {
      const { body, status } = recordingOf(name);
      const verdict = wires[protocol].judge(body, kind);
      if (what === "answer") expect(verdict).toEqual({ kind: "answer", usage: usageOf(usage) });
      else expect(status).toBeGreaterThanOrEqual(400);
      // Some services have shapes of their own for errors, which are told by their status.
      if (what === "error") expect(verdict.kind).toMatch(/^(error|empty)$/);
    },
  );
});

describe("recorded streams", () => {
  test.each(named(recordedUsage.filter(isStream)))("%s", (_, row) => {
    const { name, what, usage } = row;
    const { body } = recordingOf(name);
    const { meanings, reader } = read(row, [body]);
    expect(reader.usage).toEqual(usageOf(usage));
    if (what === "error in a stream") {
      expect(meanings).not.toContain("semantic");
      expect(meanings).toContain("error");
      return;
    }
    expect(meanings.indexOf("semantic")).toBe(Number(what.slice("stream after ".length)));
    expect(meanings).not.toContain("error");
    expect(reader.finished).toBe(true);
  });

  test.each(named(recordedUsage.filter(isStream)))("%s, reads the same wherever it is cut", (_, row) => {
    const { body } = recordingOf(row.name);
    const whole = read(row, [body]);
    for (const pieces of [single(body), slices(body, 7), slices(body, 1_000)]) {
      const again = read(row, pieces);
      expect(again.events).toEqual(whole.events);
      expect(again.meanings).toEqual(whole.meanings);
      expect(again.reader.usage).toEqual(whole.reader.usage);
      expect(again.reader.error).toEqual(whole.reader.error);
    }
  });
});

describe("recorded Gemini streams in one JSON array", () => {
  const arrays = recordedUsage.filter(
    ({ name, protocol }) => protocol === "gemini" && recordingOf(name).body[0] === 0x5b,
  );

  test("are there", () => {
    expect(arrays).toHaveLength(4);
  });

  test.each(named(arrays))("%s, reads the same item by item", (_, row) => {
    const { body } = recordingOf(row.name);
    for (const pieces of [[body], single(body)]) {
      const { meanings, reader } = read(row, pieces, new JsonArrayDecoder());
      expect(meanings.every((meaning) => meaning === "semantic")).toBe(true);
      expect(reader.usage).toEqual(usageOf(row.usage));
      expect(reader.finished).toBe(true);
    }
  });
});

describe("recorded errors inside a 200", () => {
  test("DashScope's has the status of its code", () => {
    const row = recordedUsage.find(({ name }) => name.includes("parameter-error-sse"));
    if (row === undefined) throw new Error("no such recording");
    expect(read(row, [recordingOf(row.name).body]).reader.error).toEqual({
      status: 400,
      message: "Role must be user or assistant and Content length must be greater than 0",
    });
  });

  test("that of Responses comes twice", () => {
    const row = recordedUsage.find(({ name }) => name.includes("openai-error"));
    if (row === undefined) throw new Error("no such recording");
    const { meanings, reader } = read(row, [recordingOf(row.name).body]);
    expect(meanings.filter((meaning) => meaning === "error")).toHaveLength(2);
    expect(reader.error).toMatchObject({ status: expect.any(Number), message: expect.stringMatching(/\w/) });
  });
});
