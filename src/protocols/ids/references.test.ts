// What requests refer to, as a table of routes; and what they must not be thought to refer to.
import { describe, expect, test } from "vitest";
import { loadRecordings } from "../../../test/support/recordings.ts";
import { GatewayError } from "../../core/errors.ts";
import { asked } from "./ids-fixture.ts";
import type { Asked } from "./ids-fixture.ts";

const chat = "openai create-chat-completion";
const responses = "openai responses";
const message = "anthropic create-message";

describe("a request refers to", () => {
  test.each<Asked & { name: string; route: string; ids: string[] }>([
    {
      name: "a file",
      route: "openai files",
      method: "GET",
      path: "/v1/files/file-1",
      ids: ["openai-file file-1"],
    },
    {
      name: "the content of a file",
      route: "openai files",
      method: "GET",
      path: "/v1/files/file-1/content",
      ids: ["openai-file file-1"],
    },
    {
      name: "a file to be deleted, with a trailing slash",
      route: "openai files",
      method: "DELETE",
      path: "/v1/files/file-1/",
      ids: ["openai-file file-1"],
    },
    {
      name: "an escaped id",
      route: "openai files",
      method: "GET",
      path: "/v1/files/file%2D1",
      ids: ["openai-file file-1"],
    },
    {
      name: "no file when it lists",
      route: "openai files",
      method: "GET",
      path: "/v1/files",
      query: "?limit=2",
      ids: [],
    },
    { name: "no file when it uploads one", route: "openai files", path: "/v1/files", ids: [] },
    {
      name: "a batch to be cancelled",
      route: "openai batches",
      path: "/v1/batches/batch_1/cancel",
      ids: ["openai-batch batch_1"],
    },
    {
      name: "the input of a batch",
      route: "openai batches",
      path: "/v1/batches",
      body: { input_file_id: "file-1", endpoint: "/v1/x" },
      ids: ["openai-file file-1"],
    },
    {
      name: "the files and the model of a fine-tuning job",
      route: "openai fine-tuning",
      path: "/v1/fine_tuning/jobs",
      body: { model: "ft:gpt-4.1:org::abc", training_file: "file-1", validation_file: "file-2" },
      ids: ["openai-model ft:gpt-4.1:org::abc pass", "openai-file file-1", "openai-file file-2"],
    },
    {
      name: "a job",
      route: "openai fine-tuning",
      method: "GET",
      path: "/v1/fine_tuning/jobs/ftjob-1/events",
      ids: ["openai-fine-tuning ftjob-1"],
    },
    {
      name: "no job when it lists",
      route: "openai fine-tuning",
      method: "GET",
      path: "/v1/fine_tuning/jobs",
      ids: [],
    },
    {
      name: "a checkpoint",
      route: "openai fine-tuning",
      path: "/v1/fine_tuning/checkpoints/ft:a:ckpt-step-9/permissions",
      ids: ["openai-model ft:a:ckpt-step-9"],
    },
    {
      name: "a model to be deleted",
      route: "openai models",
      method: "DELETE",
      path: "/v1/models/ft:a",
      ids: ["openai-model ft:a pass"],
    },
    {
      name: "a response",
      route: responses,
      method: "GET",
      path: "/v1/responses/resp_1/input_items",
      ids: ["openai-response resp_1"],
    },
    { name: "no response when it counts", route: responses, path: "/v1/responses/input_tokens", ids: [] },
    {
      name: "whatever a response goes on with",
      route: responses,
      path: "/v1/responses",
      body: {
        model: "gpt-5",
        previous_response_id: "resp_1",
        conversation: { id: "conv_1" },
        input: [
          {
            role: "user",
            content: [
              { type: "input_file", file_id: "file-1" },
              { type: "input_image", file_id: "file-2" },
            ],
          },
          { type: "computer_call_output", output: { type: "computer_screenshot", file_id: "file-3" } },
        ],
        tools: [
          { type: "code_interpreter", container: { type: "auto", file_ids: ["file-4", "file-1"] } },
          { type: "code_interpreter", container: "cntr_1" },
          { type: "file_search", vector_store_ids: ["vs_1"] },
        ],
      },
      ids: [
        "openai-response resp_1",
        "openai-conversation conv_1",
        "openai-file file-1",
        "openai-file file-2",
        "openai-file file-3",
        "openai-file file-4",
        "openai-container cntr_1",
        "openai-vector-store vs_1",
      ],
    },
    {
      name: "a conversation by its name",
      route: responses,
      path: "/v1/responses",
      body: { conversation: "conv_1" },
      ids: ["openai-conversation conv_1"],
    },
    {
      name: "a file of a message",
      route: chat,
      body: { messages: [{ role: "user", content: [{ type: "file", file: { file_id: "file-1" } }] }] },
      ids: ["openai-file file-1"],
    },
    {
      name: "files that make up a prompt",
      route: chat,
      body: { messages: [{ role: "system", content: "fileid://file-fe-1,fileid://file-fe-2" }] },
      ids: ["openai-file file-fe-1", "openai-file file-fe-2"],
    },
    {
      name: "files that a text talks about, perhaps",
      route: chat,
      body: { messages: [{ role: "user", content: "what is fileid://file-fe-1?" }] },
      ids: ["openai-file file-fe-1 pass"],
    },
    {
      name: "a prompt's file with escaped slashes",
      route: chat,
      body: String.raw`{"messages":[{"content":"fileid:\/\/f1"}]}`,
      ids: ["openai-file f1"],
    },
    {
      name: "a prompt's file in escapes",
      route: chat,
      body: String.raw`{"messages":[{"content":"file\u0069d:\/\/f1"}]}`,
      ids: ["openai-file f1"],
    },
    {
      name: "a file under a key in escapes",
      route: chat,
      body: String.raw`{"messages":[{"content":[{"file":{"file\u005fid":"f1"}}]}]}`,
      ids: ["openai-file f1"],
    },
    {
      name: "both values of a repeated key",
      route: "openai batches",
      path: "/v1/batches",
      body: '{"input_file_id":"a","input_file_id":"b"}',
      ids: ["openai-file a", "openai-file b"],
    },
    {
      name: "a fine-tuned model",
      route: chat,
      body: { model: "ft:gpt-4.1:org::abc" },
      ids: ["openai-model ft:gpt-4.1:org::abc pass"],
    },
    {
      name: "a fine-tuned model of Model Studio",
      route: chat,
      body: { model: "qwen-turbo-ft-202601-1a2b" },
      ids: ["openai-model qwen-turbo-ft-202601-1a2b pass"],
    },
    {
      name: "no id in the arguments of a tool",
      route: chat,
      body: {
        model: "m",
        messages: [{ role: "assistant", tool_calls: [{ function: { arguments: '{"file_id":"mine"}' } }] }],
        metadata: { file_id: "x" },
      },
      ids: [],
    },
    {
      name: "a stored completion",
      route: chat,
      method: "GET",
      path: "/v1/chat/completions/chatcmpl-1/messages",
      ids: ["openai-stored-completion chatcmpl-1"],
    },
    {
      name: "a picture to be edited",
      route: "openai openai-image-edit",
      path: "/v1/images/edits",
      body: { images: [{ file_id: "file-1" }, { image_url: "x" }], mask: { file_id: "file-2" } },
      ids: ["openai-file file-1", "openai-file file-2"],
    },
    {
      name: "a video",
      route: "openai openai-videos",
      path: "/v1/videos/video_1/remix",
      body: { prompt: "x" },
      ids: ["openai-video video_1"],
    },
    {
      name: "files and container of a message",
      route: message,
      body: {
        container: { id: "container_1" },
        messages: [
          {
            role: "user",
            content: [
              { type: "container_upload", file_id: "file_1" },
              { type: "document", source: { type: "file", file_id: "file_2" } },
            ],
          },
          {
            role: "user",
            content: [
              {
                type: "tool_result",
                content: [{ type: "image", source: { type: "file", file_id: "file_3" } }],
              },
            ],
          },
        ],
      },
      ids: [
        "anthropic-container container_1",
        "anthropic-file file_1",
        "anthropic-file file_2",
        "anthropic-file file_3",
      ],
    },
    {
      name: "no file in the input of a tool",
      route: message,
      body: {
        messages: [{ role: "assistant", content: [{ type: "tool_use", input: { file_id: "mine" } }] }],
      },
      ids: [],
    },
    {
      name: "files in the requests of a batch",
      route: "anthropic message-batches",
      path: "/v1/messages/batches",
      body: { requests: [{ params: { messages: [{ content: [{ type: "x", file_id: "file_1" }] }] } }] },
      ids: ["anthropic-file file_1"],
    },
    {
      name: "the results of a batch",
      route: "anthropic message-batches",
      method: "GET",
      path: "/v1/messages/batches/msgbatch_1/results",
      ids: ["anthropic-batch msgbatch_1"],
    },
    {
      name: "a task",
      route: "dashscope tasks",
      method: "GET",
      path: "/api/v1/tasks/t-1",
      ids: ["dashscope-task t-1"],
    },
    {
      name: "a task to be cancelled",
      route: "dashscope tasks",
      path: "/api/v1/tasks/t-1/cancel",
      ids: ["dashscope-task t-1"],
    },
  ])("$name", ({ route, ids, ...request }) => {
    expect(asked(route, request)).toEqual(ids);
  });

  test("an id that is too long by a digest of it, and to none with a NUL", () => {
    const long = "x".repeat(300);
    expect(asked("openai files", { path: `/v1/files/${long}` })).toEqual([
      expect.stringMatching(/^openai-file sha256:[0-9a-f]{64}$/u),
    ]);
    expect(asked("openai files", { path: "/v1/files/a%00b" })).toEqual([]);
  });

  test("no more ids than a store can be asked for", () => {
    const body = { delete: Array.from({ length: 1001 }, (_, index) => `p-${index}`) };
    expect(() => asked("comfyui comfyui-history", { path: "/history", body })).toThrow(GatewayError);
  });
});

describe("recorded requests", () => {
  const recorded = (folder: string, route: string, start: string): string[][] =>
    loadRecordings(folder)
      .filter(({ requestPath, requestBody }) => requestPath?.startsWith(start) && requestBody !== undefined)
      .map(({ requestBody }) =>
        asked(route, { path: start.replace(/^.compatible-mode/u, ""), body: String(requestBody) }),
      );

  test("of chats and messages name no ids", () => {
    const chats = recorded("openai-chat", chat, "/v1/chat/completions");
    const messages = recorded("anthropic", message, "/v1/messages");
    expect(chats.length).toBeGreaterThan(10);
    expect(messages.length).toBeGreaterThan(10);
    expect(chats.flat()).toEqual([]);
    expect(messages.flat().filter((id) => !id.startsWith("anthropic-"))).toEqual([]);
  });

  test("with uploaded files name them", () => {
    expect(recorded("files", responses, "/v1/responses")).toEqual([
      ["openai-file file-MDLqXZjNjNeLwwaRACNDNf"],
    ]);
    expect(recorded("files", message, "/v1/messages")).toEqual([
      ["anthropic-file file_011CcQH3nbP5brKi4DsVcj7j"],
    ]);
    expect(recorded("dashscope-compat", "openai batches", "/compatible-mode/v1/batches")).toContainEqual([
      "openai-file file-batch-61875e1242854691b8bfd17d",
    ]);
  });
});
