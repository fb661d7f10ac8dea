// What the probe accepts as the mock's stream.

import { expect, test } from "vitest";

import { streamFrames } from "./load/traffic.ts";
import { streamProblemOf } from "./probe.ts";

const whole = streamFrames.join("");

test("the mock's own stream is right, and so is one with fields added", () => {
  expect(streamProblemOf(whole)).toBeUndefined();
  expect(streamProblemOf(whole.replaceAll('{"id"', '{"provider":"openai","id"'))).toBeUndefined();
});

test.each([
  { name: "a frame lost", text: streamFrames.toSpliced(5, 1).join(""), problem: "200 frames" },
  { name: "no end", text: streamFrames.slice(0, -1).join(""), problem: "200 frames" },
  { name: "a word changed", text: whole.replace("moon ", "sun "), problem: "differs" },
  {
    name: "two frames swapped",
    text: streamFrames.toSpliced(3, 2, streamFrames[4] ?? "", streamFrames[3] ?? "").join(""),
    problem: "frame 3 differs",
  },
])("$name is noticed", ({ text, problem }) => {
  expect(streamProblemOf(text)).toContain(problem);
});
