import { describe, expect, test } from "vitest";
import type { ModelTraits } from "../../../core/model-traits.ts";
import type { ChatMessage, ChatRequest, ChatTool } from "../../chat/chat-request.ts";
import { ask, call } from "./ask-fixture.ts";

const tool: ChatTool = {
  type: "function",
  function: { name: "f", parameters: { type: "object", properties: {} } },
};

describe("how much to think", () => {
  const enabled = (budget: number): Partial<ChatRequest> => ({
    thinking: { type: "enabled", budget_tokens: budget },
  });
  const rows: readonly (readonly [
    name: string,
    chat: Partial<ChatRequest>,
    traits: ModelTraits,
    sent: object,
    notes?: readonly string[],
  ])[] = [
    [
      "a small budget is a low effort",
      enabled(4_095),
      {},
      { reasoning_effort: "low" },
      ["thinking;rewritten"],
    ],
    ["a middling one is medium", enabled(4_096), {}, { reasoning_effort: "medium" }, ["thinking;rewritten"]],
    ["a large one is high", enabled(16_384), {}, { reasoning_effort: "high" }, ["thinking;rewritten"]],
    [
      "an effort is an effort",
      { thinking: { type: "adaptive" }, reasoning_effort: "medium" },
      {},
      { reasoning_effort: "medium" },
    ],
    [
      "the greatest is xhigh",
      { thinking: { type: "adaptive" }, reasoning_effort: "max" },
      {},
      { reasoning_effort: "xhigh" },
      ["reasoning_effort;clamped"],
    ],
    [
      "the greatest stays where it is known",
      { reasoning_effort: "max" },
      { thinking: "effort", efforts: ["low", "max"] },
      { reasoning_effort: "max" },
    ],
    [
      "the nearest weaker one",
      { reasoning_effort: "xhigh" },
      { thinking: "effort", efforts: ["low", "medium", "high"] },
      { reasoning_effort: "high" },
      ["reasoning_effort;clamped"],
    ],
    [
      "adaptive without an effort is the model's own way",
      { thinking: { type: "adaptive" } },
      {},
      { reasoning_effort: undefined },
      ["thinking;rewritten"],
    ],
    [
      "off is not said to a model that may not know the word",
      { thinking: { type: "disabled" } },
      {},
      { reasoning_effort: undefined },
    ],
    [
      "off, where it is an effort",
      { thinking: { type: "disabled" } },
      { thinking: "effort", efforts: ["none", "low"] },
      { reasoning_effort: "none" },
    ],
    [
      "off, where the least is some",
      { thinking: { type: "disabled" } },
      { thinking: "effort", efforts: ["minimal", "low"] },
      { reasoning_effort: "minimal" },
    ],
    [
      "a model that cannot",
      enabled(2_000),
      { thinking: "none" },
      { reasoning_effort: undefined, thinking: undefined },
      ["thinking;dropped"],
    ],
    [
      "a switch (GLM, Kimi)",
      enabled(2_000),
      { thinking: "switch" },
      { thinking: { type: "enabled" }, reasoning_effort: undefined },
      ["thinking;rewritten"],
    ],
    [
      "a switch, off",
      { thinking: { type: "disabled" } },
      { thinking: "switch" },
      { thinking: { type: "disabled" } },
    ],
    [
      "a switch with a budget (Qwen)",
      enabled(2_000),
      { thinking: "budget", thinkingField: "enable_thinking" },
      { enable_thinking: true, thinking_budget: 2_000 },
    ],
    [
      "a budget within the model's",
      enabled(90_000),
      { thinking: "budget", thinkingField: "enable_thinking", thinkingBudget: { min: 1, max: 30_000 } },
      { thinking_budget: 30_000 },
      ["thinking;clamped"],
    ],
    [
      "an effort as a budget",
      { reasoning_effort: "medium" },
      { thinking: "budget", thinkingField: "enable_thinking" },
      { enable_thinking: true, thinking_budget: 8_192 },
      ["reasoning_effort;rewritten"],
    ],
    [
      "a forced tool wins over thinking",
      { ...enabled(2_000), tools: [tool], tool_choice: "required" },
      { thinking: "switch" },
      { thinking: { type: "disabled" }, tool_choice: "required" },
      ["thinking;dropped"],
    ],
    [
      "nothing asked, nothing said",
      {},
      { thinking: "switch" },
      { thinking: undefined, reasoning_effort: undefined },
    ],
  ];

  test.each(rows.map((row) => [row[0], row] as const))("%s", (_name, [, chat, traits, sent, notes = []]) => {
    const asked = ask(chat, traits);
    for (const [name, value] of Object.entries(sent)) expect(asked.body[name], name).toEqual(value);
    expect(asked.notes).toEqual(notes);
  });

  test("defect 9: thoughts of earlier turns go back where they are wanted", () => {
    const messages: ChatMessage[] = [
      {
        role: "assistant",
        reasoning_details: [{ type: "thinking", index: 0, text: "t" }],
        tool_calls: [call("a")],
      },
      { role: "tool", tool_call_id: "a", content: "x" },
    ];
    const { body, notes } = ask({ messages }, { wantsReasoningBack: true });
    expect(body["messages"]).toMatchObject([{ reasoning_content: "t" }, {}]);
    expect(notes).toEqual([]);
  });

  test("Google's state goes back where it is wanted", () => {
    const extra = { extra_content: { google: { thought_signature: "s" } } };
    const { body } = ask(
      { messages: [{ role: "assistant", tool_calls: [call("a", extra)] }] },
      { wantsThoughtSignatures: true },
    );
    expect(body["messages"]).toMatchObject([{ tool_calls: [extra] }]);
  });
});
