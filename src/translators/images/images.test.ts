// What OpenAI's clients ask of DashScope's image models, and what becomes of every state of a task.
import { describe, expect, test } from "vitest";
import { loadRecordings } from "../../../test/support/recordings.ts";
import type { ModelTraits } from "../../core/model-traits.ts";
import { GatewayError } from "../../core/errors.ts";
import { countOf, memberOf, type JsonObject } from "../../lib/json-value.ts";
import { exchange } from "../single-call-fixture.ts";
import { singleCall } from "../single-call.ts";
import { contextOf } from "../translation-fixture.ts";
import { openaiImageClient, openaiImageEditClient } from "./image-clients.ts";
import { dashscopeImages } from "./image-services.ts";

const make = singleCall(openaiImageClient, dashscopeImages);
const change = singleCall(openaiImageEditClient, dashscopeImages);
const atOnce = { multimodalPath: true };
const picture = "data:image/png;base64,AAAA";

interface RequestRow {
  readonly name: string;
  readonly edit?: boolean;
  readonly traits?: ModelTraits;
  readonly body: JsonObject;
  readonly path: string;
  readonly input: JsonObject;
  readonly parameters: JsonObject;
  readonly warnings?: readonly string[];
}

const text2image = "/services/aigc/text2image/image-synthesis";
const image2image = "/services/aigc/image2image/image-synthesis";
const multimodal = "/services/aigc/multimodal-generation/generation";

const requests: readonly RequestRow[] = [
  {
    name: "a prompt alone",
    body: { prompt: "a cat" },
    path: text2image,
    input: { prompt: "a cat" },
    parameters: {},
  },
  {
    name: "number and size",
    body: { prompt: "a cat", n: 4, size: "1024x768" },
    path: text2image,
    input: { prompt: "a cat" },
    parameters: { n: 4, size: "1024*768" },
  },
  {
    name: "a size that is left to the service",
    body: { prompt: "a cat", size: "auto", quality: "auto", background: "auto", moderation: "auto" },
    path: text2image,
    input: { prompt: "a cat" },
    parameters: {},
  },
  {
    name: "what has no place there is reported",
    body: {
      prompt: "a cat",
      quality: "hd",
      background: "transparent",
      user: "u",
      style: "natural",
      partial_images: 2,
    },
    path: text2image,
    input: { prompt: "a cat" },
    parameters: {},
    warnings: [
      "partial_images;dropped",
      "style;dropped",
      "quality;dropped",
      "background;dropped",
      "user;dropped",
    ],
  },
  {
    name: "fields of DashScope's own",
    body: { prompt: "a cat", negative_prompt: "dogs", seed: 7, watermark: false, style: "<sketch>" },
    path: text2image,
    input: { prompt: "a cat", negative_prompt: "dogs" },
    parameters: { seed: 7, watermark: false, style: "<sketch>" },
  },
  {
    name: "a model that answers at once",
    traits: atOnce,
    body: { prompt: "a cat", size: "1328x1328", negative_prompt: "dogs" },
    path: multimodal,
    input: { messages: [{ role: "user", content: [{ text: "a cat" }] }] },
    parameters: { size: "1328*1328", negative_prompt: "dogs" },
  },
  {
    name: "one image that is to be changed",
    edit: true,
    body: { prompt: "a hat", image: picture, n: "2" },
    path: image2image,
    input: { prompt: "a hat", function: "description_edit", base_image_url: picture },
    parameters: { n: 2 },
  },
  {
    name: "one image for a model that takes a list",
    edit: true,
    traits: { imageList: true },
    body: { prompt: "a hat", image: picture },
    path: image2image,
    input: { prompt: "a hat", images: [picture] },
    parameters: {},
  },
  {
    name: "several images, by URL",
    edit: true,
    body: { prompt: "both", images: [{ image_url: "https://a.example/1.png" }, { image_url: picture }] },
    path: image2image,
    input: { prompt: "both", images: ["https://a.example/1.png", picture] },
    parameters: {},
  },
  {
    name: "a change by a model that answers at once",
    edit: true,
    traits: atOnce,
    body: { prompt: "a hat", image: [picture] },
    path: multimodal,
    input: { messages: [{ role: "user", content: [{ image: picture }, { text: "a hat" }] }] },
    parameters: {},
  },
];

test.each(requests)(
  "is asked for: $name",
  ({ edit, body, path, input, parameters, warnings = [], ...row }) => {
    const { traits = {} } = row;
    const { calls, warnings: said } = exchange(edit === true ? change : make, { body, traits });
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({ path, body: { model: "m", input, parameters } });
    expect(calls[0]?.body).toEqual({ model: "m", input, parameters });
    expect(calls[0]?.headers).toEqual(
      traits.multimodalPath === true ? undefined : ["x-dashscope-async", "enable"],
    );
    expect(calls[0]?.course?.makesTask).toBe(traits.multimodalPath !== true);
    expect(said).toEqual(warnings);
  },
);

test.each([
  ["no prompt", {}, "prompt"],
  ["an empty prompt", { prompt: " " }, "prompt"],
  ["a prompt that is no text", { prompt: 1 }, "prompt"],
  ["no image", { prompt: "a", n: 0 }, "n"],
  ["too many", { prompt: "a", n: 11 }, "n"],
  ["half an image", { prompt: "a", n: 1.5 }, "n"],
  ["a size in words", { prompt: "a", size: "large" }, "size"],
  ["a format that nobody has", { prompt: "a", response_format: "b64" }, "response_format"],
])("is refused by name: %s", (_name, body, param) => {
  expect(refusalOf(() => exchange(make, { body }))).toBe(param);
});

test.each([
  ["no image", { prompt: "a" }, "image"],
  ["a mask, which would mean something else", { prompt: "a", image: picture, mask: picture }, "mask"],
  ["an id of a file", { prompt: "a", images: [{ file_id: "file-1" }] }, "images.0.file_id"],
  [
    "an address that is none",
    { prompt: "a", images: [{ image_url: "file:///etc/passwd" }] },
    "images.0.image_url",
  ],
  ["a file that is no image", { prompt: "a", image: "data:text/plain;base64,AA" }, "image"],
])("a change is refused by name: %s", (_name, body, param) => {
  expect(refusalOf(() => exchange(change, { body }))).toBe(param);
});

test("a stream is refused, as none would come", () => {
  const ask = (): unknown =>
    make({ body: { prompt: "a" }, model: "m", stream: true }, contextOf({ model: "m" }));
  expect(refusalOf(ask)).toBe("stream");
});

function refusalOf(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof GatewayError) return error.param;
    throw error;
  }
  return "nothing was refused";
}

const task = (output: JsonObject, more: JsonObject = {}): JsonObject => ({
  request_id: "r",
  output: { task_id: "t", ...output },
  ...more,
});

describe("what a task says", () => {
  const answerTo = (body: JsonObject, answer: unknown): unknown =>
    exchange(make, { body, answers: [answer] }).answer;

  test.each([
    [
      "all were made",
      task({ task_status: "SUCCEEDED", results: [{ url: "u1" }, { url: "u2" }] }),
      { data: [{ url: "u1" }, { url: "u2" }] },
    ],
    [
      "some were made: the list is shorter",
      task({ task_status: "SUCCEEDED", results: [{ code: "InternalError", message: "no" }, { url: "u2" }] }),
      { data: [{ url: "u2" }] },
    ],
    [
      "none was made",
      task({ task_status: "SUCCEEDED", results: [{ code: "DataInspectionFailed", message: "not that" }] }),
      { status: 400, message: "not that" },
    ],
    [
      "the prompt was made another",
      task({ task_status: "SUCCEEDED", results: [{ url: "u", actual_prompt: "a red cat" }] }),
      { data: [{ url: "u", revised_prompt: "a red cat" }] },
    ],
    [
      "it failed for what was asked",
      task({ task_status: "FAILED", code: "DataInspectionFailed", message: "not that" }),
      { status: 400, message: "not that" },
    ],
    [
      "it failed for the service's own reasons",
      task({ task_status: "FAILED", code: "InternalError.Timeout", message: "late" }),
      { status: 500, message: "late" },
    ],
    [
      "it was called off by somebody else",
      task({ task_status: "CANCELED" }),
      { status: 502, message: expect.stringContaining("CANCELED") },
    ],
    [
      "it is lost",
      task({ task_status: "UNKNOWN" }),
      { status: 502, message: expect.stringContaining("lost") },
    ],
    [
      "an error in its place",
      { code: "Throttling.RateQuota", message: "slow" },
      { status: 429, message: "slow" },
    ],
    ["nothing", {}, { status: 502, message: expect.stringContaining("without any image") }],
    ["a list", [], { status: 502, message: expect.stringContaining("without any image") }],
    [
      "results that are none",
      task({ task_status: "SUCCEEDED", results: [null, 1, "x", {}] }),
      { status: 502 },
    ],
  ])("%s", (_name, answer, expected) => {
    expect(answerTo({ prompt: "a" }, answer)).toMatchObject(expected);
  });

  test("a model that answers at once has its images in a message", () => {
    const content = [{ image: "https://oss.example/a.png" }, { text: "here" }];
    const body = {
      output: { choices: [{ finish_reason: "stop", message: { role: "assistant", content } }] },
    };
    expect(answerTo({ prompt: "a" }, body)).toMatchObject({ data: [{ url: "https://oss.example/a.png" }] });
  });

  test("bytes stand in the place of addresses when they are asked for", () => {
    const media = new Map([["u1", { type: "image/png", base64: "QUJD" }]]);
    const context = { ...contextOf({ model: "m" }), media };
    const translation = make(
      { body: { prompt: "a", response_format: "b64_json" }, model: "m", stream: false },
      context,
    );
    const over = task({ task_status: "SUCCEEDED", results: [{ url: "u1" }, { url: "u1" }] });
    const [call] = translation.calls(new Map());
    expect(call?.course?.standing(over)).toEqual({
      kind: "over",
      failed: false,
      media: [
        { url: "u1", param: "response_format" },
        { url: "u1", param: "response_format" },
      ],
    });
    const answer = translation.answer([JSON.stringify(over)]);
    expect("body" in answer && JSON.parse(answer.body)).toMatchObject({
      data: [{ b64_json: "QUJD" }, { b64_json: "QUJD" }],
    });
  });
});

describe("how a task stands", () => {
  const [call] = exchange(make, { body: { prompt: "a" } }).calls;
  test.each([
    ["PENDING", "waiting"],
    ["RUNNING", "waiting"],
    ["SUSPENDED", "waiting"],
    ["SUCCEEDED", "over"],
    ["FAILED", "over"],
    ["CANCELED", "over"],
    ["UNKNOWN", "over"],
  ])("%s: %s", (status, kind) => {
    expect(call?.course?.standing(task({ task_status: status }))).toMatchObject({ kind });
  });

  test("an id cannot lead to another path", () => {
    const standing = call?.course?.standing({ output: { task_id: "../x?y", task_status: "RUNNING" } });
    expect(standing).toMatchObject({ look: "/tasks/..%2Fx%3Fy", cancel: "/tasks/..%2Fx%3Fy/cancel" });
  });
});

test("recorded tasks are made, waited for and answered as they were", () => {
  const bodies: unknown[] = loadRecordings("dashscope-task").map(({ body }) => JSON.parse(body.toString()));
  const [call] = exchange(make, { body: { prompt: "a" } }).calls;
  const kinds = bodies.map((body) => call?.course?.standing(body).kind);
  expect(kinds.filter((kind) => kind === "waiting").length).toBeGreaterThan(1);
  const made = bodies.find((body) => countOf(memberOf(body, "usage"), "image_count") === 4);
  const { answer } = exchange(make, { body: { prompt: "a" }, answers: [made] });
  expect(answer).toMatchObject({ data: [{}, {}, {}, {}] });
  expect(JSON.stringify(answer).match(/https:\/\/dashscope-result/g)).toHaveLength(4);
});
