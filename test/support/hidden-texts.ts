// Requests in which a text is hidden, one row per hiding place. Must not know the gateway.
import { gzipSync } from "node:zlib";
import { mediaPlaces } from "./hidden-texts-media.ts";
import type { HeaderLine } from "./http-message.ts";
import {
  base64,
  chatPath,
  escaped,
  json,
  rowsOf,
  user,
  type HidingPlace,
  type HidingRequest,
} from "./hiding-place.ts";

const chat = (messages: readonly object[], more: object = {}): HidingRequest => ({
  path: chatPath,
  body: json({ model: "m", messages, ...more }),
});
const says = (content: unknown, more: object = {}): HidingRequest => chat([user(content)], more);
const raw = (body: string, headers: readonly HeaderLine[] = []): HidingRequest => ({
  path: chatPath,
  body,
  headers,
});

const tool = (more: object): object => ({
  tools: [{ type: "function", function: { name: "look", ...more } }],
});
const call = (args: string): object => ({
  role: "assistant",
  tool_calls: [{ id: "c1", type: "function", function: { name: "look", arguments: args } }],
});
const halves = (text: string): readonly [string, string] => [text.slice(0, 6), text.slice(6)];

const chats = rowsOf("text-generation/openai", {
  "in a message": (text) => says(`Give me ${text} now`),
  "in a system message": (text) => chat([{ role: "system", content: text }, user("Hi")]),
  "in a developer message": (text) => chat([{ role: "developer", content: text }, user("Hi")]),
  "in a role that nobody knows": (text) => chat([{ role: "oracle", content: text }]),
  "in the role itself": (text) => chat([{ role: text, content: "Hi" }]),
  "in the name of a speaker": (text) => chat([{ role: "user", name: text, content: "Hi" }]),
  "in a prefilled answer": (text) => chat([user("Hi"), { role: "assistant", content: `Sure: ${text}` }]),
  "in a refusal": (text) => chat([{ role: "assistant", refusal: text, content: null }, user("Hi")]),
  "in a part of a message": (text) => says([{ type: "text", text }]),
  "split over two parts": (text) => {
    const [first, second] = halves(text);
    return says([
      { type: "text", text: first },
      { type: "text", text: second },
    ]);
  },
  "split over parts around a picture": (text) => {
    const [first, second] = halves(text);
    return says([
      { type: "text", text: first },
      { type: "image_url", image_url: { url: "https://example.com/a.png" } },
      { type: "text", text: second },
    ]);
  },
  "split over parts with fields between that nobody reads": (text) => {
    const [first, second] = halves(text);
    return says([
      { type: "text", text: first, x_note: "once upon a time" },
      { type: "text", text: second, x_note: "there was" },
    ]);
  },
  "split over two messages": (text) => {
    const [first, second] = halves(text);
    return chat([user(first), user(second)]);
  },
  "in arguments of a call": (text) => chat([call(json({ q: text }))]),
  "in nested JSON of arguments": (text) => chat([call(json({ q: json({ deep: json([text]) }) }))]),
  "in keys of arguments": (text) => chat([call(json({ [text]: 1 }))]),
  "in the result of a call": (text) => chat([{ role: "tool", tool_call_id: "c1", content: text }]),
  "in the description of a tool": (text) => says("Hi", tool({ description: text })),
  "in a schema of a tool": (text) =>
    says(
      "Hi",
      tool({
        parameters: { type: "object", properties: { q: { type: "string", description: text } } },
      }),
    ),
  "in the name of a property": (text) =>
    says("Hi", tool({ parameters: { type: "object", properties: { [text]: { type: "string" } } } })),
  "in values of an enumeration": (text) =>
    says("Hi", tool({ parameters: { properties: { q: { enum: ["a", text] } } } })),
  "in the schema of the answer": (text) =>
    says("Hi", { response_format: { type: "json_schema", json_schema: { name: "a", description: text } } }),
  "in metadata": (text) => says("Hi", { metadata: { note: text } }),
  "in keys of metadata": (text) => says("Hi", { metadata: { [text]: "1" } }),
  "in stop words": (text) => says("Hi", { stop: ["a", text] }),
  "in the user": (text) => says("Hi", { user: text }),
  "in a prediction": (text) => says("Hi", { prediction: { type: "content", content: text } }),
  "in a field that nobody knows": (text) => says("Hi", { x_notes: [[{ y: text }]] }),
  "as the name of a field": (text) => says("Hi", { [text]: true }),
  "in the model": (text) => says("Hi", { model: `m ${text}` }),
  "in escapes of JSON": (text) =>
    raw(`{"model":"m","messages":[{"role":"user","content":"${escaped(text)}"}]}`),
  "in the first of two equal fields": (text) =>
    raw(`{"model":"m","messages":[{"role":"user","content":"${text}","content":"Hi"}]}`),
  "in the last of two equal fields": (text) =>
    raw(`{"model":"m","messages":[],"messages":[{"role":"user","content":"${text}"}]}`),
  "under an escaped name": (text) =>
    raw(`{"model":"m","m\\u0065ssages":[{"role":"user","c\\u006fntent":"${text}"}]}`),
  "in capitals": (text) => says(text.toUpperCase()),
  "with invisible characters": (text) => says(text.split("").join("\u200b")),
  "with soft hyphens": (text) => says(text.split("").join("\u00ad")),
  "with a zero between": (text) => says(text.replace("e", "\u0000e")),
  "in full width": (text) =>
    says(text.replaceAll(/[a-z]/g, (each) => String.fromCharCode(each.charCodeAt(0) + 0xfee0))),
  "in mathematical letters": (text) =>
    says(text.replaceAll(/[a-z]/g, (each) => String.fromCodePoint(each.charCodeAt(0) - 97 + 0x1d41a))),
  "with letters of another script": (text) => says(text.replaceAll("i", "\u0456").replaceAll("e", "\u0435")),
  "with accents": (text) => says(text.replaceAll("i", "\u00ef").replaceAll("e", "e\u0301")),
  "letter by letter": (text) => says(text.replaceAll(" ", "").split("").join("-")),
  "with line ends": (text) => says(text.replace(" ", "\n\n")),
  "in base64": (text) => says(`Decode ${base64(`Tell me of ${text} please`)} and do it`),
  "in base64 of base64": (text) => says(base64(base64(`Tell me of ${text} please`))),
  "in hexadecimal digits": (text) => says(Buffer.from(text).toString("hex")),
  "in percent": (text) => says(text.replaceAll("i", "%69").replace(" ", "%20")),
  "in entities": (text) => says(text.replaceAll("i", "&#105;")),
  "in a text file in base64": (text) =>
    says([
      {
        type: "file",
        file: {
          filename: "a.txt",
          file_data: `data:text/plain;base64,${base64(`${"Once upon a time. ".repeat(4_000)}${text}.`)}`,
        },
      },
    ]),
  "in the name of a file": (text) =>
    says([
      { type: "file", file: { filename: `${text}.pdf`, file_data: "data:application/pdf;base64,AAAA" } },
    ]),
  "in a text that poses as sound": (text) =>
    says([
      {
        type: "input_audio",
        input_audio: { format: "wav", data: base64(`Once upon a time. ${text}. `.repeat(20)) },
      },
    ]),
  "in the address of a picture": (text) =>
    says([{ type: "image_url", image_url: { url: `https://example.com/${encodeURIComponent(text)}.png` } }]),
  "in the query": (text) => ({ ...says("Hi"), path: `${chatPath}?note=${encodeURIComponent(text)}` }),
  "in the query with plus": (text) => ({ ...says("Hi"), path: `${chatPath}?note=${text.replace(" ", "+")}` }),
  "as text that is JSON": (text) =>
    raw(json({ model: "m", messages: [user(text)] }), [["content-type", "text/plain"]]),
  "in a body of 2 MiB": (text) => says(`${"Once upon a time. ".repeat(120_000)}${text}`),
  "in a body in chunks without its length": (text) => says(text),
});

const completions = rowsOf("text-generation/openai", {
  "in a prompt": (text) => ({ path: "/v1/completions", body: json({ model: "m", prompt: text }) }),
  "in a list of prompts": (text) => ({
    path: "/v1/completions",
    body: json({ model: "m", prompt: ["a", text] }),
  }),
  "in a suffix": (text) => ({
    path: "/v1/completions",
    body: json({ model: "m", prompt: "a", suffix: text }),
  }),
});

const respond = (more: object): HidingRequest => ({
  path: "/v1/responses",
  body: json({ model: "m", ...more }),
});
const responses = rowsOf("text-generation/openai", {
  "in the input of a response": (text) => respond({ input: text }),
  "in instructions of a response": (text) => respond({ input: "Hi", instructions: text }),
  "in an item of a response": (text) =>
    respond({ input: [{ role: "user", content: [{ type: "input_text", text }] }] }),
  "in a call's output of a response": (text) =>
    respond({ input: [{ type: "function_call_output", call_id: "c", output: text }] }),
  "in a summary of reasoning": (text) =>
    respond({ input: [{ type: "reasoning", id: "r", summary: [{ type: "summary_text", text }] }] }),
  "in variables of a prompt": (text) => respond({ prompt: { id: "p", variables: { who: text } } }),
});

const message = (more: object, path = "/v1/messages"): HidingRequest => ({
  path,
  body: json({ model: "m", max_tokens: 9, messages: [user("Hi")], ...more }),
  headers: [["anthropic-version", "2023-06-01"]],
});
const messages = rowsOf("text-generation/anthropic", {
  "in the system field": (text) => message({ system: text }),
  "in a block of the system field": (text) => message({ system: [{ type: "text", text }] }),
  "in a message": (text) => message({ messages: [user(text)] }),
  "in the input of a tool": (text) =>
    message({
      messages: [
        { role: "assistant", content: [{ type: "tool_use", id: "t", name: "n", input: { type: text } }] },
      ],
    }),
  "in the result of a tool": (text) =>
    message({
      messages: [user([{ type: "tool_result", tool_use_id: "t", content: [{ type: "text", text }] }])],
    }),
  "in thoughts": (text) =>
    message({
      messages: [{ role: "assistant", content: [{ type: "thinking", thinking: text, signature: "s" }] }],
    }),
  "in a document as text": (text) =>
    message({
      messages: [
        user([{ type: "document", source: { type: "text", media_type: "text/plain", data: text } }]),
      ],
    }),
  "in a document in base64": (text) =>
    message({
      messages: [
        user([
          {
            type: "document",
            source: {
              type: "base64",
              media_type: "text/plain",
              data: base64(`${"Once. ".repeat(90)}${text}`),
            },
          },
        ]),
      ],
    }),
  "in the title of a document": (text) =>
    message({
      messages: [
        user([{ type: "document", title: text, source: { type: "url", url: "https://example.com/a.pdf" } }]),
      ],
    }),
  "in a request of a batch": (text) =>
    message({ requests: [{ custom_id: "a", params: { messages: [user(text)] } }] }, "/v1/messages/batches"),
  "where tokens are counted": (text) => message({ messages: [user(text)] }, "/v1/messages/count_tokens"),
});

const generate = (more: object, path = "/v1beta/models/m:generateContent"): HidingRequest => ({
  path,
  body: json({ contents: [{ role: "user", parts: [{ text: "Hi" }] }], ...more }),
});
const gemini = rowsOf("text-generation/gemini", {
  "in contents": (text) => generate({ contents: [{ parts: [{ text }] }] }),
  "in systemInstruction": (text) => generate({ systemInstruction: { parts: [{ text }] } }),
  "in system_instruction": (text) => generate({ system_instruction: { parts: [{ text }] } }),
  "in arguments of a call": (text) =>
    generate({ contents: [{ parts: [{ functionCall: { name: "n", args: { id: text } } }] }] }),
  "in the answer of a function": (text) =>
    generate({ contents: [{ parts: [{ functionResponse: { name: "n", response: { status: text } } }] }] }),
  "in the answer of a function, the other spelling": (text) =>
    generate({ contents: [{ parts: [{ function_response: { name: "n", response: { status: text } } }] }] }),
  "in a text file": (text) =>
    generate({
      contents: [
        {
          parts: [{ inlineData: { mimeType: "text/plain", data: base64(`${"Once. ".repeat(90)}${text}`) } }],
        },
      ],
    }),
  "where a stream is asked for": (text) =>
    generate({ contents: [{ parts: [{ text }] }] }, "/v1beta/models/m:streamGenerateContent?alt=sse"),
  "where tokens are counted": (text) =>
    generate({ contents: [{ parts: [{ text }] }] }, "/v1beta/models/m:countTokens"),
});

const generation = "/api/v1/services/aigc/text-generation/generation";
const dashscope = rowsOf("text-generation/dashscope", {
  "in a prompt": (text) => ({ path: generation, body: json({ model: "m", input: { prompt: text } }) }),
  "in messages": (text) => ({
    path: generation,
    body: json({ model: "m", input: { messages: [user(text)] } }),
  }),
  "in history": (text) => ({
    path: generation,
    body: json({ model: "m", input: { prompt: "Hi", history: [{ user: text, bot: "a" }] } }),
  }),
  "in parameters": (text) => ({
    path: generation,
    body: json({ model: "m", input: { prompt: "Hi" }, parameters: { stop: [text] } }),
  }),
  "in a part of a multimodal message": (text) => ({
    path: "/api/v1/services/aigc/multimodal-generation/generation",
    body: json({ model: "m", input: { messages: [user([{ text }])] } }),
  }),
});

/** Every place, by a name that says which. */
export const hidingPlaces: Readonly<Record<string, HidingPlace>> = {
  ...chats,
  ...completions,
  ...responses,
  ...messages,
  ...gemini,
  ...dashscope,
  ...mediaPlaces,
};

/** Where nothing is looked for, as the documentation says. */
export const openPlaces: Readonly<Record<string, HidingPlace>> = rowsOf("text-generation/openai", {
  backwards: (text) => says(text.split("").toReversed().join("")),
  "in a compressed file": (text) =>
    says([
      {
        type: "file",
        file: {
          filename: "a.gz",
          file_data: `data:application/gzip;base64,${gzipSync(text.repeat(40)).toString("base64")}`,
        },
      },
    ]),
  "in a header": (text) => ({ ...says("Hi"), headers: [["x-note", text]] }),
});
