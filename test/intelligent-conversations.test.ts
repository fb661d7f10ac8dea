// Conversations and loops of tools in mode intelligent keep their model: with the official client libraries, and over two
// workers of the whole program, where explain tells beforehand what then happens.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startSimulator, type Simulator } from "../src/simulator/simulator.ts";
import { serviceAt } from "./support/configuration.ts";
import { longMs, startProcess, type GatewayProcess } from "./support/gateway-process.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import { large, middle, routingOf, small } from "./support/intelligent-scene.ts";
import { startModelService, type ModelService } from "./support/model-service.ts";

/** Whatever the prompt says, another model is as good as the best: what is measured decides, and it changes all the time. */
const alike = [
  { ...small, quality: 70, price: { input: 0, output: 0 } },
  { ...middle, quality: 70, price: { input: 0, output: 0 } },
  { ...large, quality: 71, price: { input: 0, output: 0 } },
];
/** Turns about different things, so that domains and demand change from turn to turn. */
const turns = Array.from(
  { length: 20 },
  (_, turn) =>
    ["Write a Python function.", "谢谢，请翻译成英文", "Solve x^2=2 and prove it.", "hi", "Summarize that."][
      turn % 5
    ] ?? "",
);
const strengths = [{ code: 74 }, { math: 74, chat: 73 }, { translation: 74 }];
const candidates = alike.map((candidate, index) => ({ ...candidate, strengths: strengths[index] ?? {} }));

describe("the official libraries", () => {
  let simulator: Simulator;
  let gateway: Gateway;

  beforeAll(async () => {
    simulator = await startSimulator({ port: 0 });
    gateway = await startGateway(
      {
        services: [{ name: "up", provider: "simulator" }],
        modelApis: [
          {
            name: "chat",
            useCase: "text-generation",
            protocols: ["openai", "anthropic"],
            modelService: { mode: "intelligent", candidates },
          },
        ],
      },
      { simulatorUrl: simulator.url },
    );
  });

  afterAll(async () => {
    await gateway.close();
    await simulator.close();
  });

  /** Models of the records since. */
  function modelsSince(from: number): readonly string[] {
    return gateway.records.slice(from).map(({ model }) => model);
  }

  test("OpenAI: twenty turns and a loop of tools have one model", async () => {
    const from = gateway.records.length;
    const client = new OpenAI({ apiKey: "none", baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: "system", content: "Today is day 1." }];
    for (const [turn, content] of turns.entries()) {
      // Instructions often hold the time.
      messages[0] = { role: "system", content: `Today is day ${turn}.` };
      messages.push({ role: "user", content });
      const { choices } = await client.chat.completions.create({ model: "auto", messages });
      messages.push({ role: "assistant", content: choices[0]?.message.content ?? "" });
    }
    messages.push({ role: "user", content: "What is the weather?" });
    for (let step = 0; step < 3; step += 1) {
      const id = `call_${step}`;
      messages.push(
        {
          role: "assistant",
          tool_calls: [{ id, type: "function", function: { name: "weather", arguments: "{}" } }],
        },
        { role: "tool", tool_call_id: id, content: `sun ${step}` },
      );
      await client.chat.completions.create({ model: "auto/cheap", messages });
    }
    const models = modelsSince(from);
    expect(models).toHaveLength(23);
    expect(new Set(models).size).toBe(1);
    const reasons = gateway.records.slice(from).map((record) => routingOf(record).choice.reason);
    expect(new Set(reasons.slice(1, 20))).toEqual(new Set(["conversation"]));
    expect(new Set(reasons.slice(20))).toEqual(new Set(["tool-loop"]));
  });

  test("Anthropic: the same, with a stream", async () => {
    const from = gateway.records.length;
    const client = new Anthropic({ apiKey: "none", baseURL: gateway.url, maxRetries: 0 });
    const messages: Anthropic.MessageParam[] = [];
    const shared = { model: "auto/balanced", max_tokens: 64, system: "Be brief." };
    for (const [turn, content] of turns.entries()) {
      // What marks the cache moves from message to message.
      messages.push({
        role: "user",
        content: [{ type: "text", text: content, cache_control: { type: "ephemeral" } }],
      });
      const answer =
        turn % 2 === 0
          ? await client.messages.create({ ...shared, messages })
          : await client.messages.stream({ ...shared, messages }).finalMessage();
      messages.pop();
      messages.push({ role: "user", content }, { role: "assistant", content: answer.content });
    }
    messages.push(
      { role: "assistant", content: [{ type: "tool_use", id: "toolu_1", name: "weather", input: {} }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "sun" }] },
    );
    await client.messages.create({ ...shared, messages });
    const models = modelsSince(from);
    expect(models).toHaveLength(21);
    expect(new Set(models).size).toBe(1);
    expect(routingOf(gateway.records.at(-1) ?? raise()).choice.reason).toBe("tool-loop");
  });

  test("other conversations of the same beginning are decided for themselves", async () => {
    const client = new OpenAI({ apiKey: "none", baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    const from = gateway.records.length;
    const ask = (content: string) =>
      client.chat.completions.create({ model: "auto", messages: [{ role: "user", content }] });
    await ask("hello there");
    await ask("hello there");
    for (const record of gateway.records.slice(from)) {
      expect(routingOf(record).evidence).not.toHaveProperty("previous");
      expect(routingOf(record).choice.reason).toBe("best");
    }
  });
});

function raise(): never {
  throw new Error("no record");
}

describe("two workers of the whole program", () => {
  let service: ModelService;
  let gateway: GatewayProcess;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "intelligent-"));
    service = await startModelService();
    const file = join(folder, "gateway.json");
    const modelService = { mode: "intelligent", candidates, stickiness: { header: "X-Conversation" } };
    const api = { name: "chat", useCase: "text-generation", protocols: ["openai"], modelService };
    writeFileSync(
      file,
      JSON.stringify({ version: 1, services: [serviceAt(service.url, "openai")], modelApis: [api] }),
    );
    const env = { MOONGATE_WORKERS: "2", MOONGATE_UPSTREAM_NETWORKS: "private" };
    gateway = await startProcess({ words: ["--config", file], env });
  }, longMs);

  afterAll(async () => {
    await gateway.close();
    await service.close();
    rmSync(folder, { recursive: true });
  });

  async function send(content: string, conversation: string): Promise<{ model: string; requestId: string }> {
    const response = await fetch(`${gateway.gatewayUrl}/v1/chat/completions`, {
      method: "POST",
      // Every request by a connection of its own, so that the workers take turns.
      headers: { "content-type": "application/json", "x-conversation": conversation, connection: "close" },
      body: JSON.stringify({ model: "auto", messages: [{ role: "user", content }] }),
    });
    expect(response.status).toBe(200);
    await response.text();
    const { headers } = response;
    return { model: headers.get("x-moongate-model") ?? "", requestId: headers.get("x-request-id") ?? "" };
  }

  async function ask(content: string, conversation: string): Promise<string> {
    return (await send(content, conversation)).model;
  }

  /** Waits until the log store has it. */
  async function logged(requestId: string): Promise<{ decision: { routing: ReturnType<typeof routingOf> } }> {
    for (;;) {
      const answer = await gateway.admin("GET", `/logs/${requestId}`);
      // The admin API answers with the record.
      if (answer.status === 200) return (await answer.json()) as Awaited<ReturnType<typeof logged>>;
      await answer.text();
    }
  }

  test("a conversation that a header names keeps its model", { timeout: longMs }, async () => {
    for (const conversation of ["one", "two", "three"]) {
      const models = new Set<string>();
      for (const content of turns) models.add(await ask(content, conversation));
      expect(models.size).toBe(1);
    }
  });

  test("explain tells what then happens, and claims nothing", { timeout: longMs }, async () => {
    for (const [turn, content] of turns.slice(0, 10).entries()) {
      const conversation = `explained ${turn % 3}`;
      const body = JSON.stringify({ model: "auto", messages: [{ role: "user", content }] });
      const headers = { "content-type": "application/json", "x-conversation": conversation };
      const explained = await gateway.admin("POST", "/model-apis/chat/explain", {
        path: "/v1/chat/completions",
        headers,
        body,
      });
      expect(explained.status).toBe(200);
      const { decision, order } = (await explained.json()) as {
        decision: { routing: ReturnType<typeof routingOf> };
        order: { model: string }[];
      };
      expect(order[0]?.model).toBe(decision.routing.choice.model);
      expect(decision.routing.evidence.previous === undefined).toBe(turn < 3);
      expect(await ask(content, conversation)).toBe(decision.routing.choice.model);
    }
  });

  test("the log has the decision with all its evidence", { timeout: longMs }, async () => {
    const { requestId } = await send("What is 2+2?", "logged");
    const item = await logged(requestId);
    const { routing } = item.decision;
    expect(routing.evidence.models.map(({ model }) => model).toSorted()).toEqual([
      "large",
      "middle",
      "small",
    ]);
    expect(routing.choice.propensity).toBe(1);
  });
});
