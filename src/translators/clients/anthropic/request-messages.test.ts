import { test } from "vitest";
import { assistant, compare, mark, user, type Row } from "./request-fixture.ts";

const messageRows: readonly Row[] = [
  ["one text is a text", user({ type: "text", text: "a" }), { messages: [{ role: "user", content: "a" }] }],
  [
    "a marked text stays a part",
    user({ type: "text", text: "a", ...mark }),
    { messages: [{ role: "user", content: [{ type: "text", text: "a", ...mark }] }] },
  ],
  [
    "an image inline",
    user({ type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } }),
    { messages: [{ content: [{ type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } }] }] },
  ],
  [
    "an image by URL",
    user({ type: "image", source: { type: "url", url: "https://a/b" } }),
    { messages: [{ content: [{ type: "image_url", image_url: { url: "https://a/b" } }] }] },
  ],
  [
    "an image by file",
    user({ type: "image", source: { type: "file", file_id: "f" } }),
    { messages: [{ content: [{ type: "image_url", image_url: { url: "", file_id: "f" } }] }] },
  ],
  [
    "a document inline",
    user({
      type: "document",
      title: "T",
      context: "C",
      citations: { enabled: true },
      source: { type: "base64", media_type: "application/pdf", data: "AAAA" },
    }),
    {
      messages: [
        {
          content: [
            {
              type: "file",
              file: {
                file_data: "data:application/pdf;base64,AAAA",
                filename: "T",
                title: "T",
                context: "C",
                citations: { enabled: true },
              },
            },
          ],
        },
      ],
    },
  ],
  [
    "a document as text",
    user({ type: "document", source: { type: "text", media_type: "text/plain", data: "x" } }),
    { messages: [{ content: [{ type: "file", file: { text: "x" } }] }] },
  ],
  [
    "a document of blocks",
    user({
      type: "document",
      source: {
        type: "content",
        content: [
          { type: "text", text: "x" },
          { type: "text", text: "y" },
        ],
      },
    }),
    { messages: [{ content: [{ type: "file", file: { text: "x\n\ny" } }] }] },
  ],
  [
    "a document by URL",
    user({ type: "document", source: { type: "url", url: "https://a/b" } }),
    { messages: [{ content: [{ type: "file", file: { file_url: "https://a/b" } }] }] },
  ],
  [
    "a document by file",
    user({ type: "document", source: { type: "file", file_id: "f" } }),
    { messages: [{ content: [{ type: "file", file: { file_id: "f" } }] }] },
  ],
  [
    "a search result becomes a text",
    user({
      type: "search_result",
      title: "T",
      source: "https://a",
      content: [{ type: "text", text: "x" }],
      citations: { enabled: true },
    }),
    { messages: [{ content: "T\nhttps://a\n\nx" }] },
    ["messages.0.content.0.citations;dropped", "messages.0.content.0;rewritten"],
  ],
  [
    "an upload has no place",
    user({ type: "container_upload", file_id: "f" }, { type: "text", text: "a" }),
    { messages: [{ content: "a" }] },
    ["messages.0.content.0;dropped"],
  ],
  [
    "results of tools stand first, one message each",
    user(
      { type: "text", text: "then" },
      { type: "tool_result", tool_use_id: "a", content: "x" },
      { type: "tool_result", tool_use_id: "b", is_error: true, content: [{ type: "text", text: "y" }] },
      { type: "tool_result", tool_use_id: "c" },
      {
        type: "tool_result",
        tool_use_id: "d",
        ...mark,
        content: [
          { type: "text", text: "z" },
          { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } },
        ],
      },
    ),
    {
      messages: [
        { role: "tool", tool_call_id: "a", content: "x" },
        { role: "tool", tool_call_id: "b", content: "y", is_error: true },
        { role: "tool", tool_call_id: "c", content: "" },
        {
          role: "tool",
          tool_call_id: "d",
          ...mark,
          content: [
            { type: "text", text: "z" },
            { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
          ],
        },
        { role: "user", content: "then" },
      ],
    },
  ],
  [
    "blocks of a turn keep their places",
    assistant(
      { type: "thinking", thinking: "t", signature: "s" },
      { type: "text", text: "" },
      { type: "text", text: "a" },
      { type: "redacted_thinking", data: "d" },
      { type: "tool_use", id: "c", name: "f", input: { x: 1 } },
      { type: "thinking", thinking: "u", signature: "" },
      { type: "text", text: "b" },
    ),
    {
      messages: [
        {},
        {
          role: "assistant",
          content: [
            { type: "text", text: "a" },
            { type: "text", text: "b" },
          ],
          tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: '{"x":1}' } }],
          reasoning_content: "tu",
          reasoning_details: [
            { type: "thinking", index: 0, text: "t", signature: "s", format: "anthropic" },
            { type: "redacted_thinking", index: 2, data: "d", format: "anthropic" },
            { type: "thinking", index: 4, text: "u" },
          ],
        },
      ],
    },
  ],
  [
    "a call without input",
    assistant({ type: "tool_use", id: "c", name: "f" }),
    { messages: [{}, { content: null, tool_calls: [{ function: { name: "f", arguments: "{}" } }] }] },
  ],
  [
    "tools of the service keep their places",
    assistant(
      { type: "server_tool_use", id: "s", name: "web_search", input: {} },
      { type: "web_search_tool_result", tool_use_id: "s", content: [] },
      { type: "text", text: "a" },
    ),
    {
      messages: [
        {},
        {
          content: "a",
          server_blocks: [
            { index: 0, format: "anthropic" },
            { index: 1, format: "anthropic", block: { type: "web_search_tool_result" } },
          ],
        },
      ],
    },
  ],
  [
    "what was before, in words",
    assistant({ type: "compaction", content: "summary" }),
    { messages: [{}, { content: "summary" }] },
  ],
  ["a turn that says nothing is none", assistant(), { messages: [{ role: "user" }] }],
  [
    "a system prompt in the middle",
    {
      messages: [
        { role: "user", content: "a" },
        { role: "system", content: "s" },
      ],
    },
    { messages: [{ role: "user" }, { role: "system", content: "s" }] },
  ],
];

test.each(messageRows.map((row) => [row[0], row] as const))("%s", (_name, row) => compare(row));
