// What messages of a chat become at DashScope, on its two paths.
import { describe, expect, test } from "vitest";
import { GatewayError } from "../../../core/errors.ts";
import type { ModelTraits } from "../../../core/model-traits.ts";
import type { ChatMessage } from "../../chat/chat-request.ts";
import { call } from "./called-fixture.ts";

const textPath = "/services/aigc/text-generation/generation";
const mediaPath = "/services/aigc/multimodal-generation/generation";
const image = { type: "image_url", image_url: { url: "data:image/png;base64,AA==" } } as const;

interface MessageRow {
  readonly asked: readonly ChatMessage[];
  readonly sent: readonly unknown[];
  readonly traits?: ModelTraits;
  readonly path?: string;
  readonly warnings?: readonly string[];
}

const messageRows: Readonly<Record<string, MessageRow>> = {
  "defect 17: all system messages and all their blocks": {
    asked: [
      { role: "system", content: "A" },
      {
        role: "developer",
        content: [
          { type: "text", text: "B" },
          { type: "text", text: "C" },
        ],
      },
      {
        role: "user",
        content: [
          { type: "text", text: "D" },
          { type: "text", text: "E" },
        ],
      },
    ],
    sent: [
      { role: "system", content: "A" },
      { role: "system", content: "B\n\nC" },
      { role: "user", content: "D\n\nE" },
    ],
  },
  "a model without a system prompt": {
    asked: [{ role: "system", content: "A" }],
    traits: { systemRole: "user" },
    sent: [{ role: "user", content: "A" }],
  },
  "defect 7: calls and their results keep their ids": {
    asked: [
      {
        role: "assistant",
        content: null,
        tool_calls: [
          { id: "a", type: "function", function: { name: "weather", arguments: "" } },
          { id: "b", type: "function", function: { name: "time", arguments: '{"x":1.0}' } },
        ],
      },
      { role: "tool", tool_call_id: "a", content: "rain" },
      { role: "tool", tool_call_id: "b", content: [{ type: "text", text: "late" }], is_error: true },
    ],
    sent: [
      {
        role: "assistant",
        content: "",
        tool_calls: [
          { index: 0, id: "a", type: "function", function: { name: "weather", arguments: "{}" } },
          { index: 1, id: "b", type: "function", function: { name: "time", arguments: '{"x":1.0}' } },
        ],
      },
      { role: "tool", tool_call_id: "a", content: "rain" },
      { role: "tool", tool_call_id: "b", content: "Error:\n\nlate" },
    ],
    warnings: ["messages.2.is_error;rewritten"],
  },
  "texts of an answer are one text": {
    asked: [
      {
        role: "assistant",
        content: [
          { type: "text", text: "A" },
          { type: "refusal", refusal: "B" },
        ],
        name: "x",
      },
    ],
    sent: [{ role: "assistant", content: "AB" }],
    warnings: ["messages.0.name;dropped"],
  },
  "thinking goes back as text, and what is opaque does not": {
    asked: [
      {
        role: "assistant",
        content: "A",
        reasoning_details: [
          { type: "thinking", index: 0, text: "hm", signature: "s", format: "anthropic" },
          { type: "redacted_thinking", index: 1, data: "x" },
        ],
      },
    ],
    sent: [{ role: "assistant", content: "A", reasoning_content: "hm" }],
    warnings: ["messages.0.reasoning_details;dropped"],
  },
  "thinking that the model does not want": {
    asked: [{ role: "assistant", content: "A", reasoning_content: "hm" }],
    traits: { wantsReasoningBack: false },
    sent: [{ role: "assistant", content: "A" }],
    warnings: ["messages.0.reasoning_content;dropped"],
  },
  "a picture": {
    asked: [
      { role: "system", content: "S" },
      { role: "user", content: [image, { type: "text", text: "What?" }] },
      { role: "assistant", content: "" },
    ],
    path: mediaPath,
    sent: [
      { role: "system", content: [{ text: "S" }] },
      { role: "user", content: [{ image: "data:image/png;base64,AA==" }, { text: "What?" }] },
      { role: "assistant", content: [] },
    ],
  },
  "sound and video": {
    asked: [
      {
        role: "user",
        content: [
          { type: "input_audio", input_audio: { data: "AA==", format: "wav" } },
          { type: "input_audio", input_audio: { data: "https://x/a.mp3", format: "mp3" } },
          { type: "video_url", video_url: { url: "https://x/v.mp4" } },
          { type: "image_url", image_url: { url: "https://x/i.png", detail: "high" } },
        ],
      },
    ],
    path: mediaPath,
    sent: [
      {
        role: "user",
        content: [
          { audio: "data:audio/wav;base64,AA==" },
          { audio: "https://x/a.mp3" },
          { video: "https://x/v.mp4" },
          { image: "https://x/i.png" },
        ],
      },
    ],
    warnings: ["messages.0.content.3.image_url.detail;dropped"],
  },
  "a model of the multimodal path without media": {
    asked: [{ role: "user", content: "Hi" }],
    traits: { multimodalPath: true },
    path: mediaPath,
    sent: [{ role: "user", content: [{ text: "Hi" }] }],
  },
  "a picture in the result of a tool follows the results": {
    asked: [
      { role: "tool", tool_call_id: "a", content: [{ type: "text", text: "here" }, image] },
      { role: "tool", tool_call_id: "b", content: "there" },
      { role: "user", content: "Go on" },
    ],
    path: mediaPath,
    sent: [
      { role: "tool", tool_call_id: "a", content: [{ text: "here" }] },
      { role: "tool", tool_call_id: "b", content: [{ text: "there" }] },
      { role: "user", content: [{ image: "data:image/png;base64,AA==" }] },
      { role: "user", content: [{ text: "Go on" }] },
    ],
    warnings: ["messages.0.content;rewritten"],
  },
  "a place to cache up to": {
    asked: [
      {
        role: "system",
        content: [
          { type: "text", text: "A" },
          { type: "text", text: "B", cache_control: { type: "ephemeral", ttl: "1h" } },
        ],
      },
      {
        role: "user",
        content: [{ type: "text", text: "C", cache_control: { type: "ephemeral", ttl: "1h" } }],
      },
    ],
    sent: [
      {
        role: "system",
        content: [
          { type: "text", text: "A" },
          { type: "text", text: "B", cache_control: { type: "ephemeral" } },
        ],
      },
      { role: "user", content: [{ type: "text", text: "C", cache_control: { type: "ephemeral" } }] },
    ],
    warnings: [
      "messages.0.content.1.cache_control.ttl;dropped",
      "messages.1.content.0.cache_control.ttl;dropped",
    ],
  },
  "documents by URL, by id and as text": {
    asked: [
      {
        role: "user",
        content: [
          { type: "text", text: "Read" },
          { type: "file", file: { file_url: "https://x/a.docx" } },
          { type: "file", file: { file_id: "file-1" } },
          { type: "file", file: { title: "T", text: "Words" } },
        ],
      },
    ],
    sent: [
      { role: "system", content: "fileid://file-1" },
      {
        role: "user",
        content: [
          { type: "text", text: "Read" },
          { type: "doc_url", doc_url: ["https://x/a.docx"], file_parsing_strategy: "auto" },
          { type: "text", text: "T\nWords" },
        ],
      },
    ],
    warnings: ["messages.0.content.3;rewritten"],
  },
};

describe("messages", () => {
  test.each(Object.entries(messageRows))(
    "%s",
    (_, { asked, sent, traits, path = textPath, warnings = [] }) => {
      const called = call({ messages: asked }, traits);
      expect(called.messages).toEqual(sent);
      expect(called.path).toBe(path);
      expect(called.warnings).toEqual(warnings);
    },
  );

  test.each([
    ["a document as bytes", { type: "file", file: { file_data: "data:application/pdf;base64,AA==" } }],
    ["a picture by id", { type: "image_url", image_url: { url: "", file_id: "f" } }],
  ] as const)("%s is refused by its place", (_, part) => {
    const refuse = (): unknown => call({ messages: [{ role: "user", content: [part] }] });
    expect(refuse).toThrow(GatewayError);
    expect(refuse).toThrow(expect.objectContaining({ param: "messages.0.content.0" }));
  });

  test("a file that was uploaded to DashScope is looked up", () => {
    const { headers } = call({
      messages: [
        { role: "user", content: [{ type: "image_url", image_url: { url: "oss://bucket/a.png" } }] },
      ],
    });
    expect(headers).toEqual(["x-dashscope-ossresourceresolve", "enable"]);
  });
});
