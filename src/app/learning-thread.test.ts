import { afterEach, beforeEach, expect, test } from "vitest";
import { TriedTooOften } from "../control/tried-too-often.ts";
import { policyOf, promptsOf, routingOf } from "../routing/learning/learning-fixture.ts";
import { runLearningTask, type LearningWork } from "../routing/learning/learning-task.ts";
import { featuresVersion } from "../routing/prompt/prompt-features.ts";
import { LearningThread } from "./learning-thread.ts";

let thread: LearningThread;

beforeEach(() => {
  thread = new LearningThread();
});
afterEach(() => thread.stop());

function training(): LearningWork["train"]["task"] {
  const { policy, models } = routingOf(policyOf({ large: { quality: 70 }, small: { quality: 65 } }));
  const prompts = promptsOf({ count: 80, worth: { large: [0.9, 0.4], small: [0.3, 0.9] } });
  return {
    policy,
    models,
    prompts: prompts.map(({ sketch, labels, prompt, models: known }) => ({
      sketch,
      labels,
      evidence: JSON.stringify({ features: featuresVersion, prompt, models: known }),
    })),
    publishedUpTo: 0,
  };
}

test("what a thread learns is what this one would, to the byte", async () => {
  const there = await thread.run("train", training());
  expect(there?.table.length).toBeGreaterThan(1_000);
  expect(there).toEqual(runLearningTask({ kind: "train", task: training() }));
});

test("prompts are read one piece of work after the other, and rows that are no evidence are left out", async () => {
  const [read, trained] = await Promise.all([
    thread.run("read", { domainTable: "", texts: ["Sort a list in Python", "写一首诗"] }),
    thread.run("train", { ...training(), prompts: [{ sketch: new Int8Array(), evidence: "{", labels: [] }] }),
  ]);
  expect(read.map(({ language }) => language)).toEqual(["en", "zh"]);
  expect(trained).toBeNull();
});

test("too much at once is refused, and what waits fails when the program ends", async () => {
  const all = Array.from({ length: 9 }, () => thread.run("read", { domainTable: "", texts: [] }));
  const settled = Promise.allSettled(all);
  await expect(all[8]).rejects.toBeInstanceOf(TriedTooOften);
  await thread.stop();
  const ends = await settled;
  expect(ends.at(7)).toMatchObject({ status: "rejected" });
});

test("work that takes too long is ended", async () => {
  const hasty = new LearningThread({ deadlineMs: 0 });
  await expect(hasty.run("train", training())).rejects.toThrow("took too long");
  await hasty.stop();
});

test("a thread that fails says so, and the next one works", async () => {
  const broken = {
    ...training(),
    policy: policyOf({}, { rules: [{ name: "r", patterns: ["("], keywords: [] }] }),
  };
  await expect(thread.run("train", broken)).rejects.toThrow();
  expect(await thread.run("read", { domainTable: "", texts: ["Hello"] })).toHaveLength(1);
});
