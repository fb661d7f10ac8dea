// Learning by itself, over the whole program: recorded prompts are asked again and judged, a question that is asked again
// speaks against its answer, a classifier of one's own is heard; and a kill in the middle leaves all of it sound.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { memberOf } from "../src/lib/json-value.ts";
import { parseJson, record } from "../src/lib/unknown-json.ts";
import { longMs, startProcess, type GatewayProcess } from "./support/gateway-process.ts";
import { createKeeper } from "./support/keeper.ts";
import { startTested, type Respond, type Seen } from "./support/tested-service.ts";

const keep = createKeeper();
const canary = "canary5550199";

function chatIn({ body }: Seen): { readonly model: string; readonly text: string } {
  const request = record(parseJson(body));
  const messages = request["messages"];
  const last = Array.isArray(messages) ? record(messages.at(-1))["content"] : "";
  return { model: String(request["model"]), text: String(last) };
}

/** The large model is better, and the judge sees it wherever it stands. */
const models: Respond = (request, response) => {
  const { model, text } = chatIn(request);
  const said = model === "judge" ? verdict(text) : model === "large" ? "a good answer" : "an answer";
  const message = { role: "assistant", content: said };
  const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ choices: [{ index: 0, message, finish_reason: "stop" }], usage }));
};

function verdict(text: string): string {
  const compared = record(parseJson(text.split("\n")[1] ?? ""));
  return String(compared["A"]).includes("good") ? "A" : "B";
}

interface Scene {
  readonly gateway: GatewayProcess;
  readonly seen: readonly Seen[];
  ask(content: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  json(method: string, path: string, body?: unknown): Promise<Readonly<Record<string, unknown>>>;
}

async function scene(modelService: object, respond: Respond = models): Promise<Scene> {
  const server = await startTested(keep, respond);
  const gateway = keep(
    await startProcess({ env: { MOONGATE_UPSTREAM_NETWORKS: "private", MOONGATE_DEMO: "off" } }),
  );
  const json: Scene["json"] = async (method, path, body) => {
    const answer = await gateway.admin(method, `/${path}`, body);
    const text = await answer.text();
    expect(answer.status, text).toBeLessThan(300);
    return record(parseJson(text));
  };
  await json("POST", "services", {
    name: "s",
    provider: "openai-compatible",
    baseUrl: `${server.url}/v1`,
    apiKeys: [{ name: "k", value: "sk-judging-0123456789" }],
    models: ["small", "large", "judge"].map((name) => ({ name, price: { input: 1, output: 1 } })),
  });
  await json("POST", "model-apis", {
    name: "chat",
    useCase: "text-generation",
    protocols: ["openai"],
    monitoring: { recordRequestContent: true, recordResponseContent: true },
    modelService: {
      mode: "intelligent",
      candidates: [
        { service: "s", model: "small", quality: 80 },
        { service: "s", model: "large", quality: 81 },
      ],
      ...modelService,
    },
  });
  return {
    gateway,
    seen: server.seen,
    json,
    ask: (content, headers = {}) =>
      fetch(`${gateway.gatewayUrl}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify({ model: "auto", messages: [{ role: "user", content }] }),
      }),
  };
}

const learning = { enabled: true, judge: { service: "s", model: "judge" } };

/** Asks the admin API until it says so. */
async function until<Answer>(
  ask: () => Promise<Answer>,
  holds: (answer: Answer) => boolean,
): Promise<Answer> {
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    await new Promise(setImmediate);
  }
}

async function recorded({ json }: Scene, count: number): Promise<void> {
  await until(
    () => json("GET", "logs?api=chat"),
    ({ items }) => Array.isArray(items) && items.length >= count,
  );
}

const judgePath = "model-apis/chat/routing/judge";

test(
  "recorded prompts are judged: labels for each model, within what it may cost, and no prompt is kept with them",
  async () => {
    const made = await scene({ learning });
    const { json, ask, seen, gateway } = made;
    await expect(json("GET", judgePath)).resolves.toEqual({ state: null });
    for (let count = 0; count < 6; count += 1) {
      const answer = await ask(`Question ${count} of ${canary}: how do I sort a list in Python?`);
      expect(answer.status).toBe(200);
      await answer.text();
    }
    await recorded(made, 6);
    const before = seen.length;
    await json("POST", judgePath, { limit: 5, maxCostUsd: 1 });
    const job = await until(
      () => json("GET", judgePath),
      ({ state }) => state !== "running",
    );
    expect(job).toMatchObject({ state: "done", judged: 5, labels: 10, requests: 20, by: expect.any(String) });
    expect(job["models"]).toEqual([
      { model: "small", won: 0, lost: 5, tied: 0 },
      { model: "large", won: 5, lost: 0, tied: 0 },
    ]);
    expect(job["costUsd"]).toBeCloseTo((20 * 15) / 1e6, 9);
    // By the gateway itself, with the service's key: no record tells of a client that nobody was.
    expect(seen.length - before).toBe(20);
    await recorded(made, 6);
    const logs = await json("GET", "logs?api=chat");
    const items = Array.isArray(logs["items"]) ? logs["items"] : [];
    expect(items.length).toBe(6);
    const tags = items.map((item) =>
      memberOf(memberOf(memberOf(item, "decision"), "routing"), "conversation"),
    );
    expect(new Set(tags).size).toBe(6);
    for (const tag of tags) expect(tag).toMatch(/^[0-9a-f]{16}$/u);
    expect(readFileSync(join(gateway.dataDir, "routing.db")).includes(canary)).toBe(false);
    expect(gateway.output()).not.toContain(canary);
    expect(JSON.stringify(await json("GET", "audit-log"))).toContain("startJudgeJob");
  },
  longMs,
);

test(
  "a kill in the middle of a job leaves it interrupted, and the next one begins where that one was",
  async () => {
    let held = 0;
    const made = await scene({ learning }, (request, response) => {
      if (chatIn(request).model === "judge") held += 1;
      // Of the judge no answer comes after the first prompts.
      if (held <= 6 || chatIn(request).model !== "judge") models(request, response);
    });
    for (let count = 0; count < 6; count += 1) await (await made.ask(`Question ${count}`)).text();
    await recorded(made, 6);
    await made.json("POST", judgePath, {});
    await until(
      () => made.json("GET", judgePath),
      ({ judged }) => Number(judged) >= 2,
    );
    const { dataDir } = made.gateway;
    made.gateway.kill("SIGKILL");
    await made.gateway.exited();
    const env = { MOONGATE_UPSTREAM_NETWORKS: "private" };
    const again = keep(await startProcess({ dataDir, env }));
    const answer = await again.admin("GET", `/${judgePath}`);
    expect(memberOf(parseJson(await answer.text()), "state")).toBe("interrupted");
    held = -1_000;
    await again.admin("POST", `/${judgePath}`, {});
    const job = await until(
      async () => record(parseJson(await (await again.admin("GET", `/${judgePath}`)).text())),
      ({ state }) => state !== "running",
    );
    expect(job["state"]).toBe("done");
    expect(Number(memberOf(job["skipped"], "judged-before")) + Number(job["judged"])).toBe(6);
    expect(readdirSync(dataDir)).toContain("routing.db");
  },
  longMs,
);

describe("a classifier of one's own", () => {
  const heard: Respond = (request, response) => {
    if (request.url !== "/classify") return models(request, response);
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ domains: { medicine: 0.9 } }));
  };
  const evidenceOf = async ({ json }: Scene, answer: Response): Promise<unknown> => {
    const id = answer.headers.get("x-request-id") ?? "";
    await answer.text();
    const item = await until(
      async () => {
        const { items } = await json("GET", `logs?requestId=${id}`);
        return Array.isArray(items) ? record(items[0]) : {};
      },
      ({ decision }) => decision !== undefined,
    );
    return item["decision"];
  };

  test(
    "is heard, and the record says so; when it is dead the engine decides, and the record says why",
    async () => {
      let dead = false;
      const made = await scene({ learning: {} }, (request, response) => {
        if (dead && request.url === "/classify") response.destroy();
        else heard(request, response);
      });
      const { origin } = new URL(String(memberOf(await made.json("GET", "services/s"), "baseUrl")));
      await made.json("PATCH", "model-apis/chat", {
        modelService: {
          mode: "intelligent",
          candidates: [
            { service: "s", model: "small", quality: 80, strengths: { medicine: 20 } },
            { service: "s", model: "large", quality: 81 },
          ],
          classifier: { type: "http", url: `${origin}/classify`, timeoutMs: 10_000 },
        },
      });
      const answer = await until(
        () => made.ask("Which one is it?"),
        ({ headers }) => headers.get("x-moongate-routing")?.includes("domain=medicine") === true,
      );
      expect(answer.headers.get("x-moongate-model")).toBe("large");
      const decision = record(await evidenceOf(made, answer));
      expect(memberOf(memberOf(decision["routing"], "evidence"), "prompt")).toMatchObject({
        source: "classifier",
        domains: [{ name: "medicine", probability: 0.9 }],
      });
      const heardBefore = made.seen.length;
      await (
        await fetch(`${made.gateway.gatewayUrl}/v1/chat/completions`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ model: "small", messages: [{ role: "user", content: "And this?" }] }),
        })
      ).text();
      expect(made.seen.slice(heardBefore).map(({ url }) => url)).toEqual(["/v1/chat/completions"]);
      dead = true;
      const unheard = record(await evidenceOf(made, await made.ask("And which one is it now?")));
      expect(String(unheard["reason"])).toContain("the classifier said nothing (broken)");
      expect(memberOf(memberOf(unheard["routing"], "evidence"), "prompt")).toMatchObject({
        source: "engine",
      });
    },
    longMs,
  );
});
