// Estimates of tokens: exact where the whole text is there, near where only its beginning is, and never slow.
import { describe, expect, test } from "vitest";
import { countAsk, roughCounts, roughTokens, type TokenAsk } from "./token-ask.ts";
import { countTokens } from "./tokenizer.ts";

const sentence = "The quick brown fox jumps over the lazy dog, and nobody knows why. ";

function bytes(text: string, most = Infinity) {
  const all = Buffer.from(text);
  return { bytes: all.subarray(0, most), total: all.length };
}

/** A stream of OpenAI's with one event for so many characters of the text. */
function streamOf(text: string, perEvent = 4): string {
  const pieces = text.match(new RegExp(`[^]{1,${perEvent}}`, "g")) ?? [];
  const events = pieces.map(
    (content) =>
      `data: ${JSON.stringify({ id: "chatcmpl-1", object: "chat.completion.chunk", choices: [{ index: 0, delta: { content } }] })}\n\n`,
  );
  return events.join("");
}

const nothing = { bytes: Buffer.alloc(0), total: 0 };

describe("a text that is all there is counted exactly", () => {
  test.each([
    ["English", sentence.repeat(10)],
    ["Chinese", "我们今天去公园散步，看见一只猫。".repeat(10)],
    ["code", "function foo(a, b) {\n  return a + b;\n}\n".repeat(10)],
    ["words that mean something to a model", "<|endoftext|><|im_start|>"],
  ])("%s", (_, text) => {
    const stream = streamOf(text);
    const ask: TokenAsk = { request: null, answer: bytes(stream) };
    expect(countAsk(ask, countTokens)).toEqual({ input: 0, output: countTokens(text) });
  });

  test("a request with what a protocol puts around its message", () => {
    const body = JSON.stringify({ model: "m", messages: [{ role: "user", content: sentence }] });
    const { input } = countAsk({ request: bytes(body), answer: nothing }, countTokens);
    const words = countTokens(sentence);
    expect(input).toBeGreaterThanOrEqual(words);
    expect(input).toBeLessThanOrEqual(words + 6);
  });
});

describe("a text of which only the beginning is there is counted within 5 %", () => {
  test.each([
    ["an answer of small events", 4, 8_192],
    ["an answer of large events", 200, 8_192],
    ["an answer whose beginning ends in an event", 7, 5_001],
  ])("%s", (_, perEvent, most) => {
    const text = sentence.repeat(200);
    const stream = streamOf(text, perEvent);
    const ask: TokenAsk = { request: null, answer: bytes(stream, most) };
    const exact = countTokens(text);
    const { output } = countAsk(ask, countTokens);
    expect(Math.abs(output - exact) / exact).toBeLessThan(0.05);
  });

  test("a request", () => {
    const body = JSON.stringify({ messages: [{ role: "user", content: sentence.repeat(3_000) }] });
    const exact = countTokens(sentence.repeat(3_000));
    const { input } = countAsk({ request: bytes(body, 65_536), answer: nothing }, countTokens);
    expect(Math.abs(input - exact) / exact).toBeLessThan(0.05);
  });
});

test("a request of which nothing was kept counts by its size", () => {
  const request = { bytes: Buffer.alloc(0), total: 4_000 };
  expect(countAsk({ request, answer: nothing }, countTokens).input).toBe(1_000);
});

test.each([
  ["English", sentence.repeat(20)],
  ["Chinese", "我们今天去公园散步，看见一只猫。".repeat(20)],
])("a rough count is within a third: %s", (_, text) => {
  const exact = countTokens(text);
  expect(Math.abs(roughTokens(text) - exact) / exact).toBeLessThan(0.34);
  const body = JSON.stringify({ messages: [{ role: "user", content: text }] });
  const { input } = roughCounts({ request: bytes(body), answer: nothing });
  expect(Math.abs(input - exact) / exact).toBeLessThan(0.34);
});

test.each([
  ["one letter", "a".repeat(65_536)],
  [
    "letters without a space",
    Array.from({ length: 65_536 }, (_, at) => String.fromCharCode(97 + ((at * 7_919) % 26))).join(""),
  ],
  ["spaces", " ".repeat(65_536)],
  ["line ends", "\n".repeat(65_536)],
  ["Chinese without a stop", "我们今天去公园散步看见一只猫".repeat(4_600)],
  ["signs", "!?.".repeat(21_000)],
  ["families", "👩‍👩‍👧".repeat(8_000)],
])("a hostile text is counted in pieces, each of which is short: %s", (_, text) => {
  const together = countTokens(text);
  const apart = (text.match(/[^]{1,128}/gu) ?? []).reduce((sum, piece) => sum + countTokens(piece), 0);
  expect(Math.abs(together - apart)).toBeLessThan(apart * 0.2 + 10);
});
