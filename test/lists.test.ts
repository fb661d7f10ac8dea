// Lists of several services as one, over real sockets: the consumer's own objects, page by page.
import OpenAI, { toFile } from "openai";
import { describe, expect, test } from "vitest";
import { listOf, memberOf, textOf } from "../src/lib/json-value.ts";
import { startSimulator } from "../src/simulator/simulator.ts";
import { appKey, otherKey, startIdScene, type IdScene, type SceneOptions } from "./support/id-scene.ts";
import { createKeeper } from "./support/keeper.ts";
import { startRawUpstream } from "./support/raw-upstream.ts";

const keep = createKeeper();
const openai: SceneOptions = { useCase: "others", protocol: "openai", provider: "openai" };

const clientOf = ({ gateway }: IdScene, apiKey = appKey): OpenAI =>
  new OpenAI({ apiKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });

async function upload(client: OpenAI, purpose: "batch" | "fine-tune" = "batch"): Promise<string> {
  const file = await client.files.create({ file: await toFile(Buffer.from("{}\n"), "f.jsonl"), purpose });
  return file.id;
}

async function all<Item>(pages: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of pages) items.push(item);
  return items;
}

const sorted = (ids: readonly string[]): string[] => ids.toSorted((a, b) => a.localeCompare(b));
const idsOf = (items: readonly { readonly id: string }[]): string[] => items.map(({ id }) => id);

describe("a list of files", () => {
  test("holds the consumer's own of all services and keys, each once, whatever the size of a page", async () => {
    const scene = await startIdScene(keep, openai);
    const mine: string[] = [];
    const theirs: string[] = [];
    for (let count = 0; count < 24; count += 1) mine.push(await upload(clientOf(scene)));
    for (let count = 0; count < 5; count += 1) theirs.push(await upload(clientOf(scene, otherKey)));
    for (const limit of [1, 5, 24, 100]) {
      const listed = idsOf(await all(clientOf(scene).files.list({ limit })));
      expect(sorted(listed)).toEqual(sorted(mine));
    }
    const ascending = await all(clientOf(scene).files.list({ limit: 7, order: "asc" }));
    const times = ascending.map(({ created_at }) => created_at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(sorted(idsOf(ascending))).toEqual(sorted(mine));
    expect(sorted(idsOf(await all(clientOf(scene, otherKey).files.list())))).toEqual(sorted(theirs));
    expect(scene.defects).toEqual([]);
  });

  test("is filtered as the services filter, and a cursor may name what was just deleted", async () => {
    const scene = await startIdScene(keep, openai);
    const client = clientOf(scene);
    for (let count = 0; count < 6; count += 1) await upload(client, count % 2 === 0 ? "batch" : "fine-tune");
    const tuning = await all(client.files.list({ purpose: "fine-tune", limit: 2 }));
    expect(tuning.map(({ purpose }) => purpose)).toEqual(["fine-tune", "fine-tune", "fine-tune"]);
    const page = await client.files.list({ limit: 3 });
    const before = idsOf(await all(client.files.list()));
    const [, , last = ""] = idsOf(page.data);
    await client.files.delete(last);
    expect(idsOf((await page.getNextPage()).data)).toEqual(before.slice(3));
  });

  test("asks nobody for a consumer that has nothing, and refuses what makes no sense", async () => {
    const scene = await startIdScene(keep, openai);
    expect(await scene.call("/v1/files")).toMatchObject({
      status: 200,
      json: { object: "list", data: [], has_more: false },
    });
    const refused = await scene.call("/v1/files?limit=many");
    expect(refused).toMatchObject({ status: 400, json: { error: { param: "limit" } } });
    const strange = await scene.call("/v1/files?after=file-of-nobody");
    expect(strange).toMatchObject({ status: 400, json: { error: { param: "after" } } });
    expect(scene.gateway.records.map(({ attempts }) => attempts)).toEqual([[], [], []]);
  });

  test("is an error as long as one of its services does not answer, and says which in the record", async () => {
    const good = keep(await startSimulator({ port: 0 }));
    const bad = keep(await startRawUpstream({ onRequest: ({ connection }) => connection.socket.destroy() }));
    const scene = await startIdScene(keep, { ...openai, urls: [good.url, bad.url] });
    const createdMs = Date.now();
    const place = { key: "first", consumer: "app", createdMs, expiresMs: createdMs + 86_400_000 };
    scene.store.bind([
      { family: "openai-file", id: "file-a", service: "service-0", ...place },
      { family: "openai-file", id: "file-b", service: "service-1", ...place },
    ]);
    const answer = await scene.call("/v1/files");
    expect(answer).toMatchObject({ status: 502, json: { error: { code: "upstream_error" } } });
    const attempts = scene.gateway.records.at(-1)?.attempts ?? [];
    expect(attempts.some(({ service, outcome }) => service === "service-1" && outcome !== "ok")).toBe(true);
  });

  test("of the one service of a Model API without authentication passes as it is", async () => {
    const simulator = keep(await startSimulator({ port: 0 }));
    const scene = await startIdScene(keep, {
      ...openai,
      urls: [simulator.url],
      api: { auth: { enabled: false } },
      service: { apiKeys: [{ name: "only", value: "provider-only-0123456789" }] },
    });
    const directly = new OpenAI({ apiKey: "provider-only-0123456789", baseURL: `${simulator.url}/v1` });
    const id = await upload(directly);
    expect(idsOf(await all(clientOf(scene).files.list()))).toEqual([id]);
    expect(await clientOf(scene).files.retrieve(id)).toMatchObject({ id });
  });
});

describe("other lists", () => {
  test("batches and jobs by the official client", async () => {
    const scene = await startIdScene(keep, openai);
    const client = clientOf(scene);
    const batches: string[] = [];
    const jobs: string[] = [];
    for (let count = 0; count < 8; count += 1) {
      const input_file_id = await upload(client);
      const endpoint = "/v1/chat/completions" as const;
      const batch = await client.batches.create({ input_file_id, endpoint, completion_window: "24h" });
      batches.push(batch.id);
      jobs.push((await client.fineTuning.jobs.create({ model: "m", training_file: input_file_id })).id);
    }
    expect(sorted(idsOf(await all(client.batches.list({ limit: 3 }))))).toEqual(sorted(batches));
    expect(sorted(idsOf(await all(client.fineTuning.jobs.list({ limit: 3 }))))).toEqual(sorted(jobs));
    expect(await all(clientOf(scene, otherKey).batches.list())).toEqual([]);
    expect(await all(clientOf(scene, otherKey).fineTuning.jobs.list())).toEqual([]);
  });

  test("DashScope tasks, page by page, with their count", async () => {
    const scene = await startIdScene(keep, {
      useCase: "image-generation",
      protocol: "dashscope",
      provider: "dashscope",
    });
    const mine: string[] = [];
    const create = async (key: string): Promise<string> => {
      const answer = await scene.call("/api/v1/services/aigc/text2image/image-synthesis", {
        method: "POST",
        key,
        headers: { "x-dashscope-async": "enable" },
        body: { model: "wanx-v1", input: { prompt: "a moon gate" } },
      });
      return textOf(memberOf(answer.json, "output"), "task_id") ?? "";
    };
    for (let count = 0; count < 15; count += 1) mine.push(await create(appKey));
    await create(otherKey);
    const listed: string[] = [];
    for (let page = 1; page <= 4; page += 1) {
      const { json } = await scene.call(`/api/v1/tasks/?page_no=${page}&page_size=4`);
      expect(json).toMatchObject({ total: 15, total_page: 4, page_no: page, page_size: 4 });
      listed.push(...listOf(json, "data").map((row) => textOf(row, "task_id") ?? ""));
    }
    expect(sorted(listed)).toEqual(sorted(mine));
  });
});
