// The same for pictures, sound, graphs, files and lists. Must not know the gateway.
import {
  chatPath,
  escaped,
  json,
  rowsOf,
  user,
  type HidingPlace,
  type HidingRequest,
} from "./hiding-place.ts";

const boundary = "q3Zk";
type Part = readonly [name: string, content: string | Buffer, filename?: string, mediaType?: string];
function form(path: string, parts: readonly Part[]): HidingRequest {
  const pieces = parts.flatMap(([name, content, filename, mediaType]) => [
    Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="${name}"` +
        `${filename === undefined ? "" : `; filename="${filename}"`}\r\n` +
        `${mediaType === undefined ? "" : `content-type: ${mediaType}\r\n`}\r\n`,
    ),
    Buffer.from(content),
    Buffer.from("\r\n"),
  ]);
  return {
    path,
    body: Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]),
    headers: [["content-type", `multipart/form-data; boundary=${boundary}`]],
  };
}
const png = Buffer.from("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489", "hex");
const picture: Part = ["image", png, "a.png", "image/png"];

const images = rowsOf("image-generation/openai", {
  "in the prompt of a picture": (text) => ({
    path: "/v1/images/generations",
    body: json({ model: "m", prompt: text }),
  }),
  "in a form's prompt": (text) => form("/v1/images/edits", [["model", "m"], ["prompt", text], picture]),
  "in a form's prompt after its picture": (text) =>
    form("/v1/images/edits", [picture, ["model", "m"], ["prompt", text]]),
  "in a form's prompt that is a file": (text) =>
    form("/v1/images/edits", [
      ["model", "m"],
      ["prompt", text, "p.bin", "application/octet-stream"],
      picture,
    ]),
});

const comfyui = rowsOf("image-generation/comfyui", {
  "in a graph": (text) => ({
    path: "/prompt",
    body: json({ prompt: { "6": { class_type: "CLIPTextEncode", inputs: { clip: ["4", 1], text } } } }),
  }),
  "in the title of a node": (text) => ({
    path: "/prompt",
    body: json({ prompt: { "6": { class_type: "Note", inputs: {}, _meta: { title: text } } } }),
  }),
  "in data beside a graph": (text) => ({
    path: "/prompt",
    body: json({ prompt: {}, extra_data: { extra_pnginfo: { workflow: { id: text } } } }),
  }),
});

const speech = rowsOf("speech-synthesis/openai", {
  "in what is to be spoken": (text) => ({
    path: "/v1/audio/speech",
    body: json({ model: "m", voice: "a", input: text }),
  }),
  "in how it is to be spoken": (text) => ({
    path: "/v1/audio/speech",
    body: json({ model: "m", voice: "a", input: "Hi", instructions: text }),
  }),
  "in the prompt of a transcription": (text) =>
    form("/v1/audio/transcriptions", [
      ["model", "m"],
      ["prompt", text],
      ["file", Buffer.from([0, 1, 2]), "a.wav", "audio/wav"],
    ]),
});

const others = rowsOf("others/openai", {
  "in a file of a batch": (text) =>
    form("/v1/files", [
      ["purpose", "batch"],
      [
        "file",
        `${json({ custom_id: "a", method: "POST", url: chatPath, body: { model: "m", messages: [user("Hi")] } })}\n` +
          `${json({ custom_id: "b", method: "POST", url: chatPath, body: { model: "m", messages: [user(escapedJson)] } }).replace(escapedJson, escaped(text))}\n`,
        "batch.jsonl",
        "application/jsonl",
      ],
    ]),
  "in a text file": (text) =>
    form("/v1/files", [
      ["purpose", "assistants"],
      ["file", `Once upon a time. ${text}`, "a.md", "application/octet-stream"],
    ]),
  "in the metadata of a batch": (text) => ({
    path: "/v1/batches",
    body: json({ input_file_id: "file-1", endpoint: chatPath, metadata: { note: text } }),
  }),
  "in content to be moderated": (text) => ({ path: "/v1/moderations", body: json({ input: [text] }) }),
});
const escapedJson = "ESCAPED";

const lists = {
  ...rowsOf("embedding/openai", {
    "in the input of an embedding": (text) => ({
      path: "/v1/embeddings",
      body: json({ model: "m", input: ["a", text] }),
    }),
  }),
  ...rowsOf("rerank/vllm", {
    "in a query": (text) => ({
      path: "/v1/rerank",
      body: json({ model: "m", query: text, documents: ["a"] }),
    }),
    "in a document": (text) => ({
      path: "/v1/rerank",
      body: json({ model: "m", query: "a", documents: ["b", text] }),
    }),
  }),
  ...rowsOf("rerank/dashscope", {
    "in a document": (text) => ({
      path: "/api/v1/services/rerank/text-rerank/text-rerank",
      body: json({ model: "m", input: { query: "a", documents: [{ text }] } }),
    }),
  }),
  ...rowsOf("image-generation/dashscope", {
    "in what a picture shall not show": (text) => ({
      path: "/api/v1/services/aigc/text2image/image-synthesis",
      body: json({ model: "m", input: { prompt: "a", negative_prompt: text } }),
      headers: [["x-dashscope-async", "enable"]],
    }),
  }),
  ...rowsOf("video-generation/openai", {
    "in the prompt of a video": (text) =>
      form("/v1/videos", [
        ["model", "m"],
        ["prompt", text],
      ]),
  }),
};

export const mediaPlaces: Readonly<Record<string, HidingPlace>> = {
  ...images,
  ...comfyui,
  ...speech,
  ...others,
  ...lists,
};
