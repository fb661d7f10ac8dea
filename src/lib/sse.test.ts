import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maxEventBytes, SseDecoder } from "./sse.ts";

interface Seen {
  readonly event: string;
  readonly data: string;
  /** The raw bytes of the event by its offsets; empty from `finish`. */
  readonly raw: string;
}

/** Feeds pieces and records the events; offsets are made absolute, to cut the raw bytes. */
function decode(pieces: readonly Buffer[], decoder = new SseDecoder()): Seen[] {
  const all = Buffer.concat(pieces);
  const seen: Seen[] = [];
  let before = 0;
  for (const piece of pieces) {
    const offset = before;
    decoder.push(piece, (event, data, start, end) => {
      seen.push({ event, data: data.toString(), raw: all.toString("utf8", offset + start, offset + end) });
    });
    before += piece.length;
  }
  decoder.finish((event, data, start, end) => {
    seen.push({ event, data: data.toString(), raw: all.toString("utf8", before + start, before + end) });
  });
  return seen;
}

function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  let at = 0;
  for (let index = 0; at < bytes.length; index++) {
    const size = sizes.length === 0 ? bytes.length : (sizes[index % sizes.length] ?? 1);
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

/** A slow decoder by the letter of the standard, on text, with the unfinished event delivered at the end. */
function reference(text: string): { event: string; data: string }[] {
  const events: { event: string; data: string }[] = [];
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\r|\n/);
  let event = "";
  let data: string[] = [];
  const flush = (): void => {
    if (data.length > 0) events.push({ event, data: data.join("\n") });
    event = "";
    data = [];
  };
  for (const line of lines) {
    if (line === "") flush();
    const separator = line.indexOf(":");
    const name = separator === -1 ? line : line.slice(0, separator);
    const value = separator === -1 ? "" : line.slice(separator + 1).replace(/^ /, "");
    if (name === "data") data.push(value);
    if (name === "event") event = value;
  }
  flush();
  return events;
}

const withoutRaw = (seen: readonly Seen[]) => seen.map(({ event, data }) => ({ event, data }));

const streams: readonly [name: string, text: string, expected: { event: string; data: string }[]][] = [
  [
    "line feeds",
    "data: a\n\ndata: b\n\n",
    [
      { event: "", data: "a" },
      { event: "", data: "b" },
    ],
  ],
  [
    "carriage returns",
    "data: a\r\rdata: b\r\r",
    [
      { event: "", data: "a" },
      { event: "", data: "b" },
    ],
  ],
  [
    "CRLF",
    "data: a\r\n\r\ndata: b\r\n\r\n",
    [
      { event: "", data: "a" },
      { event: "", data: "b" },
    ],
  ],
  [
    "mixed line ends",
    "data: a\n\r\ndata: b\r\n\ndata: c\r\r\n",
    [
      { event: "", data: "a" },
      { event: "", data: "b" },
      { event: "", data: "c" },
    ],
  ],
  ["no space after the colon", "data:a\n\n", [{ event: "", data: "a" }]],
  ["two spaces after the colon", "data:  a\n\n", [{ event: "", data: " a" }]],
  ["several data lines", "data: a\ndata:\ndata: b\n\n", [{ event: "", data: "a\n\nb" }]],
  ["a data line without colon", "data\n\n", [{ event: "", data: "" }]],
  [
    "empty data",
    "data:\n\ndata: \n\n",
    [
      { event: "", data: "" },
      { event: "", data: "" },
    ],
  ],
  [
    "event names",
    "event: ping\ndata: a\n\ndata: b\n\n",
    [
      { event: "ping", data: "a" },
      { event: "", data: "b" },
    ],
  ],
  ["the last event name wins", "event: a\nevent:b\ndata: x\n\n", [{ event: "b", data: "x" }]],
  ["an event without data", "event: a\n\ndata: x\n\n", [{ event: "", data: "x" }]],
  [
    "id, retry and unknown fields",
    "id: 1\nretry: 5\nfoo: bar\ndataset: x\ndat: y\ndata: a\n\n",
    [{ event: "", data: "a" }],
  ],
  ["comments", ": c\n\n:\ndata: a\n: d\n\n", [{ event: "", data: "a" }]],
  ["a byte order mark", "\ufeffdata: a\n\n", [{ event: "", data: "a" }]],
  ["a byte order mark later", "data: a\n\n\ufeffdata: b\n\n", [{ event: "", data: "a" }]],
  ["a byte order mark before a blank line", "\ufeff\ndata: a\n\n", [{ event: "", data: "a" }]],
  ["many blank lines", "\n\n\r\n\rdata: a\n\n\n\n", [{ event: "", data: "a" }]],
  [
    "no blank line at the end",
    "data: a\n\ndata: b\n",
    [
      { event: "", data: "a" },
      { event: "", data: "b" },
    ],
  ],
  [
    "no line end at the end",
    "data: a\n\nevent: e\ndata: b",
    [
      { event: "", data: "a" },
      { event: "e", data: "b" },
    ],
  ],
  ["a comment at the end", "data: a\n\n: bye", [{ event: "", data: "a" }]],
  ["many-byte characters", "data: é🎉漢\n\n", [{ event: "", data: "é🎉漢" }]],
  ["colons in the value", "data: a:b: c\n\n", [{ event: "", data: "a:b: c" }]],
];

describe("SseDecoder", () => {
  const cuts: readonly [string, readonly number[]][] = [
    ["whole", []],
    ["in single bytes", [1]],
    ["in twos", [2]],
    ["in threes and fives", [3, 5]],
  ];

  describe.each(cuts)("fed %s", (_, sizes) => {
    test.each(streams)("reads %s", (_name, text, expected) => {
      expect(withoutRaw(decode(cut(Buffer.from(text), sizes)))).toEqual(expected);
    });
  });

  test("hands out a view into the chunk for a whole event", () => {
    const chunk = Buffer.from("data: abc\n\n");
    new SseDecoder().push(chunk, (_, data) => {
      expect(data.buffer).toBe(chunk.buffer);
      expect(data.byteOffset).toBe(chunk.byteOffset + 6);
    });
    expect.assertions(2);
  });

  test("data of an unfinished event survives a change of its first chunk", () => {
    const decoder = new SseDecoder();
    const seen: string[] = [];
    const first = Buffer.from("data: one\ndata: tw");
    decoder.push(first, () => void seen.push("early"));
    first.fill(0);
    decoder.push(Buffer.from("o\n\n"), (_, data) => void seen.push(data.toString()));
    expect(seen).toEqual(["one\ntwo"]);
  });

  test("data that was handed out is not written to again", () => {
    const decoder = new SseDecoder();
    const seen: Buffer[] = [];
    for (const piece of cut(Buffer.from("data: aa\n\ndata: bb\n\n"), [1]))
      decoder.push(piece, (_, data) => void seen.push(data));
    expect(seen.map(String)).toEqual(["aa", "bb"]);
  });

  test("offsets cut the raw bytes between the boundaries, comments and blank lines left out or in", () => {
    const text = ": hello\n\nevent: a\ndata: 1\n\n\n\r\n: note\ndata: 2\r\n\r\ndata: 3\r\rdata: 4";
    for (const sizes of [[], [1], [4], [7, 2]]) {
      expect(decode(cut(Buffer.from(text), sizes)).map(({ raw }) => raw.replace(/^\n/, ""))).toEqual([
        "event: a\ndata: 1\n\n",
        sizes[0] === 1 ? ": note\ndata: 2\r\n\r" : expect.stringMatching(/^: note\ndata: 2\r\n\r\n?$/),
        "data: 3\r\r",
        "data: 4",
      ]);
    }
  });

  test.each([
    ["nothing", "", false],
    ["half a field name", "da", true],
    ["a whole line", "data: a\n", true],
    ["a finished event", "data: a\n\n", false],
    ["a finished event, CRLF", "data: a\r\n\r\n", false],
    ["a finished event up to the last CR", "data: a\r\n\r", false],
    ["half a comment", "data: a\n\n: com", true],
    ["a comment line", ": comment\n", true],
    ["a finished comment block", ": comment\n\n", false],
    ["blank lines", "\n\n\n", false],
  ])("knows whether it is in mid event after %s", (_, text, expected) => {
    for (const sizes of [[], [1]]) {
      const decoder = new SseDecoder();
      for (const piece of cut(Buffer.from(text), sizes)) decoder.push(piece, () => true);
      expect(decoder.midEvent).toBe(expected);
    }
  });

  test("a listener that returns false hears nothing more", () => {
    const decoder = new SseDecoder();
    const seen: string[] = [];
    const listener = (_: string, data: Buffer): boolean => {
      seen.push(data.toString());
      return false;
    };
    decoder.push(Buffer.from("data: a\n\ndata: b\n\n"), listener);
    decoder.push(Buffer.from("data: c\n\n"), listener);
    decoder.finish(listener);
    expect(seen).toEqual(["a"]);
  });

  describe("bounds", () => {
    const line = (bytes: number) => `data: ${"x".repeat(bytes - 6)}`;
    const feed = (text: string, size: number) => {
      const decoder = new SseDecoder();
      let events = 0;
      for (const piece of cut(Buffer.from(text), size === 0 ? [] : [size]))
        decoder.push(piece, () => void events++);
      return { events, skipping: decoder.skipping, midEvent: decoder.midEvent };
    };

    test.each([0, 1, 65_536])(
      "one event of the limit is read, one byte more is passed over and the next read again (pieces of %i)",
      (size) => {
        expect(feed(`${line(maxEventBytes)}\n\n`, size)).toEqual({
          events: 1,
          skipping: false,
          midEvent: false,
        });
        expect(feed(`${line(maxEventBytes + 1)}\ndata: more\n`, size)).toEqual({
          events: 0,
          skipping: true,
          midEvent: true,
        });
        expect(feed(`${line(maxEventBytes + 1)}\ndata: more\n\ndata: b\n\n`, size)).toEqual({
          events: 1,
          skipping: false,
          midEvent: false,
        });
      },
    );

    test.each([0, 1000])("many lines of one event count together (pieces of %i)", (size) => {
      const lines = `${line(1000)}\n`.repeat(1049);
      expect(feed(`data: a\n\n${lines}\n`, size)).toEqual({ events: 1, skipping: false, midEvent: false });
    });

    test.each([0, 1000])("comments do not count (pieces of %i)", (size) => {
      const comments = `: ${"x".repeat(maxEventBytes)}\n${": keep-alive\n".repeat(100_000)}`;
      expect(feed(`${comments}data: a\n\n`, size)).toMatchObject({ events: 1, skipping: false });
    });
  });

  test("agrees with the reference on random text however it is cut", () => {
    const token = fc.constantFrom(
      "data",
      "event",
      ":",
      " ",
      "\n",
      "\r",
      "\r\n",
      "\n\n",
      "x",
      "é",
      "data: y\n",
      "\ufeff",
    );
    const text = fc.array(token, { maxLength: 30 }).map((tokens) => tokens.join(""));
    fc.assert(
      fc.property(text, fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 5 }), (stream, sizes) => {
        const decoder = new SseDecoder();
        expect(withoutRaw(decode(cut(Buffer.from(stream), sizes), decoder))).toEqual(reference(stream));
      }),
      { numRuns: 10_000 },
    );
  });

  test("offsets do not depend on the cuts, up to the second half of a CRLF", () => {
    const token = fc.constantFrom("data: a", "event: e", ": c", "\n", "\r", "\r\n", "\n\n", "\r\n\r\n");
    const text = fc.array(token, { maxLength: 20 }).map((tokens) => tokens.join(""));
    const trimmed = (seen: readonly Seen[]) =>
      seen.map(({ raw }) => raw.replace(/^[\r\n]+|\n$/g, "").replace(/\r$/, ""));
    fc.assert(
      fc.property(
        text,
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
        (stream, sizes) => {
          const bytes = Buffer.from(stream);
          expect(trimmed(decode(cut(bytes, sizes)))).toEqual(trimmed(decode([bytes])));
        },
      ),
      { numRuns: 5_000 },
    );
  });
});
