import { describe, expect, test } from "vitest";
import { loadRecordings } from "../../../../test/support/recordings.ts";
import { SseDecoder } from "../../../lib/sse.ts";
import type { ReportedError } from "../../../protocols/wire.ts";
import type { ChatChunk } from "../../chat/chat-answer.ts";
import { chatRequest, contextOf, readStream } from "../../translation-fixture.ts";
import { anthropicService } from "./anthropic-service.ts";

describe("defect 1: a stream cut anywhere gives the same chunks", () => {
  const selected = new Set([
    "anthropic/asdk.refusal-mid-stream#0",
    "anthropic/asdk.tool-use-stream#0",
    "anthropic/vai.anthropic-mcp.1.stream#0",
    "anthropic/pai.anthropic-model-thinking-part-redacted-stream#0",
    "anthropic/otl.anthropic-tools-streaming-legacy#0",
  ]);
  const rows = loadRecordings("anthropic").filter(({ name }) => selected.has(name));

  test("all of the selected are there", () => {
    expect(rows).toHaveLength(selected.size);
  });

  test.each(rows)("$name, at every byte", ({ body }) => {
    const whole = JSON.stringify(readStream(anthropicService, body).chunks);
    for (let at = 1; at < body.length; at += 1) {
      if (JSON.stringify(cutAt(body, at)) !== whole) throw new Error(`cut at ${at} it says something else`);
    }
  });
});

/** One client's stream. */
function reading(): { push(bytes: Buffer): void; end(): ChatChunk[] } {
  const stream = anthropicService.stream(chatRequest({ stream: true }), contextOf());
  const decoder = new SseDecoder();
  const chunks: ChatChunk[] = [];
  const sink = {
    chunk: (chunk: ChatChunk) => void chunks.push(chunk),
    fail: ({ message }: ReportedError) => {
      throw new Error(message);
    },
  };
  const listener = (name: string, data: Buffer): void => stream.event(name, data, sink);
  return {
    push: (bytes) => decoder.push(bytes, listener),
    end: () => {
      decoder.finish(listener);
      stream.end(sink);
      return chunks;
    },
  };
}

function cutAt(bytes: Buffer, at: number): ChatChunk[] {
  const read = reading();
  read.push(bytes.subarray(0, at));
  read.push(bytes.subarray(at));
  return read.end();
}

test("defect 2: two streams at a time keep to themselves", () => {
  const [one, two] = ["asdk.tool-use-stream#0", "asdk.refusal-mid-stream#0"].map((name) => {
    const found = loadRecordings("anthropic").find((each) => each.name === `anthropic/${name}`);
    if (found === undefined) throw new Error(`no recording ${name}`);
    return { bytes: found.body, alone: readStream(anthropicService, found.body).chunks, read: reading() };
  });
  if (one === undefined || two === undefined) throw new Error("two are needed");
  const longest = Math.max(one.bytes.length, two.bytes.length);
  for (let at = 0; at < longest; at += 50)
    for (const { read, bytes } of [one, two]) read.push(bytes.subarray(at, at + 50));
  expect(one.read.end()).toEqual(one.alone);
  expect(two.read.end()).toEqual(two.alone);
});
