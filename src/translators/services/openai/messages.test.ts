import { describe, expect, test } from "vitest";
import type { ModelTraits } from "../../../core/model-traits.ts";
import type { ChatMessage } from "../../chat/chat-request.ts";
import { chatRequest, contextOf } from "../../translation-fixture.ts";
import { ask, call } from "./ask-fixture.ts";
import { openaiService } from "./openai-service.ts";

const pixel = "data:image/png;base64,AAAA";
const image = { type: "image_url", image_url: { url: pixel } } as const;

describe("messages", () => {
  const rows: readonly (readonly [
    name: string,
    messages: readonly ChatMessage[],
    sent: readonly object[],
    notes?: readonly string[],
  ])[] = [
    [
      "system texts are one text",
      [
        {
          role: "system",
          content: [
            { type: "text", text: "a" },
            { type: "text", text: "b", cache_control: { type: "ephemeral" } },
          ],
        },
        { role: "user", content: "c" },
      ],
      [
        { role: "system", content: "a\n\nb" },
        { role: "user", content: "c" },
      ],
      ["cache_control;dropped"],
    ],
    [
      "defect 17: several texts of a user are all said",
      [
        {
          role: "user",
          content: [
            { type: "text", text: "a" },
            { type: "text", text: "b" },
          ],
        },
      ],
      [{ role: "user", content: "a\n\nb" }],
    ],
    [
      "texts beside an image stay parts",
      [{ role: "user", content: [{ type: "text", text: "a", cache_control: { type: "ephemeral" } }, image] }],
      [{ role: "user", content: [{ type: "text", text: "a" }, image] }],
      ["cache_control;dropped"],
    ],
    [
      "images in results of tools follow the last result",
      [
        { role: "assistant", tool_calls: [call("a"), call("b")] },
        { role: "tool", tool_call_id: "a", content: [{ type: "text", text: "x" }, image] },
        { role: "tool", tool_call_id: "b", content: [image] },
        { role: "user", content: "c" },
      ],
      [
        { role: "assistant", content: null, tool_calls: [call("a"), call("b")] },
        { role: "tool", tool_call_id: "a", content: "x" },
        { role: "tool", tool_call_id: "b", content: "The result follows in the next message." },
        {
          role: "user",
          content: [
            { type: "text", text: "Belongs to the result of tool call a:" },
            image,
            { type: "text", text: "Belongs to the result of tool call b:" },
            image,
          ],
        },
        { role: "user", content: "c" },
      ],
      ["messages.1.content;rewritten", "messages.2.content;rewritten"],
    ],
    [
      "a failed tool says so",
      [{ role: "tool", tool_call_id: "a", content: "no such file", is_error: true }],
      [{ role: "tool", tool_call_id: "a", content: "Error: no such file" }],
    ],
    [
      "thinking is left out where it is not wanted",
      [
        {
          role: "assistant",
          content: "a",
          reasoning_content: "t",
          reasoning_details: [{ type: "thinking", index: 0, text: "t", signature: "s" }],
        },
        { role: "user", content: "b" },
      ],
      [
        { role: "assistant", content: "a" },
        { role: "user", content: "b" },
      ],
      ["messages.0.reasoning_content;dropped"],
    ],
    [
      "a turn that is only calls has no text, and empty arguments are an object",
      [
        {
          role: "assistant",
          content: "",
          tool_calls: [{ id: "a", type: "function", function: { name: "f", arguments: "" } }],
        },
        { role: "user", content: "b" },
      ],
      [
        { role: "assistant", content: null, tool_calls: [call("a")] },
        { role: "user", content: "b" },
      ],
    ],
    [
      "Google's state is for Google",
      [
        {
          role: "assistant",
          tool_calls: [call("a", { extra_content: { google: { thought_signature: "s" } } })],
        },
        { role: "user", content: "b" },
      ],
      [
        { role: "assistant", content: null, tool_calls: [call("a")] },
        { role: "user", content: "b" },
      ],
    ],
    [
      "what the last turn began is not gone on with",
      [
        { role: "user", content: "b" },
        { role: "assistant", content: "{" },
      ],
      [
        { role: "user", content: "b" },
        { role: "assistant", content: "{" },
      ],
      ["messages.1;rewritten"],
    ],
    [
      "blocks of the service's own tools have no place",
      [
        {
          role: "assistant",
          content: "a",
          server_blocks: [{ index: 0, format: "anthropic", block: { type: "server_tool_use" } }],
        },
        { role: "user", content: "b" },
      ],
      [
        { role: "assistant", content: "a" },
        { role: "user", content: "b" },
      ],
      ["messages.0.server_blocks;dropped"],
    ],
    [
      "documents: texts become texts, bytes become files",
      [
        {
          role: "user",
          content: [
            { type: "file", file: { text: "words", title: "T", context: "C" } },
            {
              type: "file",
              file: {
                file_data: "data:application/pdf;base64,AAAA",
                filename: "a.pdf",
                citations: { enabled: true },
              },
            },
            { type: "file", file: { file_data: "data:application/pdf;base64,AAAA" } },
          ],
        },
      ],
      [
        {
          role: "user",
          content: [
            { type: "text", text: "T\nC\n\nwords" },
            { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,AAAA" } },
            {
              type: "file",
              file: { filename: "document.pdf", file_data: "data:application/pdf;base64,AAAA" },
            },
          ],
        },
      ],
      ["messages.0.content.1.citations;dropped"],
    ],
  ];

  test.each(rows.map((row) => [row[0], row] as const))("%s", (_name, [, messages, sent, notes = []]) => {
    const asked = ask({ messages });
    expect(asked.body["messages"]).toEqual(sent);
    expect(asked.notes).toEqual(notes);
  });

  test("an image of the service's own files is refused with its place", () => {
    const messages: ChatMessage[] = [
      { role: "user", content: [{ type: "image_url", image_url: { url: "", file_id: "f" } }] },
    ];
    expect(() => ask({ messages })).toThrow(
      expect.objectContaining({ code: "invalid_request", param: "messages.0.content.0" }),
    );
  });

  test("a document that is named by URL is asked for, and sent as bytes", () => {
    const url = "https://example.com/a.pdf";
    const messages: ChatMessage[] = [{ role: "user", content: [{ type: "file", file: { file_url: url } }] }];
    const chat = chatRequest({ messages });
    expect(openaiService.media?.(chat, contextOf())).toEqual([{ url, param: "messages.0.content.0" }]);
    const context = contextOf({ media: new Map([[url, { type: "application/pdf", base64: "AAAA" }]]) });
    expect(openaiService.request(chat, context).body["messages"]).toEqual([
      {
        role: "user",
        content: [
          { type: "file", file: { filename: "document.pdf", file_data: "data:application/pdf;base64,AAAA" } },
        ],
      },
    ]);
  });
});

describe("ids of calls", () => {
  const idsFor = (id: string, traits: ModelTraits): unknown[] => {
    const { body } = ask(
      {
        messages: [
          { role: "assistant", tool_calls: [call(id)] },
          { role: "tool", tool_call_id: id, content: "x" },
        ],
      },
      traits,
    );
    // What is sent is known here.
    const [turn, result] = body["messages"] as { tool_calls?: { id: string }[]; tool_call_id?: string }[];
    return [turn?.tool_calls?.[0]?.id, result?.tool_call_id];
  };

  test.each<readonly [string, string, ModelTraits, RegExp]>([
    ["stay as they are", "toolu_01A", {}, /^toolu_01A$/],
    ["are shortened where they are too long", "x".repeat(60), {}, /^call_[0-9a-f]{24}$/],
    [
      "are nine letters and digits for Mistral",
      "toolu_01A",
      { toolIds: "nine-alphanumerics" },
      /^[0-9a-f]{9}$/,
    ],
    ["of Mistral's own stay", "abcDEF123", { toolIds: "nine-alphanumerics" }, /^abcDEF123$/],
  ])("%s", (_name, id, traits, expected) => {
    const [sent, answered] = idsFor(id, traits);
    expect(sent).toMatch(expected);
    expect(answered).toBe(sent);
  });
});
