// Learning over the admin API: labels in, training, what may be put into use and what not, and the way back.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openApi, type ApiFixture } from "../admin-api-fixture.ts";
import type { RoutingState } from "../routing/routing-answers.ts";
import { builtInExamples } from "../../routing/domains/built-in/built-in-domains.ts";
import { featuresVersion } from "../../routing/prompt/prompt-features.ts";
import { choiceEvidence } from "../routing/learning-fixture.ts";
import type { RoutingPort } from "../routing/routing-port.ts";

let fixture: ApiFixture;
let routing: RoutingPort;

const base = "/api/v1/model-apis/chat/routing";
const candidates = [
  { service: "sim", model: "large", quality: 80 },
  { service: "sim", model: "small", quality: 70 },
];

beforeEach(async () => {
  fixture = await openApi();
  ({ routing } = fixture);
  await create("services", { name: "sim", provider: "simulator" });
  await create("model-apis", { ...apiOf("chat"), modelService: intelligent({}) });
});
afterEach(() => fixture.close());

const apiOf = (name: string) => ({
  name,
  basePath: `/${name}`,
  useCase: "text-generation",
  protocols: ["openai"],
  modelService: { mode: "single", target: { service: "sim" } },
});
const intelligent = (learning: object) => ({
  mode: "intelligent",
  candidates,
  learning: { enabled: true, ...learning },
});

async function create(kind: string, body: object): Promise<void> {
  const answer = await fixture.ask(`POST /api/v1/${kind}`, { body });
  if (answer.status !== 201) throw new Error(answer.text);
}

const sorts = ["code", "writing"].map((name) => builtInExamples().find((domain) => domain.name === name));

/** Prompts for code and for prose in turn, each labelled for both models. */
function items(count: number, isGood: (index: number, model: string) => boolean) {
  return Array.from({ length: count }, (_, index) => {
    const examples = sorts[index % 2]?.examples ?? [];
    const at = Math.floor(index / 2);
    const prompt = `${examples[at % examples.length] ?? ""}${"!".repeat(at / examples.length)}`;
    return ["large", "small"].map((model) => ({ prompt, model, score: isGood(index, model) ? 1 : 0 }));
  }).flat();
}

const smallIsBetterAtProse = (index: number, model: string): boolean =>
  model === "large" ? index % 2 === 0 || index % 10 === 1 : index % 2 === 1;
const alike = (index: number, model: string): boolean =>
  ((index * 7919 + model.length * 104_729) >> 3) % 2 === 0;

async function state(): Promise<RoutingState> {
  const answer = await fixture.ask(`GET ${base}`);
  expect(answer.status).toBe(200);
  // What the operation answers with.
  return JSON.parse(answer.text) as RoutingState;
}

async function train(): Promise<RoutingState> {
  expect((await fixture.ask(`POST ${base}/train`)).status).toBe(200);
  await routing.trainings.settled("chat");
  return state();
}

const bring = (rows: object) => fixture.ask(`POST ${base}/labels`, { body: { items: rows } });
const publish = (body: object, token?: string) =>
  fixture.ask(`POST ${base}/publish`, { body, ...(token === undefined ? {} : { token }) });

describe("labels of one's own", () => {
  test("are counted by model and source, and again in the place of the older", async () => {
    expect((await bring(items(10, alike))).body).toEqual({ labels: 20, prompts: 10 });
    await bring(items(10, smallIsBetterAtProse));
    const { labels } = await state();
    expect(labels).toEqual({
      total: 20,
      unusable: 0,
      items: [
        { model: "large", source: "import", count: 10 },
        { model: "small", source: "import", count: 10 },
      ],
    });
    expect((await fixture.ask(`DELETE ${base}/labels?source=judge`)).body).toEqual({ labels: 0 });
    expect((await fixture.ask(`DELETE ${base}/labels`)).body).toEqual({ labels: 20 });
    expect((await state()).labels.total).toBe(0);
  });

  test("of prompts that another version has read are counted apart, and nothing is learnt of them", async () => {
    await bring(items(10, alike));
    const { labels, prompts } = routing.labels.labelsOf("chat");
    const [first] = prompts;
    if (first === undefined) throw new Error("there is no prompt");
    const numbers = {
      features: featuresVersion - 1,
      sketch: first.sketch,
      prompt: choiceEvidence.prompt,
      models: choiceEvidence.models,
    };
    routing.labels.add(labels.map((label) => ({ ...label, api: "chat", numbers })));
    const { labels: counted, notes } = await state();
    expect(counted).toMatchObject({ total: 20, unusable: 20 });
    expect(notes).toEqual([expect.stringContaining("another version of the program has read: 20")]);
    expect((await train()).lastRun).toMatchObject({
      version: null,
      result: expect.stringContaining("20 are of prompts that another version"),
    });
  });

  test("keep no text of a prompt", async () => {
    await bring([{ prompt: "the secret recipe of grandmother", model: "large", score: 1 }]);
    const kept = JSON.stringify([routing.labels.labelsOf("chat"), await state()]);
    for (const word of ["secret", "recipe", "grandmother"]) expect(kept).not.toContain(word);
    expect(kept).toContain("large");
  });

  test.each([
    ["another model", [{ prompt: "a", model: "huge", score: 1 }], "items[0].model"],
    ["too high a score", [{ prompt: "a", model: "large", score: 2 }], "items[0].score"],
    ["no prompt", [{ prompt: " ", model: "large", score: 1 }], "items[0].prompt"],
    ["nothing", [], "items"],
    ["too many", items(1_001, alike), "items"],
  ])("with %s are refused, and none is kept", async (_name, rows, path) => {
    expect(await bring(rows)).toMatchObject({ status: 400, body: { error: { details: [{ path }] } } });
    expect((await state()).labels.total).toBe(0);
  });
});

describe("what was learnt", () => {
  test("is better where one model is truly better, is put into use, and is taken back", async () => {
    await bring(items(150, smallIsBetterAtProse));
    const trained = await train();
    expect(trained).toMatchObject({
      running: null,
      lastRun: { version: 1, by: "environment" },
      versions: [{ version: 1, verdict: "better", labels: 300, prompts: 150, against: 0 }],
      published: { version: 0 },
    });
    expect(trained.versions[0]?.overCurrent.utility.low).toBeGreaterThan(0);
    expect(trained.lastRun?.curve.map(({ prompts }) => prompts)).toEqual([0, 50, 100, 150]);
    expect((await publish({ version: 1 })).body).toMatchObject({ version: 1, former: 0 });
    expect(fixture.configuration.snapshot.routers?.get("chat")?.version).toBe(1);
    expect(fixture.published.at(-1)?.routers?.get("chat")?.version).toBe(1);
    expect((await publish({ version: 1 })).status).toBe(409);
    expect((await fixture.ask(`POST ${base}/rollback`)).body).toMatchObject({ version: 0 });
    expect(fixture.published.at(-1)?.routers).toBeUndefined();
    expect((await fixture.ask(`POST ${base}/rollback`)).status).toBe(409);
  });

  test("of noise is not put into use, unless an owner or admin insists", async () => {
    await bring(items(150, alike));
    const { versions, lastRun } = await train();
    expect(versions).toMatchObject([{ version: 1, verdict: "not-better" }]);
    expect(lastRun?.result).toBe(versions[0]?.reason);
    const refused = await publish({ version: 1 });
    expect(refused).toMatchObject({ status: 409, body: { error: { code: "conflict" } } });
    expect(refused.text).toContain("not found better");
    expect((await publish({ version: 1, force: true }, await fixture.tokenOf("editor"))).status).toBe(403);
    expect((await publish({ version: 1, force: true }, await fixture.tokenOf("admin"))).status).toBe(200);
    expect((await state()).published).toMatchObject({ version: 1, by: "token:t-admin" });
  });

  test("before something else was put into use is compared anew", async () => {
    await bring(items(150, smallIsBetterAtProse));
    await train();
    await train();
    await publish({ version: 1 });
    const second = await publish({ version: 2 });
    expect(second.status).toBe(409);
    expect(second.text).toContain("compared with the choice without labels, but version 1 is in use");
    expect((await train()).versions[0]).toMatchObject({ version: 3, against: 1, verdict: "not-better" });
  });

  test("is put into use by itself where the Model API says so", async () => {
    const body = { modelService: intelligent({ autoPublish: true }) };
    await fixture.ask("PATCH /api/v1/model-apis/chat", { body });
    await bring(items(150, smallIsBetterAtProse));
    routing.trainings.startDue();
    await routing.trainings.settled("chat");
    expect((await state()).published).toMatchObject({ version: 1, by: "program" });
    routing.trainings.startDue();
    expect((await state()).running).toBeNull();
  });

  test("goes with its Model API, and a training that runs brings nothing back", async () => {
    await bring(items(40, smallIsBetterAtProse));
    const started = Promise.all([fixture.ask(`POST ${base}/train`), fixture.ask(`POST ${base}/train`)]);
    expect((await started).map(({ status }) => status)).toEqual([200, 409]);
    expect((await fixture.ask("DELETE /api/v1/model-apis/chat")).status).toBe(204);
    routing.versions.keepOnly((api) => fixture.configuration.get("model-apis", api) !== undefined);
    await routing.trainings.settled("chat");
    expect(routing.versions.versionsOf("chat")).toEqual([]);
    expect(routing.versions.lastRun("chat")).toBeNull();
  });

  test.each([
    ["without a label nothing is made", "chat", 200],
    ["another mode does not learn", "plain", 409],
    ["what is not there does not either", "absent", 404],
  ])("%s", async (_name, api, status) => {
    await create("model-apis", apiOf("plain"));
    expect((await fixture.ask(`POST /api/v1/model-apis/${api}/routing/train`)).status).toBe(status);
    await routing.trainings.settled(api);
    expect(routing.versions.versionsOf(api)).toEqual([]);
    if (status === 200) expect((await state()).lastRun?.result).toContain("No candidate");
  });

  test("and a commit at the same time are both in the snapshot", async () => {
    await bring(items(150, smallIsBetterAtProse));
    await train();
    const [published, patched] = await Promise.all([
      publish({ version: 1 }),
      fixture.ask("PATCH /api/v1/model-apis/chat", { body: { basePath: "/moved" } }),
    ]);
    expect([published.status, patched.status]).toEqual([200, 200]);
    const last = fixture.published.at(-1);
    expect([last?.apis.get("chat")?.basePath, last?.routers?.get("chat")?.version]).toEqual(["/moved", 1]);
  });
});

test("who did what stands in the audit log", async () => {
  await bring(items(150, smallIsBetterAtProse));
  await train();
  await publish({ version: 1 });
  await fixture.ask(`POST ${base}/rollback`);
  const { body } = await fixture.ask("GET /api/v1/audit-log?limit=4");
  expect(body["items"]).toMatchObject([
    { action: "rollback", kind: "model-apis", name: "chat" },
    { action: "publish" },
    { action: "train" },
    { action: "import" },
  ]);
  expect(JSON.stringify(body)).not.toContain(String(sorts[0]?.examples[0]).slice(0, 20));
});
