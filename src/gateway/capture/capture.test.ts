// What is recorded of bodies and messages: text up to the cap, in whole characters; base64, files and sounds by their size.
import { gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Capture, type CapturedContent } from "./capture.ts";
import { ContentBudget } from "./content-budget.ts";

const rules = { request: true, response: true, maxBytes: 4_096 };
const asItIs = (text: string): string => text;
const nothing = (): void => undefined;

function captured(
  say: (capture: Capture) => void,
  options: {
    maxBytes?: number;
    budget?: ContentBudget;
    type?: string;
    redact?: (text: string) => string;
  } = {},
): CapturedContent {
  const { maxBytes = rules.maxBytes, budget = new ContentBudget(), type = "", redact = asItIs } = options;
  const capture = new Capture({ ...rules, maxBytes }, budget);
  say(capture);
  return capture.take(type, redact);
}

/** What is recorded of a request that comes in one piece. */
function request(
  body: string | Buffer,
  type = "application/json",
  maxBytes = rules.maxBytes,
): string | undefined {
  return captured((capture) => capture.requestBody(Buffer.from(body), type), { type, maxBytes })
    .requestContent;
}

/** What is recorded of an answer that goes on in these pieces. */
function answer(
  pieces: readonly Buffer[],
  headers: readonly string[],
  maxBytes = rules.maxBytes,
): string | undefined {
  return captured(
    (capture) => {
      capture.head(headers);
      for (const piece of pieces) capture.piece(piece);
    },
    { maxBytes },
  ).responseContent;
}

const base64 = Buffer.alloc(9_000, 7).toString("base64");
const boundary = "form-boundary";
const formType = `multipart/form-data; boundary=${boundary}`;

function form(...parts: readonly (readonly [head: string, value: string])[]): Buffer {
  const text = parts.map(
    ([head, value]) => `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${value}\r\n`,
  );
  return Buffer.from(`${text.join("")}--${boundary}--\r\n`);
}

const requests: readonly [name: string, body: string | Buffer, type: string, recorded: string][] = [
  ["JSON", '{"a":"é数"}', "application/json", '{"a":"é数"}'],
  [
    "a picture in base64",
    `{"url":"data:image/png;base64,${base64}","n":1}`,
    "application/json",
    '{"url":"data:image/png;base64,<base64, 9,000 bytes>","n":1}',
  ],
  [
    "defect 20: a picture of seven figures",
    `{"data":[{"b64_json":"${Buffer.alloc(3_000_000, 7).toString("base64")}"}]}`,
    "application/json",
    '{"data":[{"b64_json":"<base64, 3,000,000 bytes>"}]}',
  ],
  [
    "a small picture",
    '{"url":"data:image/gif;base64,R0lGODlhAQABAAAAACw="}',
    "application/json",
    '{"url":"data:image/gif;base64,<base64, 14 bytes>"}',
  ],
  [
    "a sound",
    `{"data":"${base64.slice(0, 100)}","format":"wav"}`,
    "application/json",
    '{"data":"<base64, 75 bytes>","format":"wav"}',
  ],
  [
    "base64 with escaped slashes",
    `{"x":"${"ab\\/d".repeat(100)}"}`,
    "application/json",
    '{"x":"<base64, 375 bytes>"}',
  ],
  ["base64 at the end", base64, "text/plain", "<base64, 9,000 bytes>"],
  [
    "two runs",
    `"${base64}","${base64}"`,
    "application/json",
    '"<base64, 9,000 bytes>","<base64, 9,000 bytes>"',
  ],
  ["a long word that is none", `"${"a".repeat(256)}"`, "application/json", `"${"a".repeat(256)}"`],
  ["bytes", Buffer.alloc(12_345), "application/octet-stream", "<application/octet-stream, 12,345 bytes>"],
  ["control characters", "a\u0000b\nc", "text/plain", "a\u{fffd}b\nc"],
  ["bytes that are no UTF-8", Buffer.from([0x61, 0xff, 0x62]), "text/plain", "a\u{fffd}b"],
  [
    "a form with a file",
    form(
      ['name="model"', "whisper-1"],
      ['name="file"; filename="speech.mp3"', "x".repeat(12_345)],
      ['name="prompt"', "say\nit"],
    ),
    formType,
    "model: whisper-1\nfile: <file speech.mp3, 12,345 bytes>\nprompt: say\nit\n",
  ],
  ["a form that is none", "no form", formType, "<multipart/form-data, 7 bytes>"],
  ["a form without a boundary", "no form", "multipart/form-data", "<multipart/form-data, 7 bytes>"],
];

test.each([
  ["application/json; charset=utf-8", true],
  ["application/x-ndjson", true],
  ["application/vnd.api+json", true],
  ["text/event-stream", true],
  ["Application/XML", true],
  ["application/vnd.openxmlformats-officedocument.wordprocessingml.document", false],
  ["application/octet-stream", false],
  ["image/svg", false],
])("an answer of type %s is text: %s", (type, isText) => {
  const recorded = answer([Buffer.from("some text")], ["content-type", type]);
  expect(recorded === "some text").toBe(isText);
});

test("content that cannot be made ready costs no record and no memory", () => {
  const budget = new ContentBudget(10_000);
  const content = captured(
    (capture) => {
      capture.requestBody(Buffer.from("a secret"), "");
      capture.piece("another");
    },
    {
      budget,
      redact: (text) => {
        throw new RangeError(text);
      },
    },
  );
  expect(content).toEqual({
    requestContent: "<not recorded: RangeError>",
    responseContent: "<not recorded: RangeError>",
  });
  expect(budget.take(10_000)).toBe(true);
});

describe("a request", () => {
  test.each(requests)("is recorded: %s", (_name, body, type, recorded) => {
    expect(request(body, type)).toBe(recorded);
  });

  test("is cut in whole characters, and what is missing is told", () => {
    const text = "数".repeat(4_000);
    expect(request(text, "text/plain", 100)).toBe(
      `${"数".repeat(33)}\n<11,901 more bytes were not recorded>`,
    );
    expect(request(text, "text/plain", 0)).toBe("<12,000 more bytes were not recorded>");
  });

  test("of exactly the cap is not cut", () => {
    expect(request("a b ".repeat(25), "text/plain", 100)).toBe("a b ".repeat(25));
  });

  test("that is too large to be held is recorded by its first bytes", () => {
    const body = form(
      ['name="model"', "whisper-1"],
      ['name="file"; filename="a.mp3"', "x y".repeat(100_000)],
    );
    const { requestContent } = captured(
      (capture) => {
        for (let at = 0; at < body.length; at += 1_000) capture.requestPiece(body.subarray(at, at + 1_000));
      },
      { type: formType },
    );
    expect(requestContent).toMatch(
      /^model: whisper-1\nfile: <file a\.mp3, more than 4,\d{3} bytes>\n<295,\d{3} more bytes were not looked at>\n$/,
    );
  });

  test("that was held after all is recorded once", () => {
    const { requestContent } = captured((capture) => {
      capture.requestPiece(Buffer.from("abc"));
      capture.requestBody(Buffer.from("abc"), "text/plain");
    });
    expect(requestContent).toBe("abc");
  });

  test("is redacted before it is cut, so that half a secret never stays", () => {
    const redact = (text: string): string => text.replaceAll("sk-secret-secret", "<secret>");
    for (let before = 80; before < 120; before += 1) {
      const body = Buffer.from(`${". ".repeat(before / 2)}sk-secret-secret${" .".repeat(2_000)}`);
      const { requestContent } = captured((capture) => capture.requestBody(body, ""), {
        maxBytes: 100,
        redact,
      });
      expect(requestContent).not.toContain("sk-");
    }
  });
});

const jsonHead = ["Content-Type", "application/json"];
const eventsHead = ["content-type", "text/event-stream; charset=utf-8"];
const events = ['data: {"delta":"a"}\n\n', 'data: {"delta":"b"}\n\n', "data: [DONE]\n\n"];

describe("an answer", () => {
  test("that is streamed is recorded as it was sent", () => {
    expect(
      answer(
        events.map((event) => Buffer.from(event)),
        eventsHead,
      ),
    ).toBe(events.join(""));
  });

  test("of sound is recorded by its size", () => {
    const pieces = [Buffer.alloc(10_000, 1), Buffer.alloc(2_345, 1)];
    expect(answer(pieces, ["content-type", "audio/mpeg"])).toBe("<audio/mpeg, 12,345 bytes>");
  });

  test.each([
    ["gzip", gzipSync],
    ["zstd", zstdCompressSync],
  ])("in %s is recorded as what it says", (coding, compress) => {
    const body = compress(Buffer.from(`{"b64_json":"${base64}"}`));
    expect(answer([body], [...jsonHead, "content-encoding", coding])).toBe(
      '{"b64_json":"<base64, 9,000 bytes>"}',
    );
  });

  test("in a coding that is broken is recorded by its size", () => {
    expect(answer([Buffer.from("no gzip")], [...jsonHead, "content-encoding", "gzip"])).toBe(
      "<gzip, 7 bytes>",
    );
  });

  test("that grows without end when decoded is recorded by its size", () => {
    const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024));
    expect(answer([bomb], [...jsonHead, "content-encoding", "gzip"])).toMatch(/^<gzip, [\d,]+ bytes>$/);
  });

  test("that never began is not recorded", () => {
    expect(captured(nothing)).toEqual({});
  });

  test("is recorded the same however it is cut into pieces", () => {
    const text = `{"x":"${base64}","数":"é","y":"${"word ".repeat(50)}","z":"${base64.slice(0, 400)}"}`;
    const whole = answer([Buffer.from(text)], jsonHead);
    expect(whole).toContain('"z":"<base64, 300 bytes>"');
    fc.assert(
      fc.property(fc.array(fc.nat(Buffer.byteLength(text)), { maxLength: 8 }), (cuts) => {
        const bytes = Buffer.from(text);
        const ends = [...cuts.toSorted((left, right) => left - right), bytes.length];
        const pieces = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
        expect(answer(pieces, jsonHead)).toBe(whole);
      }),
    );
  });
});

describe("a socket", () => {
  test("is recorded message by message in both directions, binary ones by their number and size", () => {
    const content = captured((capture) => {
      capture.clientMessage(Buffer.from("run"), false);
      capture.serviceMessage(Buffer.from("started"), false);
      for (let count = 0; count < 3; count += 1) capture.clientMessage(Buffer.alloc(500), true);
      capture.clientMessage(Buffer.from("finish"), false);
      capture.serviceMessage(Buffer.alloc(12_345), true);
    });
    expect(content).toEqual({
      requestContent: "1 > run\n3 > <3 binary messages, 1,500 bytes>\n6 > finish\n",
      responseContent: "2 < started\n7 < <1 binary message, 12,345 bytes>\n",
    });
  });
});

describe("memory", () => {
  test("for what does not fit is not taken, and the record says so", () => {
    const budget = new ContentBudget(6_000);
    const text = "words and ".repeat(300);
    const first = new Capture(rules, budget);
    first.requestBody(Buffer.from(text), "");
    const { requestContent } = captured((capture) => capture.requestBody(Buffer.from(text), ""), { budget });
    expect(requestContent).toBe("<3,000 more bytes were not recorded: too much content is held at once>");
    expect(first.take("", asItIs).requestContent).toBe(text);
  });

  test("is given back by every ending", () => {
    const budget = new ContentBudget(20_000);
    for (let round = 0; round < 50; round += 1) {
      captured(
        (capture) => {
          capture.requestPiece(Buffer.from("words ".repeat(500)));
          capture.head([...jsonHead, "content-encoding", "gzip"]);
          capture.piece(gzipSync(Buffer.from("words ".repeat(1_000))));
        },
        { budget },
      );
    }
    expect(budget.take(20_000)).toBe(true);
  });

  test("of what is switched off is not taken", () => {
    const budget = new ContentBudget(0);
    const capture = new Capture({ request: false, response: false, maxBytes: 1_000 }, budget);
    capture.requestBody(Buffer.from("a"), "");
    capture.piece("b");
    capture.clientMessage(Buffer.from("c"), false);
    expect(capture.take("", asItIs)).toEqual({});
  });
});
