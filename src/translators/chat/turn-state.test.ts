// State of turns with tool calls: what is heard, what is missing, what is put back, and what is reported as lost.
import { describe, expect, test } from "vitest";
import { chatRequest, contextOf } from "../translation-fixture.ts";
import type { ChatChunk, ChatDelta, FinishReason } from "./chat-answer.ts";
import type { AssistantMessage, ChatMessage, ReasoningDetail, ToolCall } from "./chat-request.ts";
import { noteStates, type TakenState } from "./state-notes.ts";
import { HeardState, missingStates, saysAnything, withStates } from "./turn-state.ts";

const signed: ReasoningDetail = {
  type: "thinking",
  index: 0,
  text: "t",
  signature: "s",
  format: "anthropic",
};
const extra = { google: { thought_signature: "g" } };

function call(id: string, more: Partial<ToolCall> = {}): ToolCall {
  return { id, type: "function", function: { name: "f", arguments: "{}" }, ...more };
}

const turn = (ids: readonly string[], more: Partial<AssistantMessage> = {}): AssistantMessage => ({
  role: "assistant",
  content: null,
  tool_calls: ids.map((id) => call(id)),
  ...more,
});
const user: ChatMessage = { role: "user", content: "Hi" };
const result = (id: string): ChatMessage => ({ role: "tool", tool_call_id: id, content: "r" });

function chunk(delta: ChatDelta, finish: FinishReason | null = null, index = 0): ChatChunk {
  return {
    id: "c",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [{ index, delta, finish_reason: finish }],
  };
}

describe("what is heard", () => {
  test("belongs to the first call, signatures to their own", () => {
    const heard = new HeardState();
    heard.chunk(chunk({ reasoning_details: [{ ...signed, text: "a" }] }));
    heard.chunk(chunk({ reasoning_details: [{ type: "thinking", index: 0, text: "b" }] }));
    heard.chunk(
      chunk({
        tool_calls: [
          { index: 0, id: "a" },
          { index: 1, id: "b", extra_content: extra },
          { index: 2, id: "c" },
        ],
      }),
    );
    expect([...heard.states]).toEqual([
      ["a", { details: [{ ...signed, text: "ab" }] }],
      ["b", { extra }],
      ["c", {}],
    ]);
  });

  test("thinking as text is kept where it has no blocks", () => {
    const heard = new HeardState();
    heard.chunk(chunk({ reasoning_content: "a" }));
    heard.chunk(chunk({ reasoning_content: "b", tool_calls: [{ index: 0, id: "x" }] }));
    expect([...heard.states]).toEqual([["x", { content: "ab" }]]);
  });

  test("is the same of a whole answer", () => {
    const heard = new HeardState();
    const message = {
      role: "assistant" as const,
      content: null,
      reasoning_details: [signed],
      tool_calls: [call("a", { extra_content: extra })],
    };
    heard.answered({
      id: "c",
      object: "chat.completion",
      created: 1,
      model: "m",
      choices: [{ index: 0, message, finish_reason: "tool_calls" }],
    });
    expect([...heard.states]).toEqual([["a", { details: [signed], extra }]]);
  });

  test("without a call there is nothing to keep, nor of a second choice", () => {
    const heard = new HeardState();
    heard.chunk(chunk({ reasoning_details: [signed] }));
    heard.chunk(chunk({ tool_calls: [{ index: 0, id: "z" }] }, null, 1));
    expect(heard.states.size).toBe(0);
  });
});

describe("whether a chunk says anything", () => {
  test.each<[string, ChatChunk, boolean]>([
    ["a role", chunk({ role: "assistant", content: "" }), false],
    ["words", chunk({ content: "a" }), true],
    ["thinking", chunk({ reasoning_content: "a" }), true],
    ["a call", chunk({ tool_calls: [{ index: 0, id: "a" }] }), true],
    ["a refusal", chunk({ refusal: "" }), true],
    ["an end that is an answer", chunk({}, "content_filter"), true],
    ["an end that cut it short", chunk({}, "length"), false],
  ])("%s", (_name, given, says) => expect(new HeardState().chunk(given)).toBe(says));

  test.each<[string | null, FinishReason, boolean]>([
    [null, "length", false],
    ["", "length", false],
    ["a", "length", true],
    [null, "content_filter", true],
  ])("an answer of %s that ends by %s", (content, finish, says) => {
    const choices = [{ index: 0, message: { role: "assistant" as const, content }, finish_reason: finish }];
    expect(saysAnything({ id: "c", object: "chat.completion", created: 1, model: "m", choices })).toBe(says);
  });
});

describe("what is missing", () => {
  test.each<[string, readonly ChatMessage[], readonly string[]]>([
    ["nothing without calls", [user, { role: "assistant", content: "a" }], []],
    ["calls of a bare turn", [user, turn(["a", "b"]), result("a")], ["a", "b"]],
    ["of the last turns first", [user, turn(["a"]), result("a"), turn(["b"])], ["b", "a"]],
    ["nothing of a turn with thinking", [turn(["a"], { reasoning_details: [signed] })], []],
    ["nothing of a turn with words of thinking", [turn(["a"], { reasoning_content: "t" })], []],
    [
      "nothing of a turn with a signature",
      [{ ...turn([]), tool_calls: [call("a", { extra_content: extra })] }],
      [],
    ],
    [
      "a turn of which the last piece alone is left",
      [
        turn(["a"], {
          reasoning_details: [{ type: "thinking", index: 0, signature: "s", format: "anthropic" }],
        }),
      ],
      ["a"],
    ],
  ])("%s", (_name, messages, missing) => expect(missingStates(chatRequest({ messages }))).toEqual(missing));

  test("is looked for in the last turns only", () => {
    const messages = Array.from({ length: 100 }, (_each, at) => turn([`c${at}`]));
    const missing = missingStates(chatRequest({ messages }));
    expect(missing).toHaveLength(32);
    expect(missing[0]).toBe("c99");
  });
});

test("what is known is put back, and what the client kept stays", () => {
  const kept = turn(["k"], { reasoning_details: [{ ...signed, text: "kept" }] });
  const states = new Map([
    ["a", { details: [signed] }],
    ["b", { extra }],
    ["k", { content: "never" }],
  ]);
  const { messages } = withStates(
    chatRequest({ messages: [user, turn(["a", "b"]), turn(["x"]), kept] }),
    states,
  );
  expect(messages).toEqual([
    user,
    {
      ...turn([]),
      reasoning_details: [signed],
      tool_calls: [call("a"), call("b", { extra_content: extra })],
    },
    turn(["x"]),
    kept,
  ]);
});

describe("what is reported", () => {
  const details: TakenState = { field: "reasoning_details", isNeeded: true };
  const loop = [user, turn(["a"]), result("a"), turn(["b"]), result("b")];
  const google = { ...turn([]), tool_calls: [call("x"), call("a", { extra_content: extra })] };

  const signatures: TakenState = { field: "extra_content", isNeeded: true };
  const first = "messages.1.reasoning_details";
  const foreign = "messages.1.tool_calls.1.extra_content";

  interface Reported {
    readonly taken?: TakenState;
    readonly known?: readonly string[];
    readonly field?: string;
  }

  test.each<readonly [string, readonly ChatMessage[], Reported]>([
    ["the first turn of the loop that nobody knows", loop, { taken: details, field: first }],
    [
      "one beside one that is known",
      loop,
      { taken: details, known: ["a"], field: "messages.3.reasoning_details" },
    ],
    ["nothing where all are known", loop, { taken: details, known: ["a", "b"] }],
    ["nothing where it is not needed", loop, { taken: { ...details, isNeeded: false } }],
    ["nothing to a service that takes none", loop, {}],
    [
      "signatures by their own name",
      loop,
      { taken: signatures, field: "messages.1.tool_calls.0.extra_content" },
    ],
    [
      "nothing of loops that have ended",
      [...loop, { role: "assistant", content: "a" }, user],
      { taken: details },
    ],
    [
      "words beside results do not end a loop",
      [...loop, user, turn(["c"])],
      { taken: details, known: ["b", "c"], field: first },
    ],
    [
      "a signature of Google's to others",
      [user, google],
      { taken: { ...details, isNeeded: false }, field: foreign },
    ],
    ["and to a service that takes no state", [user, google], { field: foreign }],
    ["but not to Google", [user, google], { taken: signatures }],
  ])("%s", (_name, messages, { taken, known = [], field }) => {
    const { notes } = contextOf({ strict: true });
    noteStates(chatRequest({ messages }), taken, new Map(known.map((id) => [id, {}])), notes);
    expect(notes.warnings).toEqual(field === undefined ? [] : [{ field, action: "dropped" }]);
  });
});
