// What the query bar offers for what is written so far.
import { describe, expect, test } from "vitest";
import { suggestions, type KnownValues } from "./completion.ts";

const known: KnownValues = (word) =>
  word === "model"
    ? [
        { value: "qwen-max", count: 12 },
        { value: "deepseek-chat", count: 9 },
        { value: "my model", count: 1 },
        { value: "", count: 1 },
      ]
    : word === "status"
      ? [{ value: "500", count: 3 }]
      : [];

const texts = (draft: string): string[] => suggestions(draft, known).map(({ text }) => text);

describe("while a term is written it offers", () => {
  test.each([
    ["fields that begin so, and the word itself", "mod", ["model:", "mode:", "moderation:", "mod"]],
    ["fields to exclude by", "-cons", ["-consumer:"]],
    [
      "values of the data with those that are always there",
      "status:",
      ["status:500", "status:5xx", "status:4xx", "status:2xx", "status:429"],
    ],
    [
      "values that hold what is written, those that begin so first",
      "model:m",
      ['model:"my model"', "model:qwen-max"],
    ],
    ["values to exclude", "-model:deep", ["-model:deepseek-chat"]],
    ["one value more of a list", "model:qwen-max,deep", ["model:qwen-max,deepseek-chat"]],
    ["examples where nothing is counted", "ttft:", ["ttft:>1s", "ttft:>3s"]],
    ["nothing for a field that is none", "colour:r", []],
    ["words with spaces as words alone", "two words", ["two words"]],
  ])("%s: %s", (_name, draft, expected) => {
    expect(texts(draft)).toEqual(expected);
  });

  test("counts where they are known", () => {
    expect(suggestions("model:qwen", known)).toEqual([
      { kind: "value", text: "model:qwen-max", word: "model", value: "qwen-max", count: 12 },
    ]);
  });

  test("the most used fields before anything is written", () => {
    expect(texts("").slice(0, 3)).toEqual(["status:", "api:", "model:"]);
    expect(texts("")).toHaveLength(12);
  });
});
