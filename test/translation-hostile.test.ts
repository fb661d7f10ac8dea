// What services and clients may do to a translation, over sockets: keys that are echoed, answers that are nested or too
// large, requests that leave ten thousand things unsaid. Must not know translators.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { providerKey } from "./support/configuration.ts";
import type { Answer, RequestParts } from "./support/raw-client.ts";
import { spokenServices } from "./support/spoken-services.ts";
import {
  startTranslationScene,
  translatedServices,
  type Played,
  type TranslatedService,
  type TranslationScene,
} from "./support/translation-scene.ts";

let scene: TranslationScene;
const defects: unknown[] = [];

beforeAll(async () => {
  scene = await startTranslationScene({ gateway: { onDefect: (error) => void defects.push(error) } });
});

afterAll(async () => {
  await scene.close();
  expect(defects).toEqual([]);
});

const hi = [{ role: "user", content: "Hi" }];

/** A request that must be translated for this service. */
function asking(service: TranslatedService, fields: object = {}): RequestParts {
  return service === "openai"
    ? { path: "/v1/messages", body: JSON.stringify({ model: "m", max_tokens: 9, messages: hi, ...fields }) }
    : { path: "/v1/chat/completions", body: JSON.stringify({ model: "m", messages: hi, ...fields }) };
}

const everything = ({ headers, text }: Answer): string => JSON.stringify(headers) + text();

/** The error of every protocol at once: each service reads its own members. */
const errorSaying = (message: string, code: string) => ({
  error: { message, code, type: code, param: `messages.${code}`, status: "INVALID_ARGUMENT" },
  message,
  code,
});

describe.each(translatedServices)("the key of a service of %s, echoed", (service) => {
  const base64 = Buffer.from(`Bearer ${providerKey}`).toString("base64");
  const rows: Readonly<Record<string, Played>> = {
    "in an error": { status: 400, body: JSON.stringify(errorSaying(`no ${providerKey}`, providerKey)) },
    "in an error as base64": { status: 400, body: JSON.stringify(errorSaying(`no ${base64}`, "c")) },
    "in an error as percent encoding": {
      status: 422,
      body: JSON.stringify(errorSaying(`no ${providerKey.replaceAll("-", "%2D")}`, "c")),
    },
    "in an error as hexadecimal": {
      status: 500,
      body: JSON.stringify(errorSaying(`no ${Buffer.from(providerKey).toString("hex")}`, "c")),
    },
    "in plain words": { status: 404, type: "text/plain", body: `no ${providerKey}` },
    "in an error of a 200": { body: JSON.stringify(errorSaying(`no ${providerKey}`, providerKey)) },
  };

  test.each(Object.entries(rows))("%s is not shown", async (_name, played) => {
    scene.play(played);
    const shown = everything(await scene.ask(service, asking(service)));
    for (const part of [providerKey, base64.slice(12, -6), "%2Dprovider", "2d70726f7669646572"])
      expect(shown).not.toContain(part);
  });

  test.each([965, 985, 990])(
    "is not shown either where the message is cut behind %s characters",
    async (pad) => {
      const message = "x".repeat(pad) + providerKey;
      for (const played of [
        { status: 400, body: JSON.stringify(errorSaying(message, "c")) },
        { status: 400, type: "text/plain", body: message },
        { body: JSON.stringify(errorSaying(message, "c")) },
      ]) {
        scene.play(played);
        expect(everything(await scene.ask(service, asking(service)))).not.toContain(providerKey.slice(0, 6));
      }
    },
  );

  test("in an event of a stream is not shown", async () => {
    const data = JSON.stringify({ type: "error", ...errorSaying("x".repeat(985) + providerKey, "c") });
    scene.play({ type: "text/event-stream", body: `event: error\ndata: ${data}\n\n` });
    const answer = await scene.ask(service, asking(service, { stream: true }));
    expect(everything(answer)).not.toContain(providerKey.slice(0, 6));
  });
});

describe("what cannot be said of a long request", () => {
  const turns = Array.from({ length: 20_000 }, (_, index) =>
    index % 2 === 0
      ? { role: "user", content: "x", name: `user-${index}` }
      : { role: "assistant", content: "x", audio: { id: "a" } },
  );

  test.each(translatedServices.filter((service) => service !== "openai"))(
    "is told to its client in a header that clients take: %s",
    async (service) => {
      scene.play(spokenServices[service].whole);
      const answer = await scene.ask(service, asking(service, { messages: [...turns, ...hi] }));
      expect(answer.status).toBe(200);
      const told = answer.header("x-moongate-warnings") ?? "";
      expect(told).toContain("messages.1.audio;dropped");
      expect(told).toContain("messages.*.audio;dropped");
      expect(told.length).toBeLessThan(4_200);
      const record = await scene.gateway.record(answer.header("x-request-id"));
      expect(record.warnings.length).toBeLessThan(100);
    },
  );

  test("is told with shortened names, and the last says that there are more", async () => {
    scene.play(spokenServices.anthropic.whole);
    const unknown = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`${"unbekannt-ü".repeat(40)}${index}`, 1]),
    );
    const answer = await scene.ask("anthropic", asking("anthropic", unknown));
    expect(answer.status).toBe(200);
    const told = answer.header("x-moongate-warnings") ?? "";
    expect(told.length).toBeLessThan(4_200);
    expect(told.endsWith("*;dropped")).toBe(true);
    const record = await scene.gateway.record(answer.header("x-request-id"));
    expect(record.warnings.at(-1)).toEqual({ field: "*", action: "dropped" });
  });
});

describe("an answer that is nested ten thousand levels deep", () => {
  const nested = `${'{"a":'.repeat(30_000)}1${"}".repeat(30_000)}`;
  const bodies: Readonly<Partial<Record<TranslatedService, string>>> = {
    anthropic: `{"id":"m","type":"message","role":"assistant","model":"x","content":[{"type":"tool_use","id":"t","name":"f","input":${nested}}],"stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":1}}`,
    gemini: `{"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"name":"f","args":${nested}}}]},"finishReason":"STOP"}]}`,
    bedrock: `{"output":{"message":{"role":"assistant","content":[{"toolUse":{"toolUseId":"t","name":"f","input":${nested}}}]}},"stopReason":"tool_use"}`,
  };

  test.each(Object.entries(bodies))("is an error of the service, and no defect: %s", async (name, body) => {
    const service = translatedServices.find((each) => each === name) ?? "anthropic";
    scene.play({ body });
    const answer = await scene.ask(service, asking(service));
    expect(answer.status).toBe(502);
    expect(answer.json()).toMatchObject({
      error: { message: expect.stringContaining("nested too deeply") as unknown },
    });
    expect(defects).toEqual([]);
  });
});

describe("an event of a stream", () => {
  const text = (content: string, finish: string | null = null): string =>
    `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, delta: { content }, finish_reason: finish }] })}\n\n`;

  test("of three megabytes passes whole", async () => {
    const long = "é".repeat(1_500_000);
    scene.play({
      type: "text/event-stream",
      body: `${text("a")}${text(long)}${text("z", "stop")}data: [DONE]\n\n`,
    });
    const answer = await scene.ask("openai", asking("openai", { stream: true }));
    expect(answer.text()).toContain(long);
    expect(answer.text()).toContain("message_stop");
  });

  test("that is too large to be read is never left out: the stream breaks", async () => {
    const long = "x".repeat(9_000_000);
    scene.play({
      type: "text/event-stream",
      body: `${text("a")}${text(long)}${text("z", "stop")}data: [DONE]\n\n`,
    });
    const answer = await scene.ask("openai", asking("openai", { stream: true }));
    expect(answer.text()).toContain("too large to be translated");
    expect(answer.text()).not.toContain("message_stop");
  });
});
