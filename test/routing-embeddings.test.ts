// The classifier by an embedding service, over sockets: it learns its examples once, in the background, and anew where the
// service was changed or failed.
import { describe, expect, test } from "vitest";
import { testService, TestClock } from "../src/gateway/runtime-fixture.ts";
import type { Classified, PromptClassifier } from "../src/gateway/routing/classifier.ts";
import { ClassifierShelf } from "../src/gateway/routing/classifiers/classifier-shelf.ts";
import { createUndiciUpstream } from "../src/gateway/upstream/undici-upstream.ts";
import { parseJson, record } from "../src/lib/unknown-json.ts";
import { compileClassifier } from "../src/snapshot/compile-classifier.ts";
import {
  classifierScene,
  domains,
  embedding,
  json,
  ready,
  stays,
  unsure,
  type Scene,
  type SceneOptions,
  type Type,
} from "./support/classifier-scene.ts";
import { createKeeper } from "./support/keeper.ts";
import { says, startTested, type Respond } from "./support/tested-service.ts";

const keep = createKeeper();
const scene = (type: Type, respond: Respond, options?: SceneOptions): Promise<Scene> =>
  classifierScene(keep, type, respond, options);

describe("an embedding service", () => {
  test("is asked for the examples once, in pieces of ten, and nobody waits for that", async () => {
    const made = await scene("embedding", embedding);
    await expect(made.ask()).resolves.toEqual({ by: "engine", failure: "not-ready" });
    await ready(made, "embedding");
    const inputs = made.seen.map(({ body }) => record(parseJson(body))["input"]);
    expect(inputs[0]).toEqual(domains.flatMap(({ examples }) => examples));
    expect(inputs.length).toBe(2);
  });

  test.each([
    ["fails", says(500, "no")],
    ["gives too few", says(200, json({ data: [{ index: 0, embedding: [1, 2] }] }))],
    [
      "gives nothing but zeros",
      says(200, json({ data: [0, 1, 2, 3, 4, 5].map((index) => ({ index, embedding: [0] })) })),
    ],
  ])("that %s for the examples is asked again after 30 s", async (_name, respond) => {
    let works = false;
    const made = await scene("embedding", (request, response) =>
      (works ? embedding : respond)(request, response),
    );
    await made.ask();
    while (made.seen.length === 0) await new Promise(setImmediate);
    // What has come back is read some turns later.
    for (let turn = 0; turn < 200; turn += 1) await new Promise(setImmediate);
    await made.ask();
    expect(made.seen.length).toBe(1);
    works = true;
    made.clock.nowMs += 30_000;
    await ready(made, "embedding");
  });

  test("that answers with other dimensions is not believed", async () => {
    let dimensions = 3;
    const made = await scene("embedding", (request, response) => {
      if (dimensions === 3) embedding(request, response);
      else says(200, json({ data: [{ index: 0, embedding: [1, 2] }] }))(request, response);
    });
    await ready(made, "embedding");
    dimensions = 2;
    await expect(made.ask()).resolves.toEqual({ by: "engine", failure: "not-understood" });
  });
});

test("an embedding service that was changed is asked for the examples anew, and what is known holds until then", async () => {
  const first = await startTested(keep, embedding);
  const second = await startTested(keep, embedding);
  const shelf = new ClassifierShelf({
    upstream: keep(createUndiciUpstream("private")),
    clock: new TestClock(),
  });
  const config = compileClassifier(
    { type: "embedding", service: "s", model: "m", timeoutMs: 10_000 },
    domains,
  );
  const of = (url: string): PromptClassifier => {
    const timeouts = { connectMs: 20_000, idleMs: 20_000, totalMs: 20_000 };
    const service = testService({ endpoints: [{ protocol: "openai", baseUrl: `${url}/v1` }], timeouts });
    return shelf.of(config, new Map([["s", service]]));
  };
  const ask = (classifier: PromptClassifier, text: string): Promise<Classified> =>
    classifier.classify({ text, engine: unsure, signal: stays });
  const before = of(first.url);
  while ((await ask(before, "Hello you")).by !== "classifier") await new Promise(setImmediate);
  const after = of(second.url);
  await expect(ask(after, "Hello all")).resolves.toMatchObject({ by: "classifier" });
  const examples = domains.flatMap((domain) => domain.examples);
  const inputs = (): unknown[] => second.seen.map(({ body }) => record(parseJson(body))["input"]);
  while (inputs().every((input) => Array.isArray(input) && input.length < 2)) await new Promise(setImmediate);
  expect(inputs()).toContainEqual(examples);
});
