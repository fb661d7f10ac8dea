// OpenAI's own library through the gateway, with a consumer's key, before two services: every family beyond chat.
import OpenAI, { toFile } from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  collect,
  consumerKeys,
  startClientScene,
  type ClientApi,
  type ClientScene,
} from "../support/client-scene.ts";

let scene: ClientScene;
beforeAll(async () => {
  scene = await startClientScene();
});
afterAll(async () => {
  await scene.close();
  expect(scene.defects).toEqual([]);
});

function clientOf(api: ClientApi, consumer: keyof typeof consumerKeys = "one", path = "/v1"): OpenAI {
  const apiKey = consumerKeys[consumer];
  return new OpenAI({ apiKey, adminAPIKey: apiKey, baseURL: scene.url(api) + path, maxRetries: 0 });
}

const isPng = (base64: string | undefined): boolean =>
  Buffer.from(base64 ?? "", "base64")
    .subarray(1, 4)
    .toString() === "PNG";
const fileOf = (content: string | Buffer, name = "in.jsonl"): Promise<File> =>
  toFile(Buffer.from(content), name);

describe.each(["/v1", "/api/v1"])("images under %s", (path) => {
  test("are generated, plain and streamed", async () => {
    const { images } = clientOf("images", "one", path);
    const request = { model: "gpt-image-1", prompt: "a cat" };
    const plain = await images.generate({ ...request, n: 2 });
    expect(plain.data?.map(({ b64_json }) => isPng(b64_json))).toEqual([true, true]);
    const events = await collect(await images.generate({ ...request, stream: true, partial_images: 2 }));
    expect(events.map(({ type }) => type)).toEqual([
      "image_generation.partial_image",
      "image_generation.partial_image",
      "image_generation.completed",
    ]);
    for (const { b64_json } of events) expect(isPng(b64_json)).toBe(true);
  });

  test("are edited and varied from uploads", async () => {
    const { images } = clientOf("images", "one", path);
    const image = await toFile(Buffer.alloc(100_000, "no real image"), "in.png", { type: "image/png" });
    const edited = await images.edit({ model: "gpt-image-1", image: [image, image], prompt: "a dog", n: 2 });
    expect(edited.data).toHaveLength(2);
    expect(edited.usage?.input_tokens_details.image_tokens).toBe(388);
    const stream = await images.edit({ model: "gpt-image-1", image, prompt: "a dog", stream: true });
    expect((await collect(stream)).map(({ type }) => type)).toEqual(["image_edit.completed"]);
    expect((await images.createVariation({ image, n: 3 })).data).toHaveLength(3);
  });
});

test.each(["/v1", "/api/v1"])(
  "speech under %s comes as bytes and as events with the same bytes",
  async (path) => {
    const { speech } = clientOf("speech", "one", path).audio;
    const request = { model: "m", voice: "alloy", input: "Hello there", response_format: "pcm" } as const;
    const plain = await speech.create(request);
    expect(plain.headers.get("content-type")).toBe("audio/pcm");
    const answer = await speech.create({ ...request, stream_format: "sse" });
    const events = (await answer.text())
      .split("\n\n")
      .filter((text) => text !== "")
      .map((text): Record<string, string> => JSON.parse(text.slice("data: ".length)));
    const audio = events.slice(0, -1).map((event) => Buffer.from(event["audio"] ?? "", "base64"));
    expect(Buffer.concat(audio).equals(Buffer.from(await plain.arrayBuffer()))).toBe(true);
  },
);

test("transcriptions and translations come in every format", async () => {
  const { transcriptions, translations } = clientOf("speech").audio;
  const file = await toFile(Buffer.alloc(32_000), "in.wav");
  const plain = await transcriptions.create({ model: "m", file });
  expect(plain.text).toContain("in.wav");
  const verbose = await transcriptions.create({ model: "m", file, response_format: "verbose_json" });
  expect(verbose).toMatchObject({ duration: 2, text: plain.text });
  const text = await transcriptions.create({ model: "m", file, response_format: "text" });
  expect(text).toBe(`${plain.text}\n`);
  const events = await collect(await transcriptions.create({ model: "m", file, stream: true }));
  expect(events.at(-1)).toMatchObject({ type: "transcript.text.done", text: plain.text });
  expect((await translations.create({ model: "m", file })).text).toContain("translation");
});

test("embeddings are the same as base64, which is the library's default, and as numbers", async () => {
  const { embeddings } = clientOf("embeddings");
  const request = { model: "m", input: ["one", "two"], dimensions: 64 };
  const floats = await embeddings.create({ ...request, encoding_format: "float" });
  const decoded = await embeddings.create(request);
  const vectors = floats.data.map(({ embedding }) => embedding);
  expect(vectors.map((vector) => vector.length)).toEqual([64, 64]);
  expect(decoded.data.map(({ embedding }) => [...embedding])).toEqual(vectors);
});

test("moderations flag what the words say", async () => {
  const { results } = await clientOf("others").moderations.create({ input: ["I hate you", "good morning"] });
  expect(results.map(({ flagged }) => flagged)).toEqual([true, false]);
});

describe("files", () => {
  test("of both services are uploaded, listed page by page, read and deleted", async () => {
    const { files } = clientOf("others");
    const made = [];
    for (let count = 0; count < 6; count += 1) {
      made.push(await files.create({ file: await fileOf(`content ${count}`), purpose: "batch" }));
    }
    const ids = made.map(({ id }) => id);
    expect((await collect(files.list({ limit: 2 }))).map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    for (const [count, id] of ids.entries()) {
      expect(await (await files.content(id)).text()).toBe(`content ${count}`);
      expect((await files.retrieve(id)).bytes).toBe(9);
    }
    await expect(clientOf("others", "two").files.retrieve(ids[0] ?? "")).rejects.toThrow(
      OpenAI.NotFoundError,
    );
    await expect(clientOf("others", "two").files.delete(ids[0] ?? "")).rejects.toThrow(OpenAI.NotFoundError);
    expect(await collect(clientOf("others", "two").files.list())).toEqual([]);
    for (const id of ids) expect(await files.delete(id)).toEqual({ id, object: "file", deleted: true });
    await expect(files.retrieve(ids[0] ?? "")).rejects.toThrow(OpenAI.NotFoundError);
    expect(await collect(files.list())).toEqual([]);
  });
});

const line = JSON.stringify({
  custom_id: "good",
  method: "POST",
  url: "/v1/chat/completions",
  body: { model: "m", messages: [{ role: "user", content: "hi" }] },
});

test("batches go where their file is, and their results are the consumer's", async () => {
  const { files, batches } = clientOf("others");
  for (let round = 0; round < 3; round += 1) {
    const input = await files.create({ file: await fileOf(line), purpose: "batch" });
    const request = { endpoint: "/v1/chat/completions", completion_window: "24h" } as const;
    const made = await batches.create({ ...request, input_file_id: input.id });
    const foreign = clientOf("others", "two").batches;
    await expect(foreign.create({ ...request, input_file_id: input.id })).rejects.toThrow(
      OpenAI.NotFoundError,
    );
    await expect(foreign.cancel(made.id)).rejects.toThrow(OpenAI.NotFoundError);
    await batches.retrieve(made.id);
    const done = await batches.retrieve(made.id);
    expect(done).toMatchObject({ status: "completed", request_counts: { total: 1, completed: 1 } });
    const output = await files.content(done.output_file_id ?? "");
    expect(await output.text()).toContain('"custom_id":"good"');
    await expect(clientOf("others", "two").files.content(done.output_file_id ?? "")).rejects.toThrow(
      OpenAI.NotFoundError,
    );
    const other = await batches.create({ ...request, input_file_id: input.id });
    expect((await batches.cancel(other.id)).status).toBe("cancelling");
  }
  expect(await collect(batches.list({ limit: 2 }))).toHaveLength(6);
  expect(await collect(clientOf("others", "two").batches.list())).toEqual([]);
});

test("fine-tuning goes where its file is, and is told, stopped and listed", async () => {
  const client = clientOf("others");
  const { jobs } = client.fineTuning;
  for (let round = 0; round < 2; round += 1) {
    const file = await client.files.create({ file: await fileOf("{}"), purpose: "fine-tune" });
    const made = await jobs.create({ model: "base", training_file: file.id });
    expect((await jobs.pause(made.id)).status).toBe("paused");
    expect((await jobs.resume(made.id)).status).toBe("validating_files");
    await jobs.retrieve(made.id);
    expect((await jobs.retrieve(made.id)).status).toBe("succeeded");
    expect((await collect(jobs.listEvents(made.id))).length).toBeGreaterThan(3);
    expect(await collect(jobs.checkpoints.list(made.id))).toHaveLength(2);
    const stopped = await jobs.create({ model: "base", training_file: file.id });
    expect((await jobs.cancel(stopped.id)).status).toBe("cancelled");
    await expect(clientOf("others", "two").fineTuning.jobs.retrieve(made.id)).rejects.toThrow(
      OpenAI.NotFoundError,
    );
  }
  expect(await collect(jobs.list())).toHaveLength(4);
});

describe("responses", () => {
  const request = { model: "m", input: "Hello" };

  test("come with the same text plain and streamed", async () => {
    const { responses } = clientOf("text");
    const plain = await responses.create(request);
    const streamed = await responses.stream(request).finalResponse();
    expect([streamed.output_text, streamed.usage]).toEqual([plain.output_text, plain.usage]);
  });

  test("are kept where they were made: read, continued, cancelled, deleted", async () => {
    const { responses } = clientOf("text");
    for (let round = 0; round < 3; round += 1) {
      const first = await responses.create(request);
      expect((await responses.retrieve(first.id)).output_text).toBe(first.output_text);
      expect(await collect(responses.inputItems.list(first.id))).toMatchObject([{ role: "user" }]);
      const streamed = await responses.stream({ ...request, previous_response_id: first.id }).finalResponse();
      expect(streamed.usage?.input_tokens).toBeGreaterThan(first.usage?.total_tokens ?? Infinity);
      const next = await responses.create({ ...request, previous_response_id: streamed.id });
      expect(next.usage?.input_tokens).toBeGreaterThan(streamed.usage?.total_tokens ?? Infinity);
      const foreign = clientOf("text", "two").responses;
      await expect(foreign.retrieve(first.id)).rejects.toThrow(OpenAI.NotFoundError);
      await expect(foreign.create({ ...request, previous_response_id: first.id })).rejects.toThrow(
        OpenAI.NotFoundError,
      );
      const background = await responses.create({ ...request, background: true });
      expect((await responses.cancel(background.id)).status).toBe("cancelled");
      await responses.delete(first.id);
      await expect(responses.retrieve(first.id)).rejects.toThrow(OpenAI.NotFoundError);
    }
  });
});

test("videos are made, read, remixed, listed and deleted", async () => {
  const { videos } = clientOf("videos");
  for (let round = 0; round < 2; round += 1) {
    const made = await videos.create({ prompt: "a cat", seconds: "8" });
    await videos.retrieve(made.id);
    expect(await videos.retrieve(made.id)).toMatchObject({ status: "completed", progress: 100 });
    const content = await videos.downloadContent(made.id);
    expect(content.headers.get("content-type")).toBe("video/mp4");
    expect((await content.arrayBuffer()).byteLength).toBe(65_536);
    expect((await videos.remix(made.id, { prompt: "a dog" })).remixed_from_video_id).toBe(made.id);
    await expect(clientOf("videos", "two").videos.retrieve(made.id)).rejects.toThrow(OpenAI.NotFoundError);
    expect(await videos.delete(made.id)).toMatchObject({ deleted: true });
  }
  expect(await collect(videos.list())).toHaveLength(2);
});
