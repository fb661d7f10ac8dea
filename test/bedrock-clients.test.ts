// The official client libraries in front of recorded answers of Bedrock: requests are translated and signed, event streams
// come cut into single bytes, and the libraries understand every answer.
import { createServer } from "node:http";
import { once } from "node:events";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseJson, textOf } from "../src/lib/json-value.ts";
import { isSignedBy } from "./support/aws-signature.ts";
import {
  bedrockEvent,
  bedrockException,
  bedrockRecordings,
  eventStreamType,
} from "./support/bedrock-recordings.ts";
import { saidByStream, saidByWhole, type Said } from "./support/bedrock-said.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";

const scope = { region: "us-east-1", service: "bedrock" };
const accessKey = {
  accessKeyId: "AKIDCLIENTSCLIENTS01",
  secretAccessKey: "canary/secret+access=key0123456789",
};
const model = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";

interface Scripted {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
  /** Bytes of each piece. */
  readonly cut: number;
}

let script: Scripted;
const bodies: unknown[] = [];
let unsigned = 0;
let gateway: Gateway;
let openai: OpenAI;
let anthropic: Anthropic;
const server = createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on("data", (piece: Buffer) => pieces.push(piece));
  request.on("end", () => {
    const body = Buffer.concat(pieces).toString();
    const { method = "", url = "", headers } = request;
    bodies.push(JSON.parse(body));
    void isSignedBy({ method, url, headers, body }, accessKey, scope).then((good) => {
      if (!good) unsigned += 1;
      response.writeHead(script.status, { "content-type": script.contentType, "x-amzn-requestid": "r-1" });
      for (let at = 0; at < script.body.length; at += script.cut)
        response.write(script.body.subarray(at, at + script.cut));
      response.end();
    });
  });
});

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const modelApi = (name: string) => ({
    name,
    useCase: "text-generation",
    protocols: [name],
    basePath: `/${name}`,
    stripBasePath: true,
    ...(name === "openai" ? { routes: { enabled: ["responses"] } } : {}),
    modelService: { mode: "single", target: { service: "bedrock", model } },
  });
  gateway = await startGateway({
    services: [
      {
        name: "bedrock",
        provider: "bedrock",
        region: scope.region,
        baseUrl: `http://127.0.0.1:${address.port}`,
        apiKeys: [{ name: "main", value: accessKey }],
      },
    ],
    modelApis: [modelApi("openai"), modelApi("anthropic")],
  });
  openai = new OpenAI({ apiKey: "none", baseURL: `${gateway.url}/openai/v1`, maxRetries: 0 });
  anthropic = new Anthropic({ apiKey: "none", baseURL: `${gateway.url}/anthropic`, maxRetries: 0 });
});

afterAll(async () => {
  await gateway.close();
  server.closeAllConnections();
  server.close();
  await once(server, "close");
  expect(unsigned).toBe(0);
});

function play(
  body: Buffer | string,
  { status = 200, contentType = "application/json", cut = 65_536 } = {},
): void {
  script = { status, contentType, body: Buffer.from(body), cut };
}

const recordings = bedrockRecordings().filter(({ status }) => status === 200);
const streams = recordings.filter(({ stream }) => stream);
const whole = recordings.filter(({ stream }) => !stream);
const messages = [{ role: "user" as const, content: "Hi" }];
const finishReasons: Readonly<Record<string, string>> = {
  end_turn: "stop",
  tool_use: "tool_calls",
  max_tokens: "length",
  guardrail_intervened: "content_filter",
};
const stopReasons: Readonly<Record<string, string>> = {
  end_turn: "end_turn",
  tool_use: "tool_use",
  max_tokens: "max_tokens",
  guardrail_intervened: "refusal",
};

/** As JSON has them: a number is a number, however it was written. */
function plainCalls({ calls }: Said): unknown {
  return calls.map(({ id, name, input }) => ({ id, name, input: parseJson(JSON.stringify(input)) }));
}

function expectCompletion(completion: OpenAI.ChatCompletion, said: Said): void {
  const [choice] = completion.choices;
  const calls = (choice?.message.tool_calls ?? []).flatMap((call) =>
    call.type === "function" ? [call] : [],
  );
  expect(choice?.message.content ?? "").toBe(said.text);
  expect(
    calls.map(({ id, function: { name, arguments: text } }) => ({ id, name, input: parseJson(text) })),
  ).toEqual(plainCalls(said));
  expect(choice?.finish_reason).toBe(finishReasons[said.stopReason]);
  expect(completion.usage).toMatchObject({
    prompt_tokens: said.input,
    completion_tokens: said.output,
    total_tokens: said.total,
  });
}

function expectResponse(response: OpenAI.Responses.Response, said: Said): void {
  expect(response.output_text).toBe(said.text);
  const calls = response.output.flatMap((item) => (item.type === "function_call" ? [item] : []));
  expect(
    calls.map(({ call_id: id, name, arguments: text }) => ({ id, name, input: parseJson(text) })),
  ).toEqual(plainCalls(said));
  expect(response.usage).toMatchObject({ input_tokens: said.input, output_tokens: said.output });
  const isWhole = ["stop", "tool_calls"].includes(finishReasons[said.stopReason] ?? "");
  expect(response.status).toBe(isWhole ? "completed" : "incomplete");
}

function expectMessage(message: Anthropic.Message, said: Said): void {
  const texts = message.content.flatMap((block) => (block.type === "text" ? [block.text] : []));
  const thinking = message.content.flatMap((block) => (block.type === "thinking" ? [block] : []));
  const calls = message.content.flatMap((block) => (block.type === "tool_use" ? [block] : []));
  expect(texts.join("")).toBe(said.text);
  expect(thinking.map((block) => block.thinking).join("")).toBe(said.reasoning);
  expect(thinking.flatMap(({ signature }) => (signature === "" ? [] : [signature]))).toEqual(said.signatures);
  expect(calls.map(({ id, name, input }) => ({ id, name, input }))).toEqual(plainCalls(said));
  expect(message.stop_reason).toBe(stopReasons[said.stopReason]);
  const {
    input_tokens: input,
    cache_read_input_tokens: read,
    cache_creation_input_tokens: written,
  } = message.usage;
  expect(input + (read ?? 0) + (written ?? 0)).toBe(said.input);
  expect(message.usage.output_tokens).toBe(said.output);
}

describe.each(streams.map(({ name, body }) => ({ name, body })))("the stream of $name", ({ body }) => {
  test.each([1, 13, 65_536])("in pieces of %i bytes says the same to every library", async (cut) => {
    play(body, { contentType: eventStreamType, cut });
    const said = saidByStream(body);
    const stream = openai.chat.completions.stream({
      model: "m",
      messages,
      stream_options: { include_usage: true },
    });
    expectCompletion(await stream.finalChatCompletion(), said);
    expectMessage(
      await anthropic.messages.stream({ model: "m", max_tokens: 100, messages }).finalMessage(),
      said,
    );
    expectResponse(await openai.responses.stream({ model: "m", input: "Hi" }).finalResponse(), said);
  });
});

test(`${whole.length} whole answers say the same to every library`, async () => {
  for (const { body } of whole) {
    play(body);
    const said = saidByWhole(JSON.parse(body.toString()));
    expectCompletion(await openai.chat.completions.create({ model: "m", messages }), said);
    expectMessage(await anthropic.messages.create({ model: "m", max_tokens: 100, messages }), said);
    expectResponse(await openai.responses.create({ model: "m", input: "Hi" }), said);
  }
});

test("an error keeps its status and the service's own words, in the client's protocol", async () => {
  for (const { status, body } of bedrockRecordings().filter((recording) => recording.status !== 200)) {
    play(body, { status });
    const words = textOf(JSON.parse(body.toString()), "message") ?? "";
    const byOpenai: unknown = await openai.chat.completions
      .create({ model: "m", messages })
      .catch((error: unknown) => error);
    expect(byOpenai).toMatchObject({ status, error: { message: expect.stringContaining(words) as unknown } });
    const byAnthropic: unknown = await anthropic.messages
      .create({ model: "m", max_tokens: 9, messages })
      .catch((error: unknown) => error);
    expect(byAnthropic).toMatchObject({
      status,
      error: { error: { message: expect.stringContaining(words) as unknown } },
    });
  }
});

test.each([
  { name: "before any word: a status", before: [] as Buffer[], status: 429 },
  {
    name: "in the midst: an end that is no good end",
    before: [
      bedrockEvent("messageStart", { role: "assistant" }),
      bedrockEvent("contentBlockDelta", { contentBlockIndex: 0, delta: { text: "Hel" } }),
    ],
    status: undefined,
  },
])("defect 10: an exception $name", async ({ before, status }) => {
  play(Buffer.concat([...before, bedrockException("throttlingException", { message: "Too many" })]), {
    contentType: eventStreamType,
  });
  const byOpenai: unknown = await openai.chat.completions
    .stream({ model: "m", messages })
    .finalChatCompletion()
    .catch((error: unknown) => error);
  expect(byOpenai).toBeInstanceOf(Error);
  const byAnthropic: unknown = await anthropic.messages
    .stream({ model: "m", max_tokens: 9, messages })
    .finalMessage()
    .catch((error: unknown) => error);
  expect(byAnthropic).toBeInstanceOf(Error);
  if (status !== undefined) {
    expect(byOpenai).toMatchObject({ status });
    expect(byAnthropic).toMatchObject({ status });
  }
});

describe("defect 9: a loop of tools with thinking", () => {
  const loop = whole.filter(({ name }) => name.includes("anthropic-tool-with-thinking"));
  const [first, second] = loop;
  const sentMessages = (): unknown => (bodies.at(-1) as { messages: unknown }).messages;
  const recorded = (
    second?.requestBody === undefined ? { messages: [] } : JSON.parse(second.requestBody.toString())
  ) as {
    messages: { role: string; content: object[] }[];
  };
  const question = "What is the largest city in the user country?";
  const withoutStatus = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value, (key, member: unknown) => (key === "status" ? undefined : member)));

  test("goes on for Anthropic's client, who sends the blocks back", async () => {
    play(first?.body ?? "");
    const user = { role: "user" as const, content: question };
    const tools = [{ name: "get_user_country", input_schema: { type: "object" as const } }];
    const thinking = { type: "enabled" as const, budget_tokens: 1024 };
    const answer = await anthropic.messages.create({
      model: "m",
      max_tokens: 4000,
      messages: [user],
      tools,
      thinking,
    });
    play(second?.body ?? "");
    const call = answer.content.find((block) => block.type === "tool_use");
    const result = { type: "tool_result" as const, tool_use_id: call?.id ?? "", content: "Mexico" };
    await anthropic.messages.create({
      model: "m",
      max_tokens: 4000,
      messages: [user, { role: "assistant", content: answer.content }, { role: "user", content: [result] }],
      tools,
      thinking,
    });
    expect(sentMessages()).toEqual(withoutStatus(recorded.messages));
  });

  test("goes on for OpenAI's client, who sends the message back as it came", async () => {
    play(first?.body ?? "");
    const tools = [{ type: "function" as const, function: { name: "get_user_country" } }];
    const user = { role: "user" as const, content: question };
    const answer = await openai.chat.completions.create({ model: "m", messages: [user], tools });
    const message = answer.choices[0]?.message;
    if (message === undefined) throw new Error("no message");
    const calls = message.tool_calls ?? [];
    play(second?.body ?? "");
    await openai.chat.completions.create({
      model: "m",
      messages: [user, message, { role: "tool", tool_call_id: calls[0]?.id ?? "", content: "Mexico" }],
      tools,
    });
    expect(sentMessages()).toEqual(withoutStatus(recorded.messages));
  });
});

test("no record holds a secret", () => {
  expect(gateway.records.length).toBeGreaterThan(20);
  expect(JSON.stringify(gateway.records)).not.toContain("canary");
});
