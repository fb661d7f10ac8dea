// Anthropic's own library through the gateway, with a consumer's key, before two services: batches and files.
import Anthropic, { toFile } from "@anthropic-ai/sdk";
import { afterAll, beforeAll, expect, test } from "vitest";
import { collect, consumerKeys, startClientScene, type ClientScene } from "../support/client-scene.ts";

let scene: ClientScene;
beforeAll(async () => {
  scene = await startClientScene();
});
afterAll(async () => {
  await scene.close();
  expect(scene.defects).toEqual([]);
});

function clientOf(consumer: keyof typeof consumerKeys = "one"): Anthropic {
  // The consumer's key stands where clients of this protocol send it.
  return new Anthropic({ apiKey: consumerKeys[consumer], baseURL: scene.url("claude"), maxRetries: 0 });
}

const params = { model: "m", max_tokens: 50, messages: [{ role: "user" as const, content: "Hello" }] };

test("messages and their tokens", async () => {
  const { messages } = clientOf();
  const plain = await messages.create(params);
  const streamed = await messages.stream(params).finalMessage();
  expect(streamed.content).toEqual(plain.content);
  const { input_tokens } = await messages.countTokens({ model: "m", messages: params.messages });
  expect(input_tokens).toBe(plain.usage.input_tokens);
});

test("batches are made, read, listed, cancelled and deleted where they live", async () => {
  const { batches } = clientOf().messages;
  const foreign = clientOf("two").messages.batches;
  const ids: string[] = [];
  for (let round = 0; round < 4; round += 1) {
    const made = await batches.create({ requests: [{ custom_id: `round-${round}`, params }] });
    ids.push(made.id);
    await expect(foreign.retrieve(made.id)).rejects.toThrow(Anthropic.NotFoundError);
    await expect(foreign.cancel(made.id)).rejects.toThrow(Anthropic.NotFoundError);
    if (round === 3) expect((await batches.cancel(made.id)).processing_status).toBe("canceling");
    await batches.retrieve(made.id);
    expect((await batches.retrieve(made.id)).processing_status).toBe("ended");
    // The library's own way follows an address of the service, which is not the gateway's.
    const results = await clientOf().get(`/v1/messages/batches/${made.id}/results`).asResponse();
    expect(JSON.parse(await results.text())).toMatchObject({
      custom_id: `round-${round}`,
      result: { type: round === 3 ? "canceled" : "succeeded" },
    });
  }
  const listed = await collect(batches.list({ limit: 3 }));
  expect(listed.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  expect(await collect(foreign.list())).toEqual([]);
  for (const id of ids) expect(await batches.delete(id)).toMatchObject({ type: "message_batch_deleted" });
  await expect(batches.retrieve(ids[0] ?? "")).rejects.toThrow(Anthropic.NotFoundError);
});

test("files are uploaded, listed page by page, read and deleted where they live", async () => {
  const { files } = clientOf().beta;
  const foreign = clientOf("two").beta.files;
  const ids: string[] = [];
  for (const name of ["a.csv", "b.csv", "c.csv", "d.csv"]) {
    const made = await files.upload({ file: await toFile(Buffer.from(name), name, { type: "text/csv" }) });
    expect(made).toMatchObject({ filename: name, mime_type: "text/csv", size_bytes: 5 });
    ids.push(made.id);
  }
  expect((await collect(files.list({ limit: 3 }))).map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  expect(await collect(foreign.list())).toEqual([]);
  for (const [index, id] of ids.entries()) {
    expect(await (await files.download(id)).text()).toBe(["a.csv", "b.csv", "c.csv", "d.csv"][index]);
    await expect(foreign.retrieveMetadata(id)).rejects.toThrow(Anthropic.NotFoundError);
    await files.delete(id);
    await expect(files.retrieveMetadata(id)).rejects.toThrow(Anthropic.NotFoundError);
  }
});
