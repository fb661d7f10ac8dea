import { describe, expect, test, vi } from "vitest";
import { applyPatch } from "./patch.ts";
import type { SnapshotPatch } from "./patch.ts";
import { createPublisher } from "./publisher.ts";
import type { Publisher } from "./publisher.ts";
import type { Snapshot } from "./snapshot.ts";

const snapshot = (revision: number, names: readonly string[]): Snapshot => ({
  revision,
  instance: "default",
  apis: new Map(),
  services: new Map(),
  consumers: new Map(names.map((name) => [name, { name, apiKeys: [] }])),
});

const failOnReport = (error: unknown): never => {
  throw error;
};

/** A subscriber that applies what it gets, as a worker does. */
function follow(publisher: Publisher) {
  const patches: SnapshotPatch[] = [];
  let state: Snapshot | undefined;
  const subscription = publisher.subscribe((patch) => {
    patches.push(patch);
    state = applyPatch(state, patch);
  });
  return { subscription, patches, state: () => state };
}

describe("a publisher", () => {
  test("has nothing and nobody at first", () => {
    const publisher = createPublisher(failOnReport);
    expect(publisher.current).toBeUndefined();
    expect(publisher.everyoneAt(0)).toBe(false);
    expect(follow(publisher).patches).toEqual([]);
  });

  test("gives an early subscriber the first state and then only the changes", () => {
    const publisher = createPublisher(failOnReport);
    const follower = follow(publisher);
    publisher.publish(snapshot(1, ["a", "b"]));
    publisher.publish(snapshot(2, ["a", "b", "c"]));
    expect(follower.patches.map(({ base, revision }) => [base, revision])).toEqual([
      [null, 1],
      [1, 2],
    ]);
    expect(follower.patches[1]?.sections.consumers?.put.map(([name]) => name)).toEqual(["c"]);
    expect(follower.state()).toEqual(publisher.current);
  });

  test("gives a late subscriber the full state at once", () => {
    const publisher = createPublisher(failOnReport);
    publisher.publish(snapshot(1, ["a"]));
    publisher.publish(snapshot(2, ["a", "b"]));
    const follower = follow(publisher);
    expect(follower.patches.map(({ base }) => base)).toEqual([null]);
    expect(follower.state()).toEqual(snapshot(2, ["a", "b"]));
  });

  test("knows when everyone runs on a revision", () => {
    const publisher = createPublisher(failOnReport);
    const first = follow(publisher);
    const second = follow(publisher);
    publisher.publish(snapshot(1, ["a"]));
    first.subscription.acknowledge(1);
    expect(publisher.everyoneAt(1)).toBe(false);
    second.subscription.acknowledge(1);
    expect(publisher.everyoneAt(1)).toBe(true);
    publisher.publish(snapshot(2, ["a", "b"]));
    expect(publisher.everyoneAt(2)).toBe(false);
    second.subscription.acknowledge(2);
    expect(publisher.everyoneAt(2)).toBe(false);
    first.subscription.close();
    expect(publisher.everyoneAt(2)).toBe(true);
  });

  test("counts a new subscriber only after it acknowledged", () => {
    const publisher = createPublisher(failOnReport);
    publisher.publish(snapshot(1, []));
    follow(publisher).subscription.acknowledge(1);
    const late = follow(publisher);
    expect(publisher.everyoneAt(1)).toBe(false);
    late.subscription.acknowledge(1);
    expect(publisher.everyoneAt(1)).toBe(true);
  });

  test("sends nothing after closing", () => {
    const publisher = createPublisher(failOnReport);
    const follower = follow(publisher);
    follower.subscription.close();
    publisher.publish(snapshot(1, []));
    follower.subscription.resend();
    expect(follower.patches).toEqual([]);
  });

  test("serves the others when sending to one fails, and that one fully the next time", () => {
    const report = vi.fn<(error: unknown) => void>();
    const publisher = createPublisher(report);
    const bases: (number | null)[] = [];
    let broken = false;
    publisher.subscribe((patch) => {
      if (broken) throw new Error("worker is gone");
      bases.push(patch.base);
    });
    const follower = follow(publisher);
    publisher.publish(snapshot(1, ["a"]));
    broken = true;
    publisher.publish(snapshot(2, ["b"]));
    broken = false;
    publisher.publish(snapshot(3, ["c"]));
    publisher.publish(snapshot(4, ["d"]));
    expect(report).toHaveBeenCalledTimes(1);
    expect(bases).toEqual([null, null, 3]);
    expect(follower.state()).toEqual(snapshot(4, ["d"]));
  });

  test("sends the full state again when asked", () => {
    const publisher = createPublisher(failOnReport);
    const follower = follow(publisher);
    publisher.publish(snapshot(1, ["a"]));
    publisher.publish(snapshot(2, ["a", "b"]));
    follower.subscription.resend();
    expect(follower.patches.at(-1)).toMatchObject({ base: null, revision: 2 });
  });

  test("waits for everyone again after going back to an older revision", () => {
    const publisher = createPublisher(failOnReport);
    const follower = follow(publisher);
    publisher.publish(snapshot(7, ["a"]));
    follower.subscription.acknowledge(7);
    publisher.publish(snapshot(5, ["b"]));
    expect(follower.state()).toEqual(snapshot(5, ["b"]));
    expect(publisher.everyoneAt(5)).toBe(false);
    follower.subscription.acknowledge(7);
    expect(publisher.everyoneAt(5)).toBe(false);
    follower.subscription.acknowledge(5);
    expect(publisher.everyoneAt(5)).toBe(true);
  });
});
