import { expect, test } from "vitest";
import { askedOf, emptyQuestion } from "./test-question.ts";

test.each<[string, Partial<typeof emptyQuestion>, object]>([
  ["words alone are a prompt", { prompt: "hi" }, { prompt: "hi" }],
  ["a profile is asked by its name", { prompt: "hi", profile: "fast" }, { prompt: "hi", profile: "fast" }],
  [
    "a length is told by a body",
    { prompt: "hi", maxTokens: 50 },
    { body: { model: "auto", messages: [{ role: "user", content: "hi" }], max_tokens: 50 } },
  ],
  [
    "tools are told by a body, with the profile as its model",
    { prompt: "hi", tools: true, profile: "cheap" },
    { body: { model: "auto/cheap", tools: [{ type: "function" }] }, profile: "cheap" },
  ],
  [
    "an image is a part of the message",
    { prompt: "hi", image: true },
    { body: { messages: [{ content: [{ type: "text", text: "hi" }, { type: "image_url" }] }] } },
  ],
])("%s", (_name, change, asked) => {
  expect(askedOf({ ...emptyQuestion, ...change })).toMatchObject(asked);
});
