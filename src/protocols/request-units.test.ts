import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { noTokens } from "../core/usage.ts";
import { countCharacters, formUnits, requestUnits, withOrderedUnits } from "./request-units.ts";

test.each([
  ["images by number", "images", '{"n":3,"prompt":"x"}', { images: 3 }],
  ["one image without a number", "images", '{"prompt":"x"}', { images: 1 }],
  ["one image for a number that is none", "images", '{"n":"many"}', { images: 1 }],
  ["one image for a number below one", "images", '{"n":0}', { images: 1 }],
  ["no more images than can be", "images", '{"n":1e9}', { images: 100 }],
  ["one image of a body that is no JSON", "images", "--b\r\n", { images: 1 }],
  ["characters", "speech", '{"input":"Hello"}', { characters: 5 }],
  ["characters behind escapes", "speech", String.raw`{"input":"a\n\ud83c\udf89é代"}`, { characters: 5 }],
  ["no characters without a text", "speech", '{"input":[1]}', undefined],
  ["one search", "rerank", '{"query":"q"}', { searches: 1 }],
  ["nothing of a chat", "generation", '{"n":3,"input":"x"}', undefined],
] as const)("a request orders %s", (_, kind, body, expected) => {
  expect(requestUnits(kind, Buffer.from(body))).toEqual(expected);
});

const part = (name: string, value?: string) => ({ name, filename: undefined, value });

test.each([
  ["images by number", "images", [part("prompt"), part("n", "3")], { images: 3 }],
  ["one image without a number", "images", [part("prompt")], { images: 1 }],
  ["one image for a number that is none", "images", [part("n", "many")], { images: 1 }],
  ["one image for a number that was too long to be read", "images", [part("n")], { images: 1 }],
  ["one image for nothing", "images", [part("n", " ")], { images: 1 }],
  ["no more images than can be", "images", [part("n", "1e9")], { images: 100 }],
  ["nothing of a recording", "transcription", [part("n", "3")], undefined],
] as const)("a form orders %s", (_, kind, parts, expected) => {
  expect(formUnits(kind, parts)).toEqual(expected);
});

test("characters are code points", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(countCharacters(text)).toBe(Array.from(text).length);
    }),
  );
});

describe("usage with what was ordered", () => {
  const reported = { ...noTokens, inputTokens: 7 };
  test.each([
    [
      "is an estimate when nothing was reported",
      undefined,
      { characters: 5 },
      { ...noTokens, characters: 5, estimated: true },
    ],
    ["gets the units that were not reported", reported, { images: 2 }, { ...reported, images: 2 }],
    ["keeps the units that were", { ...reported, images: 1 }, { images: 2 }, { ...reported, images: 1 }],
    ["stays when nothing was ordered", reported, undefined, reported],
    ["stays absent", undefined, undefined, undefined],
  ])("%s", (_, usage, ordered, expected) => {
    expect(withOrderedUnits(usage, ordered)).toEqual(expected);
  });
});
