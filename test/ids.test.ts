// Ids that outlive an exchange, over real sockets: tasks, files, batches, jobs, responses and prompts are found where they
// live, by whoever made them and nobody else, also after a restart.
import OpenAI, { toFile } from "openai";
import { describe, expect, test } from "vitest";
import { memberOf, textOf } from "../src/lib/json-value.ts";
import { appKey, otherKey, startIdScene, type IdScene } from "./support/id-scene.ts";
import { createKeeper } from "./support/keeper.ts";

const keep = createKeeper();
const dashscopeTasks = "/api/v1/services/aigc/text2image/image-synthesis";
const asynchronous = { "x-dashscope-async": "enable" };

const dashscope = (): Promise<IdScene> =>
  startIdScene(keep, { useCase: "image-generation", protocol: "dashscope", provider: "dashscope" });

async function createTask({ call }: IdScene): Promise<{ id: string; service: string }> {
  const answer = await call(dashscopeTasks, {
    method: "POST",
    headers: asynchronous,
    body: { model: "wanx-v1", input: { prompt: "a moon gate" } },
  });
  expect(answer).toMatchObject({ status: 200 });
  return { id: textOf(memberOf(answer.json, "output"), "task_id") ?? "", service: answer.service };
}

const stateOf = (json: unknown): string => textOf(memberOf(json, "output"), "task_status") ?? "";

/** Runs `work` for so many at a time. */
async function inLanes<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const left = items.values();
  await Promise.all(
    Array.from({ length: 10 }, async () => {
      for (const item of left) await work(item);
    }),
  );
}

describe("DashScope tasks", () => {
  test("500 tasks of two services are polled and cancelled where they are, also after a restart", async () => {
    const scene = await dashscope();
    const tasks: { id: string; service: string }[] = [];
    await inLanes(Array.from({ length: 500 }), async () => {
      tasks.push(await createTask(scene));
    });
    expect(new Set(tasks.map(({ service }) => service)).size).toBe(2);
    const seen = new Set<string>();
    const poll = async (task: { id: string; service: string }): Promise<void> => {
      const answer = await scene.call(`/api/v1/tasks/${task.id}`);
      expect(answer).toMatchObject({ status: 200, service: task.service });
      seen.add(stateOf(answer.json));
    };
    await inLanes(tasks.slice(0, 250), poll);
    await scene.restart();
    await inLanes(tasks.slice(250), poll);
    expect([...seen]).toEqual(["PENDING"]);
    await inLanes(tasks, async (task) => {
      const answer = await scene.call(`/api/v1/tasks/${task.id}/cancel`, { method: "POST" });
      expect(answer).toMatchObject({ status: 200, service: task.service });
    });
    seen.clear();
    await inLanes(tasks, poll);
    expect([...seen]).toEqual(["CANCELED"]);
    expect(scene.defects).toEqual([]);
  });

  test("another consumer's task and one that nobody made get the same 404", async () => {
    const scene = await dashscope();
    const { id } = await createTask(scene);
    const theirs = await scene.call(`/api/v1/tasks/${id}`, { key: otherKey });
    const nobodys = await scene.call("/api/v1/tasks/no-such-task", { key: otherKey });
    expect([theirs, nobodys]).toMatchObject([
      { status: 404, json: { code: "route_not_found" } },
      { status: 404, json: { code: "route_not_found" } },
    ]);
    expect(theirs.text.replace(id, "no-such-task").replace(/"request_id":"[^"]*"/, "")).toBe(
      nobodys.text.replace(/"request_id":"[^"]*"/, ""),
    );
    expect(scene.gateway.records.at(-1)).toMatchObject({ attempts: [], outcome: "client_error" });
  });

  test("the usage of a task is counted once, however often it is polled", async () => {
    const scene = await dashscope();
    const { id } = await createTask(scene);
    for (let poll = 0; poll < 5; poll += 1) await scene.call(`/api/v1/tasks/${id}`);
    const usages = scene.gateway.records.map(({ usage }) => usage?.images ?? null);
    expect(usages.filter((images) => images !== null)).toEqual([1]);
  });
});

const openaiObjects = (): Promise<IdScene> =>
  startIdScene(keep, { useCase: "others", protocol: "openai", provider: "openai" });

const clientOf = ({ gateway }: IdScene, apiKey = appKey): OpenAI =>
  new OpenAI({ apiKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });

const line = (id: number): string =>
  `${JSON.stringify({
    custom_id: `line-${id}`,
    method: "POST",
    url: "/v1/chat/completions",
    body: { model: "m", messages: [{ role: "user", content: "Hello" }] },
  })}\n`;

async function upload(client: OpenAI, name: string, purpose: "batch" | "fine-tune"): Promise<string> {
  const content = purpose === "batch" ? line(1) + line(2) : '{"messages":[]}\n';
  const file = await client.files.create({ file: await toFile(Buffer.from(content), name), purpose });
  return file.id;
}

describe("OpenAI files, batches and jobs of two services with two keys each, by the official client", () => {
  test("defect 14: files are read, and deleted, where they are, also after a restart", async () => {
    const scene = await openaiObjects();
    let client = clientOf(scene);
    const ids: string[] = [];
    for (let index = 0; index < 12; index += 1) ids.push(await upload(client, `${index}.jsonl`, "batch"));
    const places = scene.gateway.records.map(({ attempts }) => `${attempts[0]?.service} ${attempts[0]?.key}`);
    expect(new Set(places).size).toBe(4);
    await scene.restart();
    client = clientOf(scene);
    for (const [index, id] of ids.entries()) {
      expect(await client.files.retrieve(id)).toMatchObject({ id, filename: `${index}.jsonl` });
      expect(await (await client.files.content(id)).text()).toBe(line(1) + line(2));
    }
    const [first = ""] = ids;
    await expect(clientOf(scene, otherKey).files.retrieve(first)).rejects.toMatchObject({ status: 404 });
    await expect(clientOf(scene, otherKey).files.delete(first)).rejects.toMatchObject({ status: 404 });
    expect(await client.files.delete(first)).toMatchObject({ deleted: true });
    await expect(client.files.retrieve(first)).rejects.toMatchObject({
      status: 404,
      error: { code: "route_not_found" },
    });
    expect(scene.defects).toEqual([]);
  });

  test("defect 14: a batch goes where its file is, and what it writes is the consumer's", async () => {
    const scene = await openaiObjects();
    const client = clientOf(scene);
    for (let count = 0; count < 4; count += 1) {
      const input_file_id = await upload(client, "batch.jsonl", "batch");
      let batch = await client.batches.create({
        input_file_id,
        endpoint: "/v1/chat/completions",
        completion_window: "24h",
      });
      for (let look = 0; look < 3; look += 1) batch = await client.batches.retrieve(batch.id);
      expect(batch.status).toBe("completed");
      const output = batch.output_file_id ?? "";
      expect(await (await client.files.content(output)).text()).toContain("line-2");
      const other = clientOf(scene, otherKey);
      await expect(other.batches.retrieve(batch.id)).rejects.toMatchObject({ status: 404 });
      await expect(other.files.content(output)).rejects.toMatchObject({ status: 404 });
      await expect(
        other.batches.create({ input_file_id, endpoint: "/v1/chat/completions", completion_window: "24h" }),
      ).rejects.toMatchObject({ status: 404 });
    }
    const counted = scene.gateway.records.filter(({ route, usage }) => route === "batches" && usage !== null);
    expect(counted).toHaveLength(4);
    expect(scene.defects).toEqual([]);
  });

  test("a fine-tuning job goes where its file is; its results and its model are the consumer's", async () => {
    const scene = await openaiObjects();
    const client = clientOf(scene);
    for (let count = 0; count < 4; count += 1) {
      const training_file = await upload(client, "train.jsonl", "fine-tune");
      let job = await client.fineTuning.jobs.create({ model: "m", training_file });
      for (let look = 0; look < 3; look += 1) job = await client.fineTuning.jobs.retrieve(job.id);
      expect(job.status).toBe("succeeded");
      const [result = ""] = job.result_files;
      expect((await client.files.content(result)).status).toBe(200);
      const checkpoints = await client.fineTuning.jobs.checkpoints.list(job.id);
      expect(checkpoints.data).not.toEqual([]);
      const other = clientOf(scene, otherKey);
      await expect(other.fineTuning.jobs.retrieve(job.id)).rejects.toMatchObject({ status: 404 });
      await expect(other.fineTuning.jobs.listEvents(job.id)).rejects.toMatchObject({ status: 404 });
      expect(scene.store.find("openai-model", job.fine_tuned_model ?? "", "app")).toMatchObject({
        consumer: "app",
      });
    }
    expect(scene.defects).toEqual([]);
  });
});

describe("responses", () => {
  const responses = (): Promise<IdScene> =>
    startIdScene(keep, {
      useCase: "text-generation",
      protocol: "openai",
      serviceProtocols: ["openai", "openai-responses"],
      provider: "openai",
      api: { routes: { enabled: ["responses"] } },
    });

  test("one follows another where that is, streamed or whole, and is the consumer's alone", async () => {
    const scene = await responses();
    const client = clientOf(scene);
    const firsts: string[] = [];
    for (let count = 0; count < 4; count += 1) {
      const first = await client.responses.create({ model: "m", input: "Hello" });
      firsts.push(first.id);
      const events = await client.responses.create({
        model: "m",
        input: "And then?",
        previous_response_id: first.id,
        stream: true,
      });
      let last = "";
      for await (const event of events) if (event.type === "response.completed") last = event.response.id;
      expect(last).not.toBe("");
      expect((await client.responses.retrieve(last)).previous_response_id).toBe(first.id);
      const other = clientOf(scene, otherKey);
      await expect(other.responses.retrieve(last)).rejects.toMatchObject({ status: 404 });
      await expect(
        other.responses.create({ model: "m", input: "Mine?", previous_response_id: last }),
      ).rejects.toMatchObject({ status: 404, error: { code: "route_not_found" } });
    }
    const counted = scene.gateway.records.filter(({ usage }) => usage !== null);
    expect(counted.map(({ method }) => method)).toEqual(Array.from({ length: 8 }, () => "POST"));
    const [first = ""] = firsts;
    await client.responses.delete(first);
    await expect(client.responses.retrieve(first)).rejects.toMatchObject({ status: 404 });
    expect(scene.defects).toEqual([]);
  });
});
