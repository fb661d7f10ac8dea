import { describe, expect, it } from "vitest";
import { GatewayError } from "../../../core/errors.ts";
import { chatRequest, contextOf } from "../../translation-fixture.ts";
import { bedrockService } from "./bedrock-service.ts";
import { call, expectRow, sent, tool, toolSpec, user, type Row } from "./request-fixture.ts";

const png = "data:image/png;base64,aGk=";

describe("messages for Converse", () => {
  it.each<Row>([
    {
      name: "defect 17: every system message is kept, in its order",
      chat: {
        messages: [
          { role: "system", content: "One" },
          { role: "developer", content: [{ type: "text", text: "Two" }] },
          { role: "system", content: "  " },
          user,
        ],
      },
      body: {
        system: [{ text: "One" }, { text: "Two" }],
        messages: [{ role: "user", content: [{ text: "Hi" }] }],
      },
    },
    {
      name: "a system message in mid conversation keeps its place as words of the user",
      chat: {
        messages: [user, { role: "assistant", content: "Yes" }, { role: "system", content: "Be brief" }],
      },
      body: { messages: [{}, {}, { role: "user", content: [{ text: "Be brief" }] }] },
      warnings: ["messages.2.role;rewritten"],
    },
    {
      name: "a model without system prompt gets it as words of the user",
      traits: { systemRole: "user" },
      chat: { messages: [{ role: "system", content: "Be brief" }, user] },
      body: { messages: [{ role: "user", content: [{ text: "Be brief" }, { text: "Hi" }] }] },
      warnings: ["messages.0.role;rewritten"],
    },
    {
      name: "words of the system alone are what the user says",
      chat: { messages: [{ role: "system", content: "Say hello" }] },
      body: { messages: [{ role: "user", content: [{ text: "Say hello" }] }] },
      warnings: ["messages.0.role;rewritten"],
    },
    {
      name: "neighbours of one role are one turn, and blank texts are none",
      chat: {
        messages: [
          { role: "user", content: "A" },
          {
            role: "user",
            content: [
              { type: "text", text: " " },
              { type: "text", text: "B" },
            ],
          },
          { role: "assistant", content: "" },
          { role: "user", content: "C" },
        ],
      },
      body: {
        messages: [
          { role: "user", content: [{ text: "A" }, { text: "B" }] },
          { role: "user", content: [{ text: "C" }] },
        ],
      },
    },
    {
      name: "an assistant never begins",
      chat: { messages: [{ role: "assistant", content: "I begin" }, user] },
      body: {
        messages: [{ role: "user" }, { role: "assistant", content: [{ text: "I begin" }] }, { role: "user" }],
      },
      warnings: ["messages.0;rewritten"],
    },
    {
      name: "an answer that was begun ends without white space",
      chat: { messages: [user, { role: "assistant", content: "The answer is \n" }] },
      body: { messages: [{}, { role: "assistant", content: [{ text: "The answer is" }] }] },
      warnings: ["messages.1.content;rewritten"],
    },
    {
      name: "defect 13: all results of a turn stand in one message of the user, before its words",
      chat: {
        tools: [tool],
        messages: [
          user,
          { role: "assistant", content: "Both", tool_calls: [call("a", '{"x":1.0}'), call("b", "")] },
          { role: "tool", tool_call_id: "a", content: "1" },
          { role: "tool", tool_call_id: "b", content: [{ type: "text", text: "2" }], is_error: true },
          { role: "user", content: "Go on" },
        ],
      },
      body: {
        messages: [
          {},
          {
            role: "assistant",
            content: [
              { text: "Both" },
              { toolUse: { toolUseId: "a", name: "f", input: { x: 1 } } },
              { toolUse: { toolUseId: "b", name: "f", input: {} } },
            ],
          },
          {
            role: "user",
            content: [
              { toolResult: { toolUseId: "a", content: [{ text: "1" }] } },
              { toolResult: { toolUseId: "b", content: [{ text: "2" }], status: "error" } },
              { text: "Go on" },
            ],
          },
        ],
      },
    },
    {
      name: "a model that takes no words beside results gets them in the last one",
      traits: { resultsAlone: true, toolIds: "nine-alphanumerics" },
      chat: {
        tools: [tool],
        messages: [
          user,
          { role: "assistant", content: null, tool_calls: [call("abcdefgh9")] },
          { role: "tool", tool_call_id: "abcdefgh9", content: "1" },
          { role: "user", content: "Go on" },
        ],
      },
      body: {
        messages: [
          {},
          {},
          {
            content: [
              { toolResult: { toolUseId: "abcdefgh9", content: [{ text: "1" }, { text: "Go on" }] } },
            ],
          },
        ],
      },
      warnings: ["messages;rewritten"],
    },
    {
      name: "a result without words gets some",
      chat: {
        tools: [tool],
        messages: [
          user,
          { role: "assistant", content: null, tool_calls: [call("a")] },
          { role: "tool", tool_call_id: "a", content: "" },
        ],
      },
      body: { messages: [{}, {}, { content: [{ toolResult: { content: [{ text: "(no output)" }] } }] }] },
      warnings: ["messages.2.content;rewritten"],
    },
    {
      name: "defect 9: thinking goes back with its signature, also one without words, and so do redacted bytes",
      chat: {
        messages: [
          user,
          {
            role: "assistant",
            content: "Hello",
            reasoning_details: [
              { type: "thinking", index: 0, text: "Hm", signature: "sig", format: "anthropic" },
              { type: "thinking", index: 1, signature: "alone", format: "anthropic" },
              { type: "redacted_thinking", index: 2, data: "Eu8E", format: "anthropic" },
              { type: "redacted_thinking", index: 3, data: "bedrock:/v8=", format: "anthropic" },
            ],
          },
          user,
        ],
      },
      body: {
        messages: [
          {},
          {
            content: [
              { reasoningContent: { reasoningText: { text: "Hm", signature: "sig" } } },
              { reasoningContent: { reasoningText: { text: "", signature: "alone" } } },
              { reasoningContent: { redactedContent: "RXU4RQ==" } },
              { reasoningContent: { redactedContent: "/v8=" } },
              { text: "Hello" },
            ],
          },
          {},
        ],
      },
    },
    {
      name: "state of other protocols and unsigned thinking are left out, and said",
      chat: {
        messages: [
          user,
          {
            role: "assistant",
            content: "Hello",
            reasoning_details: [{ type: "thinking", index: 0, text: "Hm", signature: "s", format: "gemini" }],
          },
          { role: "assistant", content: "Again", reasoning_content: "Hm" },
          user,
        ],
      },
      body: { messages: [{}, { content: [{ text: "Hello" }, { text: "Again" }] }, {}] },
      warnings: ["messages.1.reasoning_details;dropped", "messages.2.reasoning_content;dropped"],
    },
    {
      name: "a model that wants its thinking back gets it without a signature",
      traits: { wantsReasoningBack: true },
      chat: { messages: [user, { role: "assistant", content: "Again", reasoning_content: "Hm" }, user] },
      body: {
        messages: [
          {},
          { content: [{ reasoningContent: { reasoningText: { text: "Hm" } } }, { text: "Again" }] },
          {},
        ],
      },
    },
    {
      name: "images, documents and places in S3",
      chat: {
        messages: [
          {
            role: "user",
            content: [
              {
                type: "image_url",
                image_url: { url: "data:image/JPEG;charset=utf-8;base64,aGk=", detail: "high" },
              },
              { type: "image_url", image_url: { url: "s3://bucket/a.png" } },
              { type: "image_url", image_url: { url: "https://a.example/x" } },
              {
                type: "file",
                file: { file_data: "data:application/pdf;base64,aGk=", filename: "my_report.pdf" },
              },
              { type: "file", file: { text: "Hi", title: "Notes", citations: { enabled: true } } },
              { type: "file", file: { text: "Hi", title: "Notes" } },
            ],
          },
        ],
      },
      context: { media: new Map([["https://a.example/x", { type: "image/webp", base64: "Zg==" }]]) },
      body: {
        messages: [
          {
            content: [
              { image: { format: "jpeg", source: { bytes: "aGk=" } } },
              { image: { format: "png", source: { s3Location: { uri: "s3://bucket/a.png" } } } },
              { image: { format: "webp", source: { bytes: "Zg==" } } },
              { document: { format: "pdf", name: "my report", source: { bytes: "aGk=" } } },
              {
                document: {
                  format: "txt",
                  name: "Notes",
                  source: { bytes: "SGk=" },
                  citations: { enabled: true },
                },
              },
              { document: { format: "txt", name: "Notes 2", source: { bytes: "SGk=" } } },
              { text: "my report" },
            ],
          },
        ],
      },
      warnings: [
        "messages.0.content.0.image_url.detail;dropped",
        "messages.0.content.3.file.filename;rewritten",
        "messages.0.content.5.file.title;rewritten",
      ],
    },
    {
      name: "marks of what to cache become points behind it",
      chat: {
        tools: [{ ...tool, cache_control: { type: "ephemeral" } }],
        messages: [
          {
            role: "system",
            content: [{ type: "text", text: "S", cache_control: { type: "ephemeral", ttl: "1h" } }],
          },
          {
            role: "user",
            content: [
              { type: "text", text: "U", cache_control: { type: "ephemeral" } },
              { type: "text", text: "V" },
            ],
          },
        ],
      },
      body: {
        system: [{ text: "S" }, { cachePoint: { type: "default", ttl: "1h" } }],
        messages: [{ content: [{ text: "U" }, { cachePoint: { type: "default" } }, { text: "V" }] }],
        toolConfig: { tools: [toolSpec, { cachePoint: { type: "default" } }] },
      },
    },
  ])("$name", (row) => {
    expectRow(row);
  });

  it("digits of arguments stay as they were written", () => {
    const args = '{"big":12345678901234567890,"one":1.0,"e":1e3}';
    const chat = {
      messages: [user, { role: "assistant", content: null, tool_calls: [call("a", args)] } as const],
    };
    expect(sent(chat).text).toContain(`"input":${args}`);
  });

  it("ids that a model does not take are replaced alike in call and result", () => {
    for (const traits of [{}, { toolIds: "nine-alphanumerics" } as const]) {
      const id = "call/with spaces and more than sixty-four characters in all of its very long name";
      const messages = [
        user,
        { role: "assistant", content: null, tool_calls: [call(id)] } as const,
        { role: "tool", tool_call_id: id, content: "1" } as const,
      ];
      const ids = [
        ...sent({ messages, tools: [tool] }, { traits }).text.matchAll(/"toolUseId":"([^"]+)"/gu),
      ].map(([, found]) => found);
      expect(ids[0]).toMatch(traits.toolIds === undefined ? /^[A-Za-z0-9_.:-]{1,64}$/u : /^[A-Za-z0-9]{9}$/u);
      expect(ids).toEqual([ids[0], ids[0]]);
    }
  });

  it.each([
    { name: "audio", part: { type: "input_audio", input_audio: { data: "aGk=", format: "wav" } } as const },
    {
      name: "an image of another format",
      part: { type: "image_url", image_url: { url: "data:image/tiff;base64,aGk=" } } as const,
    },
    {
      name: "an image by the id of a file",
      part: { type: "image_url", image_url: { url: "", file_id: "file-1" } } as const,
    },
    { name: "a file by its id", part: { type: "file", file: { file_id: "file-1" } } as const },
    {
      name: "a document of another format",
      part: { type: "file", file: { file_data: "data:application/zip;base64,aGk=" } } as const,
    },
  ])("$name is refused, and the part is named", ({ part }) => {
    const chat = {
      messages: [user, { role: "user", content: [{ type: "text", text: "x" } as const, part] } as const],
    };
    expect(() => sent(chat)).toThrow(
      expect.objectContaining({ code: "invalid_request", param: "messages.1.content.1" }),
    );
  });

  it("asks for what is named by URL, in messages and in results", () => {
    const url = "https://a.example/x.png";
    const image = { type: "image_url", image_url: { url } } as const;
    const chat = chatRequest({
      messages: [
        {
          role: "user",
          content: [{ type: "text", text: "x" }, image, { type: "image_url", image_url: { url: png } }],
        },
        { role: "tool", tool_call_id: "a", content: [image] },
      ],
    });
    expect(bedrockService.media?.(chat, contextOf())).toEqual([
      { url, param: "messages.0.content.1" },
      { url, param: "messages.1.content.0" },
    ]);
  });

  it("no messages at all are refused", () => {
    expect(() => sent({ messages: [] })).toThrow(GatewayError);
  });
});
