// ComfyUI behind two servers, over real sockets: clients, prompts, files and queues are where they were made, and whose.
import { describe, expect, test } from "vitest";
import { isJsonObject, listOf, memberOf, textOf } from "../src/lib/json-value.ts";
import { appKey, otherKey, startIdScene, type Answer, type IdScene } from "./support/id-scene.ts";
import { createKeeper } from "./support/keeper.ts";
import { named } from "./support/named.ts";
import { acceptedSocket, openSocket } from "./support/socket-client.ts";

const keep = createKeeper();

const comfyui = (): Promise<IdScene> =>
  startIdScene(keep, {
    useCase: "image-generation",
    protocol: "comfyui",
    provider: "comfyui",
    service: { apiKeys: [] },
  });

const graph = {
  1: { class_type: "CheckpointLoaderSimple", inputs: { ckpt_name: "simulated.safetensors" } },
  2: { class_type: "EmptyLatentImage", inputs: { width: 8, height: 8, batch_size: 1 } },
  3: { class_type: "VAEDecode", inputs: { samples: ["2", 0], vae: ["1", 2] } },
  4: { class_type: "SaveImage", inputs: { images: ["3", 0], filename_prefix: "gate" } },
};

const bearer = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });

interface Prompt {
  readonly id: string;
  readonly service: string;
}

async function queue({ call }: IdScene, fields: object = {}, key = appKey): Promise<Prompt> {
  const answer = await call("/prompt", { method: "POST", key, body: { prompt: graph, ...fields } });
  expect(answer).toMatchObject({ status: 200 });
  return { id: textOf(answer.json, "prompt_id") ?? "", service: answer.service };
}

/** Asks until the prompt has run; gives the query of the image that it has made. */
async function imageOf({ call }: IdScene, { id, service }: Prompt): Promise<string> {
  for (;;) {
    const answer = await call(`/history/${id}`);
    expect(answer).toMatchObject({ status: 200, service });
    const outputs = memberOf(memberOf(answer.json, id), "outputs");
    const [image] = listOf(memberOf(outputs, "4"), "images");
    if (image !== undefined) return viewOf(image);
  }
}

function viewOf(image: unknown): string {
  const members = isJsonObject(image) ? Object.entries(image) : [];
  return new URLSearchParams(
    members.map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
}

const unknown = { status: 404, json: { error: { type: "route_not_found" } } };

describe("ComfyUI", () => {
  test("prompts, their history and their images are found where they ran, also after a restart, by their owner", async () => {
    const scene = await comfyui();
    const prompts: Prompt[] = [];
    for (let count = 0; count < 6; count += 1) prompts.push(await queue(scene));
    expect(new Set(prompts.map(({ service }) => service)).size).toBe(2);
    for (const prompt of prompts) {
      const view = await imageOf(scene, prompt);
      expect(await scene.call(`/view?${view}`)).toMatchObject({ status: 200 });
      expect(await scene.call(`/history/${prompt.id}`, { key: otherKey })).toMatchObject(unknown);
    }
    await scene.restart();
    for (const prompt of prompts) {
      const view = await imageOf(scene, prompt);
      expect(await scene.call(`/view?${view}`)).toMatchObject({ status: 200 });
    }
    expect(scene.defects).toEqual([]);
  });

  test("a client's socket and prompts go to one server; the images that the socket tells of are the client's", async () => {
    const scene = await comfyui();
    for (const clientId of ["one", "two", "three"]) {
      const path = `/ws?clientId=${clientId}`;
      const client = await acceptedSocket(scene.gateway.port, path, bearer(appKey));
      const prompt = await queue(scene, { client_id: clientId });
      let view = "";
      for (let count = 0; view === ""; count += 1) {
        const { data, binary } = await client.message(count);
        const message: unknown = binary ? undefined : JSON.parse(data.toString());
        if (memberOf(message, "type") !== "executed") continue;
        const [image] = listOf(memberOf(memberOf(message, "data"), "output"), "images");
        view = viewOf(image);
      }
      expect(await scene.call(`/view?${view}`)).toMatchObject({ status: 200, service: prompt.service });
      expect(await openSocket(scene.gateway.port, path, bearer(otherKey))).toMatchObject({ status: 404 });
      client.socket.close();
    }
    expect(scene.defects).toEqual([]);
  });

  test("an image that nobody has made is not there, unless its server is known by the client's id", async () => {
    const scene = await comfyui();
    expect(await scene.call("/view?filename=a.png")).toMatchObject(unknown);
    const client = await acceptedSocket(scene.gateway.port, "/ws?clientId=mine", bearer(appKey));
    await client.message(0);
    const answer = await scene.call("/view?filename=a.png&clientId=mine");
    expect(answer).toMatchObject({ status: 404 });
    // The server's own word.
    expect(answer.service).not.toBe("");
    const theirs = await scene.call("/view?filename=a.png&clientId=mine", { key: otherKey });
    expect(theirs).toMatchObject({ ...unknown, service: "" });
  });

  test("an uploaded image is used where it is, and is its consumer's", async () => {
    const scene = await comfyui();
    for (let count = 0; count < 4; count += 1) {
      const form = new FormData();
      form.set("image", new Blob([`pixels ${count}`], { type: "image/png" }), `mine-${count}.png`);
      const uploaded = await scene.call("/upload/image", { method: "POST", body: form });
      expect(uploaded).toMatchObject({ status: 200, json: { name: `mine-${count}.png`, type: "input" } });
      const view = `/view?filename=mine-${count}.png&type=input`;
      expect(await scene.call(view)).toMatchObject({ status: 200, service: uploaded.service });
      expect(await scene.call(view, { key: otherKey })).toMatchObject(unknown);
      const mask = new FormData();
      mask.set("image", new Blob(["mask"], { type: "image/png" }), `mask-${count}.png`);
      mask.set("original_ref", JSON.stringify({ filename: `mine-${count}.png`, type: "input" }));
      const masking = { method: "POST", body: mask };
      expect(await scene.call("/upload/mask", { ...masking, key: otherKey })).toMatchObject(unknown);
      expect((await scene.call("/upload/mask", masking)).service).toBe(uploaded.service);
      const loading = { 1: { class_type: "LoadImage", inputs: { image: `mine-${count}.png` } } };
      const prompt = {
        ...loading,
        2: { class_type: "SaveImage", inputs: { images: ["1", 0], filename_prefix: "again" } },
      };
      const request = { method: "POST", body: { prompt } };
      expect(await scene.call("/prompt", { ...request, key: otherKey })).toMatchObject(unknown);
      expect((await scene.call("/prompt", request)).service).toBe(uploaded.service);
    }
    expect(scene.defects).toEqual([]);
  });

  test("a file of userdata stays on its server and with its consumer, until it is deleted", async () => {
    const scene = await comfyui();
    const path = "/userdata/workflows%2Fgate.json";
    const stored = await scene.call(path, { method: "POST", body: { gate: 1 } });
    expect(stored).toMatchObject({ status: 200 });
    for (let count = 0; count < 3; count += 1) {
      expect(await scene.call(path)).toMatchObject({ json: { gate: 1 }, service: stored.service });
    }
    expect(await scene.call(path, { key: otherKey })).toMatchObject(unknown);
    const overwriting = await scene.call(path, { method: "POST", body: {}, key: otherKey });
    expect(overwriting).toMatchObject(unknown);
    expect((await scene.call(path, { method: "DELETE" })).status).toBe(204);
    expect(await scene.call(path)).toMatchObject(unknown);
  });

  test("what a client uploads goes to the server where its prompts run", async () => {
    const scene = await comfyui();
    const { service } = await queue(scene, { client_id: "painter" });
    for (let count = 0; count < 4; count += 1) {
      const form = new FormData();
      form.set("image", new Blob(["pixels"], { type: "image/png" }), `for-painter-${count}.png`);
      expect(await scene.call("/upload/image", { method: "POST", body: form })).toMatchObject({ service });
      const path = `/userdata/workflows%2F${count}.json`;
      expect(await scene.call(path, { method: "POST", body: {} })).toMatchObject({ service });
    }
  });

  test("lists of userdata show the consumer's own files", async () => {
    const scene = await comfyui();
    await queue(scene, { client_id: "mine" });
    // Theirs on both servers, so that mine is beside some of them.
    for (let count = 0; count < 4; count += 1) {
      await scene.call(`/userdata/plans%2Fsecret-${count}.json`, { method: "POST", body: {}, key: otherKey });
    }
    await scene.call("/userdata/plans%2Fmine.json", { method: "POST", body: {} });
    expect((await scene.call("/userdata?dir=plans")).json).toEqual(["mine.json"]);
    expect((await scene.call("/v2/userdata?path=plans")).json).toMatchObject([{ path: "plans/mine.json" }]);
    const theirs = await scene.call("/userdata?dir=plans", { key: otherKey });
    expect(theirs.text).toContain("secret-");
    expect(theirs.text).not.toContain("mine");
  });

  test("history and queue hold the consumer's own prompts of both servers", async () => {
    const scene = await comfyui();
    const mine: Prompt[] = [];
    for (let count = 0; count < 4; count += 1) mine.push(await queue(scene));
    const theirs = await queue(scene, {}, otherKey);
    for (const prompt of mine) await imageOf(scene, prompt);
    const idsOf = ({ json }: Answer): string[] => (isJsonObject(json) ? Object.keys(json) : []);
    const ids = mine.map(({ id }) => id);
    expect(new Set(idsOf(await scene.call("/history")))).toEqual(new Set(ids));
    expect(idsOf(await scene.call("/history?max_items=1"))).toHaveLength(1);
    expect(await scene.call("/queue")).toMatchObject({
      status: 200,
      json: { queue_running: [], queue_pending: [] },
    });
    const [first = ""] = ids;
    const remove = { method: "POST", body: { delete: [first] } };
    expect(await scene.call("/history", { ...remove, key: otherKey })).toMatchObject(unknown);
    expect(await scene.call("/history", remove)).toMatchObject({ status: 200 });
    expect(await scene.call(`/history/${first}`)).toMatchObject(unknown);
    expect(idsOf(await scene.call("/history"))).not.toContain(first);
    expect(idsOf(await scene.call("/history", { key: otherKey }))).toEqual(
      idsOf(await scene.call(`/history/${theirs.id}`, { key: otherKey })),
    );
  });

  test.each(
    named([
      { name: "an interruption of whatever runs", path: "/interrupt", body: {} },
      { name: "an interruption without a body", path: "/interrupt", body: undefined },
      { name: "an emptied queue", path: "/queue", body: { clear: true } },
      { name: "an emptied history", path: "/history", body: { clear: true } },
      { name: "freed memory", path: "/free", body: { unload_models: true } },
      { name: "a list to delete that is none", path: "/queue", body: { delete: { id: 1 } } },
    ]),
  )("%s is refused, as it would be everybody's", async (_, { path, body }) => {
    const scene = await comfyui();
    const answer = await scene.call(path, { method: "POST", body });
    expect(answer).toMatchObject({ status: 403, json: { error: { type: "consumer_not_allowed" } } });
    expect(scene.gateway.records.at(-1)?.attempts).toEqual([]);
  });

  test("one's own prompt is interrupted where it runs", async () => {
    const scene = await comfyui();
    const { id, service } = await queue(scene);
    const interrupt = { method: "POST", body: { prompt_id: id } };
    expect(await scene.call("/interrupt", { ...interrupt, key: otherKey })).toMatchObject(unknown);
    expect(await scene.call("/interrupt", interrupt)).toMatchObject({ status: 200, service });
  });

  test("a body that hides its ids from the gateway is refused", async () => {
    const scene = await comfyui();
    const headers = { "content-type": "application/json; charset=utf-16" };
    const answer = await scene.call("/queue", { method: "POST", body: { delete: ["x"] }, headers });
    expect(answer).toMatchObject({ status: 415, json: { error: { type: "invalid_request" } } });
    const untyped = { "content-type": "text/plain" };
    expect(
      await scene.call("/queue", { method: "POST", body: { delete: ["x"] }, headers: untyped }),
    ).toMatchObject(unknown);
  });
});
