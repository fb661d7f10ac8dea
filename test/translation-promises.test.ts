// What is promised of every translation, sentence by sentence, over sockets: refusals, ends of answers, errors, media by
// URL. Must not know translators.
import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { createKeeper } from "./support/keeper.ts";
import { ask, chat, hi, recordOf, sceneOf, send, speak } from "./support/policy-scene.ts";
import { chunk, type RequestParts } from "./support/raw-client.ts";
import type { TranslatedService } from "./support/translation-scene.ts";

const keep = createKeeper();

const messages = (fields: object = {}): RequestParts => ({
  path: "/v1/messages",
  body: JSON.stringify({ model: "m", max_tokens: 9, messages: hi, ...fields }),
});
const responses = (fields: object = {}): RequestParts => ({
  path: "/v1/responses",
  body: JSON.stringify({ model: "m", input: "Hi", ...fields }),
});
const completion = (fields: object): RequestParts => ({
  path: "/v1/completions",
  body: JSON.stringify({ model: "m", ...fields }),
});
const protocols = ["openai", "anthropic"];

describe("what no other protocol has is refused by its name", () => {
  test.each<[string, TranslatedService, RequestParts, string]>([
    ["several choices of Anthropic", "anthropic", chat({ n: 2 }), "n"],
    ["several choices of Bedrock", "bedrock", chat({ n: 2 }), "n"],
    ["several choices of Responses", "openai-responses", chat({ n: 2 }), "n"],
    ["a prompt of tokens", "anthropic", completion({ prompt: [1, 2] }), "prompt"],
    ["several prompts", "anthropic", completion({ prompt: ["a", "b"] }), "prompt"],
    ["what follows a prompt", "gemini", completion({ prompt: "a", suffix: "b" }), "suffix"],
    ["a prompt that comes back", "gemini", completion({ prompt: "a", echo: true }), "echo"],
    ["the best of several", "bedrock", completion({ prompt: "a", best_of: 3 }), "best_of"],
    ["a response before", "gemini", responses({ previous_response_id: "resp_1" }), "previous_response_id"],
    ["a conversation", "bedrock", responses({ conversation: "conv_1" }), "conversation"],
    ["work in the background", "dashscope", responses({ background: true }), "background"],
  ])("%s", async (_name, service, parts, param) => {
    const scene = await sceneOf(keep, speak, { services: [service], protocols });
    const answer = await ask(scene, parts);
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ error: { param } });
    expect(scene.asked.length).toBe(0);
  });
});

test("a single prompt in a list, and one alone, are what a user says", async () => {
  const scene = await sceneOf(keep, speak, { protocols });
  for (const prompt of ["Hi", ["Hi"]]) {
    const answer = await ask(scene, completion({ prompt }));
    expect(answer.json()).toMatchObject({ object: "text_completion", choices: [{ text: "Hello" }] });
    const sent: unknown = JSON.parse(scene.asked.at(-1)?.body.toString() ?? "");
    expect(sent).toMatchObject({ messages: [{ role: "user", content: [{ type: "text", text: "Hi" }] }] });
  }
});

test("fields that neither side knows pass only if they are named, and nothing else is kept from the record", async () => {
  const scene = await sceneOf(keep, speak, { api: { translation: { passFields: ["extra_a"] } } });
  const answer = await ask(scene, chat({ extra_a: 1, extra_b: 2 }));
  expect(JSON.parse(scene.asked[0]?.body.toString() ?? "")).toMatchObject({ extra_a: 1 });
  expect(scene.asked[0]?.body.toString()).not.toContain("extra_b");
  expect((await recordOf(scene, answer)).warnings).toEqual([{ field: "extra_b", action: "dropped" }]);
});

describe("where no target is left an answer without a word is told as what it is", () => {
  const blocked = JSON.stringify({ promptFeedback: { blockReason: "SAFETY" }, usageMetadata: {} });
  const cut = JSON.stringify({
    candidates: [{ content: { role: "model" }, finishReason: "MAX_TOKENS", index: 0 }],
    usageMetadata: { promptTokenCount: 7, thoughtsTokenCount: 9 },
  });
  const said = (body: string, stream: boolean) => (stream ? `data: ${body}\n\n` : body);

  test.each<[string, string, RequestParts, RegExp]>([
    ["blocked, a chat", blocked, chat(), /"finish_reason":"content_filter"/],
    ["blocked, a streamed chat", blocked, chat({ stream: true }), /"finish_reason":"content_filter"/],
    ["blocked, a message", blocked, messages(), /"stop_reason":"refusal"/],
    ["blocked, a streamed message", blocked, messages({ stream: true }), /"stop_reason":"refusal"/],
    ["cut, a chat", cut, chat(), /"finish_reason":"length"/],
    ["cut, a streamed chat", cut, chat({ stream: true }), /"finish_reason":"length"/],
    ["cut, a message", cut, messages(), /"stop_reason":"max_tokens"/],
    ["cut, a response", cut, responses(), /"reason":"max_output_tokens"/],
  ])("%s", async (name, body, parts, expected) => {
    const stream = name.includes("streamed");
    const type = stream ? "text/event-stream" : "application/json";
    const scene = await sceneOf(keep, (request) => send(request, said(body, stream), type), {
      services: ["gemini"],
      protocols,
    });
    const answer = await ask(scene, parts);
    expect(answer.status).toBe(200);
    expect(answer.text()).toMatch(expected);
  });
});

describe("[DONE] without an end is the end", () => {
  const event = (delta: object): string =>
    `data: ${JSON.stringify({ id: "c", model: "m", choices: [{ index: 0, delta, finish_reason: null }] })}\n\n`;
  const call = { index: 0, id: "t", type: "function", function: { name: "f", arguments: "{}" } };

  test.each<[string, RequestParts, object, RegExp]>([
    ["of a text", messages({ stream: true }), { content: "Hello" }, /"stop_reason":"end_turn"/],
    ["of calls", messages({ stream: true }), { tool_calls: [call] }, /"stop_reason":"tool_use"/],
    ["of a response", responses({ stream: true }), { content: "Hello" }, /response\.completed/],
  ])("%s", async (_name, parts, delta, expected) => {
    const body = `${event(delta)}data: [DONE]\n\n`;
    const scene = await sceneOf(keep, (request) => send(request, body, "text/event-stream"), {
      services: ["openai"],
      protocols,
    });
    const answer = await ask(scene, parts);
    expect(answer.text()).toMatch(expected);
    expect((await recordOf(scene, answer)).outcome).toBe("ok");
  });
});

describe("the status of a service's error", () => {
  const overloaded = JSON.stringify({ error: { message: "busy", type: "overloaded_error" } });

  test.each<[number, number, TranslatedService, RequestParts]>([
    [529, 529, "openai", messages()],
    [529, 503, "anthropic", chat()],
    [401, 502, "gemini", chat()],
    [402, 502, "dashscope", messages()],
    [403, 502, "bedrock", responses()],
  ])("%s is shown as %s", async (status, shown, service, parts) => {
    const scene = await sceneOf(keep, (request) => send(request, overloaded, "application/json", status), {
      services: [service],
      protocols,
    });
    const answer = await ask(scene, parts);
    expect(answer.status).toBe(shown);
    if (shown === 502) expect(answer.text()).not.toContain("busy");
    else expect(answer.json()).toMatchObject({ error: { message: "busy" } });
  });

  test("keeps when to come back, also where the body tells it", async () => {
    const retry = { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "7s" };
    const error = { code: 503, status: "UNAVAILABLE", message: "busy", details: [retry] };
    const scene = await sceneOf(
      keep,
      (request) => send(request, JSON.stringify({ error }), "application/json", 503),
      { services: ["gemini"] },
    );
    const answer = await ask(scene, chat());
    expect([answer.status, answer.header("retry-after")]).toEqual([503, "7"]);
  });
});

describe("media that clients name by URL", () => {
  const picture = (url: string): RequestParts =>
    chat({ messages: [{ role: "user", content: [{ type: "image_url", image_url: { url } }] }] });

  test.each<[string, string, Buffer]>([
    ["redirects", "HTTP/1.1 302 Found\r\nlocation: /other.png\r\ncontent-length: 0\r\n\r\n", Buffer.alloc(0)],
    [
      "says that it is larger than 20 MiB",
      "HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: 20971521\r\n\r\n",
      Buffer.alloc(20),
    ],
    [
      "is no picture",
      "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 4\r\n\r\n",
      Buffer.from("<p/>"),
    ],
  ])("are refused where the server %s", async (_name, head, body) => {
    const reply = ({ connection }: { connection: { socket: { write(bytes: Buffer): unknown } } }) =>
      void connection.socket.write(Buffer.concat([Buffer.from(head), body]));
    const scene = await sceneOf(keep, reply, {
      services: ["bedrock"],
      options: { fetchNetworks: "private" },
    });
    const answer = await ask(scene, picture(`${scene.upstream.url}/a.png`));
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ error: { param: "messages.0.content.0" } });
    expect(scene.asked.map(({ path }) => path)).toEqual(["/a.png"]);
  });

  test.each([
    "http://127.0.0.1:9/",
    "http://169.254.169.254/latest/",
    "http://[::ffff:10.0.0.1]/",
    "http://0x7f000001/",
  ])("never reach an address of the gateway's own network: %s", async (url) => {
    const scene = await sceneOf(keep, speak, { services: ["bedrock"] });
    const answer = await ask(scene, picture(url));
    expect(answer.status).toBe(400);
    expect(answer.text()).toContain("its address may not be reached from here");
    expect(scene.asked.length).toBe(0);
  });

  test("are at most 32 of one request", async () => {
    const content = Array.from({ length: 1_000 }, (_, index) => ({
      type: "image_url",
      image_url: { url: `http://127.0.0.1:9/${index}.png` },
    }));
    const scene = await sceneOf(keep, speak, { services: ["bedrock"] });
    const answer = await ask(scene, chat({ messages: [{ role: "user", content }] }));
    expect(answer.status).toBe(400);
    expect(answer.text()).toContain("at most 32 URLs");
  });
});

test("a compressed stream that grows beyond all bounds is left at once, though its service never ends", async () => {
  const bomb = gzipSync(Buffer.alloc(70 * 1024 * 1024, " "));
  const head =
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n";
  const scene = await sceneOf(keep, ({ connection: { socket } }) => {
    socket.write(Buffer.concat([Buffer.from(head), chunk(bomb)]));
    const more = setInterval(() => {
      if (socket.destroyed) clearInterval(more);
      else socket.write(chunk(randomBytes(64)));
    }, 5);
  });
  const answer = await ask(scene, chat({ stream: true }));
  expect(answer.status).toBe(502);
});
