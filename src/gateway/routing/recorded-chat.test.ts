// Which recorded requests can be asked again as words, in every protocol, and which cannot.
import { expect, test } from "vitest";
import { recordedChat, type Chat } from "./recorded-chat.ts";

const user = { role: "user", text: "Hi" } as const;
const said: Chat = {
  system: "Be brief.",
  messages: [user, { role: "assistant", text: "Yes?" }, { role: "user", text: "Bye" }],
};

test.each<[string, object, Chat]>([
  [
    "OpenAI's chat",
    {
      model: "m",
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Hi" },
        { role: "assistant", content: "Yes?" },
        { role: "user", content: [{ type: "text", text: "Bye" }] },
      ],
    },
    said,
  ],
  [
    "Anthropic's messages",
    {
      system: [{ type: "text", text: "Be brief." }],
      messages: [
        { role: "user", content: "Hi" },
        { role: "assistant", content: [{ type: "text", text: "Yes?" }] },
        { role: "user", content: "Bye" },
      ],
    },
    said,
  ],
  [
    "Gemini's contents",
    {
      systemInstruction: { parts: [{ text: "Be brief." }] },
      contents: [
        { parts: [{ text: "Hi" }] },
        { role: "model", parts: [{ text: "Yes?" }] },
        { role: "user", parts: [{ text: "Bye" }] },
      ],
    },
    said,
  ],
  [
    "Responses",
    {
      instructions: "Be brief.",
      input: [
        { role: "user", content: [{ type: "input_text", text: "Hi" }] },
        { type: "message", role: "assistant", content: [{ type: "output_text", text: "Yes?" }] },
        { role: "user", content: "Bye" },
      ],
    },
    said,
  ],
  ["Responses of one text", { model: "m", input: "Hi" }, { system: "", messages: [user] }],
  [
    "DashScope's input",
    {
      input: {
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: "Hi" },
          { role: "assistant", content: "Yes?" },
          { role: "user", content: "Bye" },
        ],
      },
      parameters: { result_format: "message" },
    },
    said,
  ],
  [
    "DashScope's parts",
    { input: { messages: [{ role: "user", content: [{ text: "Hi" }] }] } },
    { system: "", messages: [user] },
  ],
])("%s is a conversation", (_name, body, chat) => {
  expect(recordedChat(JSON.stringify(body))).toEqual(chat);
});

const messages = [{ role: "user", content: "Hi" }];

test.each<[string, unknown]>([
  ["no JSON", "{"],
  ["no conversation", JSON.stringify({ model: "m" })],
  ["an empty one", JSON.stringify({ messages: [] })],
  [
    "one that ends with the model",
    JSON.stringify({ messages: [...messages, { role: "assistant", content: "Yes" }] }),
  ],
  ["tools", JSON.stringify({ messages, tools: [{ type: "function" }] })],
  ["a form of the answer", JSON.stringify({ messages, response_format: { type: "json_object" } })],
  [
    "Gemini's form of the answer",
    JSON.stringify({ contents: [{ parts: [{ text: "Hi" }] }], generationConfig: { responseSchema: {} } }),
  ],
  [
    "an image",
    JSON.stringify({
      messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "x" } }] }],
    }),
  ],
  ["Gemini's image", JSON.stringify({ contents: [{ parts: [{ text: "Hi" }, { inlineData: {} }] }] })],
  [
    "a result of a tool",
    JSON.stringify({ messages: [...messages, { role: "tool", content: "1", tool_call_id: "c" }] }),
  ],
  [
    "a call of a tool",
    JSON.stringify({ messages: [{ role: "assistant", content: "", tool_calls: [{}] }, ...messages] }),
  ],
  ["what another response began", JSON.stringify({ input: "Hi", previous_response_id: "r" })],
  ["words that are missing", JSON.stringify({ messages: [{ role: "user", content: "" }] })],
])("%s is none", (_name, content) => {
  expect(recordedChat(String(content))).toBe(undefined);
});
