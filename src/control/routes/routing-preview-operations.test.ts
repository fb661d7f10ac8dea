// Previews, decisions made again, tests of prompts and judged examples over the admin API, from records whose evidence is
// known.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ChoiceEvidence } from "../../core/routing-record.ts";
import { chooseModel } from "../../routing/decision/choose-model.ts";
import { builtInExamples } from "../../routing/domains/built-in/built-in-domains.ts";
import type { LogItem, LogQuery } from "../../telemetry/log-answers.ts";
import { answeredBy, openApi, type ApiFixture } from "../admin-api-fixture.ts";
import { choiceEvidence } from "../routing/learning-fixture.ts";
import type { ImaginedRequest } from "./ports.ts";

let fixture: ApiFixture;
let records: LogItem[];
let asked: LogQuery[];
let explained: { readonly name: string; readonly request: ImaginedRequest }[];

const base = "/api/v1/model-apis/chat/routing";
const candidates = [
  { service: "sim", model: "large", quality: 80, price: { input: 10, output: 10 } },
  { service: "sim", model: "small", quality: 75, price: { input: 1, output: 1 } },
];
const modelService = { mode: "intelligent", profile: "quality", candidates };

beforeEach(async () => {
  records = [];
  asked = [];
  explained = [];
  fixture = await openApi({
    telemetry: answeredBy({
      logs: (query) => {
        asked.push(query);
        const from = Number(query.cursor ?? 0);
        const next = from + query.limit;
        const items = records.slice(from, next);
        return { items, nextCursor: next < records.length ? String(next) : null };
      },
      log: ({ requestId }) => records.find((row) => row.requestId === requestId) ?? null,
    }),
    explain: async (name, request) => {
      explained.push({ name, request });
      return { reason: "", decision: decisionOf(evidenceOf()) };
    },
  });
  await create("services", { name: "sim", provider: "simulator" });
  await create("model-apis", apiOf("chat", modelService));
});
afterEach(() => fixture.close());

const apiOf = (name: string, service: object) => ({
  name,
  basePath: `/${name}`,
  useCase: "text-generation",
  protocols: ["openai"],
  modelService: service,
});

async function create(kind: string, body: object): Promise<void> {
  const answer = await fixture.ask(`POST /api/v1/${kind}`, { body });
  if (answer.status !== 201) throw new Error(answer.text);
}

/** As profile `quality` decides: the large model. */
function evidenceOf(fields: Partial<ChoiceEvidence> = {}): ChoiceEvidence {
  const shared = { excluded: "", latencyMs: 100 };
  return {
    ...choiceEvidence,
    profile: "quality",
    costWeight: 0.02,
    maxQualityDrop: 0.02,
    models: [
      { ...shared, model: "large", declared: 0.8, general: 0.8, costUsd: 0.01 },
      { ...shared, model: "small", declared: 0.75, general: 0.75, costUsd: 0.001 },
    ],
    defaultModel: "large",
    ...fields,
  };
}

function decisionOf(evidence: ChoiceEvidence): NonNullable<LogItem["decision"]> {
  const { scores: _scores, ...choice } = chooseModel(evidence);
  return { mode: "intelligent", reason: "", candidates: [], routing: { router: "3.x.0", evidence, choice } };
}

function record(requestId: string, fields: Partial<LogItem> = {}): LogItem {
  const decision = fields.decision === undefined ? decisionOf(evidenceOf()) : fields.decision;
  const usage = {
    inputTokens: 500,
    outputTokens: 500,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    reasoningTokens: 0,
    estimated: false,
  };
  return {
    requestId,
    api: "chat",
    model: decision?.routing?.choice.model ?? "m",
    resourceGroup: "default",
    outcome: "ok",
    cache: "miss",
    usage,
    costUsd: 0.01,
    ...fields,
    decision,
    // Of a record nothing else is read.
  } as LogItem;
}

const preview = (body: object) => fixture.ask(`POST ${base}/preview`, { body });

describe("a preview", () => {
  test("with what is saved changes nothing", async () => {
    records = Array.from({ length: 30 }, (_, index) => record(String(index)));
    expect((await preview({})).body).toMatchObject({
      looked: 30,
      requests: 30,
      changed: 0,
      costChange: 0,
      models: [
        { model: "large", now: 1, next: 1 },
        { model: "small", now: 0, next: 0 },
      ],
      quality: { value: 0, low: 0, high: 0 },
    });
  });

  test("of a cheaper profile tells shares, cost and expected quality with its bounds", async () => {
    records = Array.from({ length: 40 }, (_, index) => record(String(index)));
    const { body } = await preview({ modelService: { ...modelService, profile: "cheap" } });
    expect(body).toMatchObject({ requests: 40, changed: 40, basis: "declared" });
    expect(body["models"]).toMatchObject([
      { model: "large", next: 0 },
      { model: "small", next: 1 },
    ]);
    expect(body["costChange"]).toBeCloseTo(-0.9);
    expect(body["summary"]).toMatch(/^100 % to small, cost -90 %, expected quality -5\.0 ± \d+\.\d$/u);
  });

  test("of other prices counts what the same answers would cost", async () => {
    records = [record("1")];
    const dearer = candidates.map((row) => ({ ...row, price: { input: 20, output: 20 } }));
    const { body } = await preview({ modelService: { ...modelService, candidates: dearer } });
    expect(body).toMatchObject({ changed: 0, costUsd: { now: 0.01, next: 0.02 } });
  });

  test("keeps what clients and rules have named, and what speaks against a model", async () => {
    const [large, small] = evidenceOf().models;
    if (large === undefined || small === undefined) throw new Error("there are two models");
    records = [
      record("named", { decision: decisionOf(evidenceOf({ named: "large" })) }),
      record("excluded", {
        decision: decisionOf(evidenceOf({ models: [large, { ...small, excluded: "no-tools" }] })),
      }),
      record("free"),
    ];
    const { body } = await preview({ modelService: { ...modelService, profile: "cheap" } });
    expect(body).toMatchObject({ requests: 3, changed: 1 });
  });

  test("goes by labels where there are some, and is surer with more of them", async () => {
    const withLabels = (count: number) =>
      record(String(count), {
        decision: decisionOf(
          evidenceOf({
            models: evidenceOf().models.map((row) => ({
              ...row,
              learnt: { near: row.general, mean: row.general, count },
            })),
          }),
        ),
      });
    const reachOf = async (count: number): Promise<number> => {
      records = [withLabels(count)];
      const { body } = await preview({ modelService: { ...modelService, profile: "cheap" } });
      expect(body["basis"]).toBe("labels");
      const { low, high } = body["quality"] as { low: number; high: number };
      return high - low;
    };
    expect(await reachOf(400)).toBeLessThan((await reachOf(10)) / 2);
  });

  test("says how many records cannot be used, and why", async () => {
    records = [
      record("other mode", { decision: { mode: "single", reason: "", candidates: [] } }),
      record("refused", { decision: null }),
      record("failed", { outcome: "upstream_error" as LogItem["outcome"] }),
      record("reused", { cache: "hit" }),
      record("good"),
    ];
    expect((await preview({})).body).toMatchObject({
      looked: 5,
      requests: 1,
      unused: { undecided: 2, unanswered: 2 },
    });
    records = [];
    expect((await preview({})).body).toMatchObject({ requests: 0, costChange: null, looked: 0 });
  });

  test("looks at no more records than it was asked for, page by page, of this Model API alone", async () => {
    records = Array.from({ length: 900 }, (_, index) => record(String(index)));
    expect((await preview({ limit: 700, from: "2026-01-01T00:00:00Z" })).body).toMatchObject({ looked: 700 });
    expect(asked.map(({ limit }) => limit)).toEqual([500, 200]);
    expect(asked[0]).toMatchObject({
      fromMs: Date.UTC(2026, 0, 1),
      filters: [{ field: "api", values: ["chat"] }],
    });
  });

  test.each([
    ["an unknown field", { modelService: { ...modelService, speed: 1 } }, 400, "modelService"],
    ["another mode", { modelService: { mode: "single", target: { service: "sim" } } }, 409, "intelligent"],
    ["too many records", { limit: 1_001 }, 400, "limit"],
    ["no time", { from: "yesterday" }, 400, "from"],
  ])("with %s is refused", async (_name, body, status, words) => {
    const answer = await preview(body);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(words);
  });
});

describe("a recorded decision", () => {
  const again = (requestId: string, api = "chat") =>
    fixture.ask(`POST /api/v1/model-apis/${api}/routing/reproduce`, { body: { requestId } });

  test("comes out again, or what differs is told", async () => {
    const good = record("good");
    const { routing } = decisionOf(evidenceOf());
    if (routing === undefined) throw new Error("it was decided by mode intelligent");
    const forged = { ...routing, choice: { ...routing.choice, model: "small" } };
    const bad = record("bad", {
      decision: { mode: "intelligent", reason: "", candidates: [], routing: forged },
    });
    records = [good, bad];
    expect((await again("good")).body).toMatchObject({
      same: true,
      differences: [],
      choice: { model: "large" },
      explanation: { summary: expect.stringContaining("large was chosen") },
    });
    expect((await again("bad")).body).toMatchObject({
      same: false,
      differences: [{ field: "model", recorded: "small", now: "large" }],
    });
  });

  test.each([
    ["of another Model API", "elsewhere", 404],
    ["of another mode", "single", 409],
    ["that is not there", "none", 404],
  ])("%s cannot", async (_name, requestId, status) => {
    records = [record("elsewhere", { api: "other" }), record("single", { decision: null })];
    expect((await again(requestId)).status).toBe(status);
  });
});

describe("a test of a prompt", () => {
  const tryOut = (body: object, api = "chat") =>
    fixture.ask(`POST /api/v1/model-apis/${api}/routing/test`, { body });

  test("asks the data plane about the saved model service", async () => {
    const { body } = await tryOut({ prompt: "Hello", profile: "cheap" });
    expect(body).toMatchObject({ measured: true, decision: { routing: { choice: { model: "large" } } } });
    expect(explained).toMatchObject([{ name: "chat", request: { path: "/chat/v1/chat/completions" } }]);
    expect(JSON.parse(explained[0]?.request.body ?? "")).toEqual({
      model: "auto/cheap",
      messages: [{ role: "user", content: "Hello" }],
    });
  });

  test("decides by what is not saved, without asking anybody", async () => {
    await create("model-apis", apiOf("plain", { mode: "single", target: { service: "sim" } }));
    const prompt = "Write a Python function that sorts a list of tuples by their second element";
    const strong = candidates.map((row) =>
      row.model === "small" ? { ...row, strengths: { code: 95 } } : { ...row, strengths: { code: 40 } },
    );
    const unsaved = { ...modelService, candidates: strong };
    for (const api of ["chat", "plain"]) {
      const { body } = await tryOut({ prompt, modelService: unsaved }, api);
      expect(body).toMatchObject({
        measured: false,
        decision: {
          routing: {
            evidence: {
              prompt: { domains: expect.arrayContaining([expect.objectContaining({ name: "code" })]) },
            },
            choice: { model: "small" },
          },
        },
        explanation: { summary: expect.stringContaining("small was chosen") },
      });
    }
    expect(explained).toEqual([]);
  });

  test.each([
    ["neither prompt nor body", {}, 400],
    ["both", { prompt: "a", body: {} }, 400],
    ["a body for what is not saved", { body: {}, modelService }, 400],
    ["another mode", { prompt: "a", modelService: { mode: "single", target: { service: "sim" } } }, 409],
    ["an unknown profile", { prompt: "a", profile: "best" }, 400],
  ])("with %s is refused", async (_name, body, status) => {
    expect((await tryOut(body)).status).toBe(status);
  });
});

describe("judged examples", () => {
  const judge = (body: object) => fixture.ask(`POST ${base}/domains/accuracy`, { body });
  const examplesOf = (name: string) =>
    builtInExamples()
      .find((domain) => domain.name === name)
      ?.examples.slice(0, 30) ?? [];

  test("tell domains apart, and which stand in the wrong one", async () => {
    const own = [
      { name: "orders", examples: [...examplesOf("code"), String(examplesOf("chat")[5])] },
      { name: "talk", examples: examplesOf("chat").slice(6) },
    ];
    const { body } = await judge({ domains: own, builtInDomains: false });
    expect(body["accuracy"]).toBeGreaterThan(0.8);
    expect(body["misplaced"]).toContainEqual(
      expect.objectContaining({ domain: "orders", example: 30, takenFor: "talk" }),
    );
  });

  test("of a built-in domain are added to it, and only own ones are told to be moved", async () => {
    const body = { domains: [{ name: "code", examples: examplesOf("medicine").slice(0, 3) }] };
    const answer = await judge(body);
    expect(answer.status).toBe(200);
    expect(answer.body["domains"]).toHaveLength(10);
    for (const row of answer.body["misplaced"] as { domain: string; example: number }[]) {
      expect([row.domain, row.example < 3]).toEqual(["code", true]);
    }
  });

  test.each([
    ["one domain alone", { domains: [{ name: "a", examples: ["x"] }], builtInDomains: false }],
    [
      "too many",
      { domains: Array.from({ length: 51 }, (_, index) => ({ name: `d${index}`, examples: [] })) },
    ],
    [
      "too long examples",
      {
        domains: Array.from({ length: 3 }, (_, index) => ({
          name: `d${index}`,
          examples: Array.from({ length: 100 }, () => "x".repeat(1_700)),
        })),
      },
    ],
    ["too many examples", { domains: [{ name: "a", examples: Array.from({ length: 201 }, () => "x") }] }],
  ])("of %s are refused", async (_name, body) => {
    expect((await judge(body)).status).toBe(400);
  });
});
