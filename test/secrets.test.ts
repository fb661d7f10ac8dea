// Planted secrets appear nowhere: the whole program, requests of every ending, everything that it writes, sends to sinks
// and answers over the admin API is looked through. What is sealed stays sealed.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answerCarelessly } from "./support/careless-service.ts";
import { longMs, startProcess, type GatewayProcess } from "./support/gateway-process.ts";
import { startRawUpstream, type RawUpstream, type UpstreamRequest } from "./support/raw-upstream.ts";
import { storedTexts, type StoredText } from "./support/stored-text.ts";

/** By what it is; each is one word, so that an index of words would show it whole. */
const secrets = {
  "key of a service": "svckeycanary7f3a9c2e1b",
  "header of a service": "svcheadercanary5d8e4a1c",
  "key of a consumer": "consumerkeycanary9b2c7d4e",
  "another key of a consumer": "querykeycanary3e6f1a8b5c",
  "a key that nobody has": "wrongkeycanary1c4d7e2f9a",
  "admin token": "admintokencanary8a5b2c9d6e3f7a1b4c",
  "token of metrics": "metricstokencanary2d5e8f1a4b7c",
  "password of a user": "passwordcanary6c9d3e7f1a",
  "secret of a sink": "sinksecretcanary4b7c1d5e9f",
  "header of a sink": "sinkheadercanary8e2f6a9b3c",
  "secret of an alert": "alertsecretcanary1a5b9c3d7e",
  "password in content": "contentpasswordcanary7d2e5f8a",
  "content that is not recorded": "quietcanary3f8a2b6c9d",
} as const;
const spoken = "spokencanary5c1d8e4f2a";

let folder: string;
let upstream: RawUpstream;
let receiver: RawUpstream;
let gateway: GatewayProcess;
/** What the admin API and `/metrics` said, by request. */
const said = new Map<string, string>();
let asked = 0;
/** What stands in the data folder. */
const stored: StoredText[] = [];

const api = (name: string, fields: object) => ({
  name,
  useCase: "text-generation",
  protocols: ["openai"],
  basePath: `/${name}`,
  stripBasePath: true,
  retries: { max: 0 },
  modelService: {
    mode: "by-model-name",
    rules: [{ pattern: "silent", target: { service: "hasty" } }],
    default: { service: "up" },
  },
  ...fields,
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "secrets-"));
  receiver = await startRawUpstream({
    onRequest: ({ connection }) => connection.socket.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"),
  });
  upstream = await startRawUpstream({
    onRequest: answerCarelessly,
  });
  gateway = await startProcess({
    dataDir: join(folder, "data"),
    env: {
      MOONGATE_ADMIN_TOKEN: secrets["admin token"],
      MOONGATE_METRICS_TOKEN: secrets["token of metrics"],
      MOONGATE_DEMO: "off",
      MOONGATE_LOG_LEVEL: "debug",
    },
  });
  await configure();
  await exchanges();
  await recorded();
  await askEverything();
  await untilReceived("/alert", "");
  // Both as it is while the program runs and as it stays.
  stored.push(...storedNow());
  gateway.kill("SIGTERM");
  expect(await gateway.exited()).toEqual({ code: 0, signal: null });
  stored.push(...storedTexts(gateway.dataDir));
}, longMs);
afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
  await receiver?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function admin(
  method: string,
  path: string,
  body?: unknown,
  type = "application/json",
): Promise<string> {
  const got = await fetch(`${gateway.consoleUrl}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${secrets["admin token"]}`, "content-type": type },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await got.text();
  said.set(`${method} ${path} ${said.size}`, `${JSON.stringify([...got.headers])}${text}`);
  if (got.status >= 500) throw new Error(`${method} ${path}: ${got.status} ${text}`);
  return text;
}

async function made(kind: string, body: object): Promise<void> {
  const text = await admin("POST", `/${kind}`, body);
  if (text.includes('"error"')) throw new Error(text);
}

async function configure(): Promise<void> {
  const service = {
    provider: "openai-compatible",
    baseUrl: `${upstream.url}/v1`,
    apiKeys: [{ name: "main", value: secrets["key of a service"] }],
    headers: { "x-team": secrets["header of a service"] },
  };
  await made("services", { name: "up", ...service });
  // For exchanges that are to run out of time, and for no others: a busy machine takes a second for a good one.
  await made("services", { name: "hasty", ...service, timeouts: { totalMs: 300 } });
  const value = secrets["key of a consumer"];
  const other = secrets["another key of a consumer"];
  await made("consumers", {
    name: "app",
    credentials: [
      { type: "api-key", name: "main", value },
      { type: "api-key", name: "other", value: other },
    ],
  });
  const auth = {
    enabled: true,
    grants: [{ consumer: "app" }],
    apiKeySources: [{ in: "bearer" }, { in: "query", name: "key" }],
  };
  const on = { recordRequestContent: true, recordResponseContent: true };
  await made("model-apis", api("loud", { auth, monitoring: on }));
  await made("model-apis", api("quiet", { auth }));
  await made("model-apis", api("open", { monitoring: on }));
  await made("users", { name: "ann", password: secrets["password of a user"], roles: [{ role: "viewer" }] });
  await made("sinks", {
    name: "hook",
    type: "webhook",
    url: `${receiver.url}/hook`,
    secret: secrets["secret of a sink"],
    flushIntervalMs: 100,
    includeContent: true,
  });
  await made("sinks", {
    name: "collector",
    type: "otlp",
    endpoint: receiver.url,
    headers: { "x-key": secrets["header of a sink"] },
    flushIntervalMs: 100,
    includeContent: true,
  });
  await made("sinks", {
    name: "file",
    type: "file",
    path: "out/records.jsonl",
    flushIntervalMs: 100,
    includeContent: true,
  });
  await made("alerts", {
    name: "many",
    metric: "requests",
    op: ">",
    threshold: 0,
    notify: [{ webhook: `${receiver.url}/alert`, secret: secrets["secret of an alert"] }],
  });
}

async function chat(
  name: string,
  model: string,
  fields: { key?: string; query?: string; says?: string },
): Promise<void> {
  asked += 1;
  const { key, query = "", says = spoken } = fields;
  const body = {
    model,
    stream: model === "cut" || model === "pieces",
    messages: [{ role: "user", content: says }],
    metadata: { password: secrets["password in content"] },
  };
  const got = await fetch(`${gateway.gatewayUrl}/${name}/v1/chat/completions${query}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    },
    body: JSON.stringify(body),
  }).catch(() => undefined);
  await got?.arrayBuffer().catch(() => undefined);
}

async function exchanges(): Promise<void> {
  const key = secrets["key of a consumer"];
  const keys = [spoken, key, secrets["another key of a consumer"], secrets["key of a service"]];
  // Of another consumer's key only its own exchange can know it.
  const own = keys.filter((one) => one !== secrets["another key of a consumer"]).join(" ");
  const quiet = secrets["content that is not recorded"];
  asked += 1;
  await admin("POST", "/model-apis/loud/debug", {
    path: "/loud/v1/chat/completions",
    consumer: "app",
    body: { model: "good", messages: [{ role: "user", content: secrets["key of a service"] }] },
  }).then((text) => {
    // What a service says back goes to whoever tries it out, as it would to a client.
    said.clear();
    expect(text).toContain(secrets["key of a service"]);
  });
  const query = `?key=${secrets["another key of a consumer"]}`;
  await chat("loud", "good", { query, says: `${spoken} ${secrets["another key of a consumer"]}` });
  await chat("loud", "good", { key: secrets["a key that nobody has"] });
  await chat("open", "good", {
    key: secrets["a key that nobody has"],
    says: secrets["a key that nobody has"],
  });
  // The last: a key that was refused rests.
  for (const model of ["good", "pieces", "bad", "odd", "cut", "silent", "refused"]) {
    await chat("loud", model, { key, says: own });
    await chat("quiet", model, { key, says: `${quiet} ${own}` });
  }
}

/** Waits until every exchange can be read and has been delivered to every sink. */
async function recorded(): Promise<void> {
  const isListed = async (): Promise<boolean> => {
    const { items } = JSON.parse(await admin("GET", "/logs?limit=500")) as { items: readonly unknown[] };
    return items.length >= asked;
  };
  while (!(await isListed())) await nextTurn();
  await untilReceived("/hook", spoken);
  await untilReceived("/v1/logs", spoken);
  const file = join(gateway.dataDir, "out", "records.jsonl");
  while (!existsSync(file) || !readFileSync(file).includes(spoken)) await nextTurn();
}

/** What a sink or a webhook was sent, as it reads. */
function textOf({ body, header }: UpstreamRequest): string {
  return (header("content-encoding") === "gzip" ? gunzipSync(body) : body).toString();
}

/** Waits until the receiver was sent this word there. */
async function untilReceived(path: string, word: string): Promise<void> {
  while (!receiver.requests.some((request) => request.path === path && textOf(request).includes(word)))
    await nextTurn();
}

/** All files at one moment: the program stands still meanwhile. */
function storedNow(): StoredText[] {
  gateway.kill("SIGSTOP");
  try {
    return storedTexts(gateway.dataDir);
  } finally {
    gateway.kill("SIGCONT");
  }
}

interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Every address that a described path stands for here. */
async function addressesOf(path: string): Promise<string[]> {
  const collection = path.replace(/\/\{.*$/, "");
  if (!path.includes("{")) return [path];
  if (path.startsWith("/logs/{") || path.startsWith("/traces/{")) {
    const { items } = JSON.parse(await admin("GET", "/logs?limit=500")) as {
      items: readonly { requestId: string; traceId: string }[];
    };
    const ids = items.map((item) => (path.startsWith("/logs") ? item.requestId : item.traceId));
    return ids.map((id) => path.replace(/\{[^}]+\}/, id));
  }
  if (path.startsWith("/revisions/")) {
    const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    return numbers.map((number) =>
      path.replace("{number}", String(number)).replace("{kind}/{name}", "services/up"),
    );
  }
  // Whether there is such a provider or not, a browser is sent on to a page.
  if (path.includes("{provider}")) return [path.replace("{provider}", "corp")];
  if (path === "/traffic/{api}") return ["loud", "quiet", "open"].map((name) => `/traffic/${name}`);
  const { items } = JSON.parse(await admin("GET", collection)) as { items: readonly { name: string }[] };
  return items.map(({ name }) => path.replace("{name}", name));
}

/** What a path must be asked with. */
const queries: Readonly<Record<string, string>> = {
  "/metrics/query": "?name=requests&groupBy=consumer",
  "/usage": "?groupBy=api,model,consumer",
  "/traffic": "?window=1h",
  "/logs": `?limit=500&search=${spoken}&facets=consumer,credential,path`,
  "/logs/export": "?format=jsonl",
};
/** Without an end. */
const endless: ReadonlySet<string> = new Set(["/logs/tail"]);

async function askEverything(): Promise<void> {
  const { paths } = JSON.parse(await admin("GET", "/openapi.json")) as Described;
  for (const [full, operations] of Object.entries(paths)) {
    const path = full.replace("/api/v1", "");
    if (!("get" in operations) || endless.has(path)) continue;
    for (const address of await addressesOf(path)) await admin("GET", address + (queries[path] ?? ""));
  }
  const document = await admin("GET", "/config/export");
  await admin("POST", "/config/plan", document, "application/yaml");
  await admin("POST", "/services/up/test", {});
  await admin("POST", "/sinks/hook/test", {});
  await admin("POST", "/alerts/many/test", {});
  await admin("POST", "/model-apis/loud/explain", {
    path: "/loud/v1/chat/completions",
    method: "POST",
    headers: { authorization: `Bearer ${secrets["key of a consumer"]}` },
  });
  const got = await fetch(`${gateway.consoleUrl}/metrics`, {
    headers: { authorization: `Bearer ${secrets["token of metrics"]}` },
  });
  expect(got.status).toBe(200);
  said.set("GET /metrics", await got.text());
}

/** Where one of these words stands, as it is or in base64. */
function placesOf(texts: Iterable<readonly [where: string, text: string | Buffer]>): string[] {
  const found: string[] = [];
  for (const [where, text] of texts) {
    for (const [what, secret] of Object.entries(secrets)) {
      const bytes = Buffer.from(secret);
      const encoded = [0, 1, 2].map((shift) =>
        Buffer.concat([Buffer.alloc(shift), bytes])
          .toString("base64")
          .slice(shift === 0 ? 0 : 4, -4),
      );
      if ([secret, ...encoded].some((form) => text.includes(form))) found.push(`${what}: ${where}`);
    }
  }
  return [...new Set(found)];
}

test("in what the admin API and the metrics say", () => {
  expect(placesOf(said)).toEqual([]);
  const all = [...said.values()].join("\n");
  // What may be read is there, so there was something to look through.
  expect(all).toContain(spoken);
  expect(all).toContain("<secret>");
  expect(all).toMatch(/moongate_\w*requests\w*\{/);
});

test("in the pieces of a stream, put together", () => {
  const streams = [...said.values()].filter(
    (text) => text.includes("chat/completions") && text.includes("data: [DONE]"),
  );
  expect(streams.length).toBeGreaterThan(0);
  const spokenIn = (text: string): string =>
    Array.from(
      text.matchAll(/\\"content\\":\\"((?:[^"\\]|\\\\.|\\(?!"))*)\\"/g),
      ([, words = ""]) => words,
    ).join("");
  const joined = streams.map((text, index) => [`stream ${index}`, spokenIn(text)] as const);
  expect(joined.every(([, text]) => text.includes("<redacted>"))).toBe(true);
  expect(placesOf(joined)).toEqual([]);
});

test("in any file of the data folder", () => {
  expect(placesOf(stored.map(({ where, bytes }) => [where, bytes]))).toEqual([]);
  const holding = stored.filter(({ bytes }) => bytes.includes(spoken)).map(({ where }) => where);
  expect(holding).toContainEqual(expect.stringMatching(/-content\.db .*compressed/));
  expect(holding).toContainEqual(expect.stringContaining("out/records"));
});

test("in what the program prints", () => {
  expect(placesOf([["output", gateway.output()]])).toEqual([]);
  const link = /\/setup#token=(\S+)/.exec(gateway.output())?.[1] ?? "";
  expect(link.length).toBeGreaterThan(20);
  const elsewhere = [...stored.map(({ bytes }) => bytes.toString("latin1")), ...said.values()];
  expect(elsewhere.filter((text) => text.includes(link))).toEqual([]);
});

test("in what goes to sinks and webhooks, but for the header that opens one", () => {
  const bodies = receiver.requests.map((request) => [request.path, textOf(request)] as const);
  expect(placesOf(bodies)).toEqual([]);
  const paths = new Set(receiver.requests.map(({ path }) => path));
  expect([...paths]).toEqual(expect.arrayContaining(["/hook", "/v1/logs", "/alert"]));
  const holding = bodies.filter(([, text]) => text.includes(spoken)).map(([path]) => path);
  expect(holding).toEqual(expect.arrayContaining(["/hook", "/v1/logs"]));
});

test("in records of exchanges whose content is not to be recorded there is none", () => {
  const records = [...said].filter(
    ([request, text]) => request.startsWith("GET /logs/") && text.includes('"api":"quiet"'),
  );
  const whole = records.filter(([request]) => !request.includes("export") && !request.includes("?"));
  expect(whole.length).toBe(7);
  expect(whole.filter(([, text]) => text.includes('Content"'))).toEqual([]);
});
