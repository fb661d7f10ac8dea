// Learning of the whole program with two workers: labels are brought, what is learnt is better, is put into use and reaches
// requests; it survives a kill, a training that is killed leaves nothing, and one step leads back.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { builtInExamples } from "../src/routing/domains/built-in/built-in-domains.ts";
import { longMs, startProcess, type GatewayProcess } from "./support/gateway-process.ts";

const env = { MOONGATE_WORKERS: "2" };
const base = "/model-apis/taught/routing";
const examplesOf = (name: string): readonly string[] =>
  builtInExamples().find((domain) => domain.name === name)?.examples ?? [];
const [code, prose] = [examplesOf("code"), examplesOf("writing")];
/** Of each sort; those behind them nobody has labelled. */
const labelled = 75;

let dataDir: string;
let program: GatewayProcess;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "moongate-learning-"));
  program = await startProcess({ dataDir, env });
  await post("/services", { name: "taught-by", provider: "simulator" });
  const candidate = { service: "taught-by", price: { input: 1, output: 1 } };
  await post("/model-apis", {
    name: "taught",
    basePath: "/taught",
    useCase: "text-generation",
    protocols: ["openai"],
    monitoring: { exposeHeaders: true },
    modelService: {
      mode: "intelligent",
      profile: "quality",
      candidates: [
        { ...candidate, model: "large", quality: 80 },
        { ...candidate, model: "small", quality: 70 },
      ],
      stickiness: { enabled: false },
      learning: { enabled: true },
    },
  });
}, longMs);
afterAll(async () => {
  await program.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function post(path: string, body: object): Promise<Record<string, unknown>> {
  const response = await program.admin("POST", path, body);
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}

interface State {
  readonly running: object | null;
  readonly versions: readonly { readonly version: number; readonly verdict: string }[];
  readonly published: { readonly version: number };
  readonly labels: { readonly total: number };
}

async function state(): Promise<State> {
  const response = await program.admin("GET", base);
  return (await response.json()) as State;
}

async function trained(): Promise<State> {
  await post(`${base}/train`, {});
  for (;;) {
    const now = await state();
    if (now.running === null) return now;
  }
}

/** Waits until both workers answer with this model, which labels of the prompt decide. */
async function answeredBy(model: string, prompt: string): Promise<void> {
  for (let inRow = 0; inRow < 6;) inRow = (await askOnce(prompt)) === model ? inRow + 1 : 0;
}

async function askOnce(prompt: string): Promise<string> {
  const response = await fetch(`${program.gatewayUrl}/taught/v1/chat/completions`, {
    method: "POST",
    headers: { connection: "close" },
    body: JSON.stringify({ model: "auto", max_tokens: 5, messages: [{ role: "user", content: prompt }] }),
  });
  await response.text();
  expect(response.status).toBe(200);
  return response.headers.get("x-moongate-model") ?? "";
}

/** How many of the prompts that nobody has labelled go to the small model. */
async function toSmall(prompts: readonly string[]): Promise<number> {
  let count = 0;
  for (const prompt of prompts.slice(labelled)) if ((await askOnce(prompt)) === "small") count += 1;
  return count;
}

async function restart(): Promise<void> {
  program.kill("SIGKILL");
  await program.exited();
  program = await startProcess({ dataDir, env });
}

test(
  "300 labels of which one model is truly better at prose: prose goes there, and nowhere else does anything change",
  async () => {
    const items = Array.from({ length: labelled }, (_, index) => [
      { prompt: code[index], model: "large", score: 1 },
      { prompt: code[index], model: "small", score: 0 },
      { prompt: prose[index], model: "large", score: index % 5 === 0 ? 1 : 0 },
      { prompt: prose[index], model: "small", score: 1 },
    ]).flat();
    expect(await post(`${base}/labels`, { items })).toEqual({ labels: 300, prompts: 150 });
    expect([await toSmall(code), await toSmall(prose)]).toEqual([0, 0]);
    expect((await trained()).versions).toMatchObject([{ version: 1, verdict: "better" }]);
    expect(await toSmall(prose)).toBe(0);
    await post(`${base}/publish`, { version: 1 });
    await answeredBy("small", String(prose[1]));
    const unseen = prose.length - labelled;
    expect(await toSmall(prose)).toBeGreaterThan(unseen / 2);
    expect(await toSmall(code)).toBeLessThan((code.length - labelled) / 5);
  },
  longMs,
);

test(
  "it is still in use after a kill, and a training that was killed has never been",
  async () => {
    await post(`${base}/train`, {});
    await restart();
    const { running, versions, published, labels } = await state();
    expect([running, published.version, labels.total]).toEqual([null, 1, 300]);
    expect(versions).toMatchObject([{ version: 1 }]);
    expect(await toSmall(prose)).toBeGreaterThan((prose.length - labelled) / 2);
    expect((await trained()).versions[0]).toMatchObject({ version: 2, verdict: "not-better" });
  },
  longMs,
);

test(
  "one step leads back to the former choice, and the last one with the Model API to nothing",
  async () => {
    await post(`${base}/rollback`, {});
    await answeredBy("large", String(prose[1]));
    expect((await state()).published.version).toBe(0);
    expect([await toSmall(code), await toSmall(prose)]).toEqual([0, 0]);
    expect((await program.admin("POST", `${base}/rollback`, {})).status).toBe(409);
    expect((await program.admin("DELETE", "/model-apis/taught")).status).toBe(204);
    await restart();
    expect((await program.admin("GET", base)).status).toBe(404);
  },
  longMs,
);
