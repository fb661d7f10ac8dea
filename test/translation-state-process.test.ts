// State of tool loops in the whole program with two workers: whichever worker is asked puts it back, a restart forgets it and
// says so.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isJsonObject, listOf, memberOf, textOf } from "../src/lib/json-value.ts";
import { longMs, startProcess, type GatewayProcess } from "./support/gateway-process.ts";
import { createKeeper } from "./support/keeper.ts";
import { startReplayUpstream } from "./support/replay-upstream.ts";

const keep = createKeeper();

const rounds = 24;
const thinking = { type: "thinking", thinking: "Let me look.", signature: "sig-1" };
const toolUse = { type: "tool_use", id: "toolu_1", name: "weather", input: {} };
const message = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "m",
  content: [thinking, toolUse],
  stop_reason: "tool_use",
  stop_sequence: null,
  usage: { input_tokens: 7, output_tokens: 3 },
};
const user = { role: "user", content: "Weather?" };
const tools = [{ type: "function", function: { name: "weather", parameters: { type: "object" } } }];

async function write(gateway: GatewayProcess, path: string, body: unknown): Promise<void> {
  const answer = await gateway.admin("POST", path, body);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
}

function ask(gateway: GatewayProcess, messages: readonly object[]): Promise<Response> {
  return fetch(`${gateway.gatewayUrl}/v1/chat/completions`, {
    method: "POST",
    // A connection of its own: the system spreads connections over the workers.
    headers: { "content-type": "application/json", connection: "close" },
    body: JSON.stringify({ model: "m", messages, tools, reasoning_effort: "high" }),
  });
}

/** What a client sends that keeps nothing but what OpenAI itself would have told. */
function nextTurn(answer: unknown): readonly object[] {
  const call = listOf(memberOf(listOf(answer, "choices")[0], "message"), "tool_calls")[0];
  if (!isJsonObject(call)) throw new Error("no call");
  const { id, type, function: made } = call;
  const bare = { role: "assistant", content: null, tool_calls: [{ id, type, function: made }] };
  return [user, bare, { role: "tool", tool_call_id: textOf(call, "id") ?? "", content: "sunny" }];
}

test(
  "state comes back on every worker, and is reported as lost after a restart",
  async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "moongate-test-"));
    keep({ close: async () => rmSync(dataDir, { recursive: true, force: true }) });
    const options = { dataDir, env: { MOONGATE_DEMO: "off", MOONGATE_WORKERS: "2" } };
    const service = keep(await startReplayUpstream());
    service.play(
      { status: 200, contentType: "application/json", body: Buffer.from(JSON.stringify(message)) },
      "whole",
    );
    const first = keep(await startProcess(options));
    await write(first, "/services", {
      name: "claude",
      provider: "openai-compatible",
      protocols: [{ protocol: "anthropic", baseUrl: service.url }],
    });
    await write(first, "/model-apis", {
      name: "chat",
      useCase: "text-generation",
      protocols: ["openai"],
      modelService: { mode: "single", target: { service: "claude" } },
    });
    const turn = nextTurn(await (await ask(first, [user])).json());
    const said = (): readonly unknown[] =>
      listOf(listOf(JSON.parse(String(service.requests.at(-1)?.body)), "messages")[1], "content");
    // The thread that keeps it starts with the first Model API that translates, and takes a moment.
    await expect
      .poll(async () => {
        await (await ask(first, turn)).arrayBuffer();
        return said();
      })
      .toEqual([thinking, toolUse]);
    for (let round = 0; round < rounds; round += 1) {
      const answer = await ask(first, turn);
      await answer.arrayBuffer();
      expect(said(), `round ${round}`).toEqual([thinking, toolUse]);
      expect(answer.headers.get("x-moongate-warnings")).toBeNull();
    }
    first.kill("SIGTERM");
    await first.exited();
    const second = keep(await startProcess(options));
    const answer = await ask(second, turn);
    expect(answer.status).toBe(200);
    expect(said()).toEqual([toolUse]);
    // Anthropic refuses a budget for a loop that did not begin with thinking.
    expect(answer.headers.get("x-moongate-warnings")?.split(", ").toSorted()).toEqual([
      "messages.1.reasoning_details;dropped",
      "reasoning_effort;dropped",
    ]);
  },
  longMs,
);
