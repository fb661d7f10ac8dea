// What is typed finds what is meant, best first.
import { expect, it } from "vitest";
import { fitOf, ranked } from "./rank.ts";

it("prefers the whole text, then its beginning, a word's beginning, its inside, its letters", () => {
  const texts = ["a-chatty", "chat", "ratchat", "chat-eu", "support-chat", "cohabit"];
  expect(ranked(texts, "chat", (text) => [text])).toEqual([
    "chat",
    "chat-eu",
    "a-chatty",
    "support-chat",
    "ratchat",
    "cohabit",
  ]);
  expect(ranked(texts, "cht", (text) => [text])).toContain("chat");
});

it("does not mind case, nor the order of words", () => {
  expect(fitOf("MODEL create", "Create Model API")).not.toBeNull();
  expect(fitOf("模型", "创建模型 API")).not.toBeNull();
});

it("leaves out what does not fit, and takes any of several texts", () => {
  expect(ranked(["a", "b"], "zz", (text) => [text])).toEqual([]);
  expect(
    ranked([{ name: "x", words: "dark theme" }], "dark", ({ name, words }) => [name, words]),
  ).toHaveLength(1);
});
