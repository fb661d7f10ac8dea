// ComfyUI as scripts use it, through the gateway with consumers' keys before two services: upload, prompt, socket,
// history, view, queue, user data.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { consumerKeys, startClientScene, type ClientScene } from "../support/client-scene.ts";
import { acceptedSocket, type SocketLog } from "../support/socket-client.ts";

let scene: ClientScene;
beforeAll(async () => {
  scene = await startClientScene();
});
afterAll(async () => {
  await scene.close();
  expect(scene.defects).toEqual([]);
});

type Consumer = keyof typeof consumerKeys;

interface Asked {
  readonly method?: string;
  readonly body?: string | FormData;
  readonly type?: string;
  readonly api?: "comfy" | "one-comfy";
}

function ask(consumer: Consumer, path: string, asked: Asked = {}): Promise<Response> {
  const { method, body, type, api = "comfy" } = asked;
  return fetch(`${scene.url(api)}${path}`, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: {
      authorization: `Bearer ${consumerKeys[consumer]}`,
      ...(type === undefined ? {} : { "content-type": type }),
    },
    ...(body === undefined ? {} : { body }),
  });
}

async function json<Shape>(answer: Promise<Response>): Promise<Shape> {
  const { status, ...rest } = await answer.then(async (each) => ({
    status: each.status,
    text: await each.text(),
  }));
  expect([status, rest.text]).toEqual([200, expect.any(String)]);
  // What is not in the shape fails the test.
  return JSON.parse(rest.text) as Shape;
}

/** Draws from an uploaded image, or from nothing. */
const graphOf = (prefix: string, image?: string): object => ({
  "1":
    image === undefined
      ? { class_type: "EmptyLatentImage", inputs: { width: 64, height: 64, batch_size: 1 } }
      : { class_type: "LoadImage", inputs: { image } },
  "2": { class_type: "CheckpointLoaderSimple", inputs: { ckpt_name: "simulated.safetensors" } },
  ...(image === undefined
    ? {}
    : { "3": { class_type: "VAEEncode", inputs: { pixels: ["1", 0], vae: ["2", 2] } } }),
  "4": { class_type: "CLIPTextEncode", inputs: { text: "a cat", clip: ["2", 1] } },
  "5": {
    class_type: "KSampler",
    inputs: {
      model: ["2", 0],
      seed: 1,
      steps: 2,
      cfg: 7,
      sampler_name: "euler",
      scheduler: "normal",
      positive: ["4", 0],
      negative: ["4", 0],
      latent_image: [image === undefined ? "1" : "3", 0],
      denoise: 1,
    },
  },
  "6": { class_type: "VAEDecode", inputs: { samples: ["5", 0], vae: ["2", 2] } },
  "7": { class_type: "SaveImage", inputs: { images: ["6", 0], filename_prefix: prefix } },
});

function upload(name: string): FormData {
  const form = new FormData();
  form.append("image", new Blob([Buffer.alloc(50_000, name)], { type: "image/png" }), name);
  form.append("overwrite", "true");
  return form;
}

/** Reads the socket until the prompt has run; gives the binary messages on the way. */
async function run(log: SocketLog, promptId: string, from = 0): Promise<Buffer[]> {
  const previews: Buffer[] = [];
  for (let number = from; ; number += 1) {
    const { data, binary } = await log.message(number);
    if (binary) {
      previews.push(data);
      continue;
    }
    const told = JSON.parse(data.toString()) as {
      type: string;
      data: { node?: unknown; prompt_id?: string };
    };
    if (told.type === "executing" && told.data.node === null && told.data.prompt_id === promptId)
      return previews;
  }
}

interface History {
  readonly [promptId: string]: {
    readonly outputs: {
      readonly "7": { readonly images: readonly { filename: string; subfolder: string; type: string }[] };
    };
  };
}

// Python's urllib, in which ComfyUI's own example scripts are written, says that its JSON is a form.
const contentTypes = ["application/json", "application/x-www-form-urlencoded", undefined] as const;

describe.each(contentTypes)("a script that sends its prompt as %s", (type) => {
  test("listens, queues, reads the history and views the image", async () => {
    for (let round = 0; round < 3; round += 1) {
      const clientId = `client-${String(type)}-${round}`.replaceAll("/", "-");
      const headers = { authorization: `Bearer ${consumerKeys.one}` };
      const log = await acceptedSocket(scene.gateway.port, `/comfy/ws?clientId=${clientId}`, { headers });
      const prompt = JSON.stringify({ prompt: graphOf(clientId), client_id: clientId });
      const queued = await json<{ prompt_id: string }>(
        ask("one", "/prompt", { body: prompt, ...(type === undefined ? {} : { type }) }),
      );
      const previews = await run(log, queued.prompt_id);
      expect(previews.map((frame) => frame.readUInt32BE(0))).toEqual([1, 1]);
      const history = await json<History>(ask("one", `/history/${queued.prompt_id}`));
      const [made] = history[queued.prompt_id]?.outputs["7"].images ?? [];
      const query = new URLSearchParams({ ...made }).toString();
      const view = await ask("one", `/view?${query}`);
      expect([view.status, view.headers.get("content-type")]).toEqual([200, "image/png"]);
      expect(
        Buffer.from(await view.arrayBuffer())
          .subarray(1, 4)
          .toString(),
      ).toBe("PNG");
      log.socket.close();
      await log.ended();

      // Nothing of it is another consumer's.
      expect((await ask("two", `/history/${queued.prompt_id}`)).status).toBe(404);
      expect((await ask("two", `/view?${query}`)).status).toBe(404);
      expect(JSON.stringify(await json(ask("two", "/history")))).not.toContain(queued.prompt_id);
      expect(JSON.stringify(await json(ask("one", "/history")))).toContain(queued.prompt_id);
    }
  });
});

test("an upload is used by a prompt, and is nobody else's", async () => {
  const api = "one-comfy";
  const image = "uploaded.png";
  expect(await json(ask("one", "/upload/image", { api, body: upload(image) }))).toMatchObject({
    name: image,
  });
  const headers = { authorization: `Bearer ${consumerKeys.one}` };
  const log = await acceptedSocket(scene.gateway.port, `/${api}/ws?clientId=uploader`, { headers });
  const body = JSON.stringify({ prompt: graphOf("uploaded", image), client_id: "uploader" });
  const queued = await json<{ prompt_id: string }>(
    ask("one", "/prompt", { api, body, type: "application/json" }),
  );
  expect(await run(log, queued.prompt_id)).toHaveLength(2);
  log.socket.close();
  await log.ended();
  const mine = await ask("one", `/view?filename=${image}&type=input`, { api });
  expect(Buffer.from(await mine.arrayBuffer()).equals(Buffer.alloc(50_000, image))).toBe(true);
  expect((await ask("two", `/view?filename=${image}&type=input`, { api })).status).toBe(404);
});

test("what would touch everybody's work is refused", async () => {
  for (const [path, body] of [
    ["/interrupt", "{}"],
    ["/queue", '{"clear":true}'],
    ["/history", '{"clear":true}'],
    ["/free", '{"unload_models":true}'],
  ] as const) {
    const answer = await ask("one", path, { body, type: "application/json" });
    expect([path, answer.status]).toEqual([path, 403]);
    expect(await answer.json()).toMatchObject({ error: { type: expect.any(String) }, node_errors: {} });
  }
});

test("user data is each consumer's own, whatever it is called", async () => {
  const path = "/userdata/flows%2Fsame name.json".replaceAll(" ", "%20");
  for (const consumer of ["one", "two"] as const) {
    const written = await ask(consumer, `${path}?overwrite=true`, {
      body: `{"of":"${consumer}"}`,
      type: "application/json",
    });
    expect([consumer, written.status]).toEqual([consumer, consumer === "one" ? 200 : expect.any(Number)]);
  }
  expect(await json(ask("one", path))).toEqual({ of: "one" });
});

test("what every server tells is told", async () => {
  for (const path of [
    "/system_stats",
    "/object_info",
    "/object_info/KSampler",
    "/models",
    "/embeddings",
    "/features",
  ]) {
    expect([path, (await ask("one", path)).status]).toEqual([path, 200]);
  }
});
