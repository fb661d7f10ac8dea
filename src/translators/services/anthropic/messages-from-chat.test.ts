import { describe, expect, test } from "vitest";
import type { ChatMessage } from "../../chat/chat-request.ts";
import { chatRequest, contextOf } from "../../translation-fixture.ts";
import { anthropicService } from "./anthropic-service.ts";
import { make, user, said, call, type Made } from "./request-fixture.ts";

describe("messages", () => {
  const rows: {
    readonly name: string;
    readonly messages: readonly ChatMessage[];
    readonly system?: unknown;
    readonly made: unknown;
    readonly warnings?: readonly string[];
  }[] = [
    {
      name: "defect 17: several system and developer messages are blocks in their order",
      messages: [
        { role: "system", content: "One" },
        { role: "developer", content: [said("Two") as { type: "text"; text: string }] },
        user("Hi"),
      ],
      system: [said("One"), said("Two")],
      made: [{ role: "user", content: [said("Hi")] }],
    },
    {
      name: "a system message in mid conversation is words of the user",
      messages: [
        user("Hi"),
        { role: "assistant", content: "Yes?" },
        { role: "system", content: "Be brief." },
        user("Go"),
      ],
      made: [
        { role: "user", content: [said("Hi")] },
        { role: "assistant", content: [said("Yes?")] },
        { role: "user", content: [said("Be brief."), said("Go")] },
      ],
      warnings: ["messages.2;rewritten"],
    },
    {
      name: "a system message alone is asked",
      messages: [{ role: "system", content: "Be brief." }],
      made: [{ role: "user", content: [said("Be brief.")] }],
      warnings: ["messages.0;rewritten"],
    },
    {
      name: "neighbours of one role are one turn",
      messages: [
        user("A"),
        user("B"),
        { role: "assistant", content: "C" },
        { role: "assistant", content: "D" },
      ],
      made: [
        { role: "user", content: [said("A"), said("B")] },
        { role: "assistant", content: [said("C"), said("D")] },
      ],
    },
    {
      name: "all results of a turn stand in one message, before any text",
      messages: [
        user("Hi"),
        { role: "assistant", content: "Looking", tool_calls: [call("a"), call("b")] },
        { role: "tool", tool_call_id: "a", content: "1" },
        user("Hurry"),
        { role: "tool", tool_call_id: "b", content: "2", is_error: true },
      ],
      made: [
        { role: "user", content: [said("Hi")] },
        {
          role: "assistant",
          content: [
            said("Looking"),
            { type: "tool_use", id: "a", name: "look", input: {} },
            { type: "tool_use", id: "b", name: "look", input: {} },
          ],
        },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "a", content: [said("1")] },
            { type: "tool_result", tool_use_id: "b", content: [said("2")], is_error: true },
            said("Hurry"),
          ],
        },
      ],
    },
    {
      name: "empty and blank texts are left out, and turns of nothing else",
      messages: [
        user("Hi"),
        { role: "assistant", content: "" },
        {
          role: "user",
          content: [
            { type: "text", text: " \n" },
            { type: "text", text: "You there?" },
          ],
        },
      ],
      made: [{ role: "user", content: [said("Hi"), said("You there?")] }],
    },
    {
      name: "blanks behind the words that it is to go on from are cut",
      messages: [user("Hi"), { role: "assistant", content: "The answer is \n" }],
      made: [
        { role: "user", content: [said("Hi")] },
        { role: "assistant", content: [said("The answer is")] },
      ],
      warnings: ["messages.1.content;rewritten"],
    },
    {
      name: "a refusal is what was said",
      messages: [user("Hi"), { role: "assistant", content: null, refusal: "No." }, user("Why?")],
      made: [
        { role: "user", content: [said("Hi")] },
        { role: "assistant", content: [said("No.")] },
        { role: "user", content: [said("Why?")] },
      ],
    },
    {
      name: "a tool that answers nothing has a result without content",
      messages: [
        user("Hi"),
        { role: "assistant", tool_calls: [call("a")] },
        { role: "tool", tool_call_id: "a", content: "" },
      ],
      made: [
        { role: "user", content: [said("Hi")] },
        { role: "assistant", content: [{ type: "tool_use", id: "a", name: "look", input: {} }] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "a" }] },
      ],
    },
    {
      name: "a name of a user has no place",
      messages: [{ role: "user", content: "Hi", name: "Ann" }],
      made: [{ role: "user", content: [said("Hi")] }],
      warnings: ["messages.0.name;dropped"],
    },
  ];
  test.each(rows)("$name", ({ messages, system, made, warnings = [] }) => {
    const { body, warnings: noted } = make({ messages });
    expect(body["messages"]).toEqual(made);
    expect(body["system"]).toEqual(system);
    expect(noted).toEqual(warnings);
  });

  test("nobody says anything: refused", () => {
    expect(() => make({ messages: [user(" ")] })).toThrow(
      expect.objectContaining({ code: "invalid_request", param: "messages" }),
    );
  });
});

describe("arguments of tool calls", () => {
  test.each([
    { name: "no text is no arguments", text: "", input: "{}" },
    {
      name: "digits stay",
      text: '{"id":12345678901234567890,"x":1.0}',
      input: '{"id":12345678901234567890,"x":1.0}',
    },
    { name: "what is no JSON is wrapped", text: '{"a":', input: '{"raw_arguments":"{\\"a\\":"}' },
    { name: "what is no object is wrapped", text: "[1]", input: '{"value":[1]}' },
    { name: "names of prototypes are names", text: '{"__proto__":{"a":1}}', input: '{"__proto__":{"a":1}}' },
  ])("$name", ({ text, input }) => {
    const messages: ChatMessage[] = [
      user("Hi"),
      { role: "assistant", tool_calls: [call("a", "look", text)] },
    ];
    const { body } = anthropicService.request(chatRequest({ messages }), contextOf());
    expect(JSON.stringify(body)).toContain(`"input":${input}}`);
  });
});

describe("ids of tool calls", () => {
  const loop = (ids: readonly string[]): ChatMessage[] =>
    ids.flatMap((id): ChatMessage[] => [
      { role: "assistant", tool_calls: [call(id)] },
      { role: "tool", tool_call_id: id, content: `of ${id}` },
    ]);
  const idsIn = (messages: readonly ChatMessage[]): unknown =>
    JSON.stringify(make({ messages: [user("Hi"), ...messages] }).body["messages"]).match(
      /(?<="(?:id|tool_use_id)":")[^"]*/g,
    );

  test.each([
    { name: "characters that Anthropic refuses are replaced", ids: ["call:1"], sent: ["call_1", "call_1"] },
    {
      name: "two that become the same stay two",
      ids: ["a.b", "a_b"],
      sent: ["a_b", "a_b", "a_b_2", "a_b_2"],
    },
    { name: "ids used again in a later turn are new ones", ids: ["0", "0"], sent: ["0", "0", "0_2", "0_2"] },
    { name: "an empty id is one, too", ids: [""], sent: ["call", "call"] },
  ])("$name", ({ ids, sent }) => {
    expect(idsIn(loop(ids))).toEqual(sent);
  });

  test("results of calls with one id answer them in their order", () => {
    const messages: ChatMessage[] = [
      { role: "assistant", tool_calls: [call("0"), call("0")] },
      { role: "tool", tool_call_id: "0", content: "first" },
      { role: "tool", tool_call_id: "0", content: "second" },
    ];
    expect(idsIn(messages)).toEqual(["0", "0_2", "0", "0_2"]);
  });
});

describe("state of thinking", () => {
  const turn = (details: NonNullable<Extract<ChatMessage, { role: "assistant" }>["reasoning_details"]>) =>
    [
      user("Hi"),
      { role: "assistant", content: "Looking", reasoning_details: details, tool_calls: [call("a")] },
      { role: "tool", tool_call_id: "a", content: "1" },
    ] as const;
  const assistantOf = ({ body }: Made): unknown => (body["messages"] as { content: unknown }[])[1]?.content;

  test("defect 9: signed and sealed blocks come back in their places, and thinking goes on", () => {
    const made = make({
      reasoning_effort: "low",
      messages: turn([
        { type: "thinking", index: 0, text: "Hm", signature: "sig-0", format: "anthropic" },
        { type: "redacted_thinking", index: 1, data: "sealed" },
        { type: "thinking", index: 3, signature: "sig-3", format: "anthropic" },
      ]),
    });
    expect(assistantOf(made)).toEqual([
      { type: "thinking", thinking: "Hm", signature: "sig-0" },
      { type: "redacted_thinking", data: "sealed" },
      said("Looking"),
      { type: "thinking", thinking: "", signature: "sig-3" },
      { type: "tool_use", id: "a", name: "look", input: {} },
    ]);
    expect(made.body["thinking"]).toEqual({ type: "enabled", budget_tokens: 2048 });
    expect(made.warnings).toEqual([]);
  });

  test.each([
    { name: "without a signature", detail: { type: "thinking", index: 0, text: "Hm" } },
    {
      name: "of another protocol",
      detail: { type: "thinking", index: 0, text: "Hm", signature: "s", format: "gemini" },
    },
    {
      name: "sealed by another",
      detail: { type: "redacted_thinking", index: 0, data: "d", format: "responses" },
    },
  ] as const)("thinking $name is left out, never signed by us", ({ detail }) => {
    const made = make({ messages: turn([detail]) });
    expect(assistantOf(made)).toEqual([
      said("Looking"),
      { type: "tool_use", id: "a", name: "look", input: {} },
    ]);
    expect(made.warnings).toEqual(["messages.1.reasoning_details;dropped"]);
  });

  test("thinking as text has no signature either", () => {
    const made = make({
      messages: [user("Hi"), { role: "assistant", content: "Yes", reasoning_content: "Hm" }, user("Go")],
    });
    expect(assistantOf(made)).toEqual([said("Yes")]);
    expect(made.warnings).toEqual(["messages.1.reasoning_content;dropped"]);
  });

  test("blocks of server-side tools come back as they were, those of others are left out", () => {
    const block = { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: {} };
    const made = make({
      messages: [
        user("Hi"),
        {
          role: "assistant",
          content: "Found",
          server_blocks: [
            { index: 0, format: "anthropic", block },
            { index: 1, format: "gemini", block: {} },
          ],
        },
        user("Go"),
      ],
    });
    expect(assistantOf(made)).toEqual([block, said("Found")]);
    expect(made.warnings).toEqual(["messages.1.server_blocks;dropped"]);
  });
});
