// What the panel makes of runs and records: conversation, sentence, rows, figures, requests, tasks.
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import type { AttemptRecord, ExchangeRecord } from "../../../../src/control/routes/console-answers.ts";
import { createTranslate } from "../../i18n/messages.ts";
import { addPieces, emptyAnswer, estimateTokens } from "./answer.ts";
import { chatRequest, clashes } from "./chat-request.ts";
import { messagesWith, withoutLast } from "./conversation-state.ts";
import { panelMessages } from "./panel-messages.ts";
import { rawRows } from "./raw-rows.ts";
import { requestForms } from "./request-forms.ts";
import { pastRun } from "./run.ts";
import { factsOf, speakerOf } from "./run-facts.ts";
import { newView, type RunView } from "./run-view.ts";
import { percentile, seriesFigures } from "./series.ts";
import { defaultSettings } from "./settings.ts";
import { traceSentence, whyFailed } from "./trace-sentence.ts";
import { taskOf, taskRequest } from "./use-cases/task.ts";
import { caseRequest, isComplete } from "./use-cases/use-case-request.ts";
import { cosine, norm, vectorsOf } from "./use-cases/vectors.ts";
import { withRecord } from "./use-replay.ts";

const request = { method: "POST", path: "/v1/chat/completions", headers: {} };

function viewOf(text: string, fields: Partial<RunView> = {}): RunView {
  const answer = addPieces(emptyAnswer, [{ kind: "text", text }]);
  return { ...newView("id", "api", 0, request), phase: "done", status: 200, answer, ...fields };
}

const attempt: AttemptRecord = {
  service: "qwen",
  model: "m",
  key: "",
  startedAt: "2026-01-01T00:00:00.000Z",
  status: 0,
  outcome: "timeout",
  reason: "first-packet-timeout",
  detail: "",
  ttftMs: null,
  durationMs: 3000,
  nextAction: "fallback",
};
// Only the fields that are read.
const record = {
  time: "2026-01-01T00:00:00.000Z",
  status: 200,
  upstreamStatus: 200,
  errorCode: "",
  durationMs: 4000,
  attempts: [attempt, { ...attempt, service: "claude", outcome: "ok", reason: "", status: 200, ttftMs: 100 }],
  usage: null,
} as unknown as ExchangeRecord;

type Shape = Parameters<typeof requestForms>[0];
const textApi: Shape = {
  useCase: "text-generation",
  protocols: ["openai", "anthropic"],
  basePath: "/support",
  routes: { disabled: [], enabled: [], custom: [] },
};
const formsOf = (api: Partial<Shape>) => requestForms({ ...textApi, ...api });

describe("a conversation", () => {
  const turn = (id: string, text: string, view: RunView) => ({ id, text, run: pastRun(view) });
  const turns = [turn("1", "one", viewOf("first")), turn("2", "two", viewOf("", { status: 500 }))];
  it("sends what was answered, and not what failed", () => {
    expect(messagesWith(turns, "three")).toEqual([
      { role: "user", text: "one" },
      { role: "assistant", text: "first" },
      { role: "user", text: "three" },
    ]);
  });
  it("takes its last turn back", () => {
    expect(withoutLast(turns)).toEqual({ turns: [turns[0]], text: "two" });
    expect(withoutLast([])).toEqual({ turns: [], text: "" });
  });
});

describe("requests", () => {
  it("are offered by the routes of the Model API, below its base path", () => {
    expect(formsOf({}).map(({ path, kind }) => [path, kind])).toEqual([
      ["/support/v1/chat/completions", "chat"],
      ["/support/v1/completions", "chat"],
      ["/support/v1/messages", "chat"],
      ["", "json"],
    ]);
    const disabled = formsOf({ routes: { disabled: ["create-chat-completion"], enabled: [], custom: [] } });
    expect(disabled[0]?.path).toBe("/support/v1/completions");
  });
  it("take custom parameters last, and tell which of them replace something", () => {
    const [form] = formsOf({});
    if (form === undefined) throw new Error("no form");
    const custom = [
      { id: "1", key: "temperature", type: "number", value: "0.1" },
      { id: "2", key: "seed", type: "number", value: "7" },
    ] as const;
    const settings = { ...defaultSettings, model: "m", custom };
    expect(chatRequest(form, settings, []).body).toMatchObject({ temperature: 0.1, seed: 7 });
    expect([...clashes(form, settings)]).toEqual(["temperature"]);
  });
  it("of a rerank have one document a line", () => {
    const [form] = formsOf({ useCase: "rerank", protocols: ["vllm"], basePath: "/" });
    if (form === undefined) throw new Error("no form");
    const inputs = { query: "q", documents: "a\n\n b \n" };
    expect(caseRequest(form, { ...defaultSettings, model: "m" }, inputs)).toMatchObject({
      path: "/v1/rerank",
      body: { model: "m", query: "q", documents: ["a", "b"] },
    });
    expect(isComplete(form, inputs)).toBe(true);
    expect(isComplete(form, { query: "q" })).toBe(false);
  });
  it("of any route are not sent with an open part or a body that is no object", () => {
    const form = formsOf({}).at(-1);
    if (form === undefined) throw new Error("no form");
    expect(isComplete(form, { path: "/history/{prompt_id}" })).toBe(false);
    expect(isComplete(form, { path: "/prompt", method: "POST", body: "[1]" })).toBe(false);
    expect(isComplete(form, { path: "/prompt", method: "POST", body: "{}" })).toBe(true);
  });
  it("are taken over from a record", () => {
    const forms = formsOf({});
    const taken = withRecord(
      defaultSettings,
      { protocol: "anthropic", path: "/support/v1/messages", requestedModel: "claude", stream: false },
      forms,
    );
    expect(taken).toMatchObject({ form: forms[2]?.id, model: "claude", stream: false });
  });
});

describe("a run", () => {
  it.each([
    [{ record: null, headers: [] }, "gateway"],
    [
      { status: 500, record: { ...record, status: 500, upstreamStatus: 500, errorCode: "upstream_error" } },
      "upstream",
    ],
    [{ status: 401, record: { ...record, status: 401, upstreamStatus: 0, attempts: [] } }, "client"],
    [{ status: 504, record: { ...record, status: 504, upstreamStatus: 0 } }, "gateway"],
  ] as const)("%j was answered by the %s", (fields, speaker) => {
    expect(speakerOf(viewOf("", fields as Partial<RunView>))).toBe(speaker);
  });
  it("is estimated only where nobody counted", () => {
    expect(factsOf(viewOf("four words of text"))).toMatchObject({ isEstimated: true, outputTokens: 5 });
    const counted = addPieces(emptyAnswer, [{ kind: "usage", usage: { output: 9 } }]);
    expect(factsOf(viewOf("", { answer: counted }))).toMatchObject({ isEstimated: false, outputTokens: 9 });
    expect(estimateTokens("退款")).toBe(2);
  });
  it("shows its attempts, then its frames, with a mark before the first data", () => {
    const frame = { offsetMs: 1, event: "", data: "{}", raw: "data: {}\n\n", bytes: 10 };
    const view = viewOf("", { record, frames: [frame, { ...frame, raw: "data: moon\n\n" }], firstFrame: 1 });
    expect(rawRows(view, "").map(({ key }) => key)).toEqual([
      "attempt 0",
      "attempt 1",
      "frame 0",
      "first",
      "frame 1",
    ]);
    expect(rawRows(view, "MOON").map(({ key }) => key)).toEqual([
      "attempt 0",
      "attempt 1",
      "first",
      "frame 1",
    ]);
  });
  it("says why an attempt failed, in both languages", () => {
    expect(whyFailed(createTranslate(panelMessages, "en"), attempt)).toBe("had no first packet in 3,000 ms");
    expect(whyFailed(createTranslate(panelMessages, "zh"), attempt)).toBe("在 3,000 ms 内没有首包");
  });
});

describe("the sentence of a trace", () => {
  const english = createTranslate(panelMessages, "en");
  const told = (fields: Partial<ExchangeRecord>): string =>
    renderToStaticMarkup(traceSentence(english, { ...record, ...fields })).replaceAll(/<\/?b[^>]*>/gu, "");
  const ok = { ...attempt, service: "claude", outcome: "ok", reason: "", status: 200 } as const;
  it.each([
    [{ attempts: [ok] }, "claude answered on the first attempt."],
    [{}, "Attempt 1 of 2 had no first packet in 3,000 ms (qwen). claude answered on attempt 2."],
    [
      { status: 504, attempts: [attempt] },
      "Attempt 1 of 1 had no first packet in 3,000 ms (qwen). No target was left.",
    ],
    [
      {
        status: 400,
        attempts: [{ ...attempt, status: 400, outcome: "upstream_error", reason: "upstream-4xx" }],
      },
      "Attempt 1 of 1 was answered with 400 (qwen). That answer went to the client.",
    ],
    [
      { status: 403, errorCode: "consumer_not_allowed", attempts: [] },
      "The gateway answered 403 itself: consumer_not_allowed. No service was asked.",
    ],
    [
      { attempts: [{ ...ok, outcome: "client_closed" }] },
      "The client left after 4.00 s. The request to claude was closed.",
    ],
  ] as const)("of %j is %s", (fields, sentence) => {
    expect(told(fields as Partial<ExchangeRecord>)).toBe(sentence);
  });
});

describe("a series", () => {
  it("has its percentiles by nearest rank", () => {
    const ten = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
    expect([percentile(ten, 0.5), percentile(ten, 0.95), percentile([], 0.5)]).toEqual([5, 10, null]);
  });
  it("counts who served and what failed", () => {
    const by = (service: string, status = 200) =>
      viewOf("x", { status, firstMs: 5, headers: [["x-moongate-service", service]] });
    const figures = seriesFigures([by("a"), by("b"), by("b"), by("a", 500), by("b")]);
    expect(figures).toMatchObject({
      errors: 1,
      served: [
        ["b", 3],
        ["a", 2],
      ],
    });
    expect(figures.ttft).toHaveLength(4);
  });
});

describe("vectors", () => {
  it("are read as numbers and as base64, and compared", () => {
    const bytes = new Uint8Array(new Float32Array([3, 4]).buffer);
    const encoded = btoa(String.fromCodePoint(...bytes));
    const [one = [], other = []] = vectorsOf({ data: [{ embedding: encoded }, { embedding: [4, -3] }] });
    expect(one).toEqual([3, 4]);
    expect(norm(one)).toBe(5);
    expect(cosine(one, other)).toBeCloseTo(0);
    expect(cosine(one, [1])).toBeNull();
  });
});

describe("a task", () => {
  const [form] = formsOf({ useCase: "video-generation", protocols: ["dashscope"], basePath: "/v" });
  it("is read and asked for below the base path", () => {
    if (form === undefined) throw new Error("no form");
    const body = JSON.stringify({
      output: { task_id: "t 1", task_status: "SUCCEEDED", video_url: "http://x/v.mp4" },
    });
    expect(taskOf(body)).toMatchObject({
      id: "t 1",
      isOver: true,
      hasFailed: false,
      urls: ["http://x/v.mp4"],
    });
    expect(taskRequest(form, defaultSettings, "t 1").path).toBe("/v/api/v1/tasks/t%201");
    expect(taskOf('{"output":{"task_id":"t","task_status":"RUNNING"}}')).toMatchObject({ isOver: false });
    expect(taskOf("<html>")).toBeNull();
  });
});
