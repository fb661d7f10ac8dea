// Quotas over time: what is kept, who is told what and when, with every clock, counter and webhook in the test's hands.
import { createHmac } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import type { PostRequest } from "../../lib/guarded-post.ts";
import { consumerGroupSchema } from "../../resources/consumer-group.ts";
import { consumerSchema } from "../../resources/consumer.ts";
import { toResourceSet, type AnyParsedResource, type ResourceSet } from "../../resources/resource-set.ts";
import { maxTries } from "../alerts/post-once.ts";
import { QuotaBook, restoreCounts } from "./quota-book.ts";
import { TestCounters, TestQuotaStore } from "./quota-counters-fixture.ts";
import { QuotaDirectory, type KnownQuota } from "./quota-directory.ts";

const hook = "http://hooks.test/a";
const dayMs = 86_400_000;
const todayMs = Date.UTC(2026, 10, 22);

let nowMs: number;
let resources: ResourceSet;
let counters: TestCounters;
let store: TestQuotaStore;
let posts: PostRequest[];
let status: number;
let reports: string[];
let book: QuotaBook;

const quotaFields = {
  name: "daily",
  metric: "tokens",
  limit: 100,
  period: "day",
  notify: [{ webhook: hook }],
};

function resource(kind: "consumers" | "consumer-groups", body: object): AnyParsedResource {
  const value = (kind === "consumers" ? consumerSchema : consumerGroupSchema).parse(body);
  // Kind and schema belong together.
  return { kind, name: value.name, revision: 1, managedBy: "api", value } as AnyParsedResource;
}

function configure(fields: object | null, group: object | null = null): void {
  resources = toResourceSet([
    resource("consumers", { name: "app", quotas: fields === null ? [] : [{ ...quotaFields, ...fields }] }),
    ...(group === null
      ? []
      : [resource("consumer-groups", { name: "team", quotas: [{ ...quotaFields, ...group }] })]),
  ]);
}

const open = (): void => {
  book = new QuotaBook({
    directory: new QuotaDirectory(() => resources),
    counters,
    store,
    kept: store.counts(),
    post: (request) => {
      posts.push(request);
      if (status === 0)
        return Promise.reject(Object.assign(new Error("secret words"), { code: "ECONNREFUSED" }));
      return Promise.resolve({ status, headers: {}, text: "" });
    },
    wallMs: () => nowMs,
    origin: () => ({ instance: "default", consoleUrl: "http://console.test" }),
    report: (event, message) => reports.push(`${event} ${message}`),
  });
};

function known(name = "app"): KnownQuota {
  const found = [...new QuotaDirectory(() => resources).all()].find(({ owner }) => owner === name);
  if (found === undefined) throw new Error(`no quota of ${name}`);
  return found;
}

/** A data plane has counted so much today. */
const use = (used: number, name = "app"): void =>
  counters.put({ key: known(name).counted.key, startMs: todayMs, endMs: todayMs + dayMs, used });

const told = (): unknown[] =>
  posts
    .map(({ body }) => JSON.parse(Buffer.from(body).toString()) as { share: number })
    .map(({ share }) => share);

async function turn(): Promise<void> {
  book.look();
  await book.deliver();
}

beforeEach(() => {
  nowMs = todayMs + 3_600_000;
  counters = new TestCounters();
  store = new TestQuotaStore();
  posts = [];
  reports = [];
  status = 204;
  configure({});
  open();
});

describe("what is used", () => {
  test("outlives the process", () => {
    use(40);
    book.look();
    counters = new TestCounters();
    restoreCounts(counters, store.counts(), nowMs);
    open();
    expect(book.stateOf(known())).toMatchObject({ used: 40, limit: 100, state: "ok" });
  });

  test("of a period that has ended is not put back", () => {
    use(40);
    book.look();
    counters = new TestCounters();
    restoreCounts(counters, store.counts(), todayMs + dayMs);
    expect(counters.read(known().counted.key)).toBeUndefined();
  });

  test("is told with its period, and is nothing once that has ended", () => {
    use(80);
    expect(book.stateOf(known())).toEqual({
      name: "daily",
      metric: "tokens",
      used: 80,
      reserved: 0,
      limit: 100,
      period: "day",
      timeZone: "UTC",
      dryRun: false,
      startsAt: "2026-11-22T00:00:00.000Z",
      resetsAt: "2026-11-23T00:00:00.000Z",
      state: "warned",
    });
    nowMs = todayMs + dayMs;
    expect(book.stateOf(known())).toMatchObject({
      used: 0,
      startsAt: "2026-11-23T00:00:00.000Z",
      state: "ok",
    });
  });

  test("goes with its quota, and comes from nothing when another takes its name", () => {
    use(40);
    book.look();
    expect(store.counts()).toHaveLength(1);
    configure({ timeZone: "Asia/Shanghai" });
    book.look();
    expect(store.counts()).toEqual([]);
    expect(book.stateOf(known()).used).toBe(0);
    configure({});
    expect(book.stateOf(known()).used).toBe(0);
  });

  test("stays when the limit changes", () => {
    use(40);
    book.look();
    configure({ limit: 50 });
    book.look();
    expect(book.stateOf(known())).toMatchObject({ used: 40, limit: 50, state: "warned" });
  });

  test("is nothing after a reset, also for the next process", () => {
    use(120);
    book.look();
    expect(book.stateOf(known()).state).toBe("exhausted");
    book.reset(known());
    expect(book.stateOf(known())).toMatchObject({ used: 0, state: "ok" });
    expect(store.counts()).toEqual([expect.objectContaining({ used: 0, toldShare: 0 })]);
  });

  test("in a period of a clock that was ahead is left behind by a reset", () => {
    const { key } = known().counted;
    counters.put({ key, startMs: todayMs + 40 * dayMs, endMs: todayMs + 41 * dayMs, used: 120 });
    book.look();
    expect(book.stateOf(known())).toMatchObject({ used: 120, resetsAt: "2027-01-02T00:00:00.000Z" });
    book.reset(known());
    expect(book.stateOf(known())).toMatchObject({ used: 0, resetsAt: "2026-11-23T00:00:00.000Z" });
  });

  test("is written later when the store fails, and said once", () => {
    store.fault = new Error("disk full");
    use(10);
    book.look();
    use(20);
    book.look();
    expect(reports).toEqual(["quotas-not-kept Error: disk full"]);
    store.fault = null;
    book.look();
    expect(store.counts()).toEqual([expect.objectContaining({ used: 20 })]);
  });

  test("is listed by its share of the limit", () => {
    configure({}, { limit: 10 });
    use(85);
    use(9.5, "team");
    book.look();
    const listed = [...book.shares()].map(({ quota, share, state }) => [quota.owner, share, state]);
    expect(listed).toEqual([
      ["app", 0.85, "warned"],
      ["team", 0.95, "warned"],
    ]);
  });
});

describe("webhooks", () => {
  test("are told once of every share that is crossed, and of the end", async () => {
    configure({ warnAt: [0.9, 0.5] });
    for (const used of [49, 50, 60, 89, 90, 95]) {
      use(used);
      await turn();
    }
    expect(told()).toEqual([0.5, 0.9]);
    use(130);
    await turn();
    use(140);
    await turn();
    expect(told()).toEqual([0.5, 0.9, 1]);
  });

  test("are told of all that is crossed at once, in order", async () => {
    use(100);
    await turn();
    await turn();
    expect(told()).toEqual([0.8, 1]);
  });

  test("are told once over a restart", async () => {
    use(85);
    book.look();
    open();
    use(86);
    await turn();
    await turn();
    expect(told()).toEqual([0.8]);
  });

  test("are told again in the next period, and after a reset", async () => {
    use(85);
    await turn();
    book.reset(known());
    nowMs += 1_000;
    use(85);
    await turn();
    nowMs += dayMs;
    const startMs = todayMs + dayMs;
    counters.put({ key: known().counted.key, startMs, endMs: startMs + dayMs, used: 81 });
    await turn();
    expect(told()).toEqual([0.8, 0.8, 0.8]);
    expect(new Set(posts.map(({ headers }) => headers["x-moongate-delivery"])).size).toBe(3);
  });

  test("are told when a lower limit makes a greater share, and again after a higher one", async () => {
    use(50);
    await turn();
    configure({ limit: 60 });
    await turn();
    expect(told()).toEqual([0.8]);
    configure({ limit: 1_000 });
    await turn();
    use(900);
    await turn();
    expect(told()).toEqual([0.8, 0.8]);
  });

  test("get figures and names, signed", async () => {
    configure({ metric: "cost", limit: 2, notify: [{ webhook: hook, secret: "hook-secret-0123456789" }] });
    use(1.75);
    await turn();
    const [post] = posts;
    const text = Buffer.from(post?.body ?? "").toString();
    expect(JSON.parse(text)).toEqual({
      quota: "daily",
      consumer: "app",
      state: "warned",
      share: 0.8,
      metric: "cost",
      unit: "USD",
      used: 1.75,
      limit: 2,
      dryRun: false,
      startsAt: "2026-11-22T00:00:00.000Z",
      resetsAt: "2026-11-23T00:00:00.000Z",
      at: "2026-11-22T01:00:00.000Z",
      instance: "default",
      link: "http://console.test/consumers/app",
    });
    const signature = createHmac("sha256", "hook-secret-0123456789").update(text).digest("hex");
    expect(post?.headers["x-moongate-signature"]).toBe(signature);
    expect(text).not.toContain("hook-secret");
  });

  test("that do not answer are tried again with pauses, over a restart, and given up in the end", async () => {
    status = 0;
    use(85);
    await turn();
    await turn();
    expect(posts).toHaveLength(1);
    open();
    for (let tries = 1; tries < maxTries; tries += 1) {
      nowMs += 300_000;
      await turn();
    }
    expect(posts).toHaveLength(maxTries);
    expect(reports).toEqual([expect.stringMatching(/^quota-undelivered quota daily of app: .*Given up/u)]);
    expect(reports.join()).not.toContain("secret words");
    nowMs += 300_000;
    await turn();
    expect(posts).toHaveLength(maxTries);
    expect(store.letters()).toEqual([]);
  });

  test("that the quota names no more are not told", async () => {
    status = 500;
    use(85);
    await turn();
    configure({ notify: [] });
    status = 204;
    nowMs += 300_000;
    await turn();
    expect(posts).toHaveLength(1);
    expect(store.letters()).toEqual([]);
  });

  test("of a group are told of the group", async () => {
    configure(null, {});
    use(85, "team");
    await turn();
    expect(JSON.parse(Buffer.from(posts[0]?.body ?? "").toString())).toMatchObject({ consumerGroup: "team" });
  });
});

test("a quota of nothing is exhausted from the start", () => {
  configure({ limit: 0 });
  expect(book.stateOf(known()).state).toBe("exhausted");
  expect([...book.shares()].map(({ state }) => state)).toEqual(["exhausted"]);
});

test("a quota that is off is none", () => {
  configure({ enabled: false });
  expect([...book.shares()]).toEqual([]);
});
