// Images for OpenAI's clients by a service that makes them as tasks: made once, looked at with the key that made them, called
// off when nobody waits, and every way in which that can fail.
import OpenAI, { toFile } from "openai";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { TestDocument } from "./support/configuration.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import {
  json,
  picture,
  startImageService,
  state,
  type ImageService,
  type Said,
} from "./support/image-service.ts";
import { exchange, RawClient, type Answer } from "./support/raw-client.ts";
import { startRawUpstream, type RawUpstream } from "./support/raw-upstream.ts";

let service: ImageService;
let other: RawUpstream;
let gateway: Gateway;

const keys = ["sk-first-canary-0001", "sk-second-canary-0002"];

function documentAt(url: string, otherUrl: string): TestDocument {
  const api = (name: string, fields: object = {}): TestDocument["modelApis"][number] => ({
    name,
    useCase: "image-generation",
    protocols: ["openai"],
    basePath: `/${name}`,
    stripBasePath: true,
    images: { pollSeconds: 0.1, deadlineSeconds: 600 },
    modelService: { mode: "single", target: { service: "tasks" } },
    retries: { max: 2, on: ["network-error", "timeout", "upstream-5xx", "error-in-200"] },
    ...fields,
  });
  const fallback = {
    fallback: {
      targets: [{ service: "plain" }],
      on: ["network-error", "timeout", "upstream-5xx", "error-in-200", "upstream-credentials"],
    },
  };
  return {
    services: [
      {
        name: "tasks",
        provider: "openai-compatible",
        protocols: [{ protocol: "dashscope", baseUrl: url }],
        apiKeys: keys.map((value, index) => ({ name: `key-${index}`, value })),
      },
      { name: "usual", provider: "dashscope", baseUrl: url, apiKeys: [{ name: "main", value: keys[0] }] },
      {
        name: "plain",
        provider: "openai-compatible",
        protocols: [{ protocol: "openai", baseUrl: otherUrl }],
        apiKeys: [{ name: "main", value: keys[0] }],
      },
    ],
    modelApis: [
      api("images"),
      api("hasty", { images: { pollSeconds: 0.1, deadlineSeconds: 1 }, ...fallback }),
      api("safe", fallback),
      api("usual", { modelService: { mode: "single", target: { service: "usual" } } }),
      api("strict", { translation: { strict: true } }),
    ],
  };
}

beforeAll(async () => {
  service = await startImageService();
  other = await startRawUpstream({
    onRequest: ({ connection }) => {
      const body = JSON.stringify({ created: 1, data: [{ url: "https://plain.example/a.png" }] });
      connection.socket.write(
        `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
    },
  });
});

// A gateway of its own for each: what it learns of a service that fails is none of the next test's.
beforeEach(async () => {
  gateway = await startGateway(documentAt(service.url, other.url), { fetchNetworks: "private" });
});

afterEach(() => gateway.close());

afterAll(async () => {
  await service.close();
  await other.close();
});

const clientOf = (api: string): OpenAI =>
  new OpenAI({ apiKey: "k", baseURL: `${gateway.url}/${api}/v1`, maxRetries: 0 });

const ask = (api: string, body: object): Promise<Answer> =>
  exchange(gateway.port, {
    path: `/${api}/v1/images/generations`,
    body: JSON.stringify({ model: "wanx", prompt: "a cat", ...body }),
  });

const pictures = (count: number): { url: string }[] =>
  Array.from({ length: count }, (_, index) => ({ url: `${service.url}/made-${index}.png` }));

const done = (count: number): Said =>
  json({
    request_id: "r",
    output: { task_id: "task-1", task_status: "SUCCEEDED", results: pictures(count) },
    usage: { image_count: count },
  });

describe("OpenAI's library gets images", () => {
  test("of a service that has OpenAI's protocol without its images, as the catalogue knows", async () => {
    service.plan({ looks: [done(1)] });
    const { data } = await clientOf("usual").images.generate({ model: "wanx", prompt: "a cat" });
    expect(data).toEqual(pictures(1));
    expect(service.created.map(({ path }) => path)).toEqual([
      "/api/v1/services/aigc/text2image/image-synthesis",
    ]);
  });

  test("by their addresses, after as many looks as it takes", async () => {
    service.plan({ looks: [state("PENDING"), state("RUNNING"), done(2)] });
    const { data } = await clientOf("images").images.generate({
      model: "wanx",
      prompt: "a cat",
      n: 2,
      size: "1024x1024",
    });
    expect(data).toEqual(pictures(2));
    expect(service.created).toHaveLength(1);
    const [created] = service.created;
    expect(created?.path).toBe("/api/v1/services/aigc/text2image/image-synthesis");
    expect(created?.header("x-dashscope-async")).toBe("enable");
    expect(JSON.parse(created?.body.toString() ?? "")).toEqual({
      model: "wanx",
      input: { prompt: "a cat" },
      parameters: { size: "1024*1024", n: 2 },
    });
    expect(service.looks.map(({ path }) => path)).toEqual(
      Array.from({ length: 3 }, () => "/api/v1/tasks/task-1"),
    );
    const key = created?.header("authorization");
    expect(service.looks.map((look) => look.header("authorization"))).toEqual([key, key, key]);
    expect(service.cancelled).toEqual([]);
    expect(await gateway.recordWhere(({ api }) => api === "images")).toMatchObject({
      outcome: "ok",
      usage: { images: 2 },
      attempts: [{ service: "tasks", status: 200, protocol: "dashscope" }],
    });
  });

  test("as bytes, which the gateway fetches", async () => {
    service.plan({ looks: [done(2)] });
    const { data } = await clientOf("images").images.generate({
      model: "wanx",
      prompt: "a cat",
      response_format: "b64_json",
    });
    const base64 = picture.toString("base64");
    expect(data).toEqual([{ b64_json: base64 }, { b64_json: base64 }]);
    const fetched = service.upstream.requests.filter(({ path }) => path.endsWith(".png"));
    expect(fetched.every((request) => request.header("authorization") === undefined)).toBe(true);
  });

  test("as bytes that are larger than what is judged whole, and are counted all the same", async () => {
    const large = Buffer.alloc(3 * 1024 * 1024, "picture");
    service.keep(large);
    service.plan({ looks: [done(2)] });
    const { data } = await clientOf("images").images.generate({
      model: "wanx",
      prompt: "a cat",
      n: 2,
      response_format: "b64_json",
    });
    service.keep(picture);
    expect(data?.map(({ b64_json = "" }) => Buffer.from(b64_json, "base64").equals(large))).toEqual([
      true,
      true,
    ]);
    expect(await gateway.recordWhere(() => true)).toMatchObject({ outcome: "ok", usage: { images: 2 } });
  });

  test("that were changed, from a form with a file", async () => {
    service.plan({ looks: [done(1)] });
    const image = await toFile(picture, "cat.png", { type: "image/png" });
    const { data } = await clientOf("images").images.edit({ model: "wanx", prompt: "a hat", image, n: 1 });
    expect(data).toEqual(pictures(1));
    expect(service.created.map(({ path }) => path)).toEqual([
      "/api/v1/services/aigc/image2image/image-synthesis",
    ]);
    expect(JSON.parse(service.created[0]?.body.toString() ?? "")).toEqual({
      model: "wanx",
      input: {
        prompt: "a hat",
        function: "description_edit",
        base_image_url: `data:image/png;base64,${picture.toString("base64")}`,
      },
      parameters: { n: 1 },
    });
  });

  test("at once from a service that makes no task of it", async () => {
    const content = [{ image: `${service.url}/made-0.png` }];
    const body = {
      output: { choices: [{ finish_reason: "stop", message: { role: "assistant", content } }] },
    };
    service.plan({ create: json(body) });
    const { data } = await clientOf("images").images.generate({ model: "wanx", prompt: "a cat" });
    expect(data).toEqual(pictures(1));
    expect(service.looks).toEqual([]);
  });
});

describe("what goes wrong", () => {
  test.each([
    ["a look that fails is made again", [json({ code: "x" }, 500), "reset", json({}, 429)] as const],
    ["a look that says nothing sensible is made again", [{ body: "<html>" }] as const],
  ])("%s", async (_name, looks) => {
    service.plan({ looks: [...looks, done(1)] });
    const answer = await ask("images", {});
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({ data: pictures(1) });
    expect(service.created).toHaveLength(1);
  });

  test.each([
    [
      "refused for what was asked",
      state("FAILED", { code: "DataInspectionFailed", message: "not that" }),
      400,
      "not that",
    ],
    ["failed at the service", state("FAILED", { code: "InternalError", message: "sorry" }), 500, "sorry"],
    ["lost", state("UNKNOWN"), 502, "lost"],
    ["not for this key", json({ code: "InvalidApiKey", message: "bad key" }, 401), 502, ""],
    ["not known any more", json({ code: "ModelNotFound", message: "gone" }, 404), 404, "gone"],
  ])("a task that is %s", async (_name, look, status, words) => {
    service.plan({ looks: [look] });
    const answer = await ask("strict", {});
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.json())).toContain(words);
    expect(answer.text()).not.toContain("canary");
    const made = /FAILED/.test(String(look.body)) ? 3 : 1;
    // Only what made nothing may be made once more.
    expect(service.created.length).toBeLessThanOrEqual(made);
  });

  test("a task that made nothing leaves the work to the fallback", async () => {
    service.plan({ looks: [state("FAILED", { code: "InternalError", message: "sorry" })] });
    const answer = await ask("safe", {});
    expect(answer.json()).toMatchObject({ data: [{ url: "https://plain.example/a.png" }] });
    expect(answer.header("x-moongate-fallback-from")).toBe("tasks");
  });

  test.each([
    ["is lost", state("UNKNOWN")],
    ["may not be looked at with its key any more", json({ code: "InvalidApiKey", message: "bad" }, 401)],
  ])("a task that %s is not made anew, neither here nor elsewhere", async (_name, look) => {
    service.plan({ looks: [look] });
    const answer = await ask("safe", {});
    expect(answer.status).toBe(502);
    expect(service.created).toHaveLength(1);
    expect(answer.header("x-moongate-fallback-from")).toBeUndefined();
  });

  test("a request to make one is not sent twice when nobody knows what became of it", async () => {
    service.plan({ create: "silence" });
    const answering = ask("safe", {});
    await service.until(() => service.created.length === 1);
    service.created[0]?.connection.socket.resetAndDestroy();
    const answer = await answering;
    expect(answer.status).toBe(502);
    expect(service.created).toHaveLength(1);
  });

  test("one that is refused goes to the fallback", async () => {
    service.plan({ create: json({ code: "InternalError", message: "no" }, 500) });
    const answer = await ask("safe", {});
    expect(answer.json()).toMatchObject({ data: [{ url: "https://plain.example/a.png" }] });
    expect(service.looks).toEqual([]);
  });

  test("a refusal is told in the client's protocol", async () => {
    service.plan({ create: json({ code: "InvalidParameter", message: "size is wrong" }, 400) });
    const answer = await ask("images", {});
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ error: { message: "size is wrong", code: "InvalidParameter" } });
  });

  test("a task that is not over in time is called off with its key, and made nowhere else", async () => {
    service.plan({ looks: [state("RUNNING")] });
    const answer = await ask("hasty", {});
    expect(answer.status).toBe(504);
    expect(answer.json()).toMatchObject({ error: { code: "upstream_timeout" } });
    await service.until(() => service.cancelled.length === 1);
    expect(service.cancelled[0]?.path).toBe("/api/v1/tasks/task-1/cancel");
    expect(service.cancelled[0]?.method).toBe("POST");
    expect(service.cancelled[0]?.header("authorization")).toBe(service.created[0]?.header("authorization"));
    expect(service.created).toHaveLength(1);
  });

  test("a client that leaves has its task called off with its key, and nobody looks at it again", async () => {
    service.plan({ looks: [state("RUNNING")] });
    const client = await RawClient.connect(gateway.port);
    client.send(
      gateway.bytes({
        path: "/images/v1/images/generations",
        body: JSON.stringify({ model: "wanx", prompt: "left" }),
      }),
    );
    await service.until(() => service.looks.length > 0);
    client.destroy();
    await service.until(() => service.cancelled.length === 1);
    expect(service.cancelled[0]?.header("authorization")).toBe(service.created[0]?.header("authorization"));
    const record = await gateway.recordWhere(({ outcome }) => outcome === "client_closed");
    expect(record).toMatchObject({ status: 499, api: "images" });
    expect(service.cancelled).toHaveLength(1);
  });

  test("pictures that cannot be fetched are an error of the service, without their address", async () => {
    const results = [{ url: "http://127.0.0.1:1/secret-path.png" }];
    service.plan({ looks: [state("SUCCEEDED", { results })] });
    const answer = await ask("safe", { response_format: "b64_json" });
    expect(answer.status).toBe(502);
    expect(answer.text()).not.toContain("secret-path");
    expect(service.created).toHaveLength(1);
  });

  test("what cannot be said is reported, and refused by name where that is wanted", async () => {
    service.plan({ looks: [done(1)] });
    const answer = await ask("images", { quality: "hd" });
    expect(answer.header("x-moongate-warnings")).toBe("quality;dropped");
    const refused = await ask("strict", { quality: "hd" });
    expect(refused.json()).toMatchObject({ error: { code: "invalid_request", param: "quality" } });
    const streamed = await ask("images", { stream: true });
    expect(streamed.json()).toMatchObject({ error: { code: "invalid_request", param: "stream" } });
  });
});
