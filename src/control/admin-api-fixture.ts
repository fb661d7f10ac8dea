// The admin API over a real store, asked in process. Tests only.
import { randomBytes } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { dump, load } from "js-yaml";
import { createAdminApi } from "./admin-api.ts";
import type { AdminApi } from "./admin-api.ts";
import { openConfiguration, startMs } from "./configuration-fixture.ts";
import type { ConfigurationFixture } from "./configuration-fixture.ts";
import type { JsonObject } from "./merge-patch.ts";
import type { LogQuestions } from "../telemetry/log-messages.ts";
import { rollupSchema } from "../telemetry/rollups/rollup-parts.ts";
import { RollupReader } from "../telemetry/rollups/rollup-reader.ts";
import { Rollups } from "../telemetry/rollups/rollups.ts";
import { QuotaBook } from "./quotas/quota-book.ts";
import { TestCounters } from "./quotas/quota-counters-fixture.ts";
import { QuotaDirectory } from "./quotas/quota-directory.ts";
import { JudgeJobs } from "./routing/judge/judge-jobs.ts";
import { openLearning } from "./routing/learning-fixture.ts";
import type { RoutingPort } from "./routing/routing-port.ts";
import type { AdminApiPorts } from "./routes/ports.ts";
import { sessionLimits } from "./sign-in-settings.ts";
import { openSessions } from "./sessions.ts";
import type { SessionFile } from "./sessions.ts";
import { openLastUses } from "./last-uses.ts";

export const setUpToken = "set-up-token-set-up-token-set-up-token";
export const ownerToken = "owner-token-owner-token-owner-token";

/** What came back, with its body read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; an empty object when it is none. */
  readonly body: JsonObject;
}

export interface Ask {
  readonly token?: string | null;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Where the request comes from. */
  readonly address?: string;
}

export interface ApiFixture extends ConfigurationFixture {
  readonly api: AdminApi;
  /** What is learnt, unless a test gives another. */
  readonly routing: RoutingPort;
  /** Failures that the API reported to the operational log. */
  readonly failures: readonly unknown[];
  /** `ask("GET /api/v1/services")`: as owner unless another token, or null for none, is given. */
  ask(request: string, options?: Ask): Promise<Answer>;
  /** Makes a token of this role and returns it. */
  tokenOf(role: string): Promise<string>;
}

const records: Readonly<Record<string, object>> = {
  "req-1": { requestId: "req-1", status: 200, requestContent: "the question" },
};

export async function openApi(ports: Partial<AdminApiPorts> = {}): Promise<ApiFixture> {
  const fixture = await openConfiguration({ ownerElsewhere: ports.adminToken !== null });
  const failures: unknown[] = [];
  let requests = 0;
  const { wallMs } = fixture;
  const onProblem = (error: unknown): void => void failures.push(error);
  const kept = await openKept(fixture, onProblem);
  const routing = openLearning(fixture);
  const api = createAdminApi({
    configuration: fixture.configuration,
    documents: documentPort,
    ...kept,
    cipher: fixture.cipher,
    fetchProvider: () => Promise.reject(new Error("this test has no provider")),
    setUpToken,
    clock: { wallMs, monotonicMs: wallMs },
    randomBytes,
    newRequestId: () => `request-${(requests += 1)}`,
    adminToken: ownerToken,
    metricsToken: null,
    bootstrapToken: null,
    readiness: () => ({ ready: true, revision: fixture.configuration.working.revision }),
    explain: async (name, request) => ({ name, request }),
    live,
    testModeration: async () => ({ verdict: "pass" }),
    testService: async () => ({ ok: true, steps: [], models: [], keys: [] }),
    debug: {
      takerOf: () => null,
      send: () => Promise.reject(new Error("this test has no data plane")),
    },
    answers: { purge: async () => undefined },
    telemetry: littleTelemetry(fixture.wallMs),
    routing,
    quotas: unusedQuotas(fixture),
    judging: await idleJudge(fixture, routing, onProblem),
    delivery: { states: () => [], test: async () => ({ ok: false, message: "", ms: 0, requests: [] }) },
    alerts: { states: () => [], test: async () => ({ ok: false, results: [] }) },
    metricsText: () => "moongate_requests_total 1\n",
    reportFailure: (error) => failures.push(error),
    consoleFiles: null,
    version: "0.0.0",
    ...ports,
  });
  const ask = (request: string, options: Ask = {}) => askApi(api, request, options);
  return {
    ...fixture,
    api,
    routing,
    failures,
    ask,
    tokenOf: async (role) => {
      const answer = await ask("POST /api/v1/tokens", { body: { name: `t-${role}`, role } });
      return String(answer.body["token"]);
    },
  };
}

/** What the store keeps apart from resources. */
async function openKept(
  { store, wallMs, configuration }: ConfigurationFixture,
  onProblem: (error: unknown) => void,
): Promise<Pick<AdminApiPorts, "sessions" | "signIns" | "tokenUses">> {
  const limits = () => sessionLimits(configuration);
  return {
    sessions: await openSessions({ file: fileIn(store, "sessions"), randomBytes, wallMs, limits, onProblem }),
    signIns: await openLastUses({ file: fileIn(store, "sign-ins"), wallMs, onProblem }),
    tokenUses: await openLastUses({ file: fileIn(store, "token uses"), wallMs, onProblem }),
  };
}

/** Judge jobs that find no record and ask nobody. */
function idleJudge(
  { configuration, wallMs, store }: ConfigurationFixture,
  { labels }: RoutingPort,
  onProblem: (error: unknown) => void,
): Promise<JudgeJobs> {
  const unasked = (): never => {
    throw new Error("this test judges nothing");
  };
  return JudgeJobs.open({
    configuration,
    telemetry: littleTelemetry(wallMs),
    replay: { read: unasked, price: () => undefined, ask: unasked },
    labels,
    wallMs,
    file: fileIn(store, "judge jobs"),
    onProblem,
  });
}

/** Quotas of which nothing is used. */
function unusedQuotas({ configuration, wallMs }: ConfigurationFixture): QuotaBook {
  const unasked = (): never => {
    throw new Error("this test tells nobody of quotas");
  };
  return new QuotaBook({
    directory: new QuotaDirectory(() => configuration.working.resources),
    counters: new TestCounters(),
    store: null,
    kept: [],
    post: unasked,
    wallMs,
    origin: unasked,
    report: unasked,
  });
}

const live: AdminApiPorts["live"] = {
  startedAtMs: startMs,
  nodeName: "node-1",
  workers: 2,
  gateway: { url: "http://127.0.0.1:8080", scheme: "http", host: "0.0.0.0", port: 8080 },
  inFlight: () => 0,
  standings: () => ({ services: [], keys: [] }),
};

function fileIn(store: ConfigurationFixture["store"], key: string): SessionFile {
  return { read: () => store.getMeta(key), write: (text) => store.setMeta(key, text) };
}

/** YAML as it comes, with one fault for all that is wrong. */
const documentPort: AdminApiPorts["documents"] = {
  read: async (text) => {
    try {
      return { value: load(text) };
    } catch {
      return { issues: [{ line: 2, column: 3, path: "", message: "is not YAML" }] };
    }
  },
  resolve: async (value) => ({ value: resolve(value), issues: [] }),
  toYaml: (value) => dump(value),
};
/** A log thread that knows one record and refuses every other question. */
function littleTelemetry(wallMs: () => number): AdminApiPorts["telemetry"] {
  const hours = new DatabaseSync(":memory:");
  hours.exec(rollupSchema);
  const open = new Rollups({ wallMs });
  const counts = new RollupReader({ partitions: () => [], hours, open, wallMs, caughtUp: () => true });
  const answers: TelemetryAnswers = {
    traffic: ({ window }) => counts.traffic(window),
    way: ({ api, window }) => ({ ...counts.way(api, window), lastExchanges: [] }),
    log: ({ requestId }) => records[requestId] ?? null,
  };
  return answeredBy(answers);
}

/** What a test answers in the place of the log thread. */
export type TelemetryAnswers = {
  -readonly [Kind in keyof LogQuestions]?: (ask: LogQuestions[Kind]["ask"]) => unknown;
};

/** A port whose answers a test gives; it rejects what has none. */
export function answeredBy(answers: TelemetryAnswers): AdminApiPorts["telemetry"] {
  return {
    ask: async (kind, ask) => {
      const answer = answers[kind];
      if (answer === undefined) throw new Error("the log thread cannot be asked now");
      // A test gives as much of the answer as its route reads.
      return answer(ask) as LogQuestions[typeof kind]["answer"];
    },
  };
}

/** Stands for the resolver of references: the one variable KEY. */
function resolve(value: unknown): unknown {
  return value === null
    ? null
    : JSON.parse(JSON.stringify(value).replaceAll("${env:KEY}", "resolved-secret"));
}

async function askApi(
  api: AdminApi,
  request: string,
  { token = ownerToken, body, headers = {}, address = "203.0.113.1" }: Ask,
): Promise<Answer> {
  const [method = "GET", path = "/"] = request.split(" ");
  const init = {
    method,
    headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  };
  const response = await api.request(`http://127.0.0.1${path}`, init, { remoteAddress: address });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: readJson(text) };
}

function readJson(text: string): JsonObject {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return {};
  }
}
