// What explain tells beside what then happens: the whole program, its admin API and its command line.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { main } from "../src/cli/main.ts";
import { serviceAt } from "./support/configuration.ts";
import { adminToken, startProcess, type GatewayProcess } from "./support/gateway-process.ts";
import { startRawUpstream, type RawUpstream } from "./support/raw-upstream.ts";
import { createTestTerminal } from "./support/test-terminal.ts";

const key = "consumer-key-0123456789";
const path = "/guarded/v1/chat/completions?a=1";
const question = JSON.stringify({ model: "asked", messages: [{ role: "user", content: "Hello" }] });
const answer = JSON.stringify({ choices: [{ message: { content: "Hi" }, finish_reason: "stop" }] });

let folder: string;
let good: RawUpstream;
let bad: RawUpstream;
let gateway: GatewayProcess;

async function answering(status: string, body: string): Promise<RawUpstream> {
  return startRawUpstream({
    onRequest: ({ connection }) => {
      const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
      connection.socket.write(head + body);
    },
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "explain-"));
  good = await answering("200 OK", answer);
  bad = await answering("500 Broken", '{"error":{"message":"broken"}}');
  const api = (name: string, fields: object) => ({
    name,
    useCase: "text-generation",
    protocols: ["openai"],
    basePath: `/${name}`,
    stripBasePath: true,
    ...fields,
  });
  const file = join(folder, "gateway.json");
  const configuration = {
    version: 1,
    services: [
      serviceAt(`${good.url}/base/v1`, "openai", { name: "good" }),
      serviceAt(bad.url, "openai", { name: "bad" }),
    ],
    consumers: [{ name: "app", credentials: [{ type: "api-key", name: "main", value: key }] }],
    modelApis: [
      api("guarded", {
        modelService: { mode: "single", target: { service: "good", model: "m" } },
        auth: { enabled: true, grants: [{ consumer: "app" }] },
      }),
      api("failing", {
        modelService: { mode: "single", target: { service: "bad" } },
        fallback: { targets: [{ service: "good", model: "other" }] },
      }),
      api("off", { enabled: false, modelService: { mode: "single", target: { service: "good" } } }),
    ],
  };
  writeFileSync(file, JSON.stringify(configuration));
  writeFileSync(join(folder, "body.json"), question);
  gateway = await startProcess({ words: ["--config", file], env: { MOONGATE_UPSTREAM_NETWORKS: "private" } });
});

afterAll(async () => {
  await gateway.close();
  await good.close();
  await bad.close();
  rmSync(folder, { recursive: true });
});

interface Told {
  readonly status: number;
  readonly text: string;
  readonly body: unknown;
}

async function explain(api: string, request: object): Promise<Told> {
  const response = await gateway.admin("POST", `/model-apis/${api}/explain`, request);
  const text = await response.text();
  return { status: response.status, text, body: JSON.parse(text) as unknown };
}

function send(target: string): Promise<Response> {
  return fetch(gateway.gatewayUrl + target, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
    body: question,
  });
}

test("the service, address and model are those to which the request then goes", async () => {
  const told = await explain("guarded", {
    path,
    headers: { Authorization: `Bearer ${key}` },
    body: question,
  });
  expect(told).toMatchObject({
    status: 200,
    body: {
      route: "create-chat-completion",
      policies: [{ name: "authentication", verdict: "passed" }],
      refusal: null,
      decision: { mode: "single" },
      order: [
        { service: "good", model: "m", url: `${good.url}/base/v1/chat/completions?a=1`, standing: "ready" },
      ],
      fallback: [],
    },
  });
  expect(good.requests, "explain sends nothing").toEqual([]);
  expect(told.text).not.toContain(key);
  expect((await send(path)).status).toBe(200);
  const sent = await good.request(0);
  expect(good.url + sent.path).toBe(`${good.url}/base/v1/chat/completions?a=1`);
  expect(JSON.parse(sent.body.toString())).toMatchObject({ model: "m" });
});

test.each<[string, string, object, number, object]>([
  [
    "a Model API that is off",
    "off",
    { path: "/off/v1/completions" },
    200,
    { route: null, reason: expect.stringContaining("disabled") },
  ],
  [
    "a request without a key",
    "guarded",
    { path },
    200,
    { refusal: { status: 401, code: "invalid_credentials" } },
  ],
  ["a path that is no path", "guarded", { path: "/a/../b" }, 200, { route: null, refusal: { status: 400 } }],
  ["a Model API that does not exist", "nothing", { path }, 404, { error: { code: "not_found" } }],
  [
    "an unknown field",
    "guarded",
    { path, boddy: {} },
    400,
    { error: { message: expect.stringContaining('did you mean "body"?') } },
  ],
])("%s", async (...[, api, request, status, body]) => {
  expect(await explain(api, request)).toMatchObject({ status, body });
});

test("an ejection by the workers is seen by the main thread", async () => {
  const request = { path: "/failing/v1/chat/completions", body: JSON.parse(question) as object };
  expect(await explain("failing", request)).toMatchObject({
    body: { order: [{ service: "bad", model: "asked", standing: "ready" }] },
  });
  for (let sends = 0; sends < 5; sends += 1) {
    const response = await send(request.path);
    expect(response.headers.get("x-moongate-fallback-from")).toBe("bad");
    await response.arrayBuffer();
  }
  expect(await explain("failing", request)).toMatchObject({
    body: {
      order: [{ service: "bad", standing: "ejected", reason: "ejected after failures" }],
      fallback: [
        { service: "good", model: "other", url: `${good.url}/base/v1/chat/completions`, standing: "ready" },
      ],
      fallbackOn: expect.arrayContaining(["upstream-5xx"]),
    },
  });
});

describe("the command", () => {
  async function run(...words: string[]): Promise<{ code: number; printed: string; noted: string }> {
    const env = { MOONGATE_ADMIN_URL: gateway.consoleUrl, MOONGATE_ADMIN_TOKEN: adminToken };
    const terminal = createTestTerminal(env);
    const code = await main(["explain", ...words], terminal);
    return { code, printed: terminal.printed.join("\n"), noted: terminal.noted.join("\n") };
  }

  test("says where the request goes", async () => {
    const header = `authorization: Bearer ${key}`;
    const body = join(folder, "body.json");
    const told = await run("--api", "guarded", "--path", path, "--body", body, "--header", header);
    expect(told).toMatchObject({ code: 0, noted: "" });
    expect(told.printed).toContain("route     create-chat-completion (openai)");
    expect(told.printed).toContain('authentication: passed (consumer "app" by its credential "main")');
    expect(told.printed).toContain(
      `order     good as m: ready\n            ${good.url}/base/v1/chat/completions`,
    );
    expect(told.printed).not.toContain(key);
  });

  test("fails for a Model API that does not exist", async () => {
    expect(await run("--api", "nothing", "--path", "/")).toMatchObject({
      code: 1,
      printed: "",
      noted: expect.stringContaining("nothing"),
    });
  });
});
