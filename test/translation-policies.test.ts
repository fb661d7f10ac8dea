// What a Model API promises holds where its services speak another protocol too: limits and quotas, checks of content,
// reuse, recording, prompts, parameters, fallback. Must not know translators.
import { describe, expect, test } from "vitest";
import type { IdFamily } from "../src/core/id-families.ts";
import { createMemoryIdStore } from "../src/gateway/ids/memory-id-store.ts";
import { providerKey, type TestDocument } from "./support/configuration.ts";
import { startGateway, type Gateway, type GatewayOptions } from "./support/gateway.ts";
import { createKeeper } from "./support/keeper.ts";
import { patientClock } from "./support/patient-clock.ts";
import { exchange, RawClient, type Answer, type RequestParts } from "./support/raw-client.ts";
import { startRawUpstream, type RawUpstream, type UpstreamRequest } from "./support/raw-upstream.ts";
import { spokenServices } from "./support/spoken-services.ts";
import { stillClock } from "./support/still-clock.ts";
import { translatedServices, type TranslatedService } from "./support/translation-scene.ts";

type Fields = Readonly<Record<string, unknown>>;

const keep = createKeeper();
const keys = { ana: "consumer-ana-0123456789", ben: "consumer-ben-0123456789" } as const;

interface Scene {
  readonly gateway: Gateway;
  readonly upstream: RawUpstream;
  /** What the services were asked, as the protocol that each path belongs to. */
  readonly asked: readonly UpstreamRequest[];
}

/** What a service says; the request tells which one. */
type Reply = (request: UpstreamRequest, number: number) => void;

interface SceneParts {
  readonly services?: readonly TranslatedService[];
  readonly api?: Fields;
  readonly service?: Fields;
  readonly consumers?: Fields;
  readonly options?: GatewayOptions;
  readonly protocols?: readonly string[];
}

/** Services below `/SERVICE` of one server, and a Model API for OpenAI's and Anthropic's clients before the first of them. */
async function sceneOf(reply: Reply, parts: SceneParts = {}): Promise<Scene> {
  const { services = ["anthropic"], api = {}, service = {}, consumers = {}, protocols = ["openai"] } = parts;
  const asked: UpstreamRequest[] = [];
  const upstream = keep(
    await startRawUpstream({
      onRequest: (request) => {
        asked.push(request);
        reply(request, asked.length);
      },
    }),
  );
  const document: TestDocument = {
    services: services.map((protocol) => ({
      name: protocol,
      provider: "openai-compatible",
      protocols: [{ protocol, baseUrl: `${upstream.url}/${protocol}` }],
      apiKeys: [{ name: "main", value: providerKey }],
      models: [{ name: "m", price: { input: 1_000_000, output: 2_000_000 } }],
      ...service,
    })),
    modelApis: [
      {
        name: "chat",
        useCase: "text-generation",
        protocols,
        routes: { enabled: ["responses"] },
        retries: { max: 0 },
        modelService: { mode: "single", target: { service: services[0] } },
        ...api,
      },
    ],
    consumers: Object.entries(keys).map(([name, value]) => ({
      name,
      credentials: [{ type: "api-key", name: "main", value }],
      ...consumers,
    })),
  };
  return { gateway: keep(await startGateway(document, parts.options)), upstream, asked };
}

const serviceOf = ({ path }: UpstreamRequest): TranslatedService =>
  translatedServices.find((name) => path.startsWith(`/${name}/`)) ?? "openai";

function send(
  { connection }: UpstreamRequest,
  body: string | Buffer,
  type = "application/json",
  status = 200,
): void {
  const bytes = Buffer.from(body);
  const head = `HTTP/1.1 ${status} Played\r\ncontent-type: ${type}\r\ncontent-length: ${bytes.length}\r\n\r\n`;
  connection.socket.write(Buffer.concat([Buffer.from(head), bytes]));
}

/** The usual answer, whole or streamed as the service was asked. */
const speak: Reply = (request) => {
  const spoken = spokenServices[serviceOf(request)];
  const isStream = /"stream":true|converse-stream|streamGenerate/.test(
    request.path + request.body.toString(),
  );
  const isSse = request.header("x-dashscope-sse") === "enable";
  const { body, type = "application/json" } = isStream || isSse ? spoken.stream : spoken.whole;
  send(request, body, type);
};

const hi = [{ role: "user", content: "Hi" }];
const chat = (fields: object = {}, headers: RequestParts["headers"] = []): RequestParts => ({
  path: "/v1/chat/completions",
  headers,
  body: JSON.stringify({ model: "m", messages: hi, ...fields }),
});
const as = (name: keyof typeof keys): RequestParts["headers"] => [["authorization", `Bearer ${keys[name]}`]];
const ask = ({ gateway }: Scene, parts: RequestParts): Promise<Answer> => exchange(gateway.port, parts);
const recordOf = ({ gateway }: Scene, answer: Answer) => gateway.record(answer.header("x-request-id"));

const authentication = { auth: { enabled: true, grants: [{ consumer: "ana" }, { consumer: "ben" }] } };

describe("a consumer's key never reaches a service of another protocol", () => {
  const places: Readonly<Record<string, (key: string) => RequestParts>> = {
    "as bearer": (key) => chat({}, [["authorization", `Bearer ${key}`]]),
    "as x-api-key": (key) => ({
      path: "/v1/messages",
      headers: [["x-api-key", key]],
      body: JSON.stringify({ model: "m", max_tokens: 9, messages: hi }),
    }),
    "as both": (key) =>
      chat({}, [
        ["authorization", `Bearer ${key}`],
        ["x-api-key", key],
        ["x-goog-api-key", key],
        ["api-key", key],
        ["cookie", `k=${key}`],
      ]),
    "with a query": (key) => {
      const parts = chat({}, [["authorization", `Bearer ${key}`]]);
      return { ...parts, path: `${parts.path}?key=${key}&api_key=${key}` };
    },
  };
  const rows = translatedServices.flatMap((service) =>
    Object.entries(places)
      // What is not translated keeps its query.
      .filter(([name]) => service !== "openai" || name !== "with a query")
      .map(([name, place]) => [service, name, place] as const),
  );

  test.each(rows)("%s, %s", async (service, _name, place) => {
    const scene = await sceneOf(speak, {
      services: [service],
      protocols: service === "openai" ? ["anthropic", "openai"] : ["openai", "anthropic"],
      api: authentication,
    });
    const answer = await ask(scene, place(keys.ana));
    expect(answer.status).toBe(200);
    const [sent] = scene.asked;
    const all = JSON.stringify(sent?.headers) + String(sent?.path) + String(sent?.body);
    expect(all).not.toContain(keys.ana);
    expect(JSON.stringify(sent?.headers)).toContain(providerKey);
  });
});

const limited = (limit: number) => ({
  ...authentication,
  rateLimits: [{ name: "t", by: "api", metric: "tokens", limit, window: "minute" }],
});

describe.each(translatedServices.filter((name) => name !== "openai"))("tokens of %s", (service) => {
  test.each([false, true])("are what limits and quotas count, streamed %s", async (stream) => {
    // Seven in, three out.
    const quota = { name: "q", metric: "tokens", limit: 1_000, period: "day" };
    const scene = await sceneOf(speak, {
      services: [service],
      api: limited(10_000),
      consumers: { quotas: [quota] },
    });
    const answer = await ask(scene, chat({ stream, max_tokens: 20 }, as("ana")));
    expect(answer.status).toBe(200);
    const record = await recordOf(scene, answer);
    expect(record.usage).toMatchObject({ inputTokens: 7, outputTokens: 3 });
    expect(record.costUsd).toBe(13);
    const next = await ask(scene, chat({ stream, max_tokens: 20 }, as("ana")));
    const left = Number(next.header("x-ratelimit-remaining-tokens") ?? "NaN");
    if (!Number.isNaN(left)) expect(left).toBeGreaterThan(10_000 - 100);
    // What is settled is what was used: it is refused only when the rest is too small for what it reserves.
    const statuses: number[] = [];
    for (let time = 0; time < 3; time += 1)
      statuses.push((await ask(scene, chat({ max_tokens: 900 }, as("ana")))).status);
    expect(statuses).toEqual([200, 200, 200]);
    expect((await ask(scene, chat({ max_tokens: 990 }, as("ana")))).status).toBe(429);
  });

  test("of a stream that breaks are counted as far as it came", async () => {
    const spoken = spokenServices[service];
    const body = Buffer.from(spoken.stream.body).subarray(0, spoken.begun);
    const quota = { name: "q", metric: "tokens", limit: 1_000, period: "day" };
    const scene = await sceneOf((request) => send(request, body, spoken.stream.type), {
      services: [service],
      api: authentication,
      consumers: { quotas: [quota] },
    });
    const answer = await ask(scene, chat({ stream: true, max_tokens: 900 }, as("ana")));
    const record = await recordOf(scene, answer);
    expect(record.outcome).toBe("truncated");
    expect(record.usage?.outputTokens).toBeGreaterThan(0);
    // The reservation is gone: another of the same size fits.
    expect((await ask(scene, chat({ stream: true, max_tokens: 900 }, as("ana")))).status).toBe(200);
  });
});

describe("content that is checked", () => {
  const words = { name: "words", type: "keywords", keywords: ["forbidden fruit"] };
  const mail = { name: "mail", type: "regex", pattern: "[a-z]{1,20}@[a-z]{1,20}[.]example", action: "mask" };
  const moderation = { enabled: true, checks: [words, mail], streamWindowCharacters: 48 };
  const message = (content: readonly object[]) =>
    JSON.stringify({
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "m",
      content,
      stop_reason: "end_turn",
      stop_sequence: null,
      usage: { input_tokens: 7, output_tokens: 3 },
    });
  const event = (data: { readonly type: string }): string =>
    `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
  const streamOf = (block: object, deltas: readonly object[]): string =>
    [
      { type: "message_start", message: JSON.parse(message([])) as object },
      { type: "content_block_start", index: 0, content_block: block },
      ...deltas.map((delta) => ({ type: "content_block_delta", index: 0, delta })),
      { type: "content_block_stop", index: 0 },
      { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 3 } },
      { type: "message_stop" },
    ]
      .map(event)
      .join("");
  const pieces = ["Here is the forb", "idden fr", "uit for anna@mai", "l.example. ", "x".repeat(200)];

  const wholes: Readonly<Record<string, readonly object[]>> = {
    text: [{ type: "text", text: pieces.join("") }],
    thinking: [
      { type: "thinking", thinking: pieces.join(""), signature: "s" },
      { type: "text", text: "ok" },
    ],
    "arguments of a tool": [
      { type: "tool_use", id: "t", name: "f", input: { deep: [{ text: "the forbidden fruit" }] } },
    ],
  };

  test.each(Object.entries(wholes))("in a whole answer's %s is refused", async (_name, content) => {
    const scene = await sceneOf((request) => send(request, message(content)), { api: { moderation } });
    const answer = await ask(scene, chat());
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ error: { code: "content_blocked" } });
    expect(answer.text()).not.toContain("fruit");
    expect((await recordOf(scene, answer)).outcome).toBe("blocked");
  });

  const streams: Readonly<Record<string, string>> = {
    text: streamOf(
      { type: "text", text: "" },
      pieces.map((text) => ({ type: "text_delta", text })),
    ),
    thinking: streamOf(
      { type: "thinking", thinking: "" },
      pieces.map((thinking) => ({ type: "thinking_delta", thinking })),
    ),
    "arguments of a tool": streamOf(
      { type: "tool_use", id: "t", name: "f", input: {} },
      ['{"text":"the forb', "idden fr", `uit ${"x".repeat(200)}"}`].map((partial) => ({
        type: "input_json_delta",
        partial_json: partial,
      })),
    ),
  };

  test.each(Object.entries(streams))("in a stream's %s does not pass", async (_name, body) => {
    const scene = await sceneOf((request) => send(request, body, "text/event-stream"), {
      api: { moderation },
    });
    const answer = await ask(scene, chat({ stream: true }));
    expect(answer.text()).not.toContain("uit");
    expect((await recordOf(scene, answer)).outcome).toBe("blocked");
  });

  test("in a request is refused before anything is translated, and masked in what is", async () => {
    const scene = await sceneOf(speak, { api: { moderation } });
    const refused = await ask(scene, chat({ messages: [{ role: "user", content: "forbidden fruit" }] }));
    expect(refused.status).toBe(400);
    expect(scene.asked.length).toBe(0);
    await ask(scene, chat({ messages: [{ role: "user", content: "to anna@mail.example" }] }));
    expect(scene.asked[0]?.body.toString()).toContain("to [pattern]");
  });
});

describe.each(translatedServices.filter((name) => name !== "openai"))("an answer of %s", (service) => {
  test.each([false, true])("is reused as its client got it, streamed %s", async (stream) => {
    const scene = await sceneOf(speak, { services: [service], api: { cache: { enabled: true } } });
    const first = await ask(scene, chat({ stream, logit_bias: { "1": 2 } }));
    await recordOf(scene, first);
    const again = await ask(scene, chat({ stream, logit_bias: { "1": 2 } }));
    expect([first.header("x-moongate-cache"), again.header("x-moongate-cache")]).toEqual(["miss", "hit"]);
    expect(again.text()).toBe(first.text());
    expect(scene.asked.length).toBe(1);
    const record = await recordOf(scene, again);
    expect(record).toMatchObject({ cache: "hit", saved: { inputTokens: 7, outputTokens: 3 } });
  });

  test("is recorded as its client got it, and so is what was asked", async () => {
    const monitoring = { recordRequestContent: true, recordResponseContent: true };
    const scene = await sceneOf(speak, { services: [service], api: { monitoring } });
    const answer = await ask(scene, chat());
    const { requestContent, responseContent } = await recordOf(scene, answer);
    expect(JSON.stringify(requestContent)).toContain("Hi");
    expect(JSON.stringify(responseContent)).toContain("Hello");
    expect(JSON.stringify(responseContent)).toContain("chat.completion");
  });
});

test("prompts and parameters of a Model API reach services of another protocol", async () => {
  const scene = await sceneOf(speak, {
    api: {
      prompt: { systemPrefix: "Be kind." },
      parameters: { maxTokens: { maximum: 10 }, temperature: { default: 0.5 } },
    },
  });
  const answer = await ask(scene, chat({ max_tokens: 5_000 }));
  expect(answer.status).toBe(200);
  const sent = JSON.parse(scene.asked[0]?.body.toString() ?? "") as Fields;
  expect(sent).toMatchObject({ max_tokens: 10, temperature: 0.5 });
  expect(JSON.stringify(sent["system"])).toContain("Be kind.");
});

describe("a fallback", () => {
  const failing = { error: { message: "down" } };
  const to = (...services: readonly TranslatedService[]) => ({
    fallback: { targets: services.map((service) => ({ service })) },
  });
  const failAt =
    (...names: readonly TranslatedService[]): Reply =>
    (request, number) =>
      names.includes(serviceOf(request))
        ? send(request, JSON.stringify(failing), "application/json", 500)
        : speak(request, number);
  const fields = { logit_bias: { "1": 2 }, seed: 3, verbosity: "low" };

  test("from a native service to a translated one warns of what was lost there", async () => {
    const scene = await sceneOf(failAt("openai"), {
      services: ["openai", "anthropic"],
      api: to("anthropic"),
    });
    const answer = await ask(scene, chat(fields));
    expect(answer.status).toBe(200);
    expect(answer.header("x-moongate-fallback-from")).toBe("openai");
    expect(answer.header("x-moongate-warnings")).toBe("seed;dropped, logit_bias;dropped, verbosity;dropped");
    // Nothing of the native request was changed.
    expect(JSON.parse(scene.asked[0]?.body.toString() ?? "")).toMatchObject(fields);
  });

  test("from a translated service to a native one warns of nothing", async () => {
    const scene = await sceneOf(failAt("anthropic"), {
      services: ["anthropic", "openai"],
      api: to("openai"),
    });
    const answer = await ask(scene, chat(fields));
    expect(answer.status).toBe(200);
    expect(answer.header("x-moongate-warnings")).toBeUndefined();
    expect(scene.asked[1]?.body.toString()).toBe(chat(fields).body);
    expect((await recordOf(scene, answer)).warnings).toEqual([]);
  });

  test("from one translated service to another warns of the last alone", async () => {
    const scene = await sceneOf(failAt("anthropic"), {
      services: ["anthropic", "gemini"],
      api: to("gemini"),
    });
    const answer = await ask(scene, chat(fields));
    // Gemini has a seed.
    expect(answer.header("x-moongate-warnings")).toBe("logit_bias;dropped, verbosity;dropped");
    const record = await recordOf(scene, answer);
    expect(record.attempts.map(({ protocol }) => protocol)).toEqual(["anthropic", "gemini"]);
  });

  test("to a service that cannot say what is asked refuses in strict mode, by name", async () => {
    const scene = await sceneOf(failAt("openai"), {
      services: ["openai", "anthropic"],
      api: { ...to("anthropic"), translation: { strict: true } },
    });
    const answer = await ask(scene, chat(fields));
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ error: { param: "seed" } });
    expect(scene.asked.length).toBe(1);
  });
});

describe("a service of another protocol that only pings", () => {
  const pings: Readonly<Partial<Record<TranslatedService, string>>> = {
    anthropic: 'event: ping\ndata: {"type":"ping"}\n\n',
    gemini: ": ping\n\n",
    dashscope: ":ping\n\n",
    "openai-responses": ": ping\n\n",
  };

  test.each(Object.entries(pings))("%s: defect 18: a ping is no first packet", async (name, ping) => {
    const service = translatedServices.find((each) => each === name) ?? "anthropic";
    const timers: NodeJS.Timeout[] = [];
    const reply: Reply = ({ connection: { socket } }) => {
      socket.write(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n",
      );
      const framed = `${ping.length.toString(16)}\r\n${ping}\r\n`;
      const timer = setInterval(
        () => void (socket.destroyed ? clearInterval(timer) : socket.write(framed)),
        5,
      );
      timers.push(timer);
    };
    const scene = await sceneOf(reply, {
      services: [service],
      api: { firstPacketTimeoutMs: 150 },
      options: { clock: patientClock() },
    });
    const answer = await ask(scene, chat({ stream: true }));
    for (const timer of timers) clearInterval(timer);
    expect(answer.status).toBe(504);
    expect(answer.json()).toMatchObject({ error: { code: "first_packet_timeout" } });
  });
});

describe("a client that leaves", () => {
  test("while the service thinks takes the call with it", async () => {
    const scene = await sceneOf(() => undefined);
    const client = await RawClient.connect(scene.gateway.port);
    client.send(scene.gateway.bytes(chat({ stream: true })));
    const { connection } = await scene.upstream.request(0);
    client.destroy();
    await connection.leaving();
    const record = await scene.gateway.recordWhere(({ outcome }) => outcome === "client_closed");
    expect(record.status).toBe(499);
  });

  test("while a picture is fetched is not asked for, and the fetch ends", async () => {
    const scene = await sceneOf(() => undefined, {
      services: ["bedrock"],
      options: { fetchNetworks: "private" },
    });
    const picture = { type: "image_url", image_url: { url: `${scene.upstream.url}/slow.png` } };
    const client = await RawClient.connect(scene.gateway.port);
    client.send(scene.gateway.bytes(chat({ messages: [{ role: "user", content: [picture] }] })));
    const { connection, path } = await scene.upstream.request(0);
    expect(path).toBe("/slow.png");
    client.destroy();
    await connection.leaving();
    const record = await scene.gateway.recordWhere(({ outcome }) => outcome === "client_closed");
    expect(record.status).toBe(499);
    expect(scene.asked.length).toBe(1);
  });
});

describe("what another consumer keeps at a service", () => {
  const file = "file_of_ana";
  const say = (content: unknown, fields: object = {}): RequestParts["body"] =>
    JSON.stringify({ model: "m", max_tokens: 9, messages: [{ role: "user", content }], ...fields });
  const chats = (content: unknown, fields: object = {}) => ({
    path: "/v1/chat/completions",
    body: say(content, fields),
  });

  interface Row {
    readonly service: TranslatedService;
    readonly family: IdFamily;
    readonly asked: RequestParts;
  }

  test.each<[string, Row]>([
    [
      "a file of Anthropic's as a picture of OpenAI's",
      {
        service: "anthropic",
        family: "anthropic-file",
        asked: chats([{ type: "image_url", image_url: { url: "", file_id: file } }]),
      },
    ],
    [
      "a file of Anthropic's as one of OpenAI's",
      {
        service: "anthropic",
        family: "anthropic-file",
        asked: chats([{ type: "file", file: { file_id: file } }]),
      },
    ],
    [
      "a container of Anthropic's in a chat",
      { service: "anthropic", family: "anthropic-container", asked: chats("Hi", { container: file }) },
    ],
    [
      "a file of OpenAI's as one of Anthropic's",
      {
        service: "openai-responses",
        family: "openai-file",
        asked: {
          path: "/v1/messages",
          body: say([{ type: "document", source: { type: "file", file_id: file } }]),
        },
      },
    ],
    [
      "a file of Model Studio's in a prompt of Anthropic's",
      {
        service: "dashscope",
        family: "openai-file",
        asked: { path: "/v1/messages", body: say("Hi", { system: `fileid://${file}` }) },
      },
    ],
  ])("is not named under another name: %s", async (_name, { service, family, asked }) => {
    const ids = createMemoryIdStore(stillClock);
    const owner = { family, id: file, service, key: "main", consumer: "ana" };
    ids.bind([{ ...owner, createdMs: stillClock.wallMs(), expiresMs: stillClock.wallMs() + 3_600_000 }]);
    const scene = await sceneOf(speak, {
      services: [service],
      protocols: ["openai", "anthropic"],
      api: authentication,
      options: { ids },
    });
    const refused = await ask(scene, { ...asked, headers: as("ben") });
    expect(refused.status).toBe(404);
    expect(scene.asked.length).toBe(0);
    const taken = await ask(scene, { ...asked, headers: as("ana") });
    expect(taken.status).toBe(200);
    expect(scene.asked[0]?.body.toString()).toContain(file);
  });
});
