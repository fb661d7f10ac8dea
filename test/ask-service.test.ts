// What the gateway itself asks of services: by which keys and headers, and how each way to fail is told, over sockets.
import { expect, test } from "vitest";
import { askService, type ServiceQuestion } from "../src/gateway/ask-service.ts";
import { testService } from "../src/gateway/runtime-fixture.ts";
import { createUndiciUpstream } from "../src/gateway/upstream/undici-upstream.ts";
import type { SnapshotService } from "../src/snapshot/snapshot.ts";
import { createKeeper } from "./support/keeper.ts";
import { startTested, type Respond } from "./support/tested-service.ts";

const keep = createKeeper();

const keys = [
  { name: "a", value: "sk-first-key-0123456789", weight: 1 },
  { name: "b", value: "sk-second-key-0123456789", weight: 1 },
];

async function asking(
  respond: Respond,
  {
    service = {},
    question = {},
  }: { service?: Partial<SnapshotService>; question?: Partial<ServiceQuestion> } = {},
) {
  const upstream = createUndiciUpstream("private");
  keep(upstream);
  const server = await startTested(keep, respond);
  const runtime = testService({
    endpoints: [{ protocol: "openai", baseUrl: `${server.url}/v1` }],
    keys,
    timeouts: { connectMs: 5_000, idleMs: 5_000, totalMs: 5_000 },
    ...service,
  });
  const answer = askService(
    runtime,
    {
      protocols: ["openai"],
      model: "m",
      ask: () => ({ path: "/v1/embeddings", body: { model: "m", input: "hello" } }),
      timeoutMs: 20_000,
      maxBytes: 1_000,
      signal: new AbortController().signal,
      ...question,
    },
    upstream,
  );
  return { answer, server, runtime };
}

const ok: Respond = (_request, response) => response.end('{"ok":true}');

test("a service is asked at its own address, with its key and its headers", async () => {
  const { answer, server, runtime } = await asking(ok, { service: { headers: [["x-team", "t"]] } });
  await expect(answer).resolves.toEqual({ status: 200, body: '{"ok":true}', protocol: "openai" });
  const [seen] = server.seen;
  expect(seen?.url).toBe("/v1/embeddings");
  expect(seen?.body).toBe('{"model":"m","input":"hello"}');
  expect(seen?.headers).toMatchObject({ authorization: `Bearer ${keys[0]?.value}`, "x-team": "t" });
  expect(runtime.inFlight).toBe(0);
});

test("a key that is refused is followed by the next, and rests", async () => {
  const { answer, server, runtime } = await asking((request, response) => {
    const isFirst = request.headers.authorization?.includes("first") === true;
    response.writeHead(isFirst ? 401 : 200).end("{}");
  });
  await expect(answer).resolves.toMatchObject({ status: 200 });
  expect(server.seen.length).toBe(2);
  expect(runtime.keys.leftAlone(5_000).map(({ name }) => name)).toEqual(["a"]);
});

test("when all keys are too fast, the last answer is told, and all of them rest", async () => {
  const { answer, runtime } = await asking((_request, response) => response.writeHead(429).end("{}"));
  await expect(answer).resolves.toMatchObject({ status: 429 });
  expect(runtime.keys.leftAlone(5_000).length).toBe(2);
});

const failures: readonly [
  name: string,
  respond: Respond,
  expected: string,
  question: Partial<ServiceQuestion>,
][] = [
  ["a reset", (_request, response) => response.destroy(), "broken", {}],
  ["an answer without end", (_request, response) => void response.write("{"), "timeout", { timeoutMs: 100 }],
  ["no answer at all", () => undefined, "timeout", { timeoutMs: 100 }],
  ["a huge answer", (_request, response) => response.end("x".repeat(100_000)), "too-large", {}],
  ["a protocol that it does not speak", ok, "not-offered", { protocols: ["anthropic"] }],
];

test.each(failures)("%s is told by its class", async (_name, respond, expected, question) => {
  const { answer, runtime } = await asking(respond, { question });
  await expect(answer).rejects.toMatchObject({ name: "AskFailed", failure: expected });
  expect(runtime.inFlight).toBe(0);
});

test("whoever leaves waits no longer", async () => {
  const left = new AbortController();
  const { answer } = await asking(() => left.abort(), { question: { signal: left.signal } });
  await expect(answer).rejects.toMatchObject({ failure: "left" });
});

test("a service that is full is not asked", async () => {
  const upstream = createUndiciUpstream("private");
  keep(upstream);
  const runtime = testService({ maxInFlight: 1 });
  runtime.enter();
  const question: ServiceQuestion = {
    protocols: ["openai"],
    model: "m",
    ask: () => ({ path: "/v1/embeddings", body: {} }),
    timeoutMs: 1_000,
    maxBytes: 10,
    signal: new AbortController().signal,
  };
  await expect(askService(runtime, question, upstream)).rejects.toMatchObject({ failure: "busy" });
  expect(runtime.inFlight).toBe(1);
});
