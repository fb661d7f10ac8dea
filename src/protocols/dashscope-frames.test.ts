import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { noTokens } from "../core/usage.ts";
import { readServiceFrame, spokenUsage, taskFailedFrame } from "./dashscope-event-frames.ts";
import { readClientFrame, rewriteFrameModel } from "./dashscope-frames.ts";

interface RecordedFrame {
  readonly dir: "c2s" | "s2c";
  readonly type: "text" | "binary";
  readonly json?: unknown;
}

const folder = join(import.meta.dirname, "..", "..", "test", "fixtures", "dashscope-ws");
// Our own data: its shape is fixed by the README beside it.
const recorded = JSON.parse(readFileSync(join(folder, "cnb.speech-synthesizer.success.json"), "utf8")) as {
  frames: readonly RecordedFrame[];
};
const textFrames = (dir: RecordedFrame["dir"]): Buffer[] =>
  recorded.frames
    .filter((frame) => frame.dir === dir && frame.type === "text")
    .map(({ json }) => Buffer.from(JSON.stringify(json)));

const task = "439e0616-2f5b-44e0-8872-0002a066a49c";

describe("the recorded exchange", () => {
  test("of the client names task, model and characters", () => {
    expect(textFrames("c2s").map(readClientFrame)).toMatchObject([
      { action: "run-task", taskId: task, model: "cosyvoice-v1", characters: 0 },
      { action: "continue-task", taskId: task, model: undefined, characters: 6 },
      { action: "finish-task", taskId: task, model: undefined, characters: 0 },
    ]);
  });

  test("of the service names events and usage", () => {
    expect(textFrames("s2c").map((frame) => readServiceFrame(frame))).toEqual([
      { event: "task-started", taskId: task, usage: undefined, error: undefined },
      { event: "result-generated", taskId: task, usage: undefined, error: undefined },
      { event: "result-generated", taskId: task, usage: undefined, error: undefined },
      { event: "task-finished", taskId: task, usage: { ...noTokens, characters: 12 }, error: undefined },
    ]);
  });
});

describe("the model of a frame", () => {
  const header = (action: string): string => `{"action":"${action}","task_id":"t"}`;
  test.each([
    [
      "is replaced in run-task",
      `{ "header":${header("run-task")},"payload":{"x":[1.0], "model" : "a" ,"input":{}} }`,
      `{ "header":${header("run-task")},"payload":{"x":[1.0], "model" : "b" ,"input":{}} }`,
    ],
    [
      "is replaced in continue-task",
      `{"payload":{"model":"a"},"header":${header("continue-task")}}`,
      `{"payload":{"model":"b"},"header":${header("continue-task")}}`,
    ],
    [
      "is put into run-task",
      `{"header":${header("run-task")},"payload":{"input":{}}}`,
      `{"header":${header("run-task")},"payload":{"model":"b","input":{}}}`,
    ],
    [
      "is put into an empty payload",
      `{"header":${header("run-task")},"payload": { }}`,
      `{"header":${header("run-task")},"payload": {"model":"b" }}`,
    ],
    [
      "is put into a frame without payload",
      `{"header":${header("run-task")}}`,
      `{"payload":{"model":"b"},"header":${header("run-task")}}`,
    ],
    [
      "is not put into continue-task",
      `{"header":${header("continue-task")},"payload":{}}`,
      `{"header":${header("continue-task")},"payload":{}}`,
    ],
    [
      "stays in finish-task",
      `{"header":${header("finish-task")},"payload":{"input":{"model":"a"}}}`,
      `{"header":${header("finish-task")},"payload":{"input":{"model":"a"}}}`,
    ],
  ])("%s", (_, before, after) => {
    const frame = Buffer.from(before);
    expect(rewriteFrameModel(frame, readClientFrame(frame), "b").toString()).toBe(after);
  });

  test("stays in place, the very same bytes, when it is the wanted one", () => {
    const frame = Buffer.from(`{"header":${header("run-task")},"payload":{"model":"\\u0062"}}`);
    expect(rewriteFrameModel(frame, readClientFrame(frame), "b")).toBe(frame);
  });

  test("is the only thing that changes in any frame", () => {
    const payload = fc.dictionary(
      fc.constantFrom("model", "input", "task", "x"),
      fc.jsonValue({ maxDepth: 3 }),
    );
    fc.assert(
      fc.property(payload, fc.string(), fc.constantFrom(0, 1), (members, model, indent) => {
        const body = { ...members, model: "a", input: { text: "é🎉" } };
        const frame = Buffer.from(
          JSON.stringify({ header: { action: "run-task", task_id: "t" }, payload: body }, null, indent),
        );
        const read = readClientFrame(frame);
        expect(read).toMatchObject({ model: "a", characters: 2 });
        const changed = rewriteFrameModel(frame, read, model).toString();
        expect(changed).toBe(
          JSON.stringify(
            { header: { action: "run-task", task_id: "t" }, payload: { ...body, model } },
            null,
            indent,
          ),
        );
      }),
    );
  });
});

test.each([
  ["no JSON", "run", "The frame must be one JSON object."],
  ["an array", "[]", "The frame must be one JSON object."],
  ["no header", "{}", "The frame has no `header`."],
  ["a header that is no object", '{"header":1}', "`header` must be one JSON object."],
  ["no action", '{"header":{}}', "`header.action` must be one of run-task, continue-task, finish-task."],
  [
    "an unknown action",
    '{"header":{"action":"x"}}',
    "`header.action` must be one of run-task, continue-task, finish-task.",
  ],
  ["two headers", '{"header":{},"header":{}}', "`header` occurs twice in the frame."],
  [
    "two models",
    '{"header":{"action":"run-task"},"payload":{"model":"a","mod\\u0065l":"b"}}',
    "`payload.model` occurs twice in the frame.",
  ],
  [
    "a model that is no text",
    '{"header":{"action":"run-task"},"payload":{"model":null}}',
    "`payload.model` must be a string.",
  ],
  [
    "a payload that is no object",
    '{"header":{"action":"run-task"},"payload":[]}',
    "`payload` must be one JSON object.",
  ],
])("a client's frame with %s is refused", (_, frame, message) => {
  expect(() => readClientFrame(Buffer.from(frame))).toThrow(message);
});

test("a client's frame that is no UTF-8 is refused", () => {
  expect(() => readClientFrame(Buffer.from([0x7b, 0xff, 0x7d]))).toThrow("not valid UTF-8");
});

describe("a failed task", () => {
  test("is understood", () => {
    const frame =
      '{"header":{"task_id":"t","event":"task-failed","error_code":"Throttling.RateQuota","error_message":"slow"},"payload":{}}';
    expect(readServiceFrame(Buffer.from(frame))).toMatchObject({
      event: "task-failed",
      taskId: "t",
      error: { status: 429, message: "slow" },
    });
  });

  test("is told to the client with our code, and we understand it too", () => {
    const frame = taskFailedFrame("t", "upstream_error", 'it "broke"');
    expect(JSON.parse(frame)).toEqual({
      header: {
        task_id: "t",
        event: "task-failed",
        error_code: "upstream_error",
        error_message: 'it "broke"',
        attributes: {},
      },
      payload: {},
    });
    expect(readServiceFrame(Buffer.from(frame))).toMatchObject({ error: { message: 'it "broke"' } });
  });
});

test.each(["", "x", "[]", '{"payload":{}}'])("a service's frame %s is not understood", (frame) => {
  expect(readServiceFrame(Buffer.from(frame))).toBeUndefined();
});

test("a task that did not live to tell has spoken what it was sent", () => {
  expect(spokenUsage(0)).toBeUndefined();
  expect(spokenUsage(6)).toEqual({ ...noTokens, characters: 6, estimated: true });
});
