// Requests that make something at a service, or ask about texts without a model's words: what they use is told later, or
// nothing is. Data only.
import {
  anthropicHeaders,
  formType,
  messages,
  model,
  plain,
  words,
  type CountedRequest,
} from "./accounting-request.ts";
import { formBytes } from "./route-sample.ts";

const tasks = ["text2image/image-synthesis", "image2image/image-synthesis", "image2image/out-painting"];
const others = ["virtualmodel/generation", "background-generation/generation"];
const films = ["video-generation/video-synthesis", "image2video/video-synthesis"];

const task = (useCase: string, path: string): CountedRequest => ({
  ...plain,
  name: `task of ${path}`,
  useCase,
  protocol: "dashscope",
  path: `/api/v1/services/aigc/${path}`,
  tells: "no tokens",
  headers: [["X-DashScope-Async", "enable"]],
  body: JSON.stringify({ model, input: { prompt: "a cat" }, parameters: { n: 2 } }),
});

const openai = { ...plain, protocol: "openai", tells: "no tokens" } as const;
const anthropic = {
  ...openai,
  useCase: "text-generation",
  protocol: "anthropic",
  headers: anthropicHeaders,
} as const;

export const objectRequests: readonly CountedRequest[] = [
  ...[...tasks, ...others].map((path) => task("image-generation", path)),
  ...films.map((path) => task("video-generation", path)),
  {
    ...plain,
    name: "file",
    useCase: "others",
    protocol: "openai",
    path: "/v1/files",
    tells: "no tokens",
    headers: [formType],
    body: formBytes([
      { name: "purpose", content: "batch" },
      { name: "file", file: "a.jsonl", content: "{}\n" },
    ]),
  },
  {
    ...openai,
    name: "batch",
    useCase: "others",
    path: "/v1/batches",
    body: JSON.stringify({ input_file_id: "{file}", endpoint: "/v1/embeddings", completion_window: "24h" }),
  },
  {
    ...openai,
    name: "training",
    useCase: "others",
    path: "/v1/fine_tuning/jobs",
    body: JSON.stringify({ training_file: "{file}", model }),
  },
  {
    ...openai,
    name: "moderation",
    useCase: "others",
    path: "/v1/moderations",
    body: JSON.stringify({ input: words, model }),
  },
  {
    ...openai,
    name: "video",
    useCase: "video-generation",
    path: "/v1/videos",
    body: JSON.stringify({ prompt: "a cat", model, seconds: "4" }),
  },
  {
    ...openai,
    name: "workflow",
    useCase: "image-generation",
    protocol: "comfyui",
    path: "/prompt",
    body: JSON.stringify({
      prompt: {
        "1": { class_type: "PreviewImage", inputs: { images: ["0", 0] } },
        "0": { class_type: "Own" },
      },
    }),
  },
  {
    ...openai,
    name: "tokens of a response",
    useCase: "text-generation",
    path: "/v1/responses/input_tokens",
    body: JSON.stringify({ model, input: words }),
  },
  {
    ...openai,
    name: "tokens of a content",
    useCase: "text-generation",
    protocol: "gemini",
    path: `/v1beta/models/${model}:countTokens`,
    body: JSON.stringify({ contents: [{ parts: [{ text: words }] }] }),
  },
  {
    ...anthropic,
    name: "tokens of a message",
    path: "/v1/messages/count_tokens",
    body: JSON.stringify({ model, messages: messages.slice(1) }),
  },
  {
    ...anthropic,
    name: "batch of messages",
    path: "/v1/messages/batches",
    body: JSON.stringify({
      requests: [{ custom_id: "a", params: { model, max_tokens: 9, messages: messages.slice(1) } }],
    }),
  },
  {
    ...anthropic,
    name: "file for messages",
    path: "/v1/files",
    headers: [...anthropicHeaders, ["anthropic-beta", "files-api-2025-04-14"], formType],
    body: formBytes([{ name: "file", file: "a.jsonl", content: "{}\n" }]),
  },
  {
    ...openai,
    name: "route of one's own",
    useCase: "text-generation",
    path: "/v1/messages/count_tokens",
    headers: anthropicHeaders,
    body: JSON.stringify({ model, messages: messages.slice(1) }),
  },
];
