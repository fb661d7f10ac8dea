// Every client's protocol in front of every service's, over sockets: whole, streamed at every piece of one byte, cut, refused.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { spokenServices, spokenText, spokenUsage } from "./support/spoken-services.ts";
import {
  startTranslationScene,
  translatedServices,
  type TranslatedService,
  type TranslationScene,
} from "./support/translation-scene.ts";

let scene: TranslationScene;

beforeAll(async () => {
  scene = await startTranslationScene();
});

afterAll(async () => {
  await scene.close();
});

/** What a client of one protocol asks, and how it reads what it gets, as far as this file needs. */
interface Client {
  readonly speaks: string;
  readonly path: string;
  readonly body: object;
  /** Every text below this member is said, in order. */
  readonly wholeText: (answer: unknown) => string;
  readonly streamText: (events: readonly unknown[]) => string;
  /** Stands in complete streams alone. */
  readonly mark: string;
}

const at = (value: unknown, ...path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>(
    (inner, name) => (inner as Readonly<Record<string, unknown>> | undefined)?.[name],
    value,
  );
const textAt = (value: unknown, ...path: readonly (string | number)[]): string => {
  const text = at(value, ...path);
  return typeof text === "string" ? text : "";
};

const hi = [{ role: "user", content: "Hi" }];
const clients: readonly Client[] = [
  {
    speaks: "openai",
    path: "/v1/chat/completions",
    body: { model: "m-1", messages: hi },
    wholeText: (answer) => textAt(answer, "choices", 0, "message", "content"),
    streamText: (events) => events.map((each) => textAt(each, "choices", 0, "delta", "content")).join(""),
    mark: "[DONE]",
  },
  {
    speaks: "openai-responses",
    path: "/v1/responses",
    body: { model: "m-1", input: "Hi" },
    wholeText: (answer) => textAt(answer, "output", 0, "content", 0, "text"),
    streamText: (events) =>
      events
        .filter((each) => at(each, "type") === "response.output_text.delta")
        .map((each) => textAt(each, "delta"))
        .join(""),
    mark: "response.completed",
  },
  {
    speaks: "anthropic",
    path: "/v1/messages",
    body: { model: "m-1", max_tokens: 64, messages: hi },
    wholeText: (answer) => textAt(answer, "content", 0, "text"),
    streamText: (events) => events.map((each) => textAt(each, "delta", "text")).join(""),
    mark: "message_stop",
  },
];

const pairs = clients.flatMap((client) =>
  translatedServices
    .filter((service) => service !== client.speaks)
    .map((service): [string, Client, TranslatedService] => [
      `${client.speaks} -> ${service}`,
      client,
      service,
    ]),
);

function eventsOf(text: string): unknown[] {
  const data = text.split("\n").filter((line) => line.startsWith("data: ") && !line.includes("[DONE]"));
  return data.map((line) => JSON.parse(line.slice("data: ".length)) as unknown);
}

const asking = ({ path, body }: Client, fields: object = {}) => ({
  path,
  body: JSON.stringify({ ...body, ...fields }),
});

describe.each(pairs)("%s", (_name, client, service) => {
  const spoken = spokenServices[service];

  test("a whole answer", async () => {
    scene.play(spoken.whole);
    const answer = await scene.ask(service, asking(client));
    expect(answer.status).toBe(200);
    expect(client.wholeText(answer.json())).toBe(spokenText);
    const record = await scene.gateway.record(answer.header("x-request-id"));
    expect(record).toMatchObject({ outcome: "ok", usage: spokenUsage, attempts: [{ protocol: service }] });
  });

  test.each(["whole", "1 byte"] as const)("a stream, cut %s", async (cutting) => {
    scene.play(spoken.stream, cutting);
    const answer = await scene.ask(service, asking(client, { stream: true }));
    expect(client.streamText(eventsOf(answer.text()))).toBe(spokenText);
    expect(answer.text()).toContain(client.mark);
    const record = await scene.gateway.record(answer.header("x-request-id"));
    expect(record).toMatchObject({ outcome: "ok", usage: spokenUsage });
  });

  test("a stream that breaks is never complete", async () => {
    const body = Buffer.from(spoken.stream.body).subarray(0, spoken.begun);
    scene.play({ ...spoken.stream, body });
    const answer = await scene.ask(service, asking(client, { stream: true }));
    expect(client.streamText(eventsOf(answer.text()))).toBe("Hel");
    expect(answer.text()).not.toContain(client.mark);
    const record = await scene.gateway.record(answer.header("x-request-id"));
    expect(record.outcome).toBe("truncated");
  });

  test.each([400, 404, 422, 500, 503])("status %s is kept in the client's words", async (status) => {
    scene.play({ status, body: JSON.stringify({ error: { message: "words of the service" } }) });
    const answer = await scene.ask(service, asking(client));
    expect(answer.status).toBe(status);
    expect(answer.json()).toMatchObject({ error: { message: "words of the service" } });
  });

  test("status 429 is kept in the client's words", async () => {
    // Its key rests afterwards, which is no matter of the other tests.
    const own = await startTranslationScene();
    own.play({ status: 429, body: JSON.stringify({ error: { message: "words of the service" } }) });
    const answer = await own.ask(service, asking(client));
    await own.close();
    expect(answer.status).toBe(429);
    expect(answer.json()).toMatchObject({ error: { message: "words of the service" } });
  });
});
