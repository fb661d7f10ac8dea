// Google's official library in a loop of tools before a model of Anthropic's that thinks: the library knows nothing of its
// signatures, so the node puts them back, turn by turn.
import { GoogleGenAI, type Content } from "@google/genai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listOf, textOf } from "../src/lib/json-value.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import { startReplayUpstream, type ReplayUpstream } from "./support/replay-upstream.ts";

let upstream: ReplayUpstream;
let gateway: Gateway;

beforeAll(async () => {
  upstream = await startReplayUpstream();
  gateway = await startGateway({
    services: [
      {
        name: "claude",
        provider: "openai-compatible",
        protocols: [{ protocol: "anthropic", baseUrl: upstream.url }],
      },
    ],
    modelApis: [
      {
        name: "chat",
        useCase: "text-generation",
        protocols: ["gemini"],
        routes: { enabled: ["gemini-models"] },
        modelService: { mode: "single", target: { service: "claude" } },
      },
    ],
  });
});

afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

const config = {
  tools: [{ functionDeclarations: [{ name: "look" }] }],
  thinkingConfig: { thinkingBudget: 2_048, includeThoughts: true },
};

test("four turns keep every block of thinking with its signature", async () => {
  const { models } = new GoogleGenAI({
    apiKey: "unused",
    httpOptions: { apiVersion: "v1beta", baseUrl: gateway.url },
  });
  const contents: Content[] = [{ role: "user", parts: [{ text: "Look around." }] }];
  const said: object[][] = [];
  for (let turn = 1; turn <= 4; turn += 1) {
    const blocks = [
      { type: "thinking", thinking: `Thought ${turn}.`, signature: `signature-${turn}` },
      { type: "text", text: `Turn ${turn}.` },
      { type: "tool_use", id: `toolu_${turn}`, name: "look", input: { turn } },
    ];
    const message = { id: "msg", type: "message", role: "assistant", model: "m", stop_sequence: null };
    const usage = { input_tokens: 7, output_tokens: 3 };
    const body = JSON.stringify({ ...message, content: blocks, stop_reason: "tool_use", usage });
    upstream.play({ status: 200, contentType: "application/json", body: Buffer.from(body) }, "random");
    const answer = await models.generateContent({ model: "m", contents, config });
    const sent: unknown = JSON.parse(String(upstream.requests.at(-1)?.body));
    const turns = listOf(sent, "messages").filter((each) => textOf(each, "role") === "assistant");
    expect(turns.map((each) => listOf(each, "content"))).toEqual(said);
    expect(sent).toMatchObject({ thinking: { type: "enabled", budget_tokens: 2_048 } });
    const parts = answer.candidates?.[0]?.content?.parts ?? [];
    expect(parts.map(({ thought }) => thought === true)).toEqual([true, false, false]);
    const { id, name, args } = parts[2]?.functionCall ?? {};
    expect(args).toEqual({ turn });
    // As its own agents do: the model's content as it came, then what the function said.
    contents.push({ role: "model", parts });
    const response = { id: id ?? "", name: name ?? "", response: { output: `Saw ${turn}.` } };
    contents.push({ role: "user", parts: [{ functionResponse: response }] });
    said.push(blocks);
  }
});
