// The official client of OpenAI talks to the simulator: each family beyond text, from creation to deletion.
import { createHash } from "node:crypto";
import { inflateSync } from "node:zlib";
import OpenAI, { toFile } from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keptFileBytes } from "../blob.ts";
import { knobsHeader } from "../knobs.ts";
import { startSimulator } from "../simulator.ts";
import type { Simulator } from "../simulator.ts";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ port: 0 });
});
afterAll(() => simulator.close());

const clientOf = (path = "/v1", headers: Record<string, string> = {}, apiKey = "one"): OpenAI =>
  new OpenAI({
    apiKey,
    adminAPIKey: apiKey,
    baseURL: `${simulator.url}${path}`,
    maxRetries: 0,
    defaultHeaders: headers,
  });

async function collect<Item>(source: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of source) items.push(item);
  return items;
}

/** Reads the pixels of a PNG, and fails when it is none. */
function pixelsOf(base64: string | undefined): Buffer {
  const png = Buffer.from(base64 ?? "", "base64");
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  const at = png.indexOf("IDAT");
  return inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
}

describe("embeddings", () => {
  test("are the same vector of length one as numbers and as base64", async () => {
    const request = { model: "m", input: ["one", "two"] };
    const floats = await clientOf().embeddings.create({ ...request, encoding_format: "float" });
    const decoded = await clientOf().embeddings.create(request);
    const vectors = floats.data.map(({ embedding }) => embedding);
    expect(decoded.data.map(({ embedding }) => [...embedding])).toEqual(vectors);
    expect(vectors.map((vector) => vector.length)).toEqual([1536, 1536]);
    expect(vectors[0]?.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 5);
    expect(vectors[0]).not.toEqual(vectors[1]);
    expect(floats.usage).toEqual({ prompt_tokens: 2, total_tokens: 2 });
  });

  test.each([
    { name: "token numbers", input: [1, 2, 3], count: 1, tokens: 3 },
    { name: "lists of token numbers", input: [[1, 2], [3]], count: 2, tokens: 3 },
  ])("take $name and the number of dimensions", async ({ input, count, tokens }) => {
    const answer = await clientOf().embeddings.create({ model: "m", input, dimensions: 8 });
    expect(answer.data.map(({ embedding }) => embedding.length)).toEqual(
      Array.from({ length: count }, () => 8),
    );
    expect(answer.usage.prompt_tokens).toBe(tokens);
  });
});

describe.each(["/v1", "/api/v1"])("images under %s", (path) => {
  test("come as real PNG bytes or as addresses that can be fetched", async () => {
    const { images } = clientOf(path);
    const request = { model: "dall-e-2", prompt: "a cat", n: 2 };
    const bytes = await images.generate({ ...request, response_format: "b64_json" });
    expect(bytes.data).toHaveLength(2);
    expect(pixelsOf(bytes.data?.[0]?.b64_json)).toHaveLength(16 * 49);
    const urls = await images.generate(request);
    const fetched = await fetch(urls.data?.[0]?.url ?? "");
    expect(fetched.headers.get("content-type")).toBe("image/png");
  });

  test("have usage where the vendor counts it, and grow with the knob for tokens", async () => {
    const { images } = clientOf(path, { [knobsHeader]: '{"outputTokens":1000}' });
    const answer = await images.generate({ model: "gpt-image-1", prompt: "a cat", quality: "low" });
    expect(answer.usage).toMatchObject({ input_tokens: 2, output_tokens: 272, total_tokens: 274 });
    expect(Buffer.from(answer.data?.[0]?.b64_json ?? "", "base64").length).toBeGreaterThan(3000);
  });

  test("are streamed as partial images and a completed one", async () => {
    const stream = await clientOf(path).images.generate({
      model: "gpt-image-1",
      prompt: "a cat",
      stream: true,
      partial_images: 2,
    });
    const events = await collect(stream);
    expect(events.map(({ type }) => type)).toEqual([
      "image_generation.partial_image",
      "image_generation.partial_image",
      "image_generation.completed",
    ]);
    for (const event of events) pixelsOf(event.b64_json);
    expect(events.at(-1)).toMatchObject({ usage: { total_tokens: 1058 } });
  });

  test("are edited and varied from uploads, streamed too", async () => {
    const { images } = clientOf(path);
    const image = await toFile(Buffer.from("no real image"), "in.png", { type: "image/png" });
    const edited = await images.edit({ model: "gpt-image-1", image: [image, image], prompt: "a dog", n: 2 });
    expect(edited.data).toHaveLength(2);
    expect(edited.usage?.input_tokens_details.image_tokens).toBe(388);
    const stream = await images.edit({ model: "gpt-image-1", image, prompt: "a dog", stream: true });
    expect((await collect(stream)).map(({ type }) => type)).toEqual(["image_edit.completed"]);
    expect((await images.createVariation({ image, n: 3 })).data).toHaveLength(3);
  });
});

describe.each(["/v1", "/api/v1"])("speech under %s", (path) => {
  const request = { model: "m", voice: "alloy", input: "Hello there" } as const;

  test.each([
    { format: "mp3" as const, type: "audio/mpeg", start: "moongate simulated" },
    { format: "opus" as const, type: "audio/ogg", start: "moongate simulated" },
    { format: "wav" as const, type: "audio/wav", start: "RIFF" },
  ])("comes as $format", async ({ format, type, start }) => {
    const answer = await clientOf(path).audio.speech.create({ ...request, response_format: format });
    expect(answer.headers.get("content-type")).toBe(type);
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(bytes.subarray(0, start.length).toString()).toBe(start);
    if (format === "wav") expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8);
  });

  test("comes as events with the same bytes and usage", async () => {
    const plain = await clientOf(path).audio.speech.create({ ...request, response_format: "pcm" });
    const answer = await clientOf(path).audio.speech.create({
      ...request,
      response_format: "pcm",
      stream_format: "sse",
    });
    const events = (await answer.text())
      .split("\n\n")
      .filter((text) => text !== "")
      .map((text): Record<string, string> => JSON.parse(text.slice("data: ".length)));
    const audio = events.slice(0, -1).map((event) => Buffer.from(event["audio"] ?? "", "base64"));
    expect(Buffer.concat(audio).equals(Buffer.from(await plain.arrayBuffer()))).toBe(true);
    expect(events.at(-1)).toMatchObject({ type: "speech.audio.done", usage: { input_tokens: 2 } });
  });
});

describe("transcriptions", () => {
  const upload = (): Promise<File> => toFile(Buffer.alloc(32_000), "in.wav");

  test("come as JSON, verbose JSON, text and events", async () => {
    const { transcriptions, translations } = clientOf().audio;
    const plain = await transcriptions.create({ model: "m", file: await upload() });
    expect(plain).toMatchObject({ text: expect.stringContaining("in.wav"), usage: { type: "tokens" } });
    const verbose = await transcriptions.create({
      model: "whisper-1",
      file: await upload(),
      response_format: "verbose_json",
    });
    expect(verbose).toMatchObject({ duration: 2, segments: [{ end: 2 }], usage: { type: "duration" } });
    const text = await transcriptions.create({ model: "m", file: await upload(), response_format: "text" });
    expect(text).toBe(`${plain.text}\n`);
    const stream = await transcriptions.create({ model: "m", file: await upload(), stream: true });
    const events = await collect(stream);
    const deltas = events.map((event) => (event.type === "transcript.text.delta" ? event.delta : ""));
    expect(deltas.join("")).toBe(plain.text);
    expect(events.at(-1)).toMatchObject({ type: "transcript.text.done", text: plain.text });
    expect(await translations.create({ model: "whisper-1", file: await upload() })).toMatchObject({
      text: expect.stringContaining("translation"),
    });
  });
});

describe("files", () => {
  test("are uploaded, listed page by page, read and deleted", async () => {
    const { files } = clientOf("/v1", {}, "files");
    const content = Buffer.from("héllo\n".repeat(100));
    const made = [];
    for (const name of ["a.jsonl", "b.jsonl", "c.jsonl"]) {
      made.push(await files.create({ file: await toFile(content, name), purpose: "batch" }));
    }
    expect(made[0]).toMatchObject({ object: "file", bytes: content.length, filename: "a.jsonl" });
    expect(made[0]).toHaveProperty("sha256", createHash("sha256").update(content).digest("hex"));
    const ids = made.map(({ id }) => id);
    const newest = await collect(files.list({ limit: 2 }));
    expect(newest.map(({ id }) => id)).toEqual(ids.toReversed());
    const oldest = await collect(files.list({ limit: 1, order: "asc" }));
    expect(oldest.map(({ id }) => id)).toEqual(ids);
    expect(await collect(files.list({ purpose: "assistants" }))).toEqual([]);
    const [id = ""] = ids;
    const download = await files.content(id);
    expect(Buffer.from(await download.arrayBuffer()).equals(content)).toBe(true);
    expect(await files.delete(id)).toEqual({ id, object: "file", deleted: true });
    await expect(files.retrieve(id)).rejects.toThrow(OpenAI.NotFoundError);
  });

  test("are counted and hashed beyond what is kept, and read at their full length", async () => {
    const { files } = clientOf("/v1", {}, "large");
    const content = Buffer.alloc(keptFileBytes + 1_000_000, "0123456789");
    const made = await files.create({ file: await toFile(content, "large.bin"), purpose: "user_data" });
    expect(made.bytes).toBe(content.length);
    expect(made).toHaveProperty("sha256", createHash("sha256").update(content).digest("hex"));
    const bytes = Buffer.from(await (await files.content(made.id)).arrayBuffer());
    expect(bytes.length).toBe(content.length);
    expect(bytes.subarray(0, keptFileBytes).equals(content.subarray(0, keptFileBytes))).toBe(true);
  });

  test("are not seen with another key", async () => {
    const made = await clientOf().files.create({
      file: await toFile(Buffer.from("x"), "x"),
      purpose: "batch",
    });
    const other = clientOf("/v1", {}, "two").files;
    await expect(other.retrieve(made.id)).rejects.toThrow(OpenAI.NotFoundError);
    expect(await collect(other.list())).toEqual([]);
  });
});

describe("batches", () => {
  const line = (id: string, body: object): string =>
    JSON.stringify({ custom_id: id, method: "POST", url: "/v1/chat/completions", body });

  test("answer the lines of a file into an output and an error file", async () => {
    const { files, batches } = clientOf("/v1", {}, "batches");
    const good = line("good", { model: "m", messages: [{ role: "user", content: "hi" }] });
    const text = [good, line("bad", { model: "m" }), "no JSON"].join("\n");
    const input = await files.create({ file: await toFile(Buffer.from(text), "in.jsonl"), purpose: "batch" });
    const made = await batches.create({
      input_file_id: input.id,
      endpoint: "/v1/chat/completions",
      completion_window: "24h",
    });
    expect(made.status).toBe("validating");
    expect((await batches.retrieve(made.id)).status).toBe("in_progress");
    const done = await batches.retrieve(made.id);
    expect(done).toMatchObject({
      status: "completed",
      request_counts: { total: 3, completed: 1, failed: 2 },
    });
    expect(done.usage?.total_tokens).toBeGreaterThan(0);
    const rows = async (id: string | undefined): Promise<unknown[]> =>
      (await (await files.content(id ?? "")).text())
        .trim()
        .split("\n")
        .map((row): unknown => JSON.parse(row));
    expect(await rows(done.output_file_id)).toEqual([
      expect.objectContaining({
        custom_id: "good",
        response: expect.objectContaining({
          status_code: 200,
          body: expect.objectContaining({ object: "chat.completion" }),
        }),
      }),
    ]);
    expect(await rows(done.error_file_id)).toMatchObject([
      { custom_id: "bad", response: { status_code: 400 } },
      { custom_id: null, error: { code: "invalid_json_line" } },
    ]);
    expect((await batches.retrieve(made.id)).output_file_id).toBe(done.output_file_id);
    expect((await collect(batches.list())).map(({ id }) => id)).toEqual([made.id]);
  });

  test("are cancelled while they run, and refused without their file", async () => {
    const { files, batches } = clientOf("/v1", {}, "cancelled");
    const input = await files.create({ file: await toFile(Buffer.from("{}"), "in.jsonl"), purpose: "batch" });
    const request = { endpoint: "/v1/embeddings", completion_window: "24h" } as const;
    const made = await batches.create({ ...request, input_file_id: input.id });
    expect((await batches.cancel(made.id)).status).toBe("cancelling");
    expect((await batches.retrieve(made.id)).status).toBe("cancelled");
    await expect(batches.cancel(made.id)).rejects.toThrow(OpenAI.ConflictError);
    await expect(batches.create({ ...request, input_file_id: "none" })).rejects.toThrow(
      OpenAI.BadRequestError,
    );
  });
});

test("fine-tuning makes a model that is listed and can be deleted", async () => {
  const client = clientOf("/v1", {}, "tuning");
  const { jobs } = client.fineTuning;
  const file = await client.files.create({
    file: await toFile(Buffer.from("{}"), "t.jsonl"),
    purpose: "fine-tune",
  });
  const made = await jobs.create({ model: "base", training_file: file.id });
  expect((await jobs.pause(made.id)).status).toBe("paused");
  expect((await jobs.resume(made.id)).status).toBe("validating_files");
  expect((await jobs.retrieve(made.id)).status).toBe("running");
  const done = await jobs.retrieve(made.id);
  const model = done.fine_tuned_model ?? "";
  expect(done).toMatchObject({ status: "succeeded", result_files: [expect.stringMatching(/^file-/)] });
  expect((await collect(jobs.listEvents(made.id))).length).toBeGreaterThan(3);
  expect(await collect(jobs.checkpoints.list(made.id))).toHaveLength(2);
  expect((await collect(jobs.list())).map(({ id }) => id)).toEqual([made.id]);
  const { permissions } = client.fineTuning.checkpoints;
  const given = await collect(permissions.create(model, { project_ids: ["one", "two"] }));
  expect(given.map(({ project_id }) => project_id)).toEqual(["one", "two"]);
  await permissions.delete(given[0]?.id ?? "", { fine_tuned_model_checkpoint: model });
  expect((await collect(permissions.list(model))).map(({ project_id }) => project_id)).toEqual(["two"]);
  expect((await collect(client.models.list())).map(({ id }) => id)).toContain(model);
  expect(await client.models.delete(model)).toMatchObject({ deleted: true });
  await expect(client.models.delete(model)).rejects.toThrow(OpenAI.NotFoundError);
  const stopped = await jobs.create({ model: "base", training_file: file.id });
  expect((await jobs.cancel(stopped.id)).status).toBe("cancelled");
  await expect(jobs.pause(stopped.id)).rejects.toThrow(OpenAI.BadRequestError);
});

test("moderations flag what the words say", async () => {
  const { results } = await clientOf().moderations.create({ input: ["I hate you", "good morning"] });
  expect(results.map(({ flagged, categories }) => [flagged, categories.hate])).toEqual([
    [true, true],
    [false, false],
  ]);
});
