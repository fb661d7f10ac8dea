// The official client of Anthropic talks to the simulator: batches and files.
import Anthropic, { toFile } from "@anthropic-ai/sdk";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startSimulator } from "../simulator.ts";
import type { Simulator } from "../simulator.ts";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ port: 0 });
});
afterAll(() => simulator.close());

const clientOf = (apiKey: string): Anthropic =>
  new Anthropic({ apiKey, baseURL: simulator.url, maxRetries: 0 });

async function collect<Item>(source: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of source) items.push(item);
  return items;
}

const params = { model: "m", max_tokens: 50, messages: [{ role: "user" as const, content: "Hello" }] };

test("a batch answers every request, and its results are read and deleted with it", async () => {
  const { batches } = clientOf("one").messages;
  const made = await batches.create({
    requests: [
      { custom_id: "good", params },
      { custom_id: "bad", params: { ...params, messages: [] } },
    ],
  });
  expect(made).toMatchObject({ processing_status: "in_progress", request_counts: { processing: 2 } });
  await expect(batches.delete(made.id)).rejects.toThrow(Anthropic.BadRequestError);
  await batches.retrieve(made.id);
  expect(await batches.retrieve(made.id)).toMatchObject({
    processing_status: "ended",
    request_counts: { processing: 0, succeeded: 1, errored: 1 },
  });
  const results = await collect(await batches.results(made.id));
  expect(results).toMatchObject([
    { custom_id: "good", result: { type: "succeeded", message: { role: "assistant", type: "message" } } },
    { custom_id: "bad", result: { type: "errored", error: { error: { type: "invalid_request_error" } } } },
  ]);
  expect(await collect(batches.list())).toHaveLength(1);
  expect(await batches.delete(made.id)).toMatchObject({ type: "message_batch_deleted" });
  await expect(batches.retrieve(made.id)).rejects.toThrow(Anthropic.NotFoundError);
});

test("a batch that is cancelled ends with its requests canceled", async () => {
  const { batches } = clientOf("two").messages;
  const made = await batches.create({ requests: [{ custom_id: "a", params }] });
  expect((await batches.cancel(made.id)).processing_status).toBe("canceling");
  expect((await batches.retrieve(made.id)).processing_status).toBe("canceling");
  expect(await batches.retrieve(made.id)).toMatchObject({
    processing_status: "ended",
    request_counts: { canceled: 1 },
  });
  expect(await collect(await batches.results(made.id))).toEqual([
    { custom_id: "a", result: { type: "canceled" } },
  ]);
});

test("files are uploaded, listed page by page in both directions, read and deleted", async () => {
  const { files } = clientOf("one").beta;
  const made = [];
  for (const name of ["a.csv", "b.csv", "c.csv"]) {
    made.push(await files.upload({ file: await toFile(Buffer.from("a,b\n"), name, { type: "text/csv" }) }));
  }
  const ids = made.map(({ id }) => id);
  expect(made[0]).toMatchObject({ filename: "a.csv", mime_type: "text/csv", size_bytes: 4 });
  expect((await collect(files.list({ limit: 2 }))).map(({ id }) => id)).toEqual(ids.toReversed());
  const before = await fetch(`${simulator.url}/v1/files?limit=1&before_id=${ids[0]}`, {
    headers: { "x-api-key": "one", "anthropic-version": "2023-06-01" },
  });
  expect(await before.json()).toMatchObject({ data: [{ id: ids[1] }], has_more: true });
  const [id = ""] = ids;
  expect(await (await files.download(id)).text()).toBe("a,b\n");
  await expect(clientOf("two").beta.files.retrieveMetadata(id)).rejects.toThrow(Anthropic.NotFoundError);
  await files.delete(id);
  await expect(files.retrieveMetadata(id)).rejects.toThrow(Anthropic.NotFoundError);
});
