// The official client libraries against the gateway, with recorded answers behind it: they must notice no difference.
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bothProtocols } from "./support/configuration.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import { cuttings, startReplayUpstream, type ReplayUpstream } from "./support/replay-upstream.ts";
import { named } from "./support/named.ts";
import { replayed, type Replayed } from "./support/replayed-requests.ts";

const consumerKey = "consumer-key-0123456789";

let upstream: ReplayUpstream;
let gateway: Gateway;
/** The same libraries with the gateway between, and without. */
let through: Clients;
let directly: Clients;

interface Clients {
  readonly openai: OpenAI;
  readonly anthropic: Anthropic;
}

function clientsOf(openaiUrl: string, anthropicUrl: string, apiKey: string): Clients {
  return {
    openai: new OpenAI({ apiKey, baseURL: `${openaiUrl}/v1`, maxRetries: 0 }),
    anthropic: new Anthropic({ apiKey, baseURL: anthropicUrl, maxRetries: 0 }),
  };
}

beforeAll(async () => {
  upstream = await startReplayUpstream();
  const auth = { enabled: true, grants: [{ consumer: "app" }] };
  gateway = await startGateway({
    ...bothProtocols(upstream.url, { auth }),
    consumers: [{ name: "app", credentials: [{ type: "api-key", name: "main", value: consumerKey }] }],
  });
  through = clientsOf(`${gateway.url}/openai`, `${gateway.url}/anthropic`, consumerKey);
  directly = clientsOf(upstream.url, upstream.url, consumerKey);
});

afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

/** What a library made of an answer: the values it gave, and what it threw, if it did. */
interface Seen {
  readonly values: unknown[];
  readonly error?: unknown;
}

async function collect(open: () => Promise<unknown>): Promise<Seen> {
  const values: unknown[] = [];
  try {
    const result = await open();
    if (isStream(result)) for await (const value of result) values.push(plain(value));
    else values.push(plain(result));
    return { values };
  } catch (error) {
    return { values, error };
  }
}

function isStream(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

/** Without what the library adds for itself, which is not enumerable JSON. */
function plain(value: unknown): unknown {
  const copy: unknown = JSON.parse(JSON.stringify(value));
  if (typeof copy === "object" && copy !== null && "_request_id" in copy) delete copy._request_id;
  return copy;
}

/** Sends the recorded request with the library that made it. The body is recorded data: its shape is the library's own. */
function call({ openai, anthropic }: Clients, recording: Replayed): Promise<unknown> {
  const body: unknown = JSON.parse(recording.request);
  switch (recording.protocol) {
    case "openai-chat":
      return openai.chat.completions.create(body as OpenAI.ChatCompletionCreateParams);
    case "openai-completions":
      return openai.completions.create(body as OpenAI.CompletionCreateParams);
    case "anthropic":
      return anthropic.messages.create(body as Anthropic.MessageCreateParams);
    default:
      return anthropic.messages.countTokens(body as Anthropic.MessageCountTokensParams);
  }
}

function failure(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return { name: error.name, message: error.message, status: "status" in error ? error.status : undefined };
}

describe(`${replayed.length} recordings through the official client libraries`, () => {
  test.each(named(replayed))("%s", async (_name, recording) => {
    upstream.play(recording, "whole");
    const direct = await collect(() => call(directly, recording));
    expect(direct.values.length > 0 || direct.error !== undefined).toBe(true);
    for (const cutting of cuttings) {
      upstream.play(recording, cutting);
      const seen = await collect(() => call(through, recording));
      expect(seen.values, `cut: ${cutting}`).toEqual(direct.values);
      expect(failure(seen.error), `cut: ${cutting}`).toEqual(failure(direct.error));
    }
  });
});

describe("what the libraries build from streams", () => {
  const pick = (name: string): Replayed => {
    const found = replayed.find((recording) => recording.name.includes(name));
    if (found === undefined) throw new Error(`no recording ${name}`);
    return found;
  };

  test("openai: parallel tool calls of a stream come out whole", async () => {
    const recording = pick("function-calls-tools-streaming-parallel");
    upstream.play(recording, "1 byte");
    const body = JSON.parse(recording.request) as Parameters<OpenAI["chat"]["completions"]["stream"]>[0];
    const message = await through.openai.chat.completions.stream(body).finalMessage();
    const calls = message.tool_calls ?? [];
    expect(calls.length).toBeGreaterThan(1);
    for (const toolCall of calls) {
      if (toolCall.type !== "function") throw new Error("not a function");
      expect(JSON.parse(toolCall.function.arguments)).toBeTypeOf("object");
    }
  });

  test("anthropic: a tool use of a stream comes out whole", async () => {
    const recording = pick("llma.stream-events-tool-calls");
    upstream.play(recording, "1 byte");
    const { stream: _stream, ...body } = JSON.parse(recording.request) as Anthropic.MessageStreamParams & {
      stream?: boolean;
    };
    const message = await through.anthropic.messages.stream(body).finalMessage();
    expect(message.stop_reason).toBe("tool_use");
    expect(message.content.some((block) => block.type === "tool_use")).toBe(true);
  });
});

describe("the gateway's own errors, as the libraries understand them", () => {
  const message = { role: "user", content: "Hello" } as const;
  const chat = { model: "m", messages: [message] };
  const anthropicMessage = { model: "m", max_tokens: 8, messages: [message] };

  test("openai: a wrong key is an AuthenticationError with our code", async () => {
    const { openai: client } = clientsOf(`${gateway.url}/openai`, "", "not-a-key-0123456789");
    const { error } = await collect(() => client.chat.completions.create(chat));
    expect(error).toBeInstanceOf(OpenAI.AuthenticationError);
    expect(error).toMatchObject({ status: 401, code: "invalid_credentials", type: "authentication_error" });
  });

  test("openai: a path that is no route is a NotFoundError with our code", async () => {
    const { error } = await collect(() => through.openai.embeddings.create({ model: "m", input: "x" }));
    expect(error).toBeInstanceOf(OpenAI.NotFoundError);
    expect(error).toMatchObject({ status: 404, code: "route_not_found" });
  });

  test("openai: a refusal of the provider's key is a 502 with our code", async () => {
    upstream.play(
      { status: 401, contentType: "application/json", body: Buffer.from('{"error":{"message":"no"}}') },
      "whole",
    );
    const { error } = await collect(() => through.openai.chat.completions.create(chat));
    expect(error).toBeInstanceOf(OpenAI.InternalServerError);
    expect(error).toMatchObject({ status: 502, code: "upstream_credentials" });
  });

  test("anthropic: a wrong key is an AuthenticationError with the request's id", async () => {
    const { anthropic: client } = clientsOf("", `${gateway.url}/anthropic`, "not-a-key-0123456789");
    const { error } = await collect(() => client.messages.create(anthropicMessage));
    expect(error).toBeInstanceOf(Anthropic.AuthenticationError);
    expect(error).toMatchObject({
      status: 401,
      error: { type: "error", error: { type: "authentication_error" }, request_id: expect.any(String) },
    });
  });

  test("anthropic: a path that is no route is a NotFoundError", async () => {
    const { error } = await collect(() => through.anthropic.messages.batches.list());
    expect(error).toBeInstanceOf(Anthropic.NotFoundError);
    expect(error).toMatchObject({ error: { error: { type: "not_found_error" } } });
  });
});
