// ComfyUI as a client script uses it: upload, prompt, socket, history, view; queue, interrupts and user data.
import { once } from "node:events";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { knobsHeader } from "../knobs.ts";
import { startSimulator } from "../simulator.ts";
import type { Simulator } from "../simulator.ts";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ port: 0 });
});
afterAll(() => simulator.close());

// Every test has an account of its own.
let account = 0;
beforeEach(() => {
  account += 1;
});
const headersOf = (): Record<string, string> => ({ authorization: `Bearer ${account}` });

interface Asked {
  readonly method?: string;
  readonly body?: string | FormData;
  readonly headers?: Readonly<Record<string, string>>;
}

function ask(path: string, { headers = {}, ...init }: Asked = {}): Promise<Response> {
  return fetch(`${simulator.url}${path}`, { ...init, headers: { ...headersOf(), ...headers } });
}

const post = (path: string, body: object = {}, headers: Record<string, string> = {}): Promise<Response> =>
  ask(path, { method: "POST", body: JSON.stringify(body), headers });

/** The answer's JSON, in a shape that the test then looks at. */
async function jsonOf<Shape>(answer: Promise<Response>): Promise<Shape> {
  // Nothing is trusted: what is not in the shape fails the test.
  return (await (await answer).json()) as Shape;
}

interface Message {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A socket that takes what comes in order. */
class Listener {
  readonly socket: WebSocket;
  readonly #received: (Message | Buffer)[] = [];
  #tell: () => void = () => {};

  constructor(clientId: string) {
    this.socket = new WebSocket(`${simulator.url}/ws?clientId=${clientId}`, { headers: headersOf() });
    this.socket.on("message", (data: Buffer, isBinary) => {
      this.#received.push(isBinary ? data : (JSON.parse(data.toString()) as Message)); // As the simulator writes it.
      this.#tell();
    });
  }

  /** Everything up to the first message that fits. */
  async until(fits: (message: Message) => boolean): Promise<(Message | Buffer)[]> {
    for (;;) {
      const at = this.#received.findIndex((message) => !Buffer.isBuffer(message) && fits(message));
      if (at >= 0) return this.#received.splice(0, at + 1);
      await new Promise<void>((resolve) => (this.#tell = resolve));
    }
  }
}

const isStatus = ({ type }: Message): boolean => type === "status";
const isEnd = ({ type, data }: Message): boolean => type === "executing" && data["node"] === null;

const graph = {
  "4": { class_type: "CheckpointLoaderSimple", inputs: { ckpt_name: "simulated.safetensors" } },
  "5": { class_type: "EmptyLatentImage", inputs: { width: 64, height: 64, batch_size: 1 } },
  "6": { class_type: "CLIPTextEncode", inputs: { text: "a cat", clip: ["4", 1] } },
  "3": {
    class_type: "KSampler",
    inputs: {
      model: ["4", 0],
      seed: 1,
      steps: 2,
      cfg: 7,
      sampler_name: "euler",
      scheduler: "normal",
      positive: ["6", 0],
      negative: ["6", 0],
      latent_image: ["5", 0],
      denoise: 1,
    },
  },
  "8": { class_type: "VAEDecode", inputs: { samples: ["3", 0], vae: ["4", 2] } },
  "9": { class_type: "SaveImage", inputs: { images: ["8", 0], filename_prefix: "test/cat" } },
};

const slow = { [knobsHeader]: '{"tokensPerSecond":0.001}' };

interface Queued {
  readonly prompt_id: string;
  readonly number: number;
}

const queue = (headers: Record<string, string> = {}, extra: object = {}): Promise<Queued> =>
  jsonOf<Queued>(post("/prompt", { prompt: graph, client_id: "c", ...extra }, headers));

describe("a prompt", () => {
  test("runs node by node, with previews, and leaves an image that can be viewed", async () => {
    const listener = new Listener("c");
    expect(await listener.until(isStatus)).toEqual([
      { type: "status", data: { status: { exec_info: { queue_remaining: 0 } }, sid: "c" } },
    ]);
    const { prompt_id } = await queue({}, { extra_data: { api_key_comfy_org: "secret", note: "kept" } });
    const told = await listener.until(isEnd);
    const messages = told.filter((message): message is Message => !Buffer.isBuffer(message));
    expect(messages.filter(({ type }) => type === "executing").map(({ data }) => data["node"])).toEqual([
      ...["4", "6", "5", "3", "8", "9"].toSorted(
        (one, other) => orderOf(messages, one) - orderOf(messages, other),
      ),
      null,
    ]);
    // What a node takes comes before it.
    expect(orderOf(messages, "4")).toBeLessThan(orderOf(messages, "6"));
    expect(orderOf(messages, "6")).toBeLessThan(orderOf(messages, "3"));
    expect(orderOf(messages, "3")).toBeLessThan(orderOf(messages, "9"));
    expect(messages.filter(({ type }) => type === "progress").map(({ data }) => data["value"])).toEqual([
      1, 2,
    ]);
    expect(messages.map(({ type }) => type)).toContain("execution_success");
    const previews = told.filter((message) => Buffer.isBuffer(message));
    expect(previews.map((frame) => [frame.readUInt32BE(0), frame.readUInt32BE(4)])).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(previews[0]?.subarray(9, 12).toString()).toBe("PNG");

    const history = await (await ask(`/history/${prompt_id}`)).text();
    expect(history).not.toContain("secret");
    expect(JSON.parse(history)).toMatchObject({
      [prompt_id]: {
        outputs: { "9": { images: [{ filename: "cat_00001_.png", subfolder: "test", type: "output" }] } },
        status: { status_str: "success", completed: true },
        prompt: [1, prompt_id, graph, { note: "kept", client_id: "c" }, ["9"]],
      },
    });
    const view = await ask("/view?filename=cat_00001_.png&subfolder=test&type=output");
    expect(view.headers.get("content-type")).toBe("image/png");
    await queue();
    await listener.until(isEnd);
    expect((await ask("/view?filename=cat_00002_.png&subfolder=test")).status).toBe(200);
    listener.socket.terminate();
  });

  test("is previewed with metadata for a client that understands it", async () => {
    const listener = new Listener("c");
    await listener.until(isStatus);
    listener.socket.send(
      JSON.stringify({ type: "feature_flags", data: { supports_preview_metadata: true } }),
    );
    await listener.until(({ type }) => type === "feature_flags");
    await queue();
    const preview = (await listener.until(isEnd)).find((message) => Buffer.isBuffer(message));
    const length = preview?.readUInt32BE(4) ?? 0;
    expect(preview?.readUInt32BE(0)).toBe(4);
    expect(JSON.parse(preview?.subarray(8, 8 + length).toString() ?? "")).toMatchObject({
      node_id: "3",
      image_type: "image/png",
    });
    listener.socket.terminate();
  });

  test.each([
    { name: "no prompt", body: {}, type: "no_prompt" },
    { name: "an id that is no UUID", body: { prompt: graph, prompt_id: "x" }, type: "invalid_prompt_id" },
    { name: "a node without a type", body: { prompt: { "1": {} } }, type: "invalid_prompt" },
    { name: "no output", body: { prompt: { "5": graph["5"] } }, type: "prompt_no_outputs" },
  ])("is refused for $name", async ({ body, type }) => {
    const answer = await post("/prompt", body);
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: { type }, node_errors: {} }]);
  });

  test("is refused with the nodes at fault", async () => {
    const answer = await post("/prompt", { prompt: { "9": { class_type: "SaveImage", inputs: {} } } });
    expect(await answer.json()).toMatchObject({
      error: { type: "prompt_outputs_failed_validation" },
      node_errors: { "9": { class_type: "SaveImage", errors: [{ type: "required_input_missing" }, {}] } },
    });
  });

  test("fails at a node that is made to fail", async () => {
    const listener = new Listener("c");
    await listener.until(isStatus);
    const prompt = {
      "1": { class_type: "Own-failing" },
      "2": { class_type: "SaveOwn", inputs: { a: ["1", 0] } },
    };
    const { prompt_id } = await queue({}, { prompt });
    const told = await listener.until(isEnd);
    expect(told).toContainEqual(expect.objectContaining({ type: "execution_error" }));
    expect(await (await ask(`/history/${prompt_id}`)).json()).toMatchObject({
      [prompt_id]: { outputs: {}, status: { status_str: "error", completed: false } },
    });
    listener.socket.terminate();
  });
});

describe("the queue", () => {
  test("holds what waits, lets it be taken out, and goes on after an interrupt", async () => {
    const listener = new Listener("c");
    await listener.until(isStatus);
    const running = await queue(slow);
    await listener.until(({ type, data }) => type === "executing" && data["node"] === "3");
    const waiting = [await queue(), await queue(), await queue({}, { front: true })];
    expect(waiting.map(({ number }) => number)).toEqual([2, 3, -4]);
    expect(await (await ask("/prompt")).json()).toEqual({ exec_info: { queue_remaining: 4 } });
    await post("/queue", { delete: [waiting[0]?.prompt_id] });
    const shown = await jsonOf<Record<string, unknown[][]>>(ask("/queue"));
    expect(shown["queue_running"]?.map(([, id]) => id)).toEqual([running.prompt_id]);
    expect(shown["queue_pending"]?.map(([, id]) => id)).toEqual([
      waiting[2]?.prompt_id,
      waiting[1]?.prompt_id,
    ]);
    await post("/queue", { clear: true });
    await post("/interrupt", { prompt_id: waiting[1]?.prompt_id });
    expect(await (await ask("/prompt")).json()).toEqual({ exec_info: { queue_remaining: 1 } });
    await post("/interrupt");
    expect(await listener.until(isEnd)).toContainEqual(
      expect.objectContaining({ type: "execution_interrupted" }),
    );
    expect(await (await ask("/history")).json()).toMatchObject({
      [running.prompt_id]: { status: { status_str: "error" } },
    });
    await post("/history", { delete: [running.prompt_id] });
    expect(await (await ask("/history")).json()).toEqual({});
    listener.socket.terminate();
  });

  test("is not seen by another account, and unknown prompts have an empty history", async () => {
    const { prompt_id } = await queue(slow);
    account += 1;
    expect(await (await ask("/queue")).json()).toEqual({ queue_running: [], queue_pending: [] });
    expect(await (await ask(`/history/${prompt_id}`)).json()).toEqual({});
  });
});

test("a second socket with the same client id takes the place of the first", async () => {
  const first = new Listener("c");
  await first.until(isStatus);
  const second = new Listener("c");
  const [code] = await once(first.socket, "close");
  expect(code).toBe(1000);
  await second.until(isStatus);
  await queue();
  expect((await second.until(isEnd)).length).toBeGreaterThan(5);
  second.socket.terminate();
});

describe("uploads", () => {
  const upload = async (content: string, fields: Record<string, string> = {}): Promise<unknown> => {
    const body = new FormData();
    body.append("image", new Blob([content]), "cat.png");
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    return (await ask("/upload/image", { method: "POST", body })).json();
  };

  test("keep an older file by another name, unless it may be replaced", async () => {
    expect(await upload("one")).toEqual({ name: "cat.png", subfolder: "", type: "input" });
    expect(await upload("one")).toMatchObject({ name: "cat.png" });
    expect(await upload("two")).toMatchObject({ name: "cat (1).png" });
    expect(await upload("three", { overwrite: "true" })).toMatchObject({ name: "cat.png" });
    expect(await upload("four", { subfolder: "s" })).toMatchObject({ name: "cat.png", subfolder: "s" });
    const view = async (query: string): Promise<string> => (await ask(`/view?type=input&${query}`)).text();
    expect(await view("filename=cat.png")).toBe("three");
    expect(await view("filename=cat%20(1).png")).toBe("two");
    expect(await view("filename=cat.png&subfolder=s")).toBe("four");
  });

  test.each([
    { query: "filename=none.png", status: 404 },
    { query: "filename=../secret", status: 403 },
    { query: "filename=a.png&type=system", status: 400 },
  ])("are not found by $query", async ({ query, status }) => {
    expect((await ask(`/view?${query}`)).status).toBe(status);
  });
});

test("user data is written, listed, moved and deleted by names with slashes", async () => {
  const write = (name: string, query = ""): Promise<Response> =>
    ask(`/userdata/${encodeURIComponent(name)}${query}`, { method: "POST", body: "{}" });
  expect(await (await write("workflows/a.json")).json()).toBe("workflows/a.json");
  expect(await (await write("workflows/deep/b.json", "?full_info=true")).json()).toMatchObject({ size: 2 });
  expect((await write("workflows/a.json", "?overwrite=false")).status).toBe(409);
  const list = async (query: string): Promise<unknown> => (await ask(`/userdata?${query}`)).json();
  expect(await list("dir=workflows")).toEqual(["a.json"]);
  expect(await list("dir=workflows&recurse=true&split=true")).toEqual([
    ["a.json", "a.json"],
    ["deep/b.json", "deep", "b.json"],
  ]);
  expect(await (await ask("/v2/userdata?path=workflows")).json()).toMatchObject([
    { name: "a.json", path: "workflows/a.json", type: "file", size: 2 },
    { name: "deep", type: "directory" },
  ]);
  const move = "/userdata/workflows%2Fa.json/move/workflows%2Fc.json";
  expect(await (await ask(move, { method: "POST" })).json()).toBe("workflows/c.json");
  expect((await ask("/userdata/workflows%2Fa.json")).status).toBe(404);
  expect(await (await ask("/userdata/workflows%2Fc.json")).text()).toBe("{}");
  expect((await ask("/userdata/workflows%2Fc.json", { headers: { "comfy-user": "other" } })).status).toBe(
    404,
  );
  expect((await ask("/userdata/workflows%2Fc.json", { method: "DELETE" })).status).toBe(204);
  expect((await ask("/userdata/..%2Fsecret")).status).toBe(403);
});

test("every path is served below /api too", async () => {
  expect(await (await ask("/api/object_info/SaveImage")).json()).toMatchObject({
    SaveImage: { output_node: true },
  });
});

/** When a node was said to run. */
function orderOf(messages: readonly Message[], node: string): number {
  return messages.findIndex(({ type, data }) => type === "executing" && data["node"] === node);
}
