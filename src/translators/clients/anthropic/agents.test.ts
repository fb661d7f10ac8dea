// Requests in the shapes that coding agents send. They are written by hand after what such agents are seen to send: many
// tools, a long system prompt with marks of what to cache, pictures in results, thoughts between calls, betas.
import { describe, expect, test } from "vitest";
import { parseExactJson } from "../../../lib/exact-json.ts";
import { readStream, contextOf, writeStream } from "../../translation-fixture.ts";
import { openaiService } from "../../services/openai/openai-service.ts";
import { anthropicClient } from "./anthropic-client.ts";
import { readMessage, type ReadBlock } from "./message-fixture.ts";

const mark = { cache_control: { type: "ephemeral" } };
const user = `user_${"a".repeat(64)}_account__session_0b1c2d3e-0000-4000-8000-000000000000`;

const toolNames = [
  "Task",
  "Bash",
  "Glob",
  "Grep",
  "Read",
  "Edit",
  "Write",
  "WebFetch",
  ...Array.from({ length: 60 }, (_, index) => `mcp__issue-tracker__find_${index}`),
  `mcp__${"a-server-with-a-long-name-".repeat(2)}__a_tool_with_a_long_name`,
];
const tools = toolNames.map((name, index) => ({
  name,
  description: `Does what ${name} says. `.repeat(20),
  input_schema: {
    $schema: "http://json-schema.org/draft-07/schema#",
    type: "object",
    properties: { path: { type: "string" }, limit: { type: "integer", minimum: 0 } },
    required: ["path"],
    additionalProperties: false,
  },
  ...(index === toolNames.length - 1 ? mark : {}),
}));

/** The fields that stay the same from turn to turn. */
const frame = {
  model: "claude-sonnet-x",
  max_tokens: 32_000,
  stream: true,
  system: [
    { type: "text", text: "x-anthropic-billing-header: cc_version=2.0.1; cc_entrypoint=cli; cch=0f0f0;" },
    { type: "text", text: "You are an agent that writes code.", ...mark },
    { type: "text", text: "# Rules\n".repeat(400), ...mark },
  ],
  tools,
  metadata: { user_id: user },
  thinking: { type: "adaptive" },
  output_config: { effort: "high" },
  context_management: { edits: [{ type: "clear_thinking_20251015", keep: "all" }] },
};

interface Sent {
  readonly messages: readonly {
    readonly role: string;
    readonly content: unknown;
    readonly reasoning_content?: string;
    readonly tool_calls?: readonly { readonly id: string }[];
    readonly tool_call_id?: string;
  }[];
  readonly tools: readonly { readonly function: { readonly name: string } }[];
}

/** What a service gets whose model wants its thoughts back, as DeepSeek's, Kimi's and GLM's do. */
function ask(messages: readonly object[]): { sent: Sent; body: object; notes: readonly string[] } {
  const context = contextOf({ traits: { wantsReasoningBack: true } });
  const body = parseExactJson(JSON.stringify({ ...frame, messages }));
  const chat = anthropicClient.request(
    { body, model: frame.model, stream: true, query: "?beta=true" },
    context,
  );
  const call = openaiService.request(chat, context);
  // What is sent is what this test looks at.
  const sent = call.body as unknown as Sent;
  return {
    sent,
    body: call.body,
    notes: context.notes.warnings.map(({ field, action }) => `${field};${action}`),
  };
}

const first = [
  {
    role: "user",
    content: [
      { type: "text", text: "<system-reminder>Be careful.</system-reminder>" },
      { type: "text", text: "What is wrong with this picture?" },
      { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } },
      { type: "text", text: "Look at the log, too.", ...mark },
    ],
  },
];

describe("a coding agent's first request", () => {
  const { sent, body, notes } = ask(first);

  test("asks for everything that the service can be asked for", () => {
    expect(body).toMatchObject({
      model: "model-x",
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 32_000,
      reasoning_effort: "high",
    });
    expect(sent.messages[0]).toEqual({
      role: "system",
      content: `You are an agent that writes code.\n\n${"# Rules\n".repeat(400)}`,
    });
    expect(sent.messages[1]).toEqual({
      role: "user",
      content: [
        { type: "text", text: "<system-reminder>Be careful.</system-reminder>" },
        { type: "text", text: "What is wrong with this picture?" },
        { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
        { type: "text", text: "Look at the log, too." },
      ],
    });
  });

  test("each tool keeps its name, as far as the service takes it", () => {
    expect(sent.tools).toHaveLength(tools.length);
    const kept = sent.tools.map((tool) => tool.function.name);
    expect(kept.slice(0, -1)).toEqual(toolNames.slice(0, -1));
    expect(kept.every((name) => /^[a-zA-Z0-9_-]{1,64}$/.test(name))).toBe(true);
  });

  test("what cannot be said is reported once each", () => {
    expect(notes.toSorted()).toEqual([
      "cache_control;dropped",
      "context_management;dropped",
      "metadata.user_id;clamped",
    ]);
  });

  test("nothing of the client's protocol is left in it", () => {
    expect(JSON.stringify(body)).not.toMatch(
      /cache_control|ephemeral|billing|input_schema|context_management/,
    );
  });
});

/** One turn of the service: thoughts, words, two calls, interleaved. */
function turn(number: number): Buffer {
  const delta = (given: object): string =>
    `data: ${JSON.stringify({ id: "c", model: "m", choices: [{ index: 0, delta: given }] })}\n\n`;
  const call = (index: number, piece: object): string => delta({ tool_calls: [{ index, ...piece }] });
  return Buffer.from(
    [
      delta({ role: "assistant", reasoning_content: `Thought ${number}a. ` }),
      delta({ reasoning_content: `Thought ${number}b.` }),
      delta({ content: `Step ${number}.` }),
      call(0, { id: `call_${number}_a`, type: "function", function: { name: "Read", arguments: "" } }),
      call(0, { function: { arguments: '{"path":"a",' } }),
      call(1, {
        id: `functions.Bash:${number}`,
        type: "function",
        function: { name: "Bash", arguments: '{"path":' },
      }),
      call(0, { function: { arguments: `"limit":${number}.0}` } }),
      call(1, { function: { arguments: '"b"}' } }),
      `data: {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}\n\n`,
      `data: {"choices":[],"usage":{"prompt_tokens":100,"completion_tokens":9,"total_tokens":109}}\n\n`,
      "data: [DONE]\n\n",
    ].join(""),
  );
}

/** A client sends back what it was told, as it was told. */
function blockOf({ type, text, thinking, signature, json, start }: ReadBlock): object {
  if (type === "text") return { type, text };
  if (type === "thinking") return { type, thinking, signature };
  return { ...start, input: parseExactJson(json) };
}

describe("defect 9: a loop of five turns with thoughts and parallel calls", () => {
  const messages: object[] = [...first];
  const told: string[][] = [];
  for (let number = 1; number <= 5; number++) {
    const { chunks } = readStream(openaiService, turn(number));
    const { blocks, stopReason } = readMessage(
      writeStream(anthropicClient, chunks, { body: {}, model: "m", stream: true }),
    );
    told.push([...blocks.map(({ type }) => type), stopReason ?? ""]);
    const calls = blocks.filter(({ type }) => type === "tool_use");
    messages.push(
      { role: "assistant", content: blocks.map(blockOf) },
      {
        role: "user",
        content: calls.map(({ start }, index) => ({
          type: "tool_result",
          tool_use_id: start["id"],
          content:
            index === 0
              ? `result ${number}`
              : [
                  { type: "text", text: `result ${number}` },
                  { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } },
                ],
          ...(index === 0 ? {} : mark),
        })),
      },
    );
  }

  test("each turn is told in blocks in their order", () => {
    expect(told).toEqual(
      Array.from({ length: 5 }, () => ["thinking", "text", "tool_use", "tool_use", "tool_use"]),
    );
  });

  test("comes back to the service as it said it: thoughts, words, calls, ids, digits, results, pictures", () => {
    const { sent, notes } = ask(messages);
    const expected = Array.from({ length: 5 }, (_, index) => index + 1).flatMap((number) => [
      {
        role: "assistant",
        content: `Step ${number}.`,
        reasoning_content: `Thought ${number}a. Thought ${number}b.`,
        tool_calls: [
          {
            id: `call_${number}_a`,
            type: "function",
            function: { name: "Read", arguments: `{"path":"a","limit":${number}.0}` },
          },
          {
            id: `functions.Bash:${number}`,
            type: "function",
            function: { name: "Bash", arguments: '{"path":"b"}' },
          },
        ],
      },
      { role: "tool", tool_call_id: `call_${number}_a`, content: `result ${number}` },
      { role: "tool", tool_call_id: `functions.Bash:${number}`, content: `result ${number}` },
      {
        role: "user",
        content: [
          { type: "text", text: `Belongs to the result of tool call functions.Bash:${number}:` },
          { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
        ],
      },
    ]);
    expect(sent.messages.slice(2)).toEqual(expected);
    expect(notes.filter((note) => !note.endsWith(";rewritten")).toSorted()).toEqual([
      "cache_control;dropped",
      "context_management;dropped",
      "metadata.user_id;clamped",
    ]);
  });
});

describe("state of thinking that is not Anthropic's goes to the client and comes back", () => {
  const details = [
    { type: "thinking", index: 0, text: "t", signature: "own", format: "anthropic" },
    { type: "redacted_thinking", index: 1, data: "secret", id: "rs_1", format: "responses" },
    { type: "thinking", index: 2, text: "u", signature: "sig", format: "gemini" },
    { type: "redacted_thinking", index: 3, data: "opaque", format: "anthropic" },
  ] as const;

  test("in a whole answer", () => {
    const answer = anthropicClient.answer(
      {
        id: "c",
        object: "chat.completion",
        created: 1,
        model: "m",
        choices: [
          {
            index: 0,
            message: { role: "assistant", content: "a", reasoning_details: details },
            finish_reason: "stop",
          },
        ],
      },
      { body: {}, model: "m", stream: false },
      contextOf(),
    );
    const { content } = answer as { content: object[] };
    expect(content[0]).toEqual({ type: "thinking", thinking: "t", signature: "own" });
    expect(content[3]).toEqual({ type: "redacted_thinking", data: "opaque" });
    const body = { max_tokens: 1, messages: [{ role: "assistant", content }] };
    const { messages } = anthropicClient.request({ body, model: "m", stream: false }, contextOf());
    expect(messages).toMatchObject([{ reasoning_details: details }]);
  });

  test("in a stream", () => {
    const chunk = (detail: (typeof details)[number]): Parameters<typeof writeStream>[1][number] => ({
      id: "c",
      object: "chat.completion.chunk",
      created: 1,
      model: "m",
      choices: [{ index: 0, delta: { reasoning_details: [detail] }, finish_reason: null }],
    });
    const { blocks } = readMessage(
      writeStream(anthropicClient, details.map(chunk), { body: {}, model: "m", stream: true }),
    );
    const content = blocks.map(({ type, thinking, signature, start }) =>
      type === "thinking" ? { type, thinking, signature } : start,
    );
    const body = { max_tokens: 1, messages: [{ role: "assistant", content }] };
    const { messages } = anthropicClient.request({ body, model: "m", stream: false }, contextOf());
    expect(messages).toMatchObject([{ reasoning_details: details }]);
  });

  test.each(["moongate.1.", "moongate.1.%%%", `moongate.1.${Buffer.from("[7]").toString("base64url")}`])(
    "a signature %s that was tampered with is no state",
    (signature) => {
      const body = {
        max_tokens: 1,
        messages: [{ role: "assistant", content: [{ type: "thinking", thinking: "t", signature }] }],
      };
      const { messages } = anthropicClient.request({ body, model: "m", stream: false }, contextOf());
      expect(messages).toEqual([
        {
          role: "assistant",
          content: null,
          reasoning_content: "t",
          reasoning_details: [{ type: "thinking", index: 0, text: "t" }],
        },
      ]);
    },
  );
});
