import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyPatch, diffSnapshots, PatchMismatch } from "./patch.ts";
import type { Snapshot, SnapshotConsumer, SnapshotService } from "./snapshot.ts";

const consumer = (name: string, sha256 = "00"): SnapshotConsumer => ({
  name,
  apiKeys: [{ name: "main", sha256, expiresAtMs: null }],
});

const service = (name: string, maxInFlight = 0): SnapshotService => ({
  name,
  provider: "openai",
  resourceGroup: "default",
  endpoints: [{ protocol: "openai", baseUrl: "https://api.example.com" }],
  auth: { kind: "bearer" },
  usageOption: true,
  keys: [{ name: "main", value: "key", weight: 1 }],
  usable: true,
  headers: [["x-team", "a"]],
  timeouts: { connectMs: 1, idleMs: 2, totalMs: 3 },
  maxInFlight,
  models: [],
  prices: [],
});

const byName = <Item extends { readonly name: string }>(items: readonly Item[]) =>
  new Map(items.map((item) => [item.name, item]));

const snapshot = (revision: number, parts: Partial<Snapshot> = {}): Snapshot => ({
  revision,
  instance: "default",
  apis: new Map(),
  services: new Map(),
  consumers: new Map(),
  ...parts,
});

describe("a patch", () => {
  test("of nothing before is the full state and fits on anything", () => {
    const after = snapshot(3, { services: byName([service("a")]), consumers: byName([consumer("b")]) });
    const patch = diffSnapshots(undefined, after);
    expect(patch.base).toBeNull();
    expect(applyPatch(undefined, patch)).toEqual(after);
    expect(applyPatch(snapshot(9, { services: byName([service("old")]) }), patch)).toEqual(after);
  });

  test("brings what an administrator says of models, changes it and takes it out", () => {
    const data = (shipped: "all" | "none") => ({ modelData: { shipped, providers: {} } });
    const states = [snapshot(1), snapshot(2, data("none")), snapshot(2, data("all")), snapshot(3)];
    states.reduce((before, after) => {
      const applied = applyPatch(before, diffSnapshots(before, after));
      expect(applied).toEqual(after);
      // What did not change is the same object, so that what was made of it is kept.
      expect(applyPatch(applied, diffSnapshots(applied, after)).modelData).toBe(applied.modelData);
      return applied;
    });
  });

  test("brings consumer groups, changes them and takes the last one out", () => {
    const group = (limit: number) => {
      const quota = { name: "q", key: "k", metric: "tokens", period: "day", timeZone: "UTC" } as const;
      return { consumerGroups: byName([{ name: "team", quotas: [{ ...quota, limit }] }]) };
    };
    const states = [snapshot(1), snapshot(2, group(1)), snapshot(3, group(2)), snapshot(4)];
    states.reduce((before, after) => {
      const applied = applyPatch(before, diffSnapshots(before, after));
      expect(applied).toEqual(after);
      return applied;
    });
  });

  test("brings what was learnt for Model APIs, changes it and takes the last one out", () => {
    const learnt = (version: number) => ({ routers: new Map([["chat", { version, labels: "AA==" }]]) });
    const states = [snapshot(1), snapshot(2, learnt(1)), snapshot(3, learnt(2)), snapshot(4)];
    states.reduce((before, after) => {
      const applied = applyPatch(before, diffSnapshots(before, after));
      expect(applied).toEqual(after);
      expect(applyPatch(applied, diffSnapshots(applied, after)).routers).toBe(applied.routers);
      return applied;
    });
  });

  test("of one changed consumer among a hundred thousand has one entry", () => {
    const names = Array.from({ length: 100_000 }, (_, index) => `consumer-${index}`);
    const before = snapshot(1, {
      consumers: byName(names.map((name) => consumer(name))),
      services: byName([service("a")]),
    });
    const changed = names.map((name) => consumer(name, name === "consumer-77777" ? "11" : "00"));
    // Compiled anew: no object is shared with the snapshot before.
    const after = snapshot(2, { consumers: byName(changed), services: byName([service("a")]) });
    const patch = diffSnapshots(before, after);
    expect(patch).toEqual({
      instance: "default",
      revision: 2,
      base: 1,
      sections: { consumers: { put: [["consumer-77777", consumer("consumer-77777", "11")]], delete: [] } },
    });
    const applied = applyPatch(before, patch);
    expect(applied.consumers.size).toBe(100_000);
    expect(applied.consumers.get("consumer-77777")).toEqual(consumer("consumer-77777", "11"));
    expect(applied.consumers.get("consumer-1")).toBe(before.consumers.get("consumer-1"));
    expect(applied.services).toBe(before.services);
    expect(before.consumers.get("consumer-77777")).toEqual(consumer("consumer-77777"));
  });

  test("has deleted names, changed fields and new items, and no section without changes", () => {
    const before = snapshot(1, { services: byName([service("gone"), service("changed"), service("same")]) });
    const after = snapshot(5, { services: byName([service("new"), service("changed", 7), service("same")]) });
    const patch = diffSnapshots(before, after);
    expect(Object.keys(patch.sections)).toEqual(["services"]);
    expect(patch.sections.services?.delete).toEqual(["gone"]);
    expect(patch.sections.services?.put.map(([name]) => name)).toEqual(["new", "changed"]);
    expect(applyPatch(before, patch)).toEqual(after);
  });

  test("between instances is the full state", () => {
    const after = { ...snapshot(1, { services: byName([service("a")]) }), instance: "other" };
    expect(applyPatch(snapshot(1), diffSnapshots(snapshot(1), after))).toEqual(after);
  });

  test.each([
    { name: "nothing", current: undefined },
    { name: "an older revision", current: snapshot(1) },
    { name: "a newer revision", current: snapshot(3) },
    { name: "another instance", current: { ...snapshot(2), instance: "other" } },
  ])("for revision 2 does not fit on $name", ({ current }) => {
    const patch = diffSnapshots(snapshot(2), snapshot(3, { services: byName([service("a")]) }));
    expect(() => applyPatch(current, patch)).toThrow(PatchMismatch);
  });

  test("brings any state to any other, also after a structured clone", () => {
    const states = fc
      .dictionary(fc.constantFrom("a", "b", "c", "d"), fc.constantFrom("00", "11"))
      .map((keys) => byName(Object.entries(keys).map(([name, sha256]) => consumer(name, sha256))));
    fc.assert(
      fc.property(states, states, (one, other) => {
        const before = snapshot(1, { consumers: one });
        const after = snapshot(2, { consumers: other });
        const patch = structuredClone(diffSnapshots(before, after));
        expect(applyPatch(before, patch)).toEqual(after);
        const inPatch =
          (patch.sections.consumers?.put.length ?? 0) + (patch.sections.consumers?.delete.length ?? 0);
        const changed = ["a", "b", "c", "d"].filter(
          (name) => one.get(name)?.apiKeys[0]?.sha256 !== other.get(name)?.apiKeys[0]?.sha256,
        );
        expect(inPatch).toBe(changed.length);
      }),
    );
  });
});
