// The official client of OpenAI talks to the simulator: responses and videos, which are kept and move on.
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startSimulator } from "../simulator.ts";
import type { Simulator } from "../simulator.ts";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ port: 0 });
});
afterAll(() => simulator.close());

const clientOf = (apiKey = "one"): OpenAI =>
  new OpenAI({ apiKey, baseURL: `${simulator.url}/v1`, maxRetries: 0 });

async function collect<Item>(source: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of source) items.push(item);
  return items;
}

describe("responses", () => {
  const tools = [
    {
      type: "function" as const,
      name: "get_weather",
      strict: false,
      parameters: { type: "object", properties: { city: { type: "string" } } },
    },
  ];

  test("come with the same text and usage plain and streamed, in the vendor's order of events", async () => {
    const request = { model: "m", input: "Hello" };
    const plain = await clientOf().responses.create(request);
    expect(plain).toMatchObject({ object: "response", status: "completed", model: "m" });
    expect(plain.output_text).toContain('You wrote: "Hello"');
    const events = await collect(await clientOf().responses.create({ ...request, stream: true }));
    expect([...new Set(events.map(({ type }) => type))]).toEqual([
      "response.created",
      "response.in_progress",
      "response.output_item.added",
      "response.content_part.added",
      "response.output_text.delta",
      "response.output_text.done",
      "response.content_part.done",
      "response.output_item.done",
      "response.completed",
    ]);
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual([...events.keys()]);
    const streamed = await clientOf().responses.stream(request).finalResponse();
    expect(streamed.output_text).toBe(plain.output_text);
    expect(streamed.usage).toEqual(plain.usage);
  });

  test("call functions, and are cut at the limit", async () => {
    const request = { model: "m", input: "What is the weather?", tools };
    const streamed = await clientOf().responses.stream(request).finalResponse();
    expect(streamed.output[0]).toMatchObject({
      type: "function_call",
      name: "get_weather",
      status: "completed",
    });
    const cut = await clientOf().responses.create({ model: "m", input: "Hello", max_output_tokens: 3 });
    expect(cut).toMatchObject({
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
      usage: { output_tokens: 3 },
    });
  });

  test("are kept: read, continued, listed, deleted", async () => {
    const { responses } = clientOf();
    const first = await responses.create({ model: "m", input: "Hello" });
    expect((await responses.retrieve(first.id)).output_text).toBe(first.output_text);
    expect(await collect(responses.inputItems.list(first.id))).toMatchObject([{ role: "user" }]);
    const next = await responses.create({ model: "m", input: "And?", previous_response_id: first.id });
    expect(next.usage?.input_tokens).toBeGreaterThan(first.usage?.total_tokens ?? Infinity);
    await responses.delete(first.id);
    await expect(responses.retrieve(first.id)).rejects.toThrow(OpenAI.NotFoundError);
    const lost = responses.create({ model: "m", input: "And?", previous_response_id: first.id });
    await expect(lost).rejects.toMatchObject({ status: 400, code: "previous_response_not_found" });
    await expect(responses.cancel(next.id)).rejects.toThrow(OpenAI.BadRequestError);
  });

  test("go on in the background until they are done or cancelled", async () => {
    const { responses } = clientOf();
    const request = { model: "m", input: "Hello", background: true };
    const made = await responses.create(request);
    const states = [made.status];
    for (let look = 0; look < 2; look += 1) states.push((await responses.retrieve(made.id)).status);
    expect(states).toEqual(["queued", "in_progress", "completed"]);
    const other = await responses.create(request);
    expect((await responses.cancel(other.id)).status).toBe("cancelled");
  });
});

test("videos are made, read, remixed and deleted", async () => {
  const { videos } = clientOf("videos");
  const made = await videos.create({ prompt: "a cat", seconds: "8" });
  expect(made).toMatchObject({ status: "queued", seconds: "8", progress: 0 });
  await expect(videos.downloadContent(made.id)).rejects.toThrow(OpenAI.NotFoundError);
  await videos.retrieve(made.id);
  expect(await videos.retrieve(made.id)).toMatchObject({ status: "completed", progress: 100 });
  const content = await videos.downloadContent(made.id);
  expect(content.headers.get("content-type")).toBe("video/mp4");
  expect((await content.arrayBuffer()).byteLength).toBe(65_536);
  const remixed = await videos.remix(made.id, { prompt: "a dog" });
  expect(remixed.remixed_from_video_id).toBe(made.id);
  const failing = await videos.create({ model: "sora-failing", prompt: "a cat" });
  await videos.retrieve(failing.id);
  expect((await videos.retrieve(failing.id)).status).toBe("failed");
  expect(await collect(videos.list())).toHaveLength(3);
  expect(await videos.delete(made.id)).toMatchObject({ deleted: true });
  expect(await collect(videos.list())).toHaveLength(2);
});
