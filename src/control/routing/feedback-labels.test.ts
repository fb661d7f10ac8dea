import { expect, test } from "vitest";
import { routingStoreInMemory } from "../../store/sqlite-routing-store.ts";
import { intelligentResources, routedRecord } from "./learning-fixture.ts";
import { labelFeedback } from "./feedback-labels.ts";
import { LabelBook } from "./label-book.ts";

const book = () => new LabelBook({ store: routingStoreInMemory(), wallMs: () => 7 });

test.each([
  [
    "good is a label",
    [true, "chat"],
    [1],
    [{ model: "m", source: "feedback", score: 1, weight: 1, atMs: 7 }],
  ],
  ["bad is one too", [true, "chat"], [-1], [{ score: 0 }]],
  ["the newest word counts", [true, "chat"], [1, -1], [{ score: 0 }]],
  ["neither is none", [true, "chat"], [1, 0], []],
  ["what is taken back is none", [true, "chat"], [1, null], []],
  ["a Model API that does not learn has none", [false, "chat"], [1], []],
  ["nor has one of another mode", [true, "other"], [1], []],
] as const)("%s", async (_name, [enabled, api], scores, labels) => {
  const working = { resources: intelligentResources({ learning: { enabled } }) };
  const tools = { labels: book(), working, read: async () => routedRecord({ api }) };
  for (const score of scores) await labelFeedback(tools, "r1", score === null ? null : { score });
  expect(tools.labels.labelsOf("chat").labels).toMatchObject(labels);
  expect(tools.labels.labelsOf("chat").prompts).toHaveLength(labels.length);
});

test.each([
  ["there is no record", null],
  ["the record has no numbers of its prompt", routedRecord({ sketch: undefined })],
  ["they are of another length", routedRecord({ sketch: "AAAA" })],
])("where %s there is no label", async (_name, record) => {
  const working = { resources: intelligentResources({ learning: { enabled: true } }) };
  const tools = { labels: book(), working, read: async () => record };
  await labelFeedback(tools, "r1", { score: 1 });
  expect(tools.labels.labelsOf("chat").labels).toEqual([]);
});

test("the numbers of a prompt are kept with their signs, and none of its models' labels", async () => {
  const working = { resources: intelligentResources({ learning: { enabled: true } }) };
  const tools = { labels: book(), working, read: async () => routedRecord() };
  await labelFeedback(tools, "r1", { score: 1 });
  const [prompt] = tools.labels.labelsOf("chat").prompts;
  expect([...(prompt?.sketch ?? [])].slice(0, 3)).toEqual([-127, 0, 127]);
  expect(JSON.parse(prompt?.evidence ?? "")).toEqual({
    features: 3,
    prompt: routedRecord().decision?.routing?.evidence.prompt,
    models: [{ model: "m", excluded: "", declared: 0.6, general: 0.6, costUsd: 0.001, latencyMs: 300 }],
  });
});
