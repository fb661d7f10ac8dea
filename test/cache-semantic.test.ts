// Answers to questions that mean the same: how near they must be, and all that must be the same around them.
import { afterEach, describe, expect, test } from "vitest";
import { startSimulator } from "../src/simulator/simulator.ts";
import {
  cachingDocument,
  endScenes,
  startCounting,
  startScene,
  type CacheScene,
} from "./support/cache-scene.ts";
import type { TestDocument } from "./support/configuration.ts";

afterEach(endScenes);

/** Where the questions of these tests point, in degrees. */
const degrees: Readonly<Record<string, number>> = {
  "What is the moon?": 0,
  "What's the moon?": 5,
  "What is the sun?": 60,
};

interface SemanticScene extends CacheScene {
  readonly embedded: string[];
  /** What the embedding service answers; undefined: as the table says. */
  answer: string | undefined;
}

async function startSemantic(threshold = 0.95): Promise<SemanticScene> {
  const embedder = await startCounting();
  const embedded: string[] = [];
  const scene = await startScene((url) => semanticDocument(url, embedder.url, threshold));
  const semantic: SemanticScene = { ...scene, embedded, answer: undefined };
  embedder.answering = (response, _number, body) => {
    embedded.push(body);
    const { input } = JSON.parse(body) as { input: string };
    const angle = ((degrees[input] ?? 120) * Math.PI) / 180;
    const embedding = [3 * Math.cos(angle), 3 * Math.sin(angle)];
    const text = semantic.answer ?? JSON.stringify({ data: [{ embedding }], usage: { prompt_tokens: 3 } });
    response.writeHead(200, { "content-type": "application/json" }).end(text);
  };
  return semantic;
}

function semanticDocument(url: string, embedderUrl: string, threshold: number): TestDocument {
  const semantic = { service: "embedder", model: "embed-1", threshold };
  const document = cachingDocument(url, { mode: "semantic", semantic });
  const embedder = {
    name: "embedder",
    provider: "openai-compatible",
    protocols: [{ protocol: "openai", baseUrl: embedderUrl }],
    apiKeys: [{ name: "main", value: "sk-embedder-canary-0123456789" }],
  };
  return { ...document, services: [...document.services, embedder] };
}

const asking = (content: unknown, more: object = {}) => ({
  model: "small",
  messages: [
    { role: "system", content: "Be brief." },
    { role: "user", content },
  ],
  ...more,
});

test("a question that means the same gets the answer of the other, and one that does not does not", async () => {
  const { ask, service, embedded } = await startSemantic();
  const first = await ask(asking("What is the moon?"));
  const near = await ask(asking("What's the moon?"));
  const far = await ask(asking("What is the sun?"));
  expect([first.cache, near.cache, far.cache, service.asked]).toEqual(["miss", "hit", "miss", 2]);
  expect(near.text).toBe(first.text);
  expect(embedded.map((body) => JSON.parse(body) as unknown)).toEqual(
    ["What is the moon?", "What's the moon?", "What is the sun?"].map((input) => ({
      model: "embed-1",
      input,
      encoding_format: "float",
    })),
  );
});

test("the same words need no embedding", async () => {
  const { ask, embedded } = await startSemantic();
  await ask(asking("What is the moon?"));
  expect((await ask(asking("What is the moon?"))).cache).toBe("hit");
  expect(embedded).toHaveLength(1);
});

test("a higher threshold tells nearer questions apart", async () => {
  const { ask } = await startSemantic(0.999);
  await ask(asking("What is the moon?"));
  expect((await ask(asking("What's the moon?"))).cache).toBe("miss");
});

describe("never for", () => {
  test.each<[string, object]>([
    ["another model", asking("What's the moon?", { model: "large" })],
    ["another parameter", asking("What's the moon?", { temperature: 0.1 })],
    ["other tools", asking("What's the moon?", { tools: [{ type: "function", function: { name: "f" } }] })],
    ["a stream", asking("What's the moon?", { stream: true })],
    [
      "another system prompt",
      {
        model: "small",
        messages: [
          { role: "system", content: "Be long." },
          { role: "user", content: "What's the moon?" },
        ],
      },
    ],
    ["another history", asking([{ type: "text", text: "What's the moon?" }])],
  ])("%s", async (_name, body) => {
    const { ask } = await startSemantic();
    await ask(asking("What is the moon?"));
    expect((await ask(body)).cache).toBe("miss");
  });
});

describe("an embedding that fails is a miss with a warning", () => {
  test.each([
    ["no JSON", "<html>"],
    ["no vector", '{"data":[]}'],
    ["a vector of nothing", '{"data":[{"embedding":[0,0]}]}'],
    ["a vector of words", '{"data":[{"embedding":["a"]}]}'],
  ])("%s", async (_name, answer) => {
    const scene = await startSemantic();
    await scene.ask(asking("What is the moon?"));
    scene.answer = answer;
    const told = await scene.ask(asking("What's the moon?"));
    expect([told.status, told.cache]).toEqual([200, "miss"]);
    const record = await scene.gateway.record(told.headers.get("x-request-id") ?? undefined);
    expect(record.warnings).toEqual([{ field: "cache.semantic", action: "not-compared" }]);
    expect(JSON.stringify(record)).not.toContain("canary");
    expect((await scene.ask(asking("What's the moon?"))).cache).toBe("hit");
  });
});

test("the simulator's embeddings do", async () => {
  const simulator = await startSimulator({ port: 0 });
  try {
    const { ask } = await startScene((url) => semanticDocument(url, simulator.url, 0.9));
    await ask(asking("What is the moon?"));
    expect((await ask(asking("What is the sun?"))).cache).toBe("miss");
    expect((await ask(asking([{ type: "text", text: "What is the moon?" }]))).cache).toBe("miss");
    expect((await ask(asking("What is the moon?"))).cache).toBe("hit");
  } finally {
    await simulator.close();
  }
});
