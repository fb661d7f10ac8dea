// What records say of consumption: every use case with every ending, compared with what the simulator counted itself.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ExchangeRecord } from "../src/core/exchange-record.ts";
import { addUsage, noTokens, type Usage } from "../src/core/usage.ts";
import { countAsk } from "../src/gateway/accounting/token-ask.ts";
import { countTokens } from "../src/gateway/accounting/tokenizer.ts";
import { realtimeUsage } from "../src/protocols/openai-realtime.ts";
import type { ServedRequest } from "../src/simulator/exchange.ts";
import { startSimulator, type Simulator } from "../src/simulator/simulator.ts";
import {
  countedEndings,
  countedRequests,
  type CountedEnding,
  type CountedOutcome,
  type CountedRequest,
} from "./support/accounting-rows.ts";
import { Changes } from "./support/changes.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import { named } from "./support/named.ts";
import { RawClient } from "./support/raw-client.ts";
import { textAt } from "./support/route-sample.ts";
import { acceptedSocket, type SocketLog } from "./support/socket-client.ts";
import { continueTask, finishTask, runTask, speechPath } from "./support/speech-frames.ts";

const price = { input: 1, output: 10 };
const served: ServedRequest[] = [];
const changes = new Changes();
let taken = 0;
let simulator: Simulator;
let gateway: Gateway;

const slug = (name: string): string => name.replaceAll(/[^a-z0-9]+/g, "-");
const pairs = [
  ...new Set(countedRequests.map(({ useCase, protocol }) => `${useCase}/${protocol}`)),
  "speech-synthesis/dashscope",
  "video-generation/dashscope",
];
const ownRoutes: Readonly<Record<string, readonly string[]>> = {
  "text-generation/openai": ["responses", "realtime"],
  "text-generation/dashscope": ["dashscope-text-generation"],
  "text-generation/gemini": ["gemini-models"],
  "speech-synthesis/openai": ["openai-audio-transcriptions"],
};
const custom = [
  { name: "count", path: "/v1/messages/count_tokens", methods: ["POST"], match: "exact", protocol: "openai" },
];

const services = countedEndings.map(({ name, service }) => ({
  name: slug(name),
  provider: "simulator",
  models: [{ name: "counted-model", price }],
  ...service,
}));

/** Below `/ending/use-case/protocol`. */
const modelApis = countedEndings.flatMap((ending) =>
  pairs.map((pair) => {
    const [useCase = "", protocol = ""] = pair.split("/");
    return {
      name: `${slug(ending.name)}-${slug(pair)}`,
      useCase,
      protocols: [protocol],
      basePath: `/${slug(ending.name)}/${pair}`,
      stripBasePath: true,
      routes: {
        enabled: ownRoutes[pair] ?? [],
        ...(pair === "text-generation/openai" ? { custom } : {}),
      },
      modelService: { mode: "single", target: { service: slug(ending.name) } },
      retries: { max: 0 },
      ...ending.api,
    };
  }),
);

beforeAll(async () => {
  simulator = await startSimulator({
    port: 0,
    onTaken: () => {
      taken += 1;
      changes.notify();
    },
    onServed: (entry) => {
      served.push(entry);
      changes.notify();
    },
  });
  gateway = await startGateway(
    { services, modelApis },
    {
      simulatorUrl: simulator.url,
      tokens: { count: (ask) => Promise.resolve(countAsk(ask, countTokens)) },
    },
  );
});

afterAll(async () => {
  await gateway.close();
  await simulator.close();
});

/** What the simulator counted of the last attempt; waits until it is through with it. */
function servedTo({ attempts }: ExchangeRecord): Promise<ServedRequest> {
  const spanId = attempts.at(-1)?.spanId ?? "";
  return changes.until(() => served.find(({ traceparent = "" }) => traceparent.includes(spanId)));
}

const middle = 2_500;

async function exchangeOf(request: CountedRequest, ending: CountedEnding): Promise<ExchangeRecord> {
  const { useCase, protocol, method = "POST", path, headers, body } = request;
  const client = await RawClient.connect(gateway.port);
  const before = gateway.records.length;
  const takenBefore = taken;
  const base = `/${slug(ending.name)}/${useCase}/${protocol}`;
  client.send(gateway.bytes({ method, path: base + path, headers, body }), method);
  if (ending.leaves === undefined) await client.answer();
  else if (ending.leaves === "in the middle") await client.body(({ length }) => length > middle);
  else await changes.until(() => (taken > takenBefore ? true : undefined));
  client.destroy();
  return gateway.recordWhere((record) => gateway.records.indexOf(record) >= before);
}

/** The simulator's tokens are not those of the tokenizer: near is within a quarter. */
function expectNear(actual: number, expected: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(Math.max(8, expected / 4));
}

function expectTold({ usage, costUsd }: ExchangeRecord, request: CountedRequest, counted: ServedRequest) {
  const { inputTokens, outputTokens } = counted;
  if (request.onlyOrdered === true)
    return expect(usage).toEqual({ ...noTokens, ...request.ordered, estimated: true });
  if (request.tells === "no tokens") {
    if (request.units === undefined) return expect(usage).toBeNull();
    return expect(usage).toMatchObject({ ...request.units, estimated: false });
  }
  const output = request.writes ? outputTokens : 0;
  expect(usage).toEqual({ ...noTokens, inputTokens, outputTokens: output, ...request.units });
  expect(costUsd).toBeCloseTo((inputTokens * price.input + output * price.output) / 1e6, 12);
}

function expectAsked({ usage }: ExchangeRecord, request: CountedRequest, { inputTokens }: ServedRequest) {
  if (request.tells === "no tokens") {
    if (request.ordered === undefined) return expect(usage).toBeNull();
    return expect(usage).toEqual({ ...noTokens, ...request.ordered, estimated: true });
  }
  expect(usage).toMatchObject({ ...request.ordered, outputTokens: 0, estimated: true });
  expectNear(usage?.inputTokens ?? 0, inputTokens);
}

function expectCut(record: ExchangeRecord, request: CountedRequest, counted: ServedRequest) {
  const { usage } = record;
  const { inputTokens, outputTokens } = counted;
  switch (request.tells) {
    case "no tokens":
      return expectAsked(record, request, counted);
    case "all along":
      expect(usage).toMatchObject({ inputTokens, estimated: false });
      if (record.outcome === "truncated") expect(usage?.outputTokens).toBe(outputTokens);
      break;
    case "input first":
      expect(usage).toMatchObject({ inputTokens, estimated: true });
      break;
    case "at the end":
      expect(usage).toMatchObject({ estimated: true });
      expectNear(usage?.inputTokens ?? 0, inputTokens);
      break;
  }
  expectNear(usage?.outputTokens ?? 0, outputTokens);
}

const checks: Readonly<Record<CountedOutcome["usage"], typeof expectTold>> = {
  told: expectTold,
  asked: expectAsked,
  cut: expectCut,
  none: ({ usage, costUsd }) => {
    expect(usage).toBeNull();
    expect(costUsd).toBeNull();
  },
};

const cells = countedRequests.flatMap((request) =>
  countedEndings.flatMap((ending) => {
    const isMissing = ending.streamsOnly === true && !request.stream;
    const expected = request.stream || request.passes === true ? ending.stream : ending.plain;
    return expected === null || isMissing
      ? []
      : [{ name: `${request.protocol} ${request.name}: ${ending.name}`, request, ending, expected }];
  }),
);

describe(`${cells.length} cells of request x ending: the record says what was consumed`, () => {
  test.each(named(cells))("%s", async (_name, { request, ending, expected }) => {
    const record = await exchangeOf(request, ending);
    const { usage, ...rest } = expected;
    expect(record).toMatchObject(rest);
    const counted = usage === "none" ? nothingServed : await servedTo(record);
    checks[usage](record, request, counted);
    expectTimes(record);
  });
});

const nothingServed: ServedRequest = {
  path: "",
  traceparent: undefined,
  inputTokens: 0,
  outputTokens: 0,
  complete: false,
};

/** On every ending the gateway's own time is a part of the whole, and the service's status is its last one. */
function expectTimes({ durationMs, overheadMs, attempts, upstreamStatus }: ExchangeRecord): void {
  const waited = attempts.reduce((sum, attempt) => sum + attempt.durationMs, 0);
  expect(overheadMs).toBeGreaterThanOrEqual(0);
  expect(overheadMs + waited).toBeLessThanOrEqual(durationMs + 0.01);
  expect(upstreamStatus).toBe(attempts.at(-1)?.status ?? 0);
}

const realtimePath = "/complete/text-generation/openai/v1/realtime?model=counted-model";

function say(text: string): object {
  return {
    type: "conversation.item.create",
    item: { role: "user", content: [{ type: "input_text", text }] },
  };
}

async function usageOfAnswers(socket: SocketLog, count: number): Promise<readonly Usage[]> {
  const usages: Usage[] = [];
  for (let number = 0; usages.length < count; number += 1) {
    const usage = realtimeUsage((await socket.message(number)).data);
    if (usage !== undefined) usages.push(usage);
  }
  return usages;
}

describe("sockets", () => {
  test.each([
    ["closes", (socket: SocketLog) => socket.socket.close(1000), "ok"],
    ["is lost", (socket: SocketLog) => socket.socket.terminate(), "client_closed"],
  ])(
    "a realtime session has consumed what all its answers have, when the client %s",
    async (_, end, outcome) => {
      const before = gateway.records.length;
      const socket = await acceptedSocket(gateway.port, realtimePath);
      socket.send(say("How do you count?"));
      socket.send({ type: "response.create" });
      await usageOfAnswers(socket, 1);
      socket.send(say("And this one, which is quite a bit longer?"));
      socket.send({ type: "response.create" });
      const [first, second] = await usageOfAnswers(socket, 2);
      end(socket);
      const record = await gateway.recordWhere((each) => gateway.records.indexOf(each) >= before);
      if (first === undefined || second === undefined) throw new Error("two answers were awaited");
      expect(record).toMatchObject({ outcome, usage: addUsage(first, second) });
      expect(first.inputTokens).toBeGreaterThan(0);
      expect(record.costUsd).toBeGreaterThan(0);
    },
  );

  test.each([
    ["complete", ["finish"], "ok", { characters: 13, estimated: false }],
    ["that the client leaves", ["leave"], "client_closed", { characters: 13, estimated: true }],
  ])("speech %s has consumed its characters", async (_, [last], outcome, usage) => {
    const before = gateway.records.length;
    const socket = await acceptedSocket(gateway.port, `/complete/speech-synthesis/dashscope${speechPath}`);
    socket.send(runTask("counted-model"));
    await socket.message(0);
    socket.send(continueTask("Good morning!"));
    await socket.message(1);
    if (last === "finish") socket.send(finishTask());
    else socket.socket.terminate();
    const record = await gateway.recordWhere((each) => gateway.records.indexOf(each) >= before);
    socket.socket.terminate();
    expect(record).toMatchObject({ outcome, usage });
  });
});

describe("tasks", () => {
  test("a video counts once, at the first look that sees it done", async () => {
    const client = await RawClient.connect(gateway.port);
    const base = "/complete/video-generation/dashscope/api/v1";
    const made = await client.request({
      path: `${base}/services/aigc/video-generation/video-synthesis`,
      headers: [["X-DashScope-Async", "enable"]],
      body: JSON.stringify({ model: "counted-model", input: { prompt: "a cat" } }),
    });
    const id = textAt(made.json(), "output", "task_id");
    const usages: (Usage | null)[] = [];
    for (let done = 0; done < 3;) {
      const answer = await client.request({ path: `${base}/tasks/${id}` });
      usages.push((await gateway.record(answer.header("x-request-id"))).usage);
      if (textAt(answer.json(), "output", "task_status") === "SUCCEEDED") done += 1;
    }
    client.destroy();
    expect((await gateway.record(made.header("x-request-id"))).usage).toBeNull();
    expect(usages.filter((usage) => usage !== null)).toMatchObject([{ seconds: 5, estimated: false }]);
    expect(usages.at(-3)).not.toBeNull();
  });
});
