// Records over the admin API: what the log thread is asked, and what becomes of its answer.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LogItem, LogPage, LogQuery } from "../../telemetry/log-answers.ts";
import { answeredBy, openApi } from "../admin-api-fixture.ts";
import type { ApiFixture, TelemetryAnswers } from "../admin-api-fixture.ts";

const item = (requestId: string, fields: Partial<LogItem> = {}): LogItem => ({
  requestId,
  traceId: "",
  time: "2026-11-22T08:00:00.000Z",
  instance: "default",
  api: "chat",
  route: "create-chat-completion",
  protocol: "openai",
  method: "POST",
  path: "/v1/chat/completions",
  domain: "localhost",
  consumer: "",
  credential: "",
  resourceGroup: "default",
  clientIp: "127.0.0.1",
  stream: false,
  requestedModel: "m",
  service: "s",
  model: "m",
  upstreamStatus: 200,
  status: 200,
  outcome: "ok",
  errorCode: "",
  decision: null,
  attempts: [],
  fallbackFrom: "",
  ttftMs: 1.5,
  durationMs: 2,
  overheadMs: 0.1,
  usage: null,
  costUsd: null,
  cache: "skip",
  moderation: [],
  rateLimit: "",
  warnings: [],
  recorded: false,
  ...fields,
});

const page = (items: readonly LogItem[], nextCursor: string | null = null): LogPage => ({
  items,
  nextCursor,
  total: null,
  facets: [],
  histogram: null,
  tookMs: 1,
  complete: true,
  since: null,
  searchClipped: false,
});

let fixture: ApiFixture;
let asked: unknown[];
let answers: TelemetryAnswers;

beforeEach(async () => {
  asked = [];
  answers = {};
  const port = answeredBy({});
  fixture = await openApi({
    telemetry: {
      ask: (kind, ask) => {
        asked.push(ask);
        return (answers[kind] === undefined ? port : answeredBy(answers)).ask(kind, ask);
      },
    },
  });
});
afterEach(() => fixture.close());

describe("a list", () => {
  test("goes on behind its last place", async () => {
    answers.logs = ({ cursor }: LogQuery) => page([item(cursor ?? "first")], "a place");
    const first = await fixture.ask("GET /api/v1/logs?api=chat&status=2xx&limit=1");
    const cursor = String(first.body["nextCursor"]);
    expect(cursor).not.toContain("place");
    const second = await fixture.ask(`GET /api/v1/logs?cursor=${cursor}`);
    expect(second.body["items"]).toMatchObject([{ requestId: "a place" }]);
    expect(asked[0]).toMatchObject({ limit: 1, filters: [{ field: "api" }, { field: "status" }] });
  });

  test.each([
    ["an unknown filter", "colour=red", "colour"],
    ["a filter that is nearly one", "consumr=a", "consumr"],
    ["a bad number", "status=abc", "status"],
    ["a bad cursor", "cursor=abc", "cursor"],
    ["a bad flag", "stream=maybe", "stream"],
  ])("refuses %s by name", async (_name, query, path) => {
    const answer = await fixture.ask(`GET /api/v1/logs?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { error: { code: "invalid", details: [{ path }] } } });
    expect(asked).toEqual([]);
  });

  test("names the filter that is nearly meant", async () => {
    expect((await fixture.ask("GET /api/v1/logs?consumr=a")).text).toContain(
      String.raw`did you mean \"consumer\"?`,
    );
  });
});

describe("a trace", () => {
  test("is found in any case, and else it is nothing", async () => {
    answers.trace = ({ traceId }) => ({ traceId, items: traceId.startsWith("ab") ? [item("one")] : [] });
    const found = await fixture.ask(`GET /api/v1/traces/AB${"0".repeat(30)}`);
    expect(found.body).toMatchObject({ traceId: `ab${"0".repeat(30)}`, items: [{ requestId: "one" }] });
    for (const id of ["0".repeat(32), "xyz", "1"])
      expect((await fixture.ask(`GET /api/v1/traces/${id}`)).status).toBe(404);
  });
});

describe("feedback", () => {
  test("is kept with who gave it and when", async () => {
    answers.feedback = ({ requestId }) => requestId === "known";
    const given = await fixture.ask("POST /api/v1/logs/known/feedback", { body: { score: 1 } });
    const feedback = { score: 1, comment: "", by: "environment", at: expect.stringMatching(/Z$/u) };
    expect(given).toMatchObject({ status: 200, body: feedback });
    expect(asked).toEqual([{ requestId: "known", feedback }]);
    expect((await fixture.ask("DELETE /api/v1/logs/known/feedback")).status).toBe(204);
    expect(asked[1]).toEqual({ requestId: "known", feedback: null });
    const unknown = await fixture.ask("POST /api/v1/logs/none/feedback", { body: { score: 1 } });
    expect(unknown.status).toBe(404);
  });

  test.each([
    ["no score", {}, "score"],
    ["another score", { score: 5 }, "score"],
    ["too long a comment", { score: 1, comment: "x".repeat(4_097) }, "comment"],
    ["an unknown field", { score: 1, text: "" }, "text"],
  ])("refuses %s", async (_name, body, path) => {
    const answer = await fixture.ask("POST /api/v1/logs/known/feedback", { body });
    expect(answer).toMatchObject({ status: 400, body: { error: { details: [{ path }] } } });
  });

  test("says which scores there are", async () => {
    const answer = await fixture.ask("POST /api/v1/logs/known/feedback", { body: { score: 5 } });
    expect(answer.body).toMatchObject({ error: { message: "score must be -1, 0 or 1" } });
  });
});

describe("an export", () => {
  test("has every page, as JSON lines", async () => {
    const places = [null, "2", "3"];
    answers.logs = ({ cursor }: LogQuery) => {
      const index = places.indexOf(cursor);
      return page([item(`a${index}`), item(`b${index}`)], places[index + 1] ?? null);
    };
    const answer = await fixture.ask("GET /api/v1/logs/export?api=chat&from=5");
    const lines = answer.text.trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as LogItem).requestId)).toEqual([
      "a0",
      "b0",
      "a1",
      "b1",
      "a2",
      "b2",
    ]);
    expect(answer.headers.get("content-type")).toBe("application/jsonl; charset=utf-8");
    expect(answer.headers.get("content-disposition")).toBe('attachment; filename="exchanges.jsonl"');
    expect(asked).toMatchObject([{ limit: 500, fromMs: 5 }, { cursor: "2" }, { cursor: "3" }]);
  });

  test("is a table that no spreadsheet acts on", async () => {
    const hostile = ["=1+1", "+x", "-x", "@x", "\tx", "＝1+1", 'a "b", c', "two\nlines"];
    answers.logs = () =>
      page(hostile.map((consumer, index) => item(String(index), { consumer, durationMs: -1 })));
    const { text } = await fixture.ask("GET /api/v1/logs/export?format=csv");
    const [head = "", ...rows] = text.trimEnd().split("\r\n");
    const column = head.split(",").indexOf("consumer");
    expect(rows.slice(0, 6).map((row) => row.split(",")[column])).toEqual([
      "'=1+1",
      "'+x",
      "'-x",
      "'@x",
      "'\tx",
      "'＝1+1",
    ]);
    expect(text).toContain('"a ""b"", c"');
    expect(text).toContain('"two\nlines"');
    expect(rows[0]?.split(",")[head.split(",").indexOf("durationMs")]).toBe("-1");
  });

  test("ends after a million rows", async () => {
    const rows = Array.from({ length: 500 }, (_, index) => item(String(index)));
    let pages = 0;
    answers.logs = () => page(rows, String((pages += 1)));
    const response = await fixture.api.request("http://127.0.0.1/api/v1/logs/export?format=csv", {
      headers: { authorization: "Bearer owner-token-owner-token-owner-token" },
    });
    let lines = 0;
    for await (const piece of response.body ?? [])
      lines += Buffer.from(piece).toString().split("\r\n").length - 1;
    expect([lines, pages]).toEqual([1_000_001, 2_000]);
  });

  test("that cannot be finished is cut off", async () => {
    answers.logs = ({ cursor }: LogQuery) => {
      if (cursor !== null) throw new Error("gone");
      return page([item("a")], "2");
    };
    let cuts = 0;
    const response = await fixture.api.request(
      "http://127.0.0.1/api/v1/logs/export",
      { headers: { authorization: "Bearer owner-token-owner-token-owner-token" } },
      { remoteAddress: "", cut: () => (cuts += 1) },
    );
    await expect(response.text()).rejects.toThrow("gone");
    expect(cuts).toBe(1);
  });

  test("goes no further for a token that is revoked meanwhile", async () => {
    const token = await fixture.tokenOf("viewer");
    let pages = 0;
    answers.logs = () => page([item("a")], String((pages += 1)));
    let cuts = 0;
    const response = await fixture.api.request(
      "http://127.0.0.1/api/v1/logs/export",
      { headers: { authorization: `Bearer ${token}` } },
      { remoteAddress: "", cut: () => (cuts += 1) },
    );
    const reader = response.body?.getReader();
    await reader?.read();
    expect((await fixture.ask("DELETE /api/v1/tokens/t-viewer")).status).toBeLessThan(300);
    const rest = async () => {
      for (let times = 0; times < 20; times += 1) if ((await reader?.read())?.done === true) return;
    };
    await expect(rest()).rejects.toThrow();
    expect(cuts).toBe(1);
    expect(pages).toBeLessThan(5);
  });

  test.each([
    ["format=xml", "format"],
    ["limit=5", "limit"],
    ["cursor=x", "cursor"],
  ])("does not take %s", async (query, path) => {
    const answer = await fixture.ask(`GET /api/v1/logs/export?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { error: { details: [{ path }] } } });
  });

  test("asks for the next page only when the last one was read", async () => {
    let pages = 0;
    answers.logs = () => page([item("a")], String((pages += 1)));
    const response = await fixture.api.request("http://127.0.0.1/api/v1/logs/export", {
      headers: { authorization: "Bearer owner-token-owner-token-owner-token" },
    });
    const reader = response.body?.getReader();
    await reader?.read();
    expect(pages).toBeLessThanOrEqual(2);
    await reader?.cancel();
    // What was given up makes room for others.
    for (let times = 0; times < 6; times += 1) {
      const other = await fixture.api.request("http://127.0.0.1/api/v1/logs/export", {
        headers: { authorization: "Bearer owner-token-owner-token-owner-token" },
      });
      expect(other.status).toBe(200);
      await other.body?.cancel();
    }
  });

  test("has a bound for how many run at once", async () => {
    answers.logs = () => page([item("a")], "2");
    const open = async () =>
      fixture.api.request("http://127.0.0.1/api/v1/logs/export", {
        headers: { authorization: "Bearer owner-token-owner-token-owner-token" },
      });
    const running = await Promise.all(Array.from({ length: 4 }, open));
    const refused = await open();
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "5"]);
    for (const { body } of running) await body?.cancel();
    const again = await open();
    expect(again.status).toBe(200);
    await again.body?.cancel();
  });
});
