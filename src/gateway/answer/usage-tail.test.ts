import { describe, expect, test } from "vitest";
import { wires } from "../../protocols/wires.ts";
import { UsageTail } from "./usage-tail.ts";

const tailBytes = 16 * 1024;
const openaiUsage =
  '"usage":{"prompt_tokens":3,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":1}}';
const read = { inputTokens: 3, outputTokens: 2, cachedInputTokens: 1 };

function usageOf(text: string, pieceBytes: number, protocol: "openai" | "anthropic" = "openai") {
  const tail = new UsageTail();
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    // A copy that is overwritten afterwards, as a socket may do with its buffer.
    const piece = Buffer.from(bytes.subarray(at, at + pieceBytes));
    tail.push(piece);
    piece.fill(0);
  }
  return tail.usage(wires[protocol]);
}

const long = "x".repeat(300_000);

describe("the usage at the end of a large answer", () => {
  test.each([
    ["behind long content", `{"choices":[{"message":{"content":"${long}"}}],${openaiUsage}}`],
    ["with a little behind it", `{"choices":["${long}"],${openaiUsage},"system_fingerprint":"f","x":{}}`],
    ["with blanks", `{"choices":["${long}"], ${openaiUsage.replaceAll(":", " : ")} }\n`],
    ["the last of two", `{"usage":{"prompt_tokens":9},"choices":["${long}"],${openaiUsage}}`],
    ["the last of two near each other", `{"choices":["${long}"],"usage":{"prompt_tokens":9},${openaiUsage}}`],
    [
      "although content speaks of usage",
      `{${openaiUsage},"choices":["${"x".repeat(9_000)} \\"usage\\":{\\"prompt_tokens\\":7} "]}`,
    ],
    ["although a value is the word", `{"choices":["${long}"],${openaiUsage},"object":"usage"}`],
    [
      "although a value is the word, before an object",
      `{"choices":["${long}"],${openaiUsage},"kind":"usage","meta":{"prompt_tokens":8}}`,
    ],
    ["deeper, at Groq's place", `{"choices":["${long}"],"x_groq":{"id":"i",${openaiUsage}}}`],
  ])("is read %s", (_, text) => {
    for (const pieceBytes of [7, 1_000, tailBytes, 1_000_000]) {
      // Seven bytes at a time only for the end: the beginning is of no account.
      const given = pieceBytes === 7 ? text.slice(-20_000) : text;
      expect(usageOf(given, pieceBytes)).toMatchObject(read);
    }
  });

  test("of an Anthropic answer, with its nested object and names", () => {
    const usage =
      '"usage":{"input_tokens":3,"cache_creation_input_tokens":4,"cache_creation":{"ephemeral_5m_input_tokens":4},"output_tokens":2,"service_tier":"standard"}';
    expect(
      usageOf(
        `{"type":"message","content":["${long}"],"stop_reason":"end_turn",${usage}}`,
        5_000,
        "anthropic",
      ),
    ).toMatchObject({
      inputTokens: 7,
      outputTokens: 2,
      cacheWriteTokens: 4,
    });
  });

  test.each([
    ["there is none", `{"choices":["${long}"]}`],
    ["there is nothing at all", ""],
    ["it is null", `{"choices":["${long}"],"usage":null}`],
    ["it is null, with an object behind", `{"choices":["${long}"],"usage":null,"meta":{"prompt_tokens":8}}`],
    ["it is cut off", `{"choices":["${long}"],${openaiUsage.slice(0, -2)}`],
    ["it stands further in front than the tail reaches", `{${openaiUsage},"choices":["${long}"]}`],
    ["the tail begins in the middle of it", `{${openaiUsage},"choices":["${"x".repeat(tailBytes - 40)}"]}`],
    ["it is no object", `{"choices":["${long}"],"usage":[{"prompt_tokens":8}]}`],
    ["it is the last word", `{"choices":["${long}"],"usage"`],
  ])("is unknown when %s", (_, text) => {
    for (const pieceBytes of [1_000, 1_000_000]) expect(usageOf(text, pieceBytes)).toBeUndefined();
  });
});
