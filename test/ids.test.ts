// Ids that outlive an exchange, over real sockets: tasks, files, batches, jobs, responses and prompts are found where they
// live, by whoever made them and nobody else, also after a restart.
import { describe, expect, test } from "vitest";
import { memberOf, textOf } from "../src/lib/json-value.ts";
import { otherKey, startIdScene, type IdScene } from "./support/id-scene.ts";
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
