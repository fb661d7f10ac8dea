// What receivers refuse, and what the delivery makes of it: nothing is lost in silence, nobody waits for another.
import { readFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { guardedPoster } from "../src/lib/guarded-post.ts";
import { testSink } from "../src/telemetry/delivery/sink-test.ts";
import type { OtlpSink, Sink, WebhookSink } from "../src/telemetry/delivery/sink-config.ts";
import { DeliveryScene } from "./support/delivery-scene.ts";
import { FailingReceiver, type ReceivedRequest, type ReceiverAnswer } from "./support/failing-receiver.ts";

const minuteMs = 60_000;
const secret = "a-secret-of-a-webhook";

let scene = new DeliveryScene();
afterEach(async () => {
  await scene.close();
  scene = new DeliveryScene();
});

/** Ids that a webhook was sent. */
function idsOf({ body }: ReceivedRequest): string[] {
  // The body is of our own making.
  const { records } = JSON.parse(body.toString("utf8")) as { records: { requestId: string }[] };
  return records.map(({ requestId }) => requestId);
}

interface Hook {
  readonly sink: WebhookSink;
  readonly receiver: FailingReceiver;
  /** Ids that were taken. */
  readonly taken: string[];
}

async function hook(name: string, answer: (request: ReceivedRequest) => ReceiverAnswer): Promise<Hook> {
  const taken: string[] = [];
  const receiver = scene.watch(
    await FailingReceiver.start((request) => {
      const given = answer(request);
      if (given.status < 300) taken.push(...idsOf(request));
      return given;
    }),
  );
  const sink: WebhookSink = {
    name,
    type: "webhook",
    url: receiver.url,
    secret,
    flushIntervalMs: 1_000,
    includeContent: false,
  };
  return { sink, receiver, taken };
}

function deadLetters(name: string): { reason: string; record: { requestId: string } }[] {
  const file = join(scene.dir, "dead-letters", `${name}.jsonl`);
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { reason: string; record: { requestId: string } });
}

test.each([400, 413, 422])(
  "a record answered with %i goes to the dead letters, all others arrive",
  async (status) => {
    const isBad = (id: string): boolean => id.endsWith("13") || id.endsWith("77");
    const { sink, taken } = await hook("h", (request) =>
      idsOf(request).some(isBad) ? { status, body: "one of these is bad" } : { status: 200 },
    );
    await scene.configure(sink);
    scene.add(100);
    await scene.pass(minuteMs);
    expect(taken).toEqual(scene.feed.ids.filter((id) => !isBad(id)));
    expect(deadLetters("h").map(({ record }) => record.requestId)).toEqual(scene.feed.ids.filter(isBad));
    expect(deadLetters("h")[0]?.reason).toContain("one of these is bad");
    expect(scene.state("h")).toMatchObject({ status: "ok", delivered: 98, deadLettered: 2, behind: 0 });
  },
);

test("a receiver that refuses every record is taken for broken: hardly any record is given up", async () => {
  let broken = true;
  const { sink, taken } = await hook("h", () => ({ status: broken ? 400 : 200, body: "no" }));
  await scene.configure(sink);
  scene.add(1_200);
  await scene.pass(5 * minuteMs);
  expect(scene.state("h").status).toBe("refused");
  expect(scene.state("h").deadLettered).toBeLessThan(40);
  broken = false;
  await scene.pass(10 * minuteMs);
  const given = deadLetters("h").map(({ record }) => record.requestId);
  expect([...given, ...taken]).toEqual(scene.feed.ids);
  expect(scene.state("h")).toMatchObject({ status: "ok", behind: 0, deadLettered: given.length });
});

test.each([401, 403, 404, 302])("%i keeps everything until somebody mends it", async (status) => {
  let answer: ReceiverAnswer = { status, headers: { location: "http://127.0.0.1:1/" } };
  const { sink, receiver, taken } = await hook("h", () => answer);
  await scene.configure(sink);
  scene.add(30);
  await scene.pass(10 * minuteMs);
  expect(scene.state("h")).toMatchObject({ status: "refused", delivered: 0, deadLettered: 0, behind: 30 });
  expect(scene.state("h").lastError?.message).toContain(String(status));
  // Seldom: it is no fault that passes by itself.
  expect(receiver.requests).toBeLessThan(15);
  answer = { status: 200 };
  await scene.pass(3 * minuteMs);
  expect(taken).toEqual(scene.feed.ids);
});

test("Retry-After is obeyed", async () => {
  let answer: ReceiverAnswer = { status: 429, headers: { "retry-after": "100" } };
  const { sink, receiver, taken } = await hook("h", () => answer);
  await scene.configure(sink);
  scene.add(1);
  await scene.pass(90_000);
  expect(receiver.requests).toBe(1);
  answer = { status: 200 };
  await scene.pass(15_000);
  expect(taken).toEqual(scene.feed.ids);
});

test("the outage of one sink slows no other", async () => {
  const well = await hook("well", () => ({ status: 200 }));
  const hangs = await hook("hangs", () => ({ status: 200 }));
  await scene.configure(well.sink, hangs.sink);
  await hangs.receiver.become("hanging");
  for (let second = 0; second < 20; second += 1) {
    scene.add(5);
    await scene.pass(1_000);
  }
  expect(scene.state("well")).toMatchObject({ status: "ok", delivered: 100, behind: 0 });
  expect(scene.state("hangs")).toMatchObject({ status: "retrying", delivered: 0, behind: 100 });
});

test("one signal of a collector that does not take it holds up no other", async () => {
  const paths: string[] = [];
  const receiver = scene.watch(
    await FailingReceiver.start(({ path }) => {
      paths.push(path);
      return { status: path === "/v1/metrics" ? 404 : 200 };
    }),
  );
  const sink: OtlpSink = {
    name: "c",
    type: "otlp",
    endpoint: `${receiver.url}/`,
    headers: {},
    signals: ["logs", "metrics", "traces"],
    flushIntervalMs: 1_000,
    includeContent: false,
  };
  await scene.configure(sink);
  scene.add(10);
  await scene.pass(5_000);
  expect(paths.toSorted()).toEqual(["/v1/logs", "/v1/metrics", "/v1/traces"]);
  expect(scene.state("c")).toMatchObject({ status: "refused", delivered: 10, behind: 10 });
});

test("what a collector says that it dropped is counted and told", async () => {
  const receiver = scene.watch(
    await FailingReceiver.start(() => ({
      status: 200,
      body: JSON.stringify({ partialSuccess: { rejectedLogRecords: "3", errorMessage: "too old" } }),
    })),
  );
  const sink: Sink = {
    name: "c",
    type: "otlp",
    endpoint: receiver.url,
    headers: {},
    signals: ["logs"],
    flushIntervalMs: 1_000,
    includeContent: false,
  };
  await scene.configure(sink);
  scene.add(10);
  await scene.pass(2_000);
  expect(scene.state("c")).toMatchObject({ status: "ok", delivered: 10, rejected: 3, behind: 0 });
  expect(scene.state("c").lastError?.message).toBe("The collector rejected 3 of a batch: too old");
});

test("a new sink is told of what happens from then on, and a sink that was gone too", async () => {
  const { sink, taken } = await hook("h", () => ({ status: 200 }));
  scene.add(10);
  await scene.configure(sink);
  scene.add(1);
  await scene.pass(2_000);
  expect(taken).toEqual(scene.feed.ids.slice(10));
  await scene.configure();
  scene.add(5);
  await scene.configure(sink);
  scene.add(1);
  await scene.pass(2_000);
  expect(taken).toEqual([scene.feed.ids[10], scene.feed.ids[16]]);
});

test("a changed sink goes on where it was", async () => {
  const { sink, receiver, taken } = await hook("h", () => ({ status: 200 }));
  await scene.configure(sink);
  scene.add(3);
  await scene.pass(2_000);
  await receiver.become("refusing");
  scene.add(4);
  await scene.pass(2_000);
  await receiver.become("well");
  await scene.configure({ ...sink, flushIntervalMs: 2_000 });
  await scene.pass(40_000);
  expect(taken).toEqual(scene.feed.ids);
});

test("what a Model API does not want delivered is not", async () => {
  const { sink, taken } = await hook("h", () => ({ status: 200 }));
  await scene.configure(sink);
  scene.add(2, { signals: "mt" });
  scene.add(1, { signals: "ml" });
  scene.add(1);
  await scene.pass(2_000);
  expect(taken).toEqual(scene.feed.ids.slice(2));
  expect(scene.state("h")).toMatchObject({ delivered: 2, behind: 0 });
});

test("what retention takes before it could be delivered is counted", async () => {
  const { sink, receiver, taken } = await hook("h", () => ({ status: 200 }));
  await scene.configure(sink);
  scene.add(5);
  await scene.pass(2_000);
  await receiver.become("refusing");
  await scene.pass(1_000);
  scene.add(20);
  scene.feed.removeOldest(15);
  await receiver.become("well");
  await scene.pass(minuteMs);
  expect(taken).toEqual([...scene.feed.ids.slice(0, 5), ...scene.feed.ids.slice(15)]);
  expect(scene.state("h")).toMatchObject({ delivered: 15, dropped: 10, behind: 0 });
});

test("a store that cannot be read for a while is read again", async () => {
  const { sink, taken } = await hook("h", () => ({ status: 200 }));
  await scene.configure(sink);
  scene.feed.fault = new Error("disk I/O error");
  scene.add(5);
  await scene.pass(minuteMs);
  expect(scene.state("h")).toMatchObject({ status: "retrying" });
  scene.feed.fault = null;
  await scene.pass(minuteMs);
  expect(taken).toEqual(scene.feed.ids);
  expect(scene.state("h")).toMatchObject({ status: "ok", lastError: null });
});

test("a long backlog goes in batches that are bounded, however large its records are", async () => {
  const sizes: number[] = [];
  const { sink, taken } = await hook("h", (request) => {
    sizes.push(request.body.length);
    return { status: 200 };
  });
  await scene.configure(sink);
  scene.add(600, { path: `/${"x".repeat(30_000)}` });
  scene.add(2_000);
  await scene.pass(minuteMs);
  expect(taken).toEqual(scene.feed.ids);
  expect(sizes.length).toBeGreaterThan(8);
  expect(Math.max(...sizes)).toBeLessThan(5 * 1024 * 1024);
});

test("no secret is in what is told, even where the receiver repeats it", async () => {
  const { sink } = await hook("h", () => ({ status: 401, body: `unknown secret ${secret}` }));
  await scene.configure(sink);
  scene.add(1);
  await scene.pass(2_000);
  expect(scene.state("h").lastError?.message).toBe("The receiver answered 401: unknown secret …");
  const tested = await testSink(sink, scene.surroundings);
  expect(JSON.stringify(tested)).not.toContain(secret);
});

test("a test tells what was sent and what came of it", async () => {
  const { sink, taken } = await hook("h", () => ({ status: 200 }));
  const tested = await testSink(sink, scene.surroundings);
  expect(tested).toMatchObject({
    ok: true,
    message: "Taken.",
    requests: [{ method: "POST", url: `${sink.url}/`, status: 200 }],
  });
  expect(taken).toEqual([expect.stringMatching(/^moongate-test-/)]);
});

test("a test of what nobody listens to fails in words", async () => {
  const { sink, receiver } = await hook("h", () => ({ status: 200 }));
  await receiver.close();
  expect(await testSink(sink, scene.surroundings)).toMatchObject({
    ok: false,
    message: "Nothing listens on this port: the connection was refused.",
    requests: [{ status: 0 }],
  });
});

test.each([
  ["link-local", "private", "http://169.254.169.254/"],
  ["loopback where only public addresses are allowed", "public", "http://127.0.0.1:1/"],
] as const)("an address that is %s is not reached", async (_name, networks, url) => {
  const poster = guardedPoster(networks);
  const { ports } = scene.surroundings;
  const surroundings = { ...scene.surroundings, ports: { ...ports, post: poster.post } };
  const { sink } = await hook("h", () => ({ status: 200 }));
  const tested = await testSink({ ...sink, url }, surroundings);
  await poster.close();
  expect(tested.ok).toBe(false);
  expect(tested.message).toContain("may not reach");
});
