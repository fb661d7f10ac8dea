// Forbidden words hidden in JSON: in places, spellings and codings. Must not know what becomes of them.
import { base64, chat, contents, gemini, json, messages, said, utf16 } from "./attack-bodies.ts";
import type { RequestParts } from "./raw-client.ts";

export const jsonAttacks: readonly (readonly [name: string, parts: Partial<RequestParts>])[] = [
  [
    "cut over parts",
    {
      body: said([
        { type: "text", text: "forbid" },
        { type: "text", text: "den fruit" },
      ]),
    },
  ],
  [
    "cut over messages",
    {
      body: chat({
        messages: [
          { role: "user", content: "forbidden" },
          { role: "assistant", content: "fruit" },
        ],
      }),
    },
  ],
  [
    "as the name of who speaks",
    { body: chat({ messages: [{ role: "user", name: "verboten", content: "" }] }) },
  ],
  ["as a role of two words", { body: chat({ messages: [{ role: "forbidden fruit", content: "" }] }) }],
  [
    "in tool arguments, escaped twice",
    {
      body: chat({
        messages: [
          {
            role: "assistant",
            tool_calls: [
              {
                id: "c",
                type: "function",
                function: {
                  name: "f",
                  arguments: JSON.stringify({ a: "forbidden fruit" }).replace("f", "\\u0066"),
                },
              },
            ],
          },
        ],
      }),
    },
  ],
  [
    "as an address in tool arguments, escaped twice",
    {
      body: chat({
        messages: [
          {
            role: "assistant",
            tool_calls: [
              {
                id: "c",
                type: "function",
                function: { name: "f", arguments: '{"a":"anna\\u0040mail.example"}' },
              },
            ],
          },
        ],
      }),
    },
  ],
  [
    "as a member of tool arguments",
    {
      path: "/v1/messages",
      body: messages({
        messages: [
          { role: "assistant", content: [{ type: "tool_use", id: "t", name: "f", input: { verboten: 1 } }] },
        ],
      }),
    },
  ],
  [
    "as an id in the input of a tool",
    {
      path: "/v1/messages",
      body: messages({
        messages: [
          {
            role: "assistant",
            content: [{ type: "tool_use", id: "t", name: "f", input: { id: "verboten" } }],
          },
        ],
      }),
    },
  ],
  [
    "in the description of a tool",
    {
      body: chat({ tools: [{ type: "function", function: { name: "f", description: "forbidden fruit" } }] }),
    },
  ],
  [
    "as a definition of a schema",
    {
      body: chat({
        tools: [
          {
            type: "function",
            function: { name: "f", parameters: { $defs: { verboten: { type: "string" } } } },
          },
        ],
      }),
    },
  ],
  [
    "as a value that a schema allows",
    {
      body: chat({
        response_format: { type: "json_schema", json_schema: { name: "f", schema: { enum: ["verboten"] } } },
      }),
    },
  ],
  ["in metadata", { body: chat({ metadata: { verboten: "1" } }) }],
  [
    "in the beginning of the answer",
    {
      body: chat({
        messages: [
          { role: "user", content: "Hi" },
          { role: "assistant", content: "It is verb", prefix: true },
          { role: "assistant", content: "oten" },
        ],
      }),
    },
  ],
  [
    "as system",
    { path: "/v1/messages", body: messages({ system: [{ type: "text", text: "verboten" }], messages: [] }) },
  ],
  [
    "in the second of two members of one name",
    { body: '{"model":"m","messages":[{"role":"user","content":"Hi","content":"verboten"}]}' },
  ],
  [
    "in the first of two members of one name",
    { body: '{"model":"m","messages":[{"role":"user","content":"verboten","content":"Hi"}]}' },
  ],
  ["with escapes", { body: said("X").replace("X", "\\u0076erb\\u006Ften") }],
  ["with NUL between", { body: said("ver\0boten") }],
  ["with half a surrogate between", { body: said("X").replace("X", "ver\\ud800boten") }],
  ["with unseen characters between", { body: said("ver\u200b\u00adbo\u2060ten") }],
  ["in full width", { body: said("\uff56\uff45\uff52\uff42\uff4f\uff54\uff45\uff4e") }],
  ["with letters that look alike", { body: said("v\u0435rb\u043eten") }],
  ["with characters of tags", { body: said(`ver${String.fromCodePoint(0xe0041)}boten`) }],
  [
    "in a data URL of a text",
    {
      body: said([
        {
          type: "file",
          file: { filename: "a.txt", file_data: `data:text/plain;base64,${base64("forbidden fruit")}` },
        },
      ]),
    },
  ],
  [
    "in base64 of a text",
    {
      path: gemini,
      headers: json,
      body: contents([{ inlineData: { mimeType: "text/plain", data: base64("It is verboten") } }]),
    },
  ],
  [
    "in base64 of a text of UTF-16",
    {
      path: gemini,
      headers: json,
      body: contents([
        {
          inlineData: {
            mimeType: "text/plain",
            data: utf16("It is verboten".padEnd(200, " .")).toString("base64"),
          },
        },
      ]),
    },
  ],
  [
    "in base64 of an Anthropic document",
    {
      path: "/v1/messages",
      body: messages({
        messages: [
          {
            role: "user",
            content: [
              {
                type: "document",
                source: { type: "base64", media_type: "text/plain", data: base64("It is verboten") },
              },
            ],
          },
        ],
      }),
    },
  ],
  [
    "as the caption of a picture",
    {
      body: said([
        { type: "image_url", image_url: { url: "https://a.example/verboten.png", detail: "auto" } },
      ]),
    },
  ],
];
