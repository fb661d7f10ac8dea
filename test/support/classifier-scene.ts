// A classifier of each kind before a stand-in that says what a test wants. Must not know what a suite is about.
import { testService, TestClock } from "../../src/gateway/runtime-fixture.ts";
import type { Classified, PromptClassifier } from "../../src/gateway/routing/classifier.ts";
import { ClassifierShelf } from "../../src/gateway/routing/classifiers/classifier-shelf.ts";
import { createUndiciUpstream } from "../../src/gateway/upstream/undici-upstream.ts";
import { parseJson, record } from "../../src/lib/unknown-json.ts";
import { modelServiceField } from "../../src/resources/model-service.ts";
import { compileClassifier } from "../../src/snapshot/compile-classifier.ts";
import type { Keep } from "./keeper.ts";
import { says, startTested, type Respond, type Seen } from "./tested-service.ts";

const key = "sk-classifier-0123456789";
export const stays = new AbortController().signal;
export const unsure = [{ name: "chat", probability: 0.4 }];
export const sure = [{ name: "chat", probability: 0.8 }];
export const types = ["embedding", "http", "llm"] as const;
export type Type = (typeof types)[number];

export const domains = [
  { name: "code", examples: ["Fix this loop", "Why does it not compile?"] },
  { name: "chat", examples: ["Hello there", "How are you?"] },
  { name: "tax", examples: ["Is VAT due?", "When is the return due?"] },
];

export interface Scene {
  readonly classifier: PromptClassifier;
  readonly clock: TestClock;
  readonly seen: readonly Seen[];
  ask(text?: string, engine?: typeof sure, signal?: AbortSignal): Promise<Classified>;
  /** The same classifier as a later plan gets it. */
  again(): PromptClassifier;
}

export interface SceneOptions {
  readonly timeoutMs?: number;
  readonly protocol?: "openai" | "anthropic";
  readonly url?: string;
}

export async function classifierScene(
  keep: Keep,
  type: Type,
  respond: Respond,
  { timeoutMs = 10_000, protocol = "openai", ...given }: SceneOptions = {},
): Promise<Scene> {
  const server = await startTested(keep, respond);
  const url = given.url ?? server.url;
  const clock = new TestClock();
  const shelf = new ClassifierShelf({ upstream: keep(createUndiciUpstream("private")), clock });
  const service = testService({
    endpoints: [{ protocol, baseUrl: protocol === "openai" ? `${url}/v1` : url }],
    keys: [{ name: "k", value: key, weight: 1 }],
    timeouts: { connectMs: 20_000, idleMs: 20_000, totalMs: 20_000 },
  });
  const place = type === "http" ? { url: `${url}/classify` } : { service: "s", model: "m" };
  const parsed = modelServiceField.parse({
    mode: "intelligent",
    candidates: [{ service: "s", model: "m" }],
    classifier: { type, ...place, timeoutMs },
  });
  if (parsed.mode !== "intelligent" || parsed.classifier === undefined) throw new Error("no classifier");
  const config = compileClassifier(parsed.classifier, domains);
  const again = (): PromptClassifier => shelf.of(structuredClone(config), new Map([["s", service]]));
  const classifier = again();
  return {
    classifier,
    clock,
    seen: server.seen,
    ask: (text = "Why is my loop slow?", engine = unsure, signal = stays) =>
      classifier.classify({ text, engine, signal }),
    again,
  };
}

export const json = (value: unknown): string => JSON.stringify(value);
export const chat = (content: string): string =>
  json({ choices: [{ message: { role: "assistant", content } }] });

/** An embedding service of three dimensions: code, chat and all else, by a few words. */
export const embedding: Respond = ({ body }, response) => {
  const input = record(parseJson(body))["input"];
  const texts = Array.isArray(input) ? input.map(String) : [];
  const data = texts.map((text, index) => ({ index, embedding: meaning(text) }));
  response.writeHead(200, { "content-type": "application/json" }).end(json({ data: data.toReversed() }));
};

function meaning(text: string): number[] {
  if (/loop|compile/u.test(text)) return [1, 0.1, text.length / 1_000];
  return /hello|how/iu.test(text) ? [0.1, 1, text.length / 1_000] : [0.1, 0.1, 1];
}

/** What each says to a prompt about code. */
export const good: Readonly<Record<Type, Respond>> = {
  embedding,
  http: says(200, json({ domains: { code: 0.9, chat: 0.1 } })),
  llm: says(200, chat("code")),
};

/** An embedding classifier has to learn its examples first. */
export async function ready({ ask, seen }: Scene, type: Type): Promise<number> {
  if (type !== "embedding") return 0;
  for (;;) {
    const { by } = await ask("Hello you");
    if (by === "classifier") return seen.length;
    await new Promise(setImmediate);
  }
}
