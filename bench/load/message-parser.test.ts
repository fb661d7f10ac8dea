// The parser over pieces cut at every byte, and what it refuses.

import { describe, expect, test } from "vitest";

import { MalformedMessage, MessageParser } from "./message-parser.ts";

interface Seen {
  heads: string[];
  bodies: string[];
}

function parse(kind: "request" | "answer", pieces: readonly Buffer[]): Seen {
  const seen: Seen = { heads: [], bodies: [] };
  let body = "";
  const parser = new MessageParser(kind, {
    onHead: (head) => seen.heads.push(head),
    onBody: (piece, start, end) => (body += piece.toString("latin1", start, end)),
    onEnd: () => {
      seen.bodies.push(body);
      body = "";
    },
  });
  for (const piece of pieces) parser.push(piece);
  expect(parser.idle).toBe(true);
  return seen;
}

const WHOLE = [
  {
    name: "a request with a length",
    kind: "request",
    text: "POST /v1 HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello",
    bodies: ["hello"],
  },
  {
    name: "a request without a body",
    kind: "request",
    text: "GET / HTTP/1.1\r\nhost: a\r\n\r\n",
    bodies: [""],
  },
  {
    name: "an answer of length zero",
    kind: "answer",
    text: "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
    bodies: [""],
  },
  {
    name: "a chunked answer with an extension and a trailer",
    kind: "answer",
    text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\nA\r\n0123456789\r\n0\r\nx: y\r\n\r\n",
    bodies: ["hello0123456789"],
  },
  {
    name: "line ends inside a chunk",
    kind: "answer",
    text: "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n6\r\n\r\n\r\n\r\n\r\n0\r\n\r\n",
    bodies: ["\r\n\r\n\r\n"],
  },
  {
    name: "two answers one after the other",
    kind: "answer",
    text: "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nabHTTP/1.1 500 No\r\ntransfer-encoding: chunked\r\n\r\n1\r\nc\r\n0\r\n\r\n",
    bodies: ["ab", "c"],
  },
] as const;

describe.each(WHOLE)("$name", ({ kind, text, bodies }) => {
  const bytes = Buffer.from(text);

  test("is read in one piece", () => {
    const seen = parse(kind, [bytes]);
    expect(seen.bodies).toEqual(bodies);
    expect(seen.heads).toHaveLength(bodies.length);
  });

  test("is read alike wherever it is cut", () => {
    const whole = parse(kind, [bytes]);
    for (let cut = 1; cut < bytes.length; cut++) {
      expect(parse(kind, [bytes.subarray(0, cut), bytes.subarray(cut)]), `cut at ${cut}`).toEqual(whole);
    }
  });

  test("is read alike byte by byte", () => {
    const single = Array.from(bytes, (byte) => Buffer.from([byte]));
    expect(parse(kind, single)).toEqual(parse(kind, [bytes]));
  });
});

test.each([
  { name: "no length", text: "HTTP/1.1 200 OK\r\nserver: a\r\n\r\n" },
  {
    name: "a chunk size that is no number",
    text: "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n",
  },
  { name: "an empty chunk size", text: "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\r\n" },
  {
    name: "a chunk longer than its size",
    text: "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nab\r\n",
  },
])("refuses an answer with $name", ({ text }) => {
  expect(() => parse("answer", [Buffer.from(text)])).toThrow(MalformedMessage);
});
