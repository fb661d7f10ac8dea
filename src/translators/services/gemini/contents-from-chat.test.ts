import { describe, expect, test } from "vitest";
import { GatewayError } from "../../../core/errors.ts";
import type { Warning } from "../../../core/exchange-record.ts";
import type { ModelTraits } from "../../../core/model-traits.ts";
import type { JsonObject } from "../../../lib/json-value.ts";
import type { ChatMessage, ChatRequest } from "../../chat/chat-request.ts";
import type { Media } from "../../translation.ts";
import { chatRequest, contextOf } from "../../translation-fixture.ts";
import { geminiService } from "./gemini-service.ts";

interface Sent {
  readonly body: JsonObject;
  readonly warnings: readonly Warning[];
}

interface Circumstances {
  readonly traits?: ModelTraits;
  readonly media?: ReadonlyMap<string, Media>;
}

function send(fields: Partial<ChatRequest>, circumstances: Circumstances = {}): Sent {
  const context = contextOf(circumstances);
  const { body } = geminiService.request(chatRequest(fields), context);
  return { body, warnings: context.notes.warnings };
}

const contents = (messages: ChatMessage[], circumstances?: Circumstances): unknown =>
  send({ messages }, circumstances).body["contents"];
const hi: ChatMessage = { role: "user", content: "Hi" };
const hiContent = { role: "user", parts: [{ text: "Hi" }] };
const call = (id: string, name: string, text = "{}", signature?: string) => ({
  id,
  type: "function" as const,
  function: { name, arguments: text },
  ...(signature !== undefined && { extra_content: { google: { thought_signature: signature } } }),
});
const callPart = (id: string, name: string, args: object = {}): object => ({
  functionCall: { id, name, args },
});

function thrown(work: () => unknown): GatewayError {
  try {
    work();
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("messages", () => {
  const rows: [string, ChatMessage[], unknown][] = [
    [
      "texts of one role in a row are one content",
      [hi, { role: "user", content: "there" }],
      [{ role: "user", parts: [{ text: "Hi" }, { text: "there" }] }],
    ],
    ["empty texts are left out", [hi, { role: "assistant", content: "" }], [hiContent]],
    [
      "the first is the user's",
      [{ role: "assistant", content: "Yes?" }, hi],
      [{ role: "user", parts: [{ text: " " }] }, { role: "model", parts: [{ text: "Yes?" }] }, hiContent],
    ],
    [
      "answers of functions have their names, and stand in one content",
      [
        hi,
        {
          role: "assistant",
          content: "Looking",
          tool_calls: [call("a", "look", '{"x":1}'), call("b", "hear", "")],
        },
        { role: "tool", tool_call_id: "a", content: "red" },
        { role: "tool", tool_call_id: "b", content: '{"sound":"loud"}' },
        { role: "user", content: "So?" },
      ],
      [
        hiContent,
        {
          role: "model",
          parts: [{ text: "Looking" }, callPart("a", "look", { x: 1 }), callPart("b", "hear")],
        },
        {
          role: "user",
          parts: [
            { functionResponse: { id: "a", name: "look", response: { result: "red" } } },
            { functionResponse: { id: "b", name: "hear", response: { sound: "loud" } } },
          ],
        },
        { role: "user", parts: [{ text: "So?" }] },
      ],
    ],
    [
      "a tool that failed says so",
      [
        hi,
        { role: "assistant", tool_calls: [call("a", "look")] },
        { role: "tool", tool_call_id: "a", content: "dark", is_error: true },
      ],
      [
        hiContent,
        { role: "model", parts: [callPart("a", "look")] },
        {
          role: "user",
          parts: [{ functionResponse: { id: "a", name: "look", response: { error: "dark" } } }],
        },
      ],
    ],
    [
      "pictures of a tool follow its answer",
      [
        hi,
        { role: "assistant", tool_calls: [call("a", "look")] },
        {
          role: "tool",
          tool_call_id: "a",
          content: [
            { type: "text", text: "seen" },
            { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
          ],
        },
      ],
      [
        hiContent,
        { role: "model", parts: [callPart("a", "look")] },
        {
          role: "user",
          parts: [
            {
              functionResponse: {
                id: "a",
                name: "look",
                response: { result: "seen\nThe rest of the result follows." },
              },
            },
          ],
        },
        {
          role: "user",
          parts: [
            { text: "Part of the result of tool call a:" },
            { inlineData: { mimeType: "image/png", data: "AAAA" } },
          ],
        },
      ],
    ],
    [
      "arguments that are no object are wrapped",
      [hi, { role: "assistant", tool_calls: [call("a", "f", "oops")] }],
      [hiContent, { role: "model", parts: [callPart("a", "f", { raw_arguments: "oops" })] }],
    ],
    [
      "thinking as text is a thought",
      [hi, { role: "assistant", content: "Yes", reasoning_content: "Hm" }],
      [hiContent, { role: "model", parts: [{ text: "Hm", thought: true }, { text: "Yes" }] }],
    ],
  ];
  test.each(rows)("%s", (_name, messages, expected) => {
    expect(contents(messages)).toEqual(expected);
  });

  test("defect 17: several system messages are all sent, in order", () => {
    const messages: ChatMessage[] = [
      { role: "system", content: "A" },
      {
        role: "developer",
        content: [
          { type: "text", text: "B" },
          { type: "text", text: "C" },
        ],
      },
      hi,
      { role: "system", content: "D" },
    ];
    const { body, warnings } = send({ messages });
    expect(body["systemInstruction"]).toEqual({ parts: ["A", "B", "C", "D"].map((text) => ({ text })) });
    expect(body["contents"]).toEqual([hiContent]);
    expect(warnings).toEqual([{ field: "messages.3", action: "rewritten" }]);
  });

  test("a model without system instruction is told by the user", () => {
    const { body } = send(
      { messages: [{ role: "system", content: "A" }, hi] },
      { traits: { systemRole: "user" } },
    );
    expect(body).not.toHaveProperty("systemInstruction");
    expect(JSON.stringify(body["contents"])).toBe('[{"role":"user","parts":[{"text":"A"},{"text":"Hi"}]}]');
  });

  test("the answer of a call that nobody made is refused", () => {
    const error = thrown(() => contents([hi, { role: "tool", tool_call_id: "x", content: "" }]));
    expect([error.code, error.param]).toEqual(["invalid_request", "messages.1.tool_call_id"]);
  });
});

describe("defect 9: state of thinking comes back where it was", () => {
  const model = (fields: Extract<ChatMessage, { role: "assistant" }>, traits: ModelTraits = {}): unknown => {
    const [, content] = contents([hi, fields], { traits }) as { parts: unknown }[]; // As this side writes it.
    return content?.parts;
  };

  test("a signature stands on its own call, thoughts and signed texts in their places", () => {
    expect(
      model({
        role: "assistant",
        content: "Yes",
        tool_calls: [call("a", "f", "{}", "S1"), call("b", "g")],
        reasoning_details: [
          { type: "thinking", index: 0, text: "Hm", format: "gemini" },
          { type: "thinking", index: 1, signature: "S0", format: "gemini" },
          { type: "thinking", index: 4, text: "", signature: "S2", format: "gemini" },
        ],
      }),
    ).toEqual([
      { text: "Hm", thought: true },
      { text: "Yes", thoughtSignature: "S0" },
      { ...callPart("a", "f"), thoughtSignature: "S1" },
      { text: "", thoughtSignature: "S2" },
      callPart("b", "g"),
    ]);
  });

  test("what another protocol signed is not sent", () => {
    const context = contextOf();
    const messages: ChatMessage[] = [
      hi,
      {
        role: "assistant",
        content: "Yes",
        reasoning_details: [{ type: "thinking", index: 0, text: "Hm", signature: "A", format: "anthropic" }],
      },
    ];
    const { body } = geminiService.request(chatRequest({ messages }), context);
    expect(JSON.stringify(body)).not.toContain("Hm");
    expect(context.notes.warnings).toEqual([{ field: "messages.1.reasoning_details", action: "dropped" }]);
  });

  test("the first call of a turn without signature is marked for models that ask for one, and that is told", () => {
    const calls = { role: "assistant", tool_calls: [call("a", "f"), call("b", "g")] } as const;
    expect(model(calls)).toEqual([callPart("a", "f"), callPart("b", "g")]);
    expect(model(calls, { thinking: "level" })).toEqual([
      { ...callPart("a", "f"), thoughtSignature: "skip_thought_signature_validator" },
      callPart("b", "g"),
    ]);
    const { warnings } = send({ messages: [hi, calls] }, { traits: { thinking: "level" } });
    expect(warnings).toEqual([{ field: "messages.1.tool_calls.0.extra_content", action: "rewritten" }]);
  });
});

describe("media", () => {
  const png = { type: "image/png", base64: "AAAA" };
  const fetched = new Map([["https://example.com/a.png", png]]);
  const rows: [string, Extract<ChatMessage, { role: "user" }>["content"][number], unknown][] = [
    [
      "a picture in the request",
      { type: "image_url", image_url: { url: "data:image/png;charset=utf-8;base64,AAAA" } },
      {
        inlineData: { mimeType: "image/png", data: "AAAA" },
      },
    ],
    [
      "a picture elsewhere, fetched",
      { type: "image_url", image_url: { url: "https://example.com/a.png" } },
      {
        inlineData: { mimeType: "image/png", data: "AAAA" },
      },
    ],
    [
      "a film on YouTube",
      { type: "video_url", video_url: { url: "https://youtu.be/x" } },
      {
        fileData: { fileUri: "https://youtu.be/x", mimeType: "video/mp4" },
      },
    ],
    [
      "a file of Google's own store",
      { type: "file", file: { file_id: "files/abc" } },
      {
        fileData: { fileUri: "https://generativelanguage.googleapis.com/v1beta/files/abc" },
      },
    ],
    [
      "a picture in Cloud Storage",
      { type: "image_url", image_url: { url: "gs://b/a.png" } },
      {
        fileData: { fileUri: "gs://b/a.png", mimeType: "image/png" },
      },
    ],
    [
      "a sound",
      { type: "input_audio", input_audio: { data: "AAAA", format: "wav" } },
      {
        inlineData: { mimeType: "audio/wav", data: "AAAA" },
      },
    ],
    [
      "a document",
      { type: "file", file: { file_data: "data:application/pdf;base64,AAAA", filename: "a.pdf" } },
      {
        inlineData: { mimeType: "application/pdf", data: "AAAA" },
      },
    ],
    [
      "a document without its type",
      { type: "file", file: { file_data: "AAAA", filename: "a.csv" } },
      {
        inlineData: { mimeType: "text/csv", data: "AAAA" },
      },
    ],
    ["a document of text", { type: "file", file: { text: "words" } }, { text: "words" }],
  ];
  test.each(rows)("%s", (_name, part, expected) => {
    const content = [part] as Extract<ChatMessage, { role: "user" }>["content"]; // Rows hold parts.
    expect(contents([{ role: "user", content }], { media: fetched })).toEqual([
      { role: "user", parts: [expected] },
    ]);
  });

  test("only what Google cannot read itself is asked for, with its place", () => {
    const image = (url: string) => ({ type: "image_url" as const, image_url: { url } });
    const urls = [
      "https://example.com/a.png",
      "https://www.youtube.com/watch?v=1",
      "gs://b/c",
      "data:image/png;base64,A",
    ];
    const chat = chatRequest({ messages: [hi, { role: "user", content: urls.map(image) }] });
    expect(geminiService.media?.(chat, contextOf())).toEqual([
      { url: "https://example.com/a.png", param: "messages.1.content.0" },
    ]);
  });

  test("what was not fetched is refused by its place", () => {
    const content = [{ type: "image_url" as const, image_url: { url: "https://example.com/b.png" } }];
    expect(thrown(() => contents([{ role: "user", content }])).param).toBe("messages.0.content.0");
  });
});
