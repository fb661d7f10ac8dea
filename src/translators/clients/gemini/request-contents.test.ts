// Gemini's contents as messages of the chat form, and what of a request is said to be at fault.
import { describe, expect, test } from "vitest";
import { parseExactJson } from "../../../lib/exact-json.ts";
import { compare, contents, faultOf, read, type Row } from "./request-fixture.ts";

const called = { functionCall: { id: "c1", name: "f", args: { x: 1 } }, thoughtSignature: "s" };
const answered = (functionResponse: object) => ({ role: "user", parts: [{ functionResponse }] });
const loop = (...turns: readonly object[]) => ({
  contents: [...contents, { role: "model", parts: [called] }, ...turns],
});
const said = { role: "user", content: "Hi" };
const callTurn = {
  role: "assistant",
  content: null,
  tool_calls: [
    {
      id: "c1",
      type: "function",
      function: { name: "f", arguments: '{"x":1}' },
      extra_content: { google: { thought_signature: "s" } },
    },
  ],
};
const one = (part: object) => ({ contents: [{ parts: [part] }] });
const user = (part: object) => ({ messages: [{ role: "user", content: [part] }] });

const contentRows: readonly Row[] = [
  [
    "one content alone",
    { contents: { parts: { text: "a" } } },
    { messages: [{ role: "user", content: "a" }] },
  ],
  [
    "texts",
    { contents: [{ parts: [{ text: "a" }, { text: "b" }] }] },
    {
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "a" },
            { type: "text", text: "b" },
          ],
        },
      ],
    },
  ],
  [
    "a system prompt",
    { systemInstruction: { parts: [{ text: "s" }] } },
    { messages: [{ role: "system", content: "s" }, said] },
  ],
  [
    "a system prompt as a text",
    { system_instruction: "s" },
    { messages: [{ role: "system", content: "s" }, said] },
  ],
  ["a system prompt of nothing", { systemInstruction: { parts: [] } }, { messages: [said] }],
  [
    "an answer with thoughts",
    { contents: [...contents, { role: "model", parts: [{ text: "t", thought: true }, { text: "a" }] }] },
    { messages: [said, { role: "assistant", content: "a", reasoning_content: "t" }] },
  ],
  ["an answer of nothing", { contents: [...contents, { role: "model", parts: [] }] }, { messages: [said] }],
  [
    "what a model ran itself",
    { contents: [...contents, { role: "model", parts: [{ executableCode: {} }, { text: "a" }] }] },
    { messages: [said, { role: "assistant", content: "a" }] },
    ["contents.1.parts.0;dropped"],
  ],
  [
    "a call with its signature and its result by id",
    loop(answered({ id: "c1", name: "f", response: { output: "r" } })),
    { messages: [said, callTurn, { role: "tool", tool_call_id: "c1", content: "r" }] },
  ],
  [
    "a result by name",
    loop({ role: "function", parts: [{ function_response: { name: "f", response: { result: { a: 1 } } } }] }),
    { messages: [said, callTurn, { role: "tool", tool_call_id: "c1", content: '{"a":1}' }] },
  ],
  [
    "a failed result",
    loop(answered({ name: "f", response: { error: "no" } })),
    { messages: [said, callTurn, { role: "tool", tool_call_id: "c1", content: "no", is_error: true }] },
  ],
  [
    "a result of several members",
    loop(answered({ name: "f", response: { a: 1, b: 2 } })),
    { messages: [said, callTurn, { role: "tool", tool_call_id: "c1", content: '{"a":1,"b":2}' }] },
  ],
  [
    "a picture",
    one({ inline_data: { mime_type: "image/png", data: "-_8=" } }),
    user({ type: "image_url", image_url: { url: "data:image/png;base64,+/8=" } }),
  ],
  [
    "sound",
    one({ inlineData: { mimeType: "audio/mpeg", data: "AA==" } }),
    user({ type: "input_audio", input_audio: { data: "AA==", format: "mp3" } }),
  ],
  [
    "a film",
    one({ inlineData: { mimeType: "video/mp4", data: "AA==" } }),
    user({ type: "video_url", video_url: { url: "data:video/mp4;base64,AA==" } }),
  ],
  [
    "pages",
    one({ inlineData: { mimeType: "application/pdf", data: "AA==" } }),
    user({ type: "file", file: { file_data: "data:application/pdf;base64,AA==", filename: "document.pdf" } }),
  ],
  ["text as data", one({ inlineData: { mimeType: "text/plain", data: "SGk=" } }), { messages: [said] }],
  [
    "a picture by URL",
    one({ fileData: { mimeType: "image/png", fileUri: "https://x/a.png" } }),
    user({ type: "image_url", image_url: { url: "https://x/a.png" } }),
  ],
  [
    "a file by URL",
    one({ fileData: { fileUri: "https://x/a.pdf" } }),
    user({ type: "file", file: { file_url: "https://x/a.pdf" } }),
  ],
  [
    "which part of a film",
    one({ fileData: { mimeType: "video/mp4", fileUri: "https://x/a.mp4" }, videoMetadata: {} }),
    user({ type: "video_url", video_url: { url: "https://x/a.mp4" } }),
    ["contents.0.parts.0.videoMetadata;dropped"],
  ],
];

describe("contents", () => {
  test.each(contentRows.map((row) => [row[0], row] as const))("%s", (_name, row) => compare(row));

  test("ids that a client left out are made, the same ones in every request", () => {
    const bare = { role: "model", parts: [{ functionCall: { name: "f" } }, { functionCall: { name: "f" } }] };
    const results = {
      role: "user",
      parts: ["a", "b"].map((output) => ({ functionResponse: { name: "f", response: { output } } })),
    };
    const { messages } = read({ contents: [...contents, bare, results] }).chat;
    expect(messages.slice(1)).toMatchObject([
      { tool_calls: [{ id: "call_c1p0" }, { id: "call_c1p1" }] },
      { tool_call_id: "call_c1p0", content: "a" },
      { tool_call_id: "call_c1p1", content: "b" },
    ]);
  });
});

const declaring = (functionDeclaration: unknown) => ({
  contents,
  tools: [{ functionDeclarations: [functionDeclaration] }],
});
const faults: readonly (readonly [name: string, body: unknown, param: string])[] = [
  ["no object", [], "body"],
  ["a number", parseExactJson("1.0"), "body"],
  ["no contents", {}, "contents"],
  ["contents of nothing", { contents: [] }, "contents"],
  ["a content", { contents: [1] }, "contents.0"],
  ["a role", { contents: [{ role: "judge", parts: [] }] }, "contents.0.role"],
  ["a part", { contents: [{ parts: [1] }] }, "contents.0.parts.0"],
  ["a text", { contents: [{ parts: [{ text: 1 }] }] }, "contents.0.parts.0.text"],
  ["a part of an unknown kind", { contents: [{ parts: [{ smell: 1 }] }] }, "contents.0.parts.0"],
  [
    "data without type",
    { contents: [{ parts: [{ inlineData: { data: "" } }] }] },
    "contents.0.parts.0.inlineData.mimeType",
  ],
  [
    "data of nothing",
    { contents: [{ parts: [{ inlineData: { mimeType: "image/png" } }] }] },
    "contents.0.parts.0.inlineData.data",
  ],
  [
    "a file of Google's",
    { contents: [{ parts: [{ fileData: { fileUri: "gs://a/b" } }] }] },
    "contents.0.parts.0.fileData.fileUri",
  ],
  [
    "a call without name",
    { contents: [{ role: "model", parts: [{ functionCall: {} }] }] },
    "contents.0.parts.0.functionCall.name",
  ],
  [
    "a result that nobody asked for",
    { contents: [{ parts: [{ functionResponse: { name: "f" } }] }] },
    "contents.0.parts.0.functionResponse",
  ],
  [
    "a picture in a system prompt",
    { contents, systemInstruction: { parts: [{ inlineData: {} }] } },
    "systemInstruction.parts.0",
  ],
  ["content that Google keeps", { contents, cachedContent: "cachedContents/1" }, "cachedContent"],
  ["tools", { contents, tools: {} }, "tools"],
  ["a tool", { contents, tools: [1] }, "tools.0"],
  ["declarations", { contents, tools: [{ functionDeclarations: {} }] }, "tools.0.functionDeclarations"],
  ["a declaration", declaring(1), "tools.0.functionDeclarations.0"],
  ["a function without name", declaring({}), "tools.0.functionDeclarations.0.name"],
  ["its parameters", declaring({ name: "f", parameters: 1 }), "tools.0.functionDeclarations.0.parameters"],
  [
    "its JSON Schema",
    declaring({ name: "f", parametersJsonSchema: [] }),
    "tools.0.functionDeclarations.0.parametersJsonSchema",
  ],
  [
    "its JSON Schema as a number",
    declaring({ name: "f", parametersJsonSchema: parseExactJson("1.0") }),
    "tools.0.functionDeclarations.0.parametersJsonSchema",
  ],
  ["toolConfig", { contents, toolConfig: 1 }, "toolConfig"],
  [
    "a mode",
    { contents, toolConfig: { functionCallingConfig: { mode: 1 } } },
    "toolConfig.functionCallingConfig.mode",
  ],
  ["generationConfig", { contents, generationConfig: 1 }, "generationConfig"],
  ["a number in it", { contents, generationConfig: { temperature: "1" } }, "generationConfig.temperature"],
  ["stops", { contents, generationConfig: { stopSequences: "a" } }, "generationConfig.stopSequences"],
  ["a stop", { contents, generationConfig: { stopSequences: [1] } }, "generationConfig.stopSequences.0"],
  [
    "a level",
    { contents, generationConfig: { thinkingConfig: { thinkingLevel: 1 } } },
    "generationConfig.thinkingConfig.thinkingLevel",
  ],
  [
    "a budget",
    { contents, generationConfig: { thinkingConfig: { thinkingBudget: "1" } } },
    "generationConfig.thinkingConfig.thinkingBudget",
  ],
];

describe("what is malformed is refused by name", () => {
  test.each(faults)("%s", (_name, body, param) => {
    expect(faultOf(body)).toEqual({ code: "invalid_request", param });
  });
});
