// The prebuilt bytes: exact sizes, and answers that a client would accept.

import { expect, test } from "vitest";

import { FrameCounter } from "./frame-counter.ts";
import { MessageParser } from "./message-parser.ts";
import {
  askedFor,
  endsRight,
  plainAnswer,
  plainAnswerBody,
  requestBody,
  requestBytes,
  STREAM_FRAMES,
  streamFrames,
  streamWrites,
} from "./traffic.ts";

test.each([
  { answer: "plain", bytes: 1024 },
  { answer: "plain", bytes: 32 * 1024 },
  { answer: "brisk", bytes: 1024 },
  { answer: "slow", bytes: 1024 },
] as const)(
  "a $answer request of $bytes bytes has that size and says what it asks for",
  ({ answer, bytes }) => {
    const body = requestBody(answer, bytes);
    expect(Buffer.byteLength(body)).toBe(bytes);
    expect(JSON.parse(body)).toMatchObject({ model: `bench-${answer}` });
    expect("stream" in (JSON.parse(body) as object)).toBe(answer !== "plain");
    expect(askedFor(Buffer.from(body))).toBe(answer);
  },
);

test.each([
  { name: "nothing", body: "{}" },
  { name: "another model", body: '{"model":"gpt"}' },
  { name: "a name cut short", body: '{"model":"bench-' },
])("a body with $name asks for nothing yet", ({ body }) => {
  expect(askedFor(Buffer.from(body))).toBeUndefined();
});

test("a request on the wire carries the candidate's headers and a right length", () => {
  const bytes = requestBytes({ path: "/x", headers: { authorization: "Bearer k" } }, "{}");
  expect(bytes.toString()).toMatch(
    /^POST \/x HTTP\/1\.1\r\n(?:.+\r\n)*authorization: Bearer k\r\ncontent-length: 2\r\n\r\n\{\}$/,
  );
});

test("the plain answer is 992 bytes of JSON that end with the mark", () => {
  expect(plainAnswerBody).toHaveLength(992);
  expect(JSON.parse(plainAnswerBody)).toMatchObject({ object: "chat.completion" });
  expect(endsRight(plainAnswer.subarray(-64))).toBe(true);
  expect(endsRight(plainAnswer.subarray(-80, -16))).toBe(false);
});

test("the stream's writes hold exactly its frames", () => {
  let text = "";
  let ended = 0;
  const counter = new FrameCounter();
  const parser = new MessageParser("answer", {
    onHead: () => undefined,
    onBody: (piece, start, end) => {
      text += piece.toString("utf8", start, end);
      counter.add(piece, start, end);
    },
    onEnd: () => ended++,
  });
  for (const bytes of streamWrites) parser.push(bytes);
  expect(text).toBe(streamFrames.join(""));
  expect([ended, counter.frames, counter.closed]).toEqual([1, STREAM_FRAMES, true]);
});
