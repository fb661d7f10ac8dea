// What the program answers is what its OpenAPI description says: every member described, of the type described, over the
// whole program after requests of several endings.
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { startProcess, type GatewayProcess } from "./support/gateway-process.ts";
import { startRawUpstream, type RawUpstream } from "./support/raw-upstream.ts";

type Json = Readonly<Record<string, unknown>>;

const password = "correct horse battery";
let failing: RawUpstream;
let gateway: GatewayProcess;
let description: Json;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

beforeAll(async () => {
  gateway = await startProcess({ env: { MOONGATE_ADMIN_PASSWORD: password, MOONGATE_DEMO: "off" } });
  description = await read("/openapi.json");
  failing = await startRawUpstream({
    onRequest: ({ connection }) => {
      connection.socket.write("HTTP/1.1 500 Broken\r\ncontent-length: 0\r\n\r\n");
    },
  });
  await made("services", { name: "failing", provider: "openai-compatible", baseUrl: `${failing.url}/v1` });
  await made("services", { name: "there", provider: "simulator" });
  for (const service of ["failing", "there"])
    await made("model-apis", {
      name: service,
      basePath: `/${service}`,
      stripBasePath: true,
      useCase: "text-generation",
      protocols: ["openai"],
      modelService: { mode: "single", target: { service, model: "m" } },
      fallback: service === "failing" ? { targets: [{ service: "there" }] } : { targets: [] },
    });
  for (let count = 0; count < 12; count += 1) await chat(count % 2 === 0 ? "failing" : "there");
  await chat("nowhere");
  await made("sinks", { name: "file", type: "file", path: "exports/records.jsonl" });
  await made("consumers", { name: "app" });
  await made("alerts", {
    name: "fails",
    metric: "attempts",
    op: ">",
    threshold: 1_000_000,
    notify: [{ webhook: `${failing.url}/hook` }],
  });
});
afterAll(async () => {
  await gateway?.close();
  await failing?.close();
});

async function read(path: string): Promise<Json> {
  const body: unknown = await (await gateway.admin("GET", path)).json();
  if (!isObject(body)) throw new Error(`${path} answers no object`);
  return body;
}

async function made(kind: string, body: object): Promise<void> {
  const answer = await gateway.admin("POST", `/${kind}`, body);
  if (answer.status !== 201) throw new Error(await answer.text());
}

async function chat(api: string): Promise<void> {
  const answer = await fetch(`${gateway.gatewayUrl}/${api}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "m", messages: [{ role: "user", content: "Hello" }] }),
  });
  await answer.arrayBuffer();
}

/** With every object closed, so that a member which is not described is seen. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (!isObject(schema)) return schema;
  const members = Object.fromEntries(Object.entries(schema).map(([name, part]) => [name, closed(part)]));
  return isObject(schema["properties"]) && !("additionalProperties" in schema)
    ? { ...members, additionalProperties: false }
    : members;
}

function schemaOf(method: string, path: string, status: number): z.ZodType {
  const place = ["paths", `/api/v1${path}`, method.toLowerCase(), "responses", String(status)];
  let at: unknown = description;
  for (const name of [...place, "content", "application/json", "schema"])
    at = isObject(at) ? at[name] : undefined;
  if (!isObject(at)) throw new Error(`${method} ${path} does not describe ${status}`);
  return z.fromJSONSchema(closed(at) as Parameters<typeof z.fromJSONSchema>[0]);
}

const signIn = { username: "admin", password };
const modelApi = {
  name: "there",
  useCase: "text-generation",
  protocols: ["openai"],
  modelService: { mode: "single", target: { service: "nobody" } },
};

test.each<[request: string, path: string, body?: object, status?: number]>([
  ["GET /status", "/status"],
  ["GET /traffic?window=1h", "/traffic"],
  ["GET /traffic?window=7d", "/traffic"],
  ["GET /traffic/failing?window=1h", "/traffic/{api}"],
  ["GET /traffic/there", "/traffic/{api}"],
  ["GET /logs?limit=5&facets=api,status,stream&histogram=10", "/logs"],
  ["GET /logs?api=failing&limit=1", "/logs"],
  ["GET /log-store", "/log-store"],
  ["GET /metrics/names", "/metrics/names"],
  ["GET /metrics/query?name=requests,ttft_p95,success_rate&groupBy=api,model", "/metrics/query"],
  [
    "POST /metrics/query",
    "/metrics/query",
    {
      filters: { api: "there" },
      queries: [{ name: "attempts", groupBy: ["reason"] }, { name: "duration_heat" }],
    },
  ],
  ["GET /usage?groupBy=api,service", "/usage"],
  ["GET /consumers/app/usage", "/consumers/{name}/usage"],
  ["GET /alert-states", "/alert-states"],
  ["GET /sink-states", "/sink-states"],
  ["POST /alerts/preview", "/alerts/preview", { metric: "error_rate", op: ">", threshold: 0.1 }],
  ["POST /alerts/fails/test", "/alerts/{name}/test"],
  ["GET /setup", "/setup"],
  ["GET /session/providers", "/session/providers"],
  ["GET /audit-log?limit=50", "/audit-log"],
  ["GET /audit-log?action=create&kind=services&search=failing", "/audit-log"],
  ["GET /audit-log/verify", "/audit-log/verify"],
  ["GET /services/failing/dependants", "/services/{name}/dependants"],
  ["GET /resource-groups/default/dependants", "/resource-groups/{name}/dependants"],
  ["POST /session", "/session", signIn, 201],
  ["POST /model-apis/check", "/model-apis/check", { ...modelApi, basePath: "/failing" }],
  ["POST /model-apis/check", "/model-apis/check", {}],
  ["POST /services/there/test", "/services/{name}/test", {}],
  ["POST /services/failing/test", "/services/{name}/test", {}],
])("%s", async (request, path, body, status = 200) => {
  const [method = "", asked = ""] = request.split(" ");
  const answer = await gateway.admin(method, asked, body);
  expect(answer.status).toBe(status);
  const { error } = schemaOf(method, path, status).safeParse(await answer.json());
  expect(error?.issues ?? []).toEqual([]);
});

test("GET /logs/{requestId} and GET /traces/{traceId}", async () => {
  await expect.poll(async () => (await read("/logs?facets=api"))["total"]).toBe(13);
  const { items } = await read("/logs?api=failing&limit=1");
  const [item]: unknown[] = Array.isArray(items) ? items : [];
  if (!isObject(item)) throw new Error("there is no record");
  const feedback = await gateway.admin("POST", `/logs/${String(item["requestId"])}/feedback`, { score: -1 });
  expect(await feedback.json()).toMatchObject({ score: -1 });
  for (const [path, asked] of [
    ["/logs/{requestId}", `/logs/${String(item["requestId"])}`],
    ["/traces/{traceId}", `/traces/${String(item["traceId"])}`],
  ] as const) {
    const { error } = schemaOf("GET", path, 200).safeParse(await read(asked));
    expect(error?.issues ?? []).toEqual([]);
  }
});

test("what failed is in these answers", async () => {
  const { services, attention } = await read("/status");
  expect(services).toMatchObject([{ name: "failing", targets: [{ model: "m" }] }, { name: "there" }]);
  expect(attention).toMatchObject([{ code: "target_ejected", object: "failing" }]);
});
