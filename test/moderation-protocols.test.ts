// What clients of every protocol get for content that is refused, before and after their answer has begun, and that the
// official libraries understand it.
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { providerKey, type TestDocument } from "./support/configuration.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import { createKeeper } from "./support/keeper.ts";
import { RawClient, type Answer } from "./support/raw-client.ts";
import { startRawUpstream, type UpstreamRequest } from "./support/raw-upstream.ts";
import { spokenStreams, type SpokenStream } from "./support/spoken-streams.ts";

const keep = createKeeper();

const words = { name: "words", type: "keywords", keywords: ["verboten"] };
const moderation = { enabled: true, checks: [words] };

const providers: Readonly<Record<string, string>> = {
  openai: "openai-compatible",
  anthropic: "anthropic-compatible",
  dashscope: "dashscope",
  gemini: "gemini",
};

/** Routes that are not there of themselves. */
const beyondSeeds: Readonly<Record<string, readonly string[]>> = {
  "openai-responses": ["responses"],
  dashscope: ["dashscope-text-generation"],
  gemini: ["gemini-models"],
};

async function gatewayFor(
  { protocol }: Pick<SpokenStream, "protocol">,
  respond: (request: UpstreamRequest) => void,
  fields: Readonly<Record<string, unknown>> = { moderation },
): Promise<{ gateway: Gateway; gone: Promise<void>; asked: () => number }> {
  const left = Promise.withResolvers<void>();
  let asked = 0;
  const upstream = keep(
    await startRawUpstream({
      onRequest: (request) => {
        asked += 1;
        request.connection.socket.on("close", () => left.resolve());
        respond(request);
      },
    }),
  );
  const spoken = protocol === "openai-responses" ? "openai" : protocol;
  const document: TestDocument = {
    services: [
      {
        name: "up",
        provider: providers[spoken],
        protocols: [...new Set([spoken, protocol])].map((each) => ({
          protocol: each,
          baseUrl: upstream.url,
        })),
        apiKeys: [{ name: "main", value: providerKey }],
      },
    ],
    modelApis: [
      {
        name: "chat",
        useCase: "text-generation",
        protocols: [spoken],
        routes: { enabled: beyondSeeds[protocol] ?? [] },
        modelService: { mode: "single", target: { service: "up" } },
        retries: { max: 0 },
        ...fields,
      },
    ],
  };
  return { gateway: keep(await startGateway(document)), gone: left.promise, asked: () => asked };
}

const head = (type: string): string =>
  `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ntransfer-encoding: chunked\r\n\r\n`;
const framed = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

/** Says all but the end of a stream, and then nothing: only whoever waits for no more gets on. */
function speaks(spoken: SpokenStream, pieces: readonly string[]) {
  return ({ connection }: UpstreamRequest): void => {
    connection.socket.write(head(spoken.type) + framed(spoken.speak(pieces)));
  };
}

async function ask(gateway: Gateway, { path, body, protocol }: SpokenStream): Promise<Answer> {
  const client = await RawClient.connect(gateway.port);
  const sse = protocol === "dashscope" ? ([["x-dashscope-sse", "enable"]] as const) : [];
  const got = await client.request({
    method: "POST",
    path,
    body,
    headers: sse,
  });
  client.destroy();
  return got;
}

const tale =
  "Once upon a time there was a word that nobody was allowed to say, and it was said so often that "
    .repeat(20)
    .split("");

describe.each(Object.entries(spokenStreams))("%s", (_name, spoken) => {
  test("a refusal after the beginning ends the stream in the protocol's own way, and the service is left at once", async () => {
    const { gateway, gone } = await gatewayFor(
      spoken,
      speaks(spoken, [...tale, "it is ver", "boten", " to say"]),
    );
    const got = await ask(gateway, spoken);
    expect(got.status).toBe(200);
    const text = got.text();
    expect(text).toContain(spoken.blockedMark);
    expect(text).not.toContain("boten");
    expect(spoken.hear(text).startsWith("Once upon a time there was a word")).toBe(true);
    const record = await gateway.record(got.header("x-request-id"));
    expect(record).toMatchObject({ status: 200, outcome: "blocked", errorCode: "content_blocked" });
    expect(record.moderation).toMatchObject([{ check: "words", direction: "response", action: "block" }]);
    // Nobody left, and the service did nothing wrong.
    expect(record.attempts).toMatchObject([{ outcome: "ok", reason: "" }]);
    await gone;
  });

  // The name of a tool is a text before the others.
  test.skipIf(spoken.speak([""]).includes('"name":"say"'))(
    "a refusal at the beginning is a 400",
    async () => {
      const { gateway } = await gatewayFor(spoken, speaks(spoken, ["it is ver", "boten", " to say"]));
      const got = await ask(gateway, spoken);
      expect([got.status, got.text().includes("boten")]).toEqual([400, false]);
      const record = await gateway.record(got.header("x-request-id"));
      expect(record).toMatchObject({ status: 400, outcome: "blocked", errorCode: "content_blocked" });
    },
  );

  test("a refused request is a 400, and nobody is asked", async () => {
    const { gateway, asked } = await gatewayFor(spoken, speaks(spoken, tale));
    const got = await ask(gateway, { ...spoken, body: spoken.body.replace('"Hi"', '"Verboten"') });
    expect([got.status, asked()]).toEqual([400, 0]);
  });

  test("with nothing to find every byte is the service's", async () => {
    const { gateway } = await gatewayFor(spoken, ({ connection }) => {
      connection.socket.write(`${head(spoken.type)}${framed(spoken.speak(tale))}0\r\n\r\n`);
    });
    const got = await ask(gateway, spoken);
    expect(got.text()).toBe(spoken.speak(tale));
    expect(await gateway.record(got.header("x-request-id"))).toMatchObject({ outcome: "ok" });
  });

  test("in a dry run it is only recorded", async () => {
    const { gateway } = await gatewayFor(
      spoken,
      ({ connection }) => {
        connection.socket.write(
          `${head(spoken.type)}${framed(spoken.speak(["it is ver", "boten"]))}0\r\n\r\n`,
        );
      },
      { moderation: { ...moderation, dryRun: true } },
    );
    const got = await ask(gateway, spoken);
    expect(got.text()).toBe(spoken.speak(["it is ver", "boten"]));
    const record = await gateway.record(got.header("x-request-id"));
    expect(record).toMatchObject({ outcome: "ok" });
    expect(record.moderation).toMatchObject([{ action: "observe", count: 1 }]);
  });
});

describe("the official libraries", () => {
  const pieces = [...tale, "it is ver", "boten", " to say"];
  const rowOf = (name: string): SpokenStream => {
    const row = spokenStreams[name];
    if (row === undefined) throw new Error(`no stream ${name}`);
    return row;
  };

  test("of OpenAI see a chat that ends with content_filter", async () => {
    const { gateway } = await gatewayFor(rowOf("OpenAI chat"), speaks(rowOf("OpenAI chat"), pieces));
    const openai = new OpenAI({ apiKey: "k", baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    const stream = await openai.chat.completions.create({
      model: "m",
      stream: true,
      messages: [{ role: "user", content: "Hi" }],
    });
    const reasons: unknown[] = [];
    for await (const chunk of stream) reasons.push(chunk.choices[0]?.finish_reason);
    expect(reasons.at(-1)).toBe("content_filter");
  });

  test("of OpenAI see a response that is incomplete", async () => {
    const { gateway } = await gatewayFor(rowOf("Responses"), speaks(rowOf("Responses"), pieces));
    const openai = new OpenAI({ apiKey: "k", baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    const stream = await openai.responses.create({ model: "m", stream: true, input: "Hi" });
    const last: unknown[] = [];
    for await (const event of stream) last[0] = event;
    expect(last[0]).toMatchObject({
      type: "response.incomplete",
      response: { status: "incomplete", incomplete_details: { reason: "content_filter" } },
    });
  });

  test("of Anthropic see a message that ends with refusal", async () => {
    const { gateway } = await gatewayFor(rowOf("Anthropic"), speaks(rowOf("Anthropic"), pieces));
    const anthropic = new Anthropic({ apiKey: "k", baseURL: gateway.url, maxRetries: 0 });
    const stream = anthropic.messages.stream({
      model: "m",
      max_tokens: 9,
      messages: [{ role: "user", content: "Hi" }],
    });
    expect((await stream.finalMessage()).stop_reason).toBe("refusal");
  });

  test("throw what they throw for a bad request, where nothing was sent yet", async () => {
    const { gateway } = await gatewayFor(rowOf("OpenAI chat"), speaks(rowOf("OpenAI chat"), ["verboten!"]));
    const openai = new OpenAI({ apiKey: "k", baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    const asked = openai.chat.completions.create({
      model: "m",
      messages: [{ role: "user", content: "say verboten" }],
    });
    await expect(asked).rejects.toMatchObject({ status: 400, code: "content_blocked" });
  });
});
