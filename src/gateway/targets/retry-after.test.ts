import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { askedPauseMs, retryAfterMs } from "./retry-after.ts";
import { readAnswerHead } from "../answer/answer-head.ts";
import type { KeptAnswer } from "../failure.ts";
import { testService } from "../runtime-fixture.ts";

const nowMs = Date.UTC(1994, 10, 6, 8, 49, 30);

describe("retryAfterMs", () => {
  test.each([
    ["seconds", "120", 120_000],
    ["no seconds", "0", 0],
    ["fractions, as some services send them", "0.25", 250],
    ["spaces around", " 3 ", 3_000],
    ["a leading zero", "007", 7_000],
    ["far too many seconds", "9".repeat(400), Infinity],
    ["a date", "Sun, 06 Nov 1994 08:49:37 GMT", 7_000],
    ["a date in the obsolete long form", "Sunday, 06-Nov-94 08:49:37 GMT", 7_000],
    ["a date in C's form, which is UTC", "Sun Nov  6 08:49:37 1994", 7_000],
    ["a date that has passed", "Sun, 06 Nov 1994 08:49:00 GMT", 0],
  ])("reads %s", (_, value, expected) => {
    expect(retryAfterMs(value, nowMs)).toBe(expected);
  });

  test.each([
    ["an absent header", ""],
    ["spaces", "  "],
    ["a word", "soon"],
    ["a negative number", "-5"],
    ["a sign", "+5"],
    ["a unit", "5s"],
    ["a list", "5, 6"],
    ["an exponent", "1e3"],
    ["hexadecimal", "0x10"],
    ["a year and month", "1994-11"],
    ["a day that does not exist", "Sun, 36 Nov 1994 08:49:37 GMT"],
    ["words and a number", "in 5"],
  ])("makes nothing of %s", (_, value) => {
    expect(retryAfterMs(value, nowMs)).toBeUndefined();
  });
});

describe("in another time zone", () => {
  const zone = process.env["TZ"];

  afterEach(() => {
    if (zone === undefined) delete process.env["TZ"];
    else process.env["TZ"] = zone;
  });

  test("every form of a date is UTC", () => {
    process.env["TZ"] = "America/New_York";
    expect(new Date(nowMs).getTimezoneOffset()).not.toBe(0);
    expect(retryAfterMs("Sun Nov  6 08:49:37 1994", nowMs)).toBe(7_000);
    expect(retryAfterMs("Sun, 06 Nov 1994 08:49:37 GMT", nowMs)).toBe(7_000);
  });
});

const service = testService();

/** A 429 as the data plane keeps it. */
function answerOf(headers: Readonly<Record<string, string>>, body: unknown = ""): KeptAnswer {
  const raw = Object.entries(headers).flat();
  return {
    status: 429,
    head: readAnswerHead(
      raw.map((text) => Buffer.from(text, "latin1")),
      service,
    ),
    body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
  };
}

const limited = (message: string): unknown => ({
  error: { message, type: "requests", code: "rate_limit_exceeded" },
});
const google = {
  error: {
    code: 429,
    message: "You exceeded your current quota.",
    status: "RESOURCE_EXHAUSTED",
    details: [
      { "@type": "type.googleapis.com/google.rpc.QuotaFailure", violations: [{ quotaId: "q" }] },
      { "@type": "type.googleapis.com/google.rpc.Help", links: [] },
      { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "34s" },
    ],
  },
};

describe("askedPauseMs", () => {
  test.each([
    ["milliseconds in a header", { "retry-after-ms": "1234" }, "", 1_234],
    ["the header in any spelling", { "Retry-After-Ms": " 1234.4 " }, "", 1_234],
    ["Retry-After in seconds", { "retry-after": "7" }, "", 7_000],
    ["Retry-After as a date", { "retry-after": "Sun, 06 Nov 1994 08:49:37 GMT" }, "", 7_000],
    ["Retry-After of nothing", { "retry-after": "0" }, limited("Please try again in 20s."), 0],
    [
      "a used up limit of requests",
      { "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "6m0s" },
      "",
      360_000,
    ],
    [
      "a used up limit of tokens",
      { "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "20ms" },
      "",
      20,
    ],
    [
      "a reset in plain seconds",
      { "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "12" },
      "",
      12_000,
    ],
    [
      "the later of two limits that are used up",
      {
        "x-ratelimit-remaining-requests": "0",
        "x-ratelimit-reset-requests": "1s",
        "x-ratelimit-remaining-tokens": "0",
        "x-ratelimit-reset-tokens": "2.5s",
      },
      "",
      2_500,
    ],
    ...["requests", "tokens", "input-tokens", "output-tokens"].map(
      (what) =>
        [
          `Anthropic's used up limit of ${what}`,
          {
            [`anthropic-ratelimit-${what}-remaining`]: "0",
            [`anthropic-ratelimit-${what}-reset`]: "1994-11-06T08:50:00Z",
          },
          "",
          30_000,
        ] as const,
    ),
    ["a sentence in the message", {}, limited("Limit: 3 / min. Please try again in 20s."), 20_000],
    ["a sentence as the error", {}, { error: "Rate limit is exceeded. Try again in 30 seconds." }, 30_000],
    ["a sentence beside a code", {}, { code: "Throttling", message: "Please retry after 5 seconds." }, 5_000],
    ["a sentence as plain text", {}, "Too many requests. Please retry after 5 seconds.", 5_000],
    ["Google's delay", {}, google, 34_000],
    ["Google's delay with fractions", {}, { error: { details: [{ retryDelay: "0.5s" }] } }, 500],
    ["Google's delay in an array", {}, [google], 34_000],
  ] as const)("reads %s", (_, headers, body, expected) => {
    expect(askedPauseMs(answerOf(headers, body), nowMs)).toBe(expected);
  });

  test.each([
    ["milliseconds before seconds", { "retry-after": "2", "retry-after-ms": "1500" }, "", 1_500],
    ["Retry-After before the body", { "retry-after": "2" }, limited("Please try again in 20s."), 2_000],
    [
      "the body before a reset",
      { "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "6m0s" },
      limited("Please try again in 20s."),
      20_000,
    ],
    [
      "Google's delay before its sentence",
      {},
      { error: { ...google.error, message: "Please retry in 58.9s." } },
      34_000,
    ],
    [
      "what can be read before what cannot",
      { "retry-after": "soon", "retry-after-ms": "-1" },
      limited("Please try again in 20s."),
      20_000,
    ],
  ] as const)("trusts %s", (_, headers, body, expected) => {
    expect(askedPauseMs(answerOf(headers, body), nowMs)).toBe(expected);
  });

  test.each([
    ["no words", {}, ""],
    [
      "a limit of which something remains",
      { "x-ratelimit-remaining-requests": "1", "x-ratelimit-reset-requests": "6m0s" },
      "",
    ],
    [
      "a limit that is not told",
      { "x-ratelimit-remaining-tokens": "-1", "x-ratelimit-reset-tokens": "0" },
      "",
    ],
    ["a reset without what remains", { "x-ratelimit-reset-requests": "6m0s" }, ""],
    ["a reset now", { "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "0" }, ""],
    [
      "a reset as a date in seconds",
      { "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "784111777" },
      "",
    ],
    [
      "a reset that has passed",
      {
        "anthropic-ratelimit-requests-remaining": "0",
        "anthropic-ratelimit-requests-reset": "1994-11-06T08:00:00Z",
      },
      "",
    ],
    [
      "a day that does not exist",
      {
        "anthropic-ratelimit-requests-remaining": "0",
        "anthropic-ratelimit-requests-reset": "1994-13-46T08:00:00Z",
      },
      "",
    ],
    ["a message without a time", {}, limited("slow down")],
    ["a negative delay", {}, { error: { details: [{ retryDelay: "-5s" }] } }],
    ["a delay that is no text", {}, { error: { details: [{ retryDelay: { seconds: 5 } }] } }],
    ["an empty array", {}, []],
    ["null", {}, "null"],
    ["a number", {}, "5"],
    ["broken JSON", {}, '{"error":{"message":'],
    ["details that are no list", {}, { error: { details: { retryDelay: "5s" } } }],
    ["details of nothing", {}, { error: { details: [null, 5, "5s"] } }],
    ["bytes that are no text", {}, "\u0000\ufffd\u001f"],
  ] as const)("asks for nothing: %s", (_, headers, body) => {
    expect(askedPauseMs(answerOf(headers, body), nowMs)).toBeUndefined();
  });

  test("no answer asks for nothing", () => {
    expect(askedPauseMs(undefined, nowMs)).toBeUndefined();
  });

  test.each([
    ["seconds", { "retry-after": "9".repeat(400) }, ""],
    ["milliseconds", { "retry-after-ms": "9".repeat(400) }, ""],
    ["a date", { "retry-after": "Sun, 06 Nov 2094 08:49:37 GMT" }, ""],
    [
      "a reset",
      {
        "anthropic-ratelimit-requests-remaining": "0",
        "anthropic-ratelimit-requests-reset": "9999-12-31T23:59:59Z",
      },
      "",
    ],
    ["a sentence", {}, limited("Please retry after 86400 seconds.")],
    ["Google's delay", {}, { error: { details: [{ retryDelay: "999999999s" }] } }],
  ] as const)("an hour at most: %s", (_, headers, body) => {
    expect(askedPauseMs(answerOf(headers, body), nowMs)).toBe(3_600_000);
  });

  test("bodies over 64 KiB are not looked at, up to there they are", () => {
    const filled = (bytes: number): KeptAnswer => {
      const end = '","error":{"message":"Please try again in 20s."}}';
      return answerOf({}, `{"a":"${"x".repeat(bytes - 6 - end.length)}${end}`);
    };
    expect(filled(65_536).body).toHaveLength(65_536);
    expect(askedPauseMs(filled(65_536), nowMs)).toBe(20_000);
    expect(askedPauseMs(filled(65_537), nowMs)).toBeUndefined();
  });

  test.each([
    ["nesting", "[".repeat(65_536)],
    ["nested errors", `${'{"error":'.repeat(7_000)}1${"}".repeat(7_000)}`],
    ["advice that never ends", JSON.stringify(limited("try again in 999999999".repeat(2_500)))],
    ["digits", JSON.stringify(limited(`try again in ${"9".repeat(60_000)}`))],
    ["plain text", "retry wait try again in 1.".repeat(2_500)],
  ])("odd bodies do no harm: %s", (_, body) => {
    expect(askedPauseMs(answerOf({}, body), nowMs)).toBeUndefined();
  });

  test("whatever an answer says, the pause is nothing, or between none and an hour", () => {
    const value = fc.oneof(
      fc.string(),
      fc.constantFrom("0", "5", "1s", "-1", "1994-11-06T08:50:00Z", "NaN", "Infinity", "1e9"),
    );
    const name = fc.constantFrom(
      "retry-after",
      "retry-after-ms",
      "x-ratelimit-remaining-tokens",
      "x-ratelimit-reset-tokens",
      "anthropic-ratelimit-requests-remaining",
      "anthropic-ratelimit-requests-reset",
    );
    const body = fc.oneof(
      fc.json(),
      fc.string(),
      value.map((text) => JSON.stringify({ error: { message: text, details: [{ retryDelay: text }] } })),
    );
    fc.assert(
      fc.property(fc.dictionary(name, value), body, (headers, text) => {
        const pauseMs = askedPauseMs(answerOf(headers, text), nowMs);
        if (pauseMs !== undefined) expect(pauseMs >= 0 && pauseMs <= 3_600_000).toBe(true);
      }),
    );
  });
});
