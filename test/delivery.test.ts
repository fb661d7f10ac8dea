// Every kind of sink through five minutes of every kind of outage: exactly what was recorded arrives.
import { afterEach, describe, expect, test } from "vitest";
import { DeliveryScene } from "./support/delivery-scene.ts";
import { FailingReceiver, type ReceiverMode } from "./support/failing-receiver.ts";
import { sinkKinds, type SinkKind, type TestedSink } from "./support/sink-kinds.ts";

const minuteMs = 60_000;

let scene = new DeliveryScene();
afterEach(async () => {
  await scene.close();
  scene = new DeliveryScene();
});

interface Opened {
  readonly tested: TestedSink;
  readonly receiver: FailingReceiver;
}

async function open({ open: openKind }: SinkKind): Promise<Opened> {
  const tested = openKind(() => scene.time.clock.wallMs());
  const receiver = scene.watch(await FailingReceiver.start(tested.take));
  await scene.configure(tested.sink(receiver.url));
  return { tested, receiver };
}

/** Records come in all the time. */
async function traffic(forMs: number): Promise<void> {
  for (let passedMs = 0; passedMs < forMs; passedMs += 10_000) {
    scene.add(17);
    await scene.pass(10_000);
  }
}

function expectAll({ tested }: Opened, doubles: number): void {
  expect(tested.count()).toBe(scene.feed.ids.length + doubles);
  if (tested.ids === null) return;
  expect([...new Set(tested.ids())].toSorted()).toEqual(scene.feed.ids.toSorted());
}

const outages: readonly ReceiverMode[] = ["refusing", "failing", "hanging", "resetting"];

describe.each(sinkKinds)("$kind", (kind) => {
  test("takes what comes, once and in order", async () => {
    const opened = await open(kind);
    await traffic(minuteMs);
    await scene.pass(5_000);
    expectAll(opened, 0);
    if (opened.tested.ids !== null) expect(opened.tested.ids()).toEqual(scene.feed.ids);
    expect(scene.state("tested")).toMatchObject({
      status: "ok",
      delivered: scene.feed.ids.length,
      deadLettered: 0,
      dropped: 0,
      rejected: 0,
      behind: 0,
      lastError: null,
    });
  });

  test.each(outages)("gets everything once after five minutes of %s", async (mode) => {
    const opened = await open(kind);
    await traffic(minuteMs);
    await opened.receiver.become(mode);
    await traffic(5 * minuteMs);
    const during = scene.state("tested");
    expect(during).toMatchObject({ status: "retrying", deadLettered: 0, dropped: 0 });
    expect(during.behind).toBeGreaterThan(400);
    expect(during.lastError?.message).not.toBe("");
    await opened.receiver.become("well");
    await traffic(minuteMs);
    await scene.pass(minuteMs);
    expectAll(opened, 0);
    expect(scene.state("tested")).toMatchObject({ status: "ok", behind: 0, deadLettered: 0 });
  });

  test("goes on after a restart in the middle of an outage", async () => {
    const opened = await open(kind);
    await traffic(minuteMs);
    await opened.receiver.become("hanging");
    await traffic(minuteMs);
    await scene.restart(opened.tested.sink(opened.receiver.url));
    await traffic(minuteMs);
    await opened.receiver.become("well");
    await scene.pass(minuteMs);
    expectAll(opened, 0);
  });

  test("repeats no more than the one batch whose taking was never said", async () => {
    const opened = await open(kind);
    await opened.receiver.become("taken-unsaid");
    scene.add(40);
    await scene.pass(5_100);
    const unsaid = opened.receiver.requests;
    expect(unsaid).toBeGreaterThan(0);
    await opened.receiver.become("well");
    await scene.pass(minuteMs);
    // Metrics that were taken before are refused as an overlap: a strict collector counts them once.
    expect(opened.tested.count()).toBeLessThanOrEqual(40 * (unsaid + 1));
    if (opened.tested.ids !== null) expectAll(opened, 40 * unsaid);
  });
});
