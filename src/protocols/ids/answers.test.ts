// What streams and sockets tell of ids: by hand, and in recorded traffic.
import { describe, expect, test } from "vitest";
import { loadRecordings } from "../../../test/support/recordings.ts";
import { SseDecoder } from "../../lib/sse.ts";
import { actsOnEverybody, idsInComfyuiMessage } from "./comfyui-queue.ts";
import { idsOf, textsOf } from "./ids-fixture.ts";
import type { MadeId } from "./made.ts";
import { StreamIds } from "./stream-ids.ts";

describe("a streamed answer gives", () => {
  const idsIn = (route: string, body: Buffer, isStored = false): string[] => {
    const stream = new StreamIds(idsOf(route), isStored);
    const told: MadeId[] = [];
    const decoder = new SseDecoder();
    const listener = (event: string, data: Buffer): void => {
      told.push(...stream.read(event, data));
    };
    decoder.push(body, listener);
    decoder.finish(listener);
    return textsOf(told);
  };
  const kept = Buffer.from('event: response.created\ndata: {"response":{"id":"resp_1","store":true}}\n\n');

  test("its response, once", () => {
    const end = Buffer.from(
      'event: response.completed\ndata: {"response":{"id":"resp_1","output":[{"container_id":"c"}]}}\n\n',
    );
    expect(idsIn("openai responses", Buffer.concat([kept, end]))).toEqual([
      "openai-response resp_1",
      "openai-container c",
    ]);
  });

  test("no response that was not kept", () => {
    const recording = loadRecordings("openai-responses").find(({ name }) =>
      name.includes("background-mode-streaming"),
    );
    expect(String(recording?.body)).toContain('"store":false');
    expect(idsIn("openai responses", recording?.body ?? kept)).toEqual([]);
  });

  test("its container also when it was not kept itself", () => {
    const end = `{"response":{"id":"resp_1","store":false,"output":[{"container_id":"c"}]}}`;
    const body = Buffer.from(`event: response.completed\ndata: ${end}\n\n`);
    expect(idsIn("openai responses", body)).toEqual(["openai-container c"]);
  });

  test("its completion if that is stored", () => {
    const body = Buffer.from(
      'data: {"id":"chatcmpl-1","choices":[]}\n\ndata: {"id":"chatcmpl-1"}\n\ndata: [DONE]\n\n',
    );
    expect(idsIn("openai create-chat-completion", body)).toEqual([]);
    expect(idsIn("openai create-chat-completion", body, true)).toEqual([
      "openai-stored-completion chatcmpl-1",
    ]);
  });

  test("the container of a message, which comes at its end", () => {
    const body = Buffer.from(
      'event: message_start\ndata: {"message":{"id":"msg","container":null}}\n\n' +
        'event: message_delta\ndata: {"delta":{"container":{"id":"container_1"}}}\n\n',
    );
    expect(idsIn("anthropic create-message", body)).toEqual(["anthropic-container container_1"]);
  });
});

describe("a message of ComfyUI's socket gives", () => {
  test.each([
    {
      name: "the files of a node",
      type: "executed",
      ids: ["comfyui-file output/x.png", "comfyui-file temp/s/y.png"],
    },
    { name: "nothing of another type", type: "progress", ids: [] },
  ])("$name", ({ type, ids }) => {
    const images = [
      { filename: "x.png", subfolder: "", type: "output" },
      { filename: "y.png", subfolder: "s", type: "temp" },
    ];
    const text = JSON.stringify({ type, data: { note: "executed", output: { images, animated: [false] } } });
    expect(textsOf(idsInComfyuiMessage(Buffer.from(text)))).toEqual(ids);
  });
});

describe("everybody is concerned by", () => {
  test.each([
    { name: "an interruption of nothing named", route: "comfyui-interrupt", body: undefined, all: true },
    { name: "an interruption of anything", route: "comfyui-interrupt", body: "{}", all: true },
    {
      name: "an interruption of one prompt",
      route: "comfyui-interrupt",
      body: '{"prompt_id":"p"}',
      all: false,
    },
    { name: "freeing memory", route: "comfyui-free", body: '{"free_memory":false}', all: true },
    { name: "clearing the queue", route: "comfyui-queue", body: '{"clear":true,"delete":["p"]}', all: true },
    { name: "clearing the history", route: "comfyui-history", body: '{"clear":1}', all: true },
    { name: "deleting what is no list", route: "comfyui-queue", body: '{"delete":{"p":1}}', all: true },
    {
      name: "deleting one entry",
      route: "comfyui-history",
      body: '{"clear":false,"delete":["p"]}',
      all: false,
    },
    { name: "a prompt", route: "comfyui-prompt", body: '{"clear":true}', all: false },
  ])("$name: $all", ({ route, body, all }) => {
    expect(actsOnEverybody(route, "POST", body === undefined ? undefined : Buffer.from(body))).toBe(all);
  });

  test("nothing that is only read", () => {
    expect(actsOnEverybody("comfyui-history", "GET", undefined)).toBe(false);
  });
});
