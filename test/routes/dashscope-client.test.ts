// DashScope's own requests through the gateway, with consumers' keys before two services: tasks from creation to the end.
import { afterAll, beforeAll, expect, test } from "vitest";
import { consumerKeys, startClientScene, type ClientApi, type ClientScene } from "../support/client-scene.ts";

let scene: ClientScene;
beforeAll(async () => {
  scene = await startClientScene();
});
afterAll(async () => {
  await scene.close();
  expect(scene.defects).toEqual([]);
});

type Consumer = keyof typeof consumerKeys;

interface Told {
  readonly output?: {
    readonly task_id?: string;
    readonly task_status?: string;
    readonly results?: readonly object[];
  };
  readonly usage?: object;
  readonly data?: readonly { readonly task_id: string }[];
  readonly code?: string;
}

async function ask(
  consumer: Consumer,
  api: ClientApi,
  path: string,
  body?: object | "",
): Promise<{ status: number; told: Told; requestId: string | undefined }> {
  const answer = await fetch(scene.url(api) + path, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      authorization: `Bearer ${consumerKeys[consumer]}`,
      "x-dashscope-async": "enable",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined || body === "" ? {} : { body: JSON.stringify(body) }),
  });
  // What is not in the shape fails the test.
  const told = (await answer.json()) as Told;
  return { status: answer.status, told, requestId: answer.headers.get("x-request-id") ?? undefined };
}

const create = { model: "wanx", input: { prompt: "a cat" }, parameters: { n: 2 } };
const path = "/api/v1/services/aigc/text2image/image-synthesis";

test("a task is polled to its end where it lives, and counted once", async () => {
  for (let round = 0; round < 6; round += 1) {
    const made = await ask("one", "tasks", path, create);
    expect([made.status, made.told.output?.task_status]).toEqual([200, "PENDING"]);
    const id = made.told.output?.task_id ?? "";
    const foreign = await ask("two", "tasks", `/api/v1/tasks/${id}`);
    expect([foreign.status, typeof foreign.told.code]).toEqual([404, "string"]);
    const states: (string | undefined)[] = [];
    const images: (number | undefined)[] = [];
    for (let look = 0; look < 5; look += 1) {
      const { told, requestId } = await ask("one", "tasks", `/api/v1/tasks/${id}`);
      states.push(told.output?.task_status);
      images.push((await scene.gateway.record(requestId)).usage?.images);
    }
    expect(states).toEqual(["PENDING", "RUNNING", "SUCCEEDED", "SUCCEEDED", "SUCCEEDED"]);
    expect(images).toEqual([undefined, undefined, 2, undefined, undefined]);
  }
  const listed = await ask("one", "tasks", "/api/v1/tasks/?page_size=4");
  expect(listed.told.data).toHaveLength(4);
  expect((await ask("two", "tasks", "/api/v1/tasks/")).told.data).toEqual([]);
});

test("a task is cancelled by its owner only", async () => {
  for (let round = 0; round < 4; round += 1) {
    const id = (await ask("one", "tasks", path, create)).told.output?.task_id ?? "";
    expect((await ask("two", "tasks", `/api/v1/tasks/${id}/cancel`, "")).status).toBe(404);
    expect((await ask("one", "tasks", `/api/v1/tasks/${id}/cancel`, "")).status).toBe(200);
    const { told } = await ask("one", "tasks", `/api/v1/tasks/${id}`);
    expect(told.output?.task_status).toBe("CANCELED");
  }
  expect((await ask("one", "tasks", "/api/v1/tasks/no-such-task")).status).toBe(404);
});

test("text is generated whole and in events", async () => {
  const body = { model: "qwen", input: { messages: [{ role: "user", content: "Hello" }] } };
  const whole = await ask("one", "native", "/api/v1/services/aigc/text-generation/generation", body);
  expect(whole.told).toMatchObject({ output: expect.any(Object), usage: expect.any(Object) });
  const answer = await fetch(`${scene.url("native")}/api/v1/services/aigc/text-generation/generation`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${consumerKeys.one}`,
      "content-type": "application/json",
      "x-dashscope-sse": "enable",
    },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  expect(answer.headers.get("content-type")).toMatch(/^text\/event-stream/);
  expect(text).toMatch(/^id:1\nevent:result/);
  const record = await scene.gateway.record(answer.headers.get("x-request-id") ?? undefined);
  expect(record).toMatchObject({ stream: true, outcome: "ok", usage: { outputTokens: expect.any(Number) } });
});
