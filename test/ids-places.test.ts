// Where requests that name ids go when things fail: the place of an id is the only one, and what could not be kept is
// never told.
import { describe, expect, test } from "vitest";
import { systemClock } from "../src/core/clock.ts";
import type { IdStore } from "../src/core/id-owner.ts";
import { createMemoryIdStore } from "../src/gateway/ids/memory-id-store.ts";
import { memberOf, textOf } from "../src/lib/json-value.ts";
import { startSimulator } from "../src/simulator/simulator.ts";
import { startGateway } from "./support/gateway.ts";
import { startIdScene, type IdScene, type SceneOptions } from "./support/id-scene.ts";
import { createKeeper } from "./support/keeper.ts";
import { startRawUpstream, type RawUpstream } from "./support/raw-upstream.ts";

const keep = createKeeper();
const tasks: SceneOptions = {
  useCase: "image-generation",
  protocol: "dashscope",
  provider: "dashscope",
};
const comfyui: SceneOptions = {
  useCase: "image-generation",
  protocol: "comfyui",
  provider: "comfyui",
  service: { apiKeys: [] },
};

/** Binds a task that nobody has made, at the first service. */
function bindTask({ store }: IdScene, id: string, key = "first"): void {
  const createdMs = Date.now();
  const expiresMs = createdMs + 86_400_000;
  const place = { service: "service-0", key, consumer: "app", createdMs, expiresMs };
  store.bind([{ family: "dashscope-task", id, ...place }]);
}

const failing = async (): Promise<RawUpstream> =>
  keep(
    await startRawUpstream({
      onRequest: ({ connection: { socket } }) =>
        socket.write("HTTP/1.1 500 Oops\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"),
    }),
  );

const withFallback = {
  modelService: { mode: "single", target: { service: "service-0" } },
  fallback: { on: ["upstream-5xx", "network-error"], targets: [{ service: "service-1" }] },
};

describe("an id's place", () => {
  test("is asked though it is ejected, with the id's own key, and nobody else is", async () => {
    const bad = await failing();
    const good = keep(await startSimulator({ port: 0 }));
    const scene = await startIdScene(keep, { ...tasks, urls: [bad.url, good.url], api: withFallback });
    bindTask(scene, "t", "second");
    for (let count = 0; count < 8; count += 1) {
      expect(await scene.call("/api/v1/tasks/t")).toMatchObject({ status: 500, text: "{}" });
    }
    const attempts = scene.gateway.records.flatMap((record) => record.attempts);
    expect(attempts.map(({ service, key }) => `${service} ${key}`)).toEqual(
      Array.from({ length: 8 }, () => "service-0 second"),
    );
    expect(scene.gateway.records.at(-1)).toMatchObject({ decision: { mode: "by-id" }, fallbackFrom: "" });
  });

  test("is asked with a key of weight 0, and with one that rests", async () => {
    const limited = keep(
      await startRawUpstream({
        onRequest: ({ connection: { socket } }) =>
          socket.write("HTTP/1.1 429 Slow\r\nretry-after: 60\r\ncontent-length: 2\r\n\r\n{}"),
      }),
    );
    const apiKeys = [
      { name: "first", value: "provider-first-0123456789", weight: 0 },
      { name: "second", value: "provider-second-0123456789", weight: 1 },
    ];
    const scene = await startIdScene(keep, { ...tasks, urls: [limited.url], service: { apiKeys } });
    bindTask(scene, "t");
    for (let count = 0; count < 2; count += 1) {
      expect(await scene.call("/api/v1/tasks/t")).toMatchObject({ status: 429 });
    }
    const keys = scene.gateway.records.flatMap(({ attempts }) => attempts.map(({ key }) => key));
    expect(keys).toEqual(["first", "first"]);
  });

  test.each([
    {
      name: "whose key was taken away",
      change: { apiKeys: [{ name: "third", value: "provider-third-01234" }] },
    },
    { name: "whose service the Model API no longer uses", change: undefined },
  ])("is unknown: one $name", async ({ change }) => {
    const scene = await startIdScene(keep, tasks);
    bindTask(scene, "t");
    expect(await scene.call("/api/v1/tasks/t")).toMatchObject({ status: 200 });
    const { services, modelApis, ...rest } = scene.document;
    const only = { mode: "single", target: { service: "service-1" } };
    scene.gateway.apply({
      ...rest,
      services: services.map((service) => ({ ...service, ...change })),
      modelApis: change === undefined ? modelApis.map((api) => ({ ...api, modelService: only })) : modelApis,
    });
    expect(await scene.call("/api/v1/tasks/t")).toMatchObject({
      status: 404,
      json: { code: "route_not_found" },
    });
    expect((await scene.call("/api/v1/tasks/")).json).toMatchObject({ total: 0, data: [] });
  });

  test("of an unknown one is everywhere only where there is one place", async () => {
    const simulator = keep(await startSimulator({ port: 0 }));
    const scene = await startIdScene(keep, {
      ...tasks,
      urls: [simulator.url],
      service: { apiKeys: [{ name: "only", value: "provider-only-0123456789" }] },
    });
    // The vendor's own word for what it does not know.
    const answer = await scene.call("/api/v1/tasks/made-elsewhere");
    expect(answer).toMatchObject({ status: 200, json: { output: { task_status: "UNKNOWN" } } });
    const otherwise = await startIdScene(keep, tasks);
    expect((await otherwise.call("/api/v1/tasks/made-elsewhere")).status).toBe(404);
  });
});

describe("an id that the client chooses", () => {
  const graph = {
    1: { class_type: "EmptyLatentImage", inputs: { width: 8, height: 8, batch_size: 1 } },
    2: { class_type: "CheckpointLoaderSimple", inputs: { ckpt_name: "simulated.safetensors" } },
    3: { class_type: "VAEDecode", inputs: { samples: ["1", 0], vae: ["2", 2] } },
    4: { class_type: "PreviewImage", inputs: { images: ["3", 0] } },
  };
  const prompt = (scene: IdScene, client_id: string) =>
    scene.call("/prompt", { method: "POST", body: { prompt: graph, client_id } });

  test("is bound once, whoever comes first", async () => {
    const scene = await startIdScene(keep, comfyui);
    for (const client of ["a", "b", "c"]) {
      const answers = await Promise.all(Array.from({ length: 8 }, () => prompt(scene, client)));
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
      expect(new Set(answers.map(({ service }) => service)).size).toBe(1);
    }
    expect(scene.defects).toEqual([]);
  });

  test.each([
    {
      name: "where a request on another thread has just bound it",
      consumer: "app",
      service: "service-1",
      status: 200,
    },
    { name: "nowhere if that was another consumer's", consumer: "other", service: "service-0", status: 404 },
  ])("goes $name", async ({ consumer, service, status }) => {
    const createdMs = Date.now();
    const expiresMs = createdMs + 86_400_000;
    let looks = 0;
    const scene = await startIdScene(keep, {
      ...comfyui,
      api: withFallback,
      throughStore: (store) =>
        Object.assign(Object.create(store) as IdStore, {
          // The other request comes between the look and the binding.
          find: (...asked: Parameters<IdStore["find"]>) => {
            looks += 1;
            return looks === 1 ? undefined : store.find(...asked);
          },
        }),
    });
    const place = { service, key: "", consumer, createdMs, expiresMs };
    scene.store.bind([{ family: "comfyui-client", id: "mine", ...place }]);
    const answer = await prompt(scene, "mine");
    expect(answer).toMatchObject({ status, service: status === 200 ? "service-1" : "" });
    expect(scene.gateway.records.at(-1)?.attempts).toHaveLength(status === 200 ? 1 : 0);
  });

  test("is bound to the fallback when that took the request, and to nobody when nobody did", async () => {
    const bad = await failing();
    const good = keep(await startSimulator({ port: 0 }));
    const scene = await startIdScene(keep, { ...comfyui, urls: [bad.url, good.url], api: withFallback });
    expect(await prompt(scene, "mine")).toMatchObject({ status: 200, service: "service-1" });
    expect(scene.store.find("comfyui-client", "mine", "app")).toMatchObject({ service: "service-1" });
    const alone = await startIdScene(keep, { ...comfyui, urls: [bad.url] });
    expect(await prompt(alone, "mine")).toMatchObject({ status: 500 });
    expect(alone.store.find("comfyui-client", "mine", "app")).toBeUndefined();
  });
});

describe("a store that cannot be written", () => {
  const broken = (): IdStore =>
    Object.assign(createMemoryIdStore(systemClock), {
      bind: () => {
        throw new Error("the disk is full");
      },
    });

  test("fails what makes an id, whole or streamed, before any of it is told; all else is served", async () => {
    const simulator = keep(await startSimulator({ port: 0 }));
    const defects: unknown[] = [];
    const gateway = keep(
      await startGateway(
        {
          services: [
            {
              name: "up",
              provider: "openai",
              protocols: ["openai", "openai-responses"].map((protocol) => ({
                protocol,
                baseUrl: simulator.url,
              })),
              apiKeys: [{ name: "main", value: "provider-key-0123456789" }],
            },
          ],
          modelApis: [
            {
              name: "api",
              useCase: "text-generation",
              protocols: ["openai"],
              routes: { enabled: ["responses"] },
              modelService: { mode: "single", target: { service: "up" } },
            },
          ],
        },
        { ids: broken(), onDefect: (error) => defects.push(error) },
      ),
    );
    const post = async (path: string, body: object) => {
      const answer = await fetch(gateway.url + path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      const json: unknown = await answer.json();
      return { status: answer.status, json };
    };
    for (const stream of [false, true]) {
      const { status, json } = await post("/v1/responses", { model: "m", input: "Hello", stream });
      expect(status).toBe(500);
      expect(textOf(memberOf(json, "error"), "message")).toContain("could not keep the id");
    }
    expect(defects.map(String)).toEqual(["Error: the disk is full", "Error: the disk is full"]);
    const chat = await post("/v1/chat/completions", {
      model: "m",
      messages: [{ role: "user", content: "Hi" }],
    });
    expect(chat.status).toBe(200);
    const kept = { model: "m", messages: [{ role: "user", content: "Hi" }], store: true };
    expect((await post("/v1/chat/completions", kept)).status).toBe(500);
  });
});
