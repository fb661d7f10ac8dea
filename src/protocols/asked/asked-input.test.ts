import { describe, expect, test } from "vitest";
import { readAsked, type Asked } from "./asked.ts";

const read = (body: unknown): Asked => readAsked(Buffer.from(JSON.stringify(body)));
const png = "data:image/png;base64,iVBORw0KGgo=";
const user = (content: unknown) => ({ role: "user", content });
const model = (content: unknown) => ({ role: "assistant", content });

describe("what a model must take", () => {
  const content = (...parts: unknown[]) => ({ messages: [user([{ type: "text", text: "x" }, ...parts])] });
  test.each<[string, unknown, string[]]>([
    ["text alone", { messages: [user("x")] }, ["text"]],
    ["an image by its URL", content({ type: "image_url", image_url: { url: png } }), ["text", "image"]],
    [
      "audio",
      content({ type: "input_audio", input_audio: { data: "AAAA", format: "wav" } }),
      ["text", "audio"],
    ],
    [
      "a PDF as a file",
      content({ type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,AA" } }),
      ["text", "pdf"],
    ],
    ["an image as a file", content({ type: "file", file: { filename: "a.png" } }), ["text", "image"]],
    [
      "a file that is only named by its id",
      content({ type: "file", file: { file_id: "file-1" } }),
      ["text", "pdf"],
    ],
    [
      "an image of Responses",
      { input: [{ role: "user", content: [{ type: "input_image", image_url: png }] }] },
      ["text", "image"],
    ],
    [
      "a file of Responses",
      {
        input: [
          { role: "user", content: [{ type: "input_file", file_data: "data:application/pdf;base64,AA" }] },
        ],
      },
      ["text", "pdf"],
    ],
    [
      "an image of Anthropic",
      content({ type: "image", source: { type: "base64", media_type: "image/png", data: "AA" } }),
      ["text", "image"],
    ],
    [
      "a PDF of Anthropic",
      content({ type: "document", source: { type: "base64", media_type: "application/pdf", data: "AA" } }),
      ["text", "pdf"],
    ],
    [
      "a text file of Anthropic",
      content({ type: "document", source: { type: "text", media_type: "text/plain", data: "AA" } }),
      ["text"],
    ],
    [
      "an image that a tool has brought",
      {
        messages: [
          user([
            {
              type: "tool_result",
              content: [{ type: "image", source: { type: "url", url: "https://i.test/x" } }],
            },
          ]),
        ],
      },
      ["text", "image"],
    ],
    [
      "a screenshot",
      { input: [{ type: "computer_call_output", output: { type: "computer_screenshot", image_url: png } }] },
      ["text", "image"],
    ],
    [
      "an image of Gemini",
      { contents: [{ parts: [{ inlineData: { mimeType: "image/png", data: "AA" } }] }] },
      ["text", "image"],
    ],
    [
      "a video of Gemini",
      { contents: [{ parts: [{ file_data: { mime_type: "video/mp4", file_uri: "gs://x" } }] }] },
      ["text", "video"],
    ],
    [
      "an image of DashScope",
      { input: { messages: [user([{ image: png }, { text: "x" }])] } },
      ["text", "image"],
    ],
    [
      "an image that the client showed long ago",
      { messages: [user([{ type: "image_url" }]), model("a cat"), user("sure?")] },
      ["text", "image"],
    ],
    [
      "an image that a function of Gemini gave",
      {
        contents: [
          {
            parts: [
              {
                functionResponse: {
                  name: "f",
                  parts: [{ inlineData: { mimeType: "image/png", data: "AA" } }],
                },
              },
            ],
          },
        ],
      },
      ["text", "image"],
    ],
    [
      "an image that a model made",
      {
        messages: [
          user("x"),
          { ...model("here"), images: [{ type: "image_url", image_url: { url: png } }] },
          user("and in blue?"),
        ],
      },
      ["text", "image"],
    ],
    [
      "an image without a message",
      { input: [{ type: "image_url", image_url: { url: png } }] },
      ["text", "image"],
    ],
    ["an image to embed", { input: { contents: [{ image: png }, { text: "x" }] } }, ["text", "image"]],
    ["audio of which nothing is there", { messages: [user("x"), { ...model("y"), audio: null }] }, ["text"]],
    [
      "audio that is named as an answer",
      { messages: [user("x"), { ...model("y"), audio: { id: "a" } }] },
      ["text"],
    ],
    [
      "what only looks like a part",
      { messages: [user("image_url"), user([{ type: "text", text: '{"type":"image_url"}' }])] },
      ["text"],
    ],
  ])("%s", (_name, body, input) => {
    expect(read(body).input).toEqual(input);
  });
});
