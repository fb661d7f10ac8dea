// Alerts over time: who is told what and when, with every clock and webhook in the test's hands.
import { createHmac } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import type { PostRequest } from "../../lib/guarded-post.ts";
import { alertSchema } from "../../resources/alert.ts";
import type { MetricsAnswer, MetricsQuery } from "../../telemetry/metrics-answers.ts";
import { openAlertEngine } from "./alert-engine.ts";
import type { AlertEngine } from "./alert-engine.ts";
import type { Alert } from "./alert-rule.ts";
import { maxTries } from "./post-once.ts";

const hook = "http://hooks.test/a";
const otherHook = "http://hooks.test/b";
const startMs = Date.UTC(2026, 10, 22, 8);

function alert(fields: object = {}): Alert {
  const rule = { name: "errors", metric: "failed", op: ">", threshold: 2, notify: [{ webhook: hook }] };
  return alertSchema.parse({ ...rule, ...fields });
}

let nowMs: number;
let alerts: Alert[];
let value: number | null;
let complete: boolean;
let kept: string | undefined;
let posts: PostRequest[];
let asked: MetricsQuery[];
let events: string[];
let statusOf: (url: string) => number;
let engine: AlertEngine;

const open = async (): Promise<void> => {
  engine = await openAlertEngine({
    alerts: () => alerts,
    askMetrics: async (query) => {
      asked.push(query);
      return answerTo(query);
    },
    post: async (request) => {
      posts.push(request);
      const status = statusOf(request.url);
      if (status === 0) throw Object.assign(new Error("secret words"), { code: "ECONNREFUSED" });
      return { status, headers: {}, text: "" };
    },
    file: { read: async () => kept, write: async (text) => void (kept = text) },
    wallMs: () => nowMs,
    origin: () => ({ instance: "default", consoleUrl: "http://console.test" }),
    report: (event, name) => events.push(`${event} ${name}`),
  });
};

function answerTo(query: MetricsQuery): MetricsAnswer {
  const metrics = query.selections.map(({ name }) => ({
    name,
    unit: "count" as const,
    groupBy: [],
    series: value === null ? [] : [{ labels: {}, other: false, values: [], total: value }],
  }));
  return { startMs: query.fromMs, stepMs: 10_000, columns: 6, metrics, complete, since: null, tookMs: 0 };
}

beforeEach(async () => {
  nowMs = startMs;
  alerts = [alert()];
  value = 0;
  complete = true;
  kept = undefined;
  posts = [];
  asked = [];
  events = [];
  statusOf = () => 200;
  await open();
});

const look = async (seconds = 15): Promise<void> => {
  nowMs += seconds * 1_000;
  await engine.look();
  await engine.deliver();
};
const bodies = () =>
  posts.map(({ body }) => JSON.parse(Buffer.from(body).toString()) as Record<string, unknown>);
const told = () => bodies().map((body) => `${String(body["alert"])} ${String(body["state"])}`);

test("an alert fires once, is over once, and says what it is about", async () => {
  alerts = [alert({ filter: { api: "chat" } })];
  await look();
  value = 3;
  await look();
  await look();
  value = 2;
  await look();
  await look();
  expect(told()).toEqual(["errors firing", "errors resolved"]);
  expect(bodies()[0]).toEqual({
    alert: "errors",
    state: "firing",
    test: false,
    metric: "failed",
    unit: "count",
    op: ">",
    threshold: 2,
    value: 3,
    windowSeconds: 60,
    since: "2026-11-22T08:00:30.000Z",
    labels: { api: "chat" },
    instance: "default",
    link: `http://console.test/observe/metrics?api=chat&from=${startMs + 30_000 - 960_000}&to=${startMs + 930_000}`,
  });
  expect(asked[0]).toMatchObject({ fromMs: startMs - 45_000, toMs: startMs + 15_000, stepMs: 10_000 });
  expect(events).toEqual(["alert-firing errors", "alert-resolved errors"]);
});

test("a restart neither tells again nor forgets what fires", async () => {
  value = 3;
  await look();
  await engine.close();
  await open();
  await look();
  expect(told()).toEqual(["errors firing"]);
  expect(engine.states()).toMatchObject([{ state: "firing", since: "2026-11-22T08:00:15.000Z" }]);
  value = 0;
  await look(60);
  expect(told()).toEqual(["errors firing", "errors resolved"]);
});

test("what could not be delivered before a restart is delivered after it, with the same id", async () => {
  statusOf = () => 0;
  value = 3;
  await look();
  await engine.close();
  statusOf = () => 200;
  await open();
  await look();
  await look();
  const ids = posts.map(({ headers }) => headers["x-moongate-delivery"]);
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
});

test("a memory that cannot be read is begun anew", async () => {
  kept = "{not JSON";
  await open();
  value = 3;
  await look();
  expect(told()).toEqual(["errors firing"]);
});

describe("a webhook", () => {
  test.each([
    ["is refused", 0, "Nothing listens on this port: the connection was refused."],
    ["answers an error", 503, "The webhook answered 503."],
    ["sends elsewhere", 302, "The webhook answered 302."],
  ])("that %s is tried again, longer and longer, and then given up", async (_name, status, message) => {
    statusOf = () => status;
    value = 3;
    await look();
    expect(engine.states()).toMatchObject([{ undelivered: 1, lastError: { message } }]);
    await look(4);
    expect(posts).toHaveLength(1);
    await look(1);
    expect(posts).toHaveLength(2);
    for (let tries = 2; tries < maxTries + 3; tries += 1) await look(300);
    expect(posts).toHaveLength(maxTries);
    expect(engine.states()).toMatchObject([{ undelivered: 0 }]);
    expect(events).toEqual(["alert-firing errors", "alert-undelivered errors"]);
    expect(JSON.stringify([engine.states(), kept])).not.toContain("secret words");
  });

  test("that is down keeps no other from being told, and hears everything in its order", async () => {
    alerts = [alert({ notify: [{ webhook: hook }, { webhook: otherHook }] })];
    statusOf = (url) => (url === hook ? 500 : 200);
    value = 3;
    await look();
    value = 0;
    await look(1);
    const toOther = () => posts.filter(({ url }) => url === otherHook).length;
    expect(toOther()).toBe(2);
    statusOf = () => 200;
    posts = [];
    await look(300);
    await look(1);
    expect(told()).toEqual(["errors firing", "errors resolved"]);
    expect(posts.every(({ url }) => url === hook)).toBe(true);
  });

  test("with a secret gets a signature of the body", async () => {
    alerts = [alert({ notify: [{ webhook: hook, secret: "a shared secret" }] })];
    value = 3;
    await look();
    const { body = new Uint8Array(), headers = {} } = posts[0] ?? {};
    expect(headers["x-moongate-signature"]).toBe(
      createHmac("sha256", "a shared secret").update(body).digest("hex"),
    );
    expect(kept).not.toContain("a shared secret");
  });

  test("without one gets none", async () => {
    value = 3;
    await look();
    expect(posts[0]?.headers).not.toHaveProperty("x-moongate-signature");
  });

  test("is tested without anything being kept", async () => {
    const before = kept;
    const answer = await engine.test(alert());
    expect(answer).toMatchObject({ ok: true, results: [{ webhook: hook, ok: true, status: 200 }] });
    expect(bodies()[0]).toMatchObject({ state: "test", test: true });
    expect(kept).toBe(before);
    statusOf = () => 500;
    expect(await engine.test(alert())).toMatchObject({ ok: false, results: [{ ok: false, status: 500 }] });
  });

  test("an alert without any is not well tested", async () => {
    expect(await engine.test(alert({ notify: [] }))).toEqual({ ok: false, results: [] });
  });
});

describe("an alert that fires", () => {
  beforeEach(async () => {
    value = 3;
    await look();
    posts = [];
  });

  test("is over when it is switched off", async () => {
    alerts = [alert({ enabled: false })];
    await look();
    expect(told()).toEqual(["errors resolved"]);
    expect(engine.states()).toMatchObject([{ state: "off", since: null, value: null }]);
  });

  test("is forgotten when it is deleted", async () => {
    alerts = [];
    await look();
    expect([posts, engine.states()]).toEqual([[], []]);
    expect(kept).toBe('{"standings":{},"letters":[]}');
  });

  test("is over when its threshold is raised", async () => {
    alerts = [alert({ threshold: 5 })];
    await look();
    expect(told()).toEqual(["errors resolved"]);
  });

  test("is not over because records are still being read in after a start", async () => {
    await engine.close();
    await open();
    value = 0;
    complete = false;
    await look();
    expect(posts).toEqual([]);
    await look(60);
    expect(told()).toEqual(["errors resolved"]);
  });
});

test("too few are no reason to fire before records could reach back", async () => {
  alerts = [alert({ op: "<", threshold: 1, forSeconds: 120 })];
  complete = false;
  await look(60);
  expect(engine.states()).toMatchObject([{ state: "waiting" }]);
  await look(60);
  expect(engine.states()).toMatchObject([{ state: "firing", value: 0 }]);
});

test("when metrics cannot be asked nothing changes, and that is said once", async () => {
  value = 3;
  await look();
  engine = await openAlertEngine({
    alerts: () => alerts,
    askMetrics: () => Promise.reject(new Error("gone")),
    post: () => Promise.reject(new Error("nobody posts")),
    file: { read: async () => kept, write: async () => undefined },
    wallMs: () => nowMs,
    origin: () => ({ instance: "", consoleUrl: "" }),
    report: (event) => events.push(event),
  });
  await look();
  await look();
  expect(engine.states()).toMatchObject([{ state: "firing", value: null }]);
  expect(events).toEqual(["alert-firing errors", "alerts-not-watched"]);
});

test("alerts that look equally far are asked for together, and no question has too many", async () => {
  alerts = Array.from({ length: 50 }, (_, index) =>
    alert({ name: `a-${index}`, forSeconds: index === 0 ? 14_400 : 0, notify: [] }),
  );
  await look();
  expect(asked.map(({ stepMs, selections }) => [stepMs, selections.length])).toEqual([
    [60_000, 1],
    [10_000, 40],
    [10_000, 9],
  ]);
});
