// What is learnt where the truth is known: better where there is something to learn, nothing where there is not, and no
// verdict where labels cannot give one.
import { expect, test } from "vitest";
import { realTools, policyOf, promptsOf, routingOf, type Truth } from "./learning-fixture.ts";
import { train } from "./train.ts";

const two = { large: { quality: 70 }, small: { quality: 65 } };
const routing = routingOf(policyOf(two));
const trained = (truth: Truth, publishedUpTo = 0) =>
  train({ routing, prompts: promptsOf(truth), publishedUpTo }, realTools)?.report;

test.each<[string, Truth, string, RegExp]>([
  [
    "one model is truly better in one domain",
    { count: 300, worth: { large: [0.9, 0.4], small: [0.3, 0.9] } },
    "better",
    /^It is better on 300 prompts/u,
  ],
  [
    "labels are noise",
    { count: 300, worth: { large: [0.5, 0.5], small: [0.5, 0.5] } },
    "not-better",
    /not surely better|same model/u,
  ],
  [
    "the default is the best everywhere",
    { count: 300, worth: { large: [0.9, 0.9], small: [0.2, 0.2] } },
    "not-better",
    /same model/u,
  ],
  [
    "each prompt is labelled for one model only",
    {
      count: 300,
      worth: { large: [0.9, 0.4], small: [0.3, 0.9] },
      labelled: (index) => [index % 3 === 0 ? "large" : "small"],
    },
    "unknown",
    /Too few prompts are labelled for more than one model: 0/u,
  ],
  [
    "few are labelled at all",
    { count: 20, worth: { large: [0.9, 0.4], small: [0.3, 0.9] } },
    "unknown",
    /Too few prompts .*: 20, at least 30/u,
  ],
])("where %s", (_name, truth, verdict, reason) => {
  const report = trained(truth);
  expect(report?.verdict).toBe(verdict);
  expect(report?.reason).toMatch(reason);
});

test("labels of a few prompts for both models judge what all labels have taught", () => {
  const worth = { large: [0.9, 0.4], small: [0.3, 0.9] } as const;
  const report = trained({
    count: 400,
    worth,
    labelled: (index) => (index % 4 < 2 ? ["large", "small"] : [index % 3 === 0 ? "large" : "small"]),
  });
  expect(report).toMatchObject({
    verdict: "better",
    prompts: 400,
    labels: 600,
    overCurrent: { prompts: 200 },
  });
});

test("what is in use already is not better than itself, and with more labels it can be", () => {
  const truth = { count: 300, worth: { large: [0.9, 0.4], small: [0.3, 0.9] } } as const;
  const newest = promptsOf(truth).at(-1)?.labels.at(-1)?.place ?? 0;
  expect(trained(truth, newest)).toMatchObject({ verdict: "not-better", overCurrent: { differ: 0 } });
  expect(trained(truth, 8)?.overCurrent.differ).toBeGreaterThan(0);
});

test("more labels make the choice better, and the curve says so", () => {
  const curve = trained({ count: 600, worth: { large: [0.85, 0.4], small: [0.35, 0.9] } })?.curve ?? [];
  expect(curve.map(({ prompts }) => prompts)).toEqual([0, 50, 100, 200, 400, 600]);
  const [first, last] = [curve[0]?.quality.value ?? 1, curve.at(-1)?.quality.value ?? 0];
  expect(last - first).toBeGreaterThan(0.1);
  for (const { quality } of curve) {
    expect(quality.low).toBeLessThan(quality.value);
    expect(quality.high).toBeGreaterThan(quality.value);
  }
});

test("the same labels give the same table and report", () => {
  const input = () => ({
    routing,
    prompts: promptsOf({ count: 120, worth: { large: [0.9, 0.4], small: [0.3, 0.9] } }),
    publishedUpTo: 0,
  });
  expect(train(input(), realTools)).toEqual(train(input(), realTools));
});

test("labels of models that are no candidates any more teach nothing", () => {
  expect(trained({ count: 50, worth: { gone: [1, 1] } })).toBeUndefined();
  const report = trained({
    count: 100,
    worth: { large: [0.5, 0.5], gone: [1, 1] },
  });
  expect(report).toMatchObject({ labels: 100, verdict: "unknown" });
});
