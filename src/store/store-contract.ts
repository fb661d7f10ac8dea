// What every store must do, as one suite for each implementation to run. Knows the interface only.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Clock } from "../core/clock.ts";
import { RevisionConflict } from "./store.ts";
import type { Store, StoreChange } from "./store.ts";

/** One empty place to store in, which may be opened several times. */
export interface StorePlace {
  open(instance: string, clock: Clock): Promise<Store>;
  /** Removes the place; every store of it is closed by then. */
  remove(): Promise<void>;
}

const startMs = Date.UTC(2027, 0, 1);

const put = (name: string, body: Record<string, unknown> = {}, expectedRevision?: number): StoreChange => ({
  action: "put",
  kind: "services",
  name,
  body,
  managedBy: "api",
  ...(expectedRevision === undefined ? {} : { expectedRevision }),
});

const remove = (name: string, expectedRevision?: number): StoreChange => ({
  action: "delete",
  kind: "services",
  name,
  ...(expectedRevision === undefined ? {} : { expectedRevision }),
});

/** Everything a reader can see, to prove that a refused write left no trace. */
async function everything(store: Store) {
  return {
    revision: await store.revision(),
    resources: await store.list(),
    revisions: await store.revisions(1000),
    changes: await store.changesBetween(0, 1000),
  };
}

/** Declares the suite. `createPlace` is called before every test. */
export function storeContract(label: string, createPlace: () => Promise<StorePlace>): void {
  describe(`store contract: ${label}`, () => {
    let place: StorePlace;
    let nowMs: number;
    let opened: Store[];
    let store: Store;
    const clock: Clock = { monotonicMs: () => nowMs, wallMs: () => nowMs };

    const open = async (instance = "default"): Promise<Store> => {
      const another = await place.open(instance, clock);
      opened.push(another);
      return another;
    };

    beforeEach(async () => {
      nowMs = startMs;
      opened = [];
      place = await createPlace();
      store = await open();
    });

    afterEach(async () => {
      await Promise.all(opened.map((another) => another.close()));
      await place.remove();
    });

    test("an empty store is at revision 0 and has nothing", async () => {
      expect(await everything(store)).toEqual({ revision: 0, resources: [], revisions: [], changes: [] });
      expect(await store.get("services", "a")).toBeUndefined();
      expect(await store.getMeta("a")).toBeUndefined();
    });

    test("a resource comes back as it was put", async () => {
      const body = {
        text: "Grüße 漢字 \u0000 'quoted' \"double\"",
        number: 0.25,
        nothing: null,
        list: [{ deep: [true] }],
      };
      expect(await store.write([put("a", body)], "ana")).toBe(1);
      expect(await store.get("services", "a")).toEqual({
        instance: "default",
        kind: "services",
        name: "a",
        revision: 1,
        managedBy: "api",
        body,
        createdAt: "2027-01-01T00:00:00.000Z",
        updatedAt: "2027-01-01T00:00:00.000Z",
      });
    });

    test("an update keeps the creation time and carries the new revision", async () => {
      await store.write([put("a", { version: 1 })], "ana");
      nowMs += 1000;
      await store.write([{ ...put("a", { version: 2 }), managedBy: "file" } as StoreChange], "gateway.yaml");
      expect(await store.get("services", "a")).toMatchObject({
        revision: 2,
        managedBy: "file",
        body: { version: 2 },
        createdAt: "2027-01-01T00:00:00.000Z",
        updatedAt: "2027-01-01T00:00:01.000Z",
      });
    });

    test("lists are ordered by kind and name, and one kind can be asked for", async () => {
      const domain: StoreChange = { action: "put", kind: "domains", name: "z", body: {}, managedBy: "api" };
      await store.write([put("b"), put("B"), domain, put("a")], "ana");
      const names = (await store.list()).map((resource) => `${resource.kind}/${resource.name}`);
      expect(names).toEqual(["domains/z", "services/B", "services/a", "services/b"]);
      expect((await store.list("domains")).map((resource) => resource.name)).toEqual(["z"]);
      expect(await store.list("users")).toEqual([]);
    });

    test("names are case-sensitive", async () => {
      await store.write([put("App", { at: "upper" }), put("app", { at: "lower" })], "ana");
      expect((await store.get("services", "App"))?.body).toEqual({ at: "upper" });
      expect((await store.get("services", "app"))?.body).toEqual({ at: "lower" });
    });

    test("a write without changes makes no revision", async () => {
      await store.write([put("a")], "ana");
      expect(await store.write([], "ana")).toBe(1);
      expect(await store.revisions(10)).toHaveLength(1);
    });

    test.each<{ name: string; change: StoreChange; actual: number }>([
      { name: "a create of what is there", change: put("a", {}, 0), actual: 1 },
      { name: "an update of a stale revision", change: put("a", {}, 7), actual: 1 },
      { name: "an update of what is gone", change: put("gone", {}, 1), actual: 0 },
      { name: "a delete of a stale revision", change: remove("a", 7), actual: 1 },
      { name: "a delete of what is gone", change: remove("gone", 1), actual: 0 },
    ])("$name is refused, and the whole write with it", async ({ change, actual }) => {
      await store.write([put("a", { version: 1 })], "ana");
      const before = await everything(store);
      const refusal: unknown = await store
        .write([put("first"), change, put("last")], "ana")
        .catch((error) => error);
      expect(refusal).toBeInstanceOf(RevisionConflict);
      expect(refusal).toMatchObject({ kind: "services", resourceName: change.name, actualRevision: actual });
      expect(await everything(store)).toEqual(before);
      expect(await store.write([put("a", { version: 2 }, 1)], "ana")).toBe(2);
    });

    test("changes that hold their expected revision are committed", async () => {
      await store.write([put("a", {}, 0), put("b", {}, 0)], "ana");
      await store.write([put("a", { version: 2 }, 1), remove("b", 1)], "ana");
      expect((await store.list()).map((resource) => [resource.name, resource.revision])).toEqual([["a", 2]]);
    });

    test("deleting what is not there changes nothing", async () => {
      expect(await store.write([remove("gone")], "ana")).toBe(1);
      expect(await store.changesBetween(0, 1)).toEqual([]);
    });

    test("a write that names a resource twice is refused", async () => {
      await expect(store.write([put("a"), remove("a")], "ana")).rejects.toThrow("services/a");
      expect(await store.revision()).toBe(0);
    });

    test("of two writes at once that expect the same revision one is refused", async () => {
      const other = await open();
      await store.write([put("a")], "ana");
      const results = await Promise.allSettled([
        store.write([put("a", { by: "ana" }, 1)], "ana"),
        other.write([put("a", { by: "ben" }, 1)], "ben"),
      ]);
      expect(results.map((result) => result.status).toSorted()).toEqual(["fulfilled", "rejected"]);
      expect(await other.revision()).toBe(2);
      expect(await store.get("services", "a")).toEqual(await other.get("services", "a"));
    });

    test("the history has who, when and each resource before and after", async () => {
      await store.write([put("a", { version: 1 })], "ana");
      nowMs += 1000;
      await store.write([put("a", { version: 2 }), put("b")], "ben");
      await store.write([remove("a")], "ana");
      expect(await store.revisions(2)).toEqual([
        { number: 3, at: "2027-01-01T00:00:01.000Z", by: "ana" },
        { number: 2, at: "2027-01-01T00:00:01.000Z", by: "ben" },
      ]);
      expect(await store.revisions(10, 2)).toEqual([
        { number: 1, at: "2027-01-01T00:00:00.000Z", by: "ana" },
      ]);
      const changes = await store.changesBetween(1, 3);
      expect(
        changes.map(({ revision, name, before, after }) => [
          revision,
          name,
          before?.body ?? null,
          after?.body ?? null,
        ]),
      ).toEqual([
        [2, "a", { version: 1 }, { version: 2 }],
        [2, "b", null, {}],
        [3, "a", { version: 2 }, null],
      ]);
      expect(changes[0]?.before).toMatchObject({
        instance: "default",
        kind: "services",
        name: "a",
        revision: 1,
      });
      expect(await store.changesBetween(3, 3)).toEqual([]);
    });

    test("the changes of one resource come newest first, as many as asked for", async () => {
      await store.write([put("a", { version: 1 }), put("b")], "ana");
      await store.write([put("b", { version: 2 })], "ben");
      nowMs += 1000;
      await store.write([put("a", { version: 2 })], "ben");
      await store.write([remove("a")], "ana");
      const changes = await store.changesOf("services", "a", 2);
      expect(
        changes.map(({ revision, before, after }) => [revision, before?.body ?? null, after?.body ?? null]),
      ).toEqual([
        [{ number: 4, at: "2027-01-01T00:00:01.000Z", by: "ana" }, { version: 2 }, null],
        [{ number: 3, at: "2027-01-01T00:00:01.000Z", by: "ben" }, { version: 1 }, { version: 2 }],
      ]);
      const older = await store.changesOf("services", "a", 2, 3);
      expect(older.map(({ revision }) => revision.number)).toEqual([1]);
      expect(await store.changesOf("domains", "a", 2)).toEqual([]);
      expect(await (await open("other")).changesOf("services", "a", 2)).toEqual([]);
    });

    test("instances in one place do not see each other", async () => {
      const other = await open("other");
      await store.write([put("a", { of: "default" })], "ana");
      await store.setMeta("key", "default");
      expect(await everything(other)).toEqual({ revision: 0, resources: [], revisions: [], changes: [] });
      expect(await other.getMeta("key")).toBeUndefined();
      expect(await other.write([put("a", { of: "other" }, 0)], "ben")).toBe(1);
      expect((await store.get("services", "a"))?.body).toEqual({ of: "default" });
    });

    test("everything is still there after closing and opening again", async () => {
      await store.write([put("a", { version: 1 })], "ana");
      await store.write([put("a", { version: 2 })], "ana");
      await store.setMeta("key", "value");
      const before = await everything(store);
      await store.close();
      const again = await open();
      expect(await everything(again)).toEqual(before);
      expect(await again.getMeta("key")).toBe("value");
    });

    test("closing twice does no harm", async () => {
      await store.close();
      await store.close();
    });

    test("a meta value can be replaced and makes no revision", async () => {
      await store.setMeta("key", "one");
      await store.setMeta("key", "two");
      expect(await store.getMeta("key")).toBe("two");
      expect(await store.revision()).toBe(0);
    });

    test("watchers hear of own writes until they stop", async () => {
      const heard: number[] = [];
      const stop = store.watch((revision) => heard.push(revision));
      await store.write([put("a")], "ana");
      await expect.poll(() => heard).toEqual([1]);
      stop();
      await store.write([put("b")], "ana");
      const last = vi.fn<(revision: number) => void>();
      store.watch(last);
      await store.write([put("c")], "ana");
      await expect.poll(() => last.mock.calls).toEqual([[3]]);
      expect(heard).toEqual([1]);
    });

    test("watchers hear of the writes of others in the same place", async () => {
      const other = await open();
      const heard: number[] = [];
      store.watch((revision) => heard.push(revision));
      await other.write([put("a")], "ben");
      await expect.poll(() => heard).toEqual([1]);
    });

    test("a hundred thousand resources are written at once, read back, and one of them changed", async () => {
      const count = 100_000;
      const changes = Array.from({ length: count }, (_, index) =>
        put(`consumer-${index}`, { enabled: true, credentials: [{ name: "main", type: "api-key" }] }),
      );
      expect(await store.write(changes, "gateway.yaml")).toBe(1);
      expect(await store.list()).toHaveLength(count);
      expect(await store.write([put("consumer-99999", { enabled: false }, 1)], "ana")).toBe(2);
      expect(await store.changesBetween(1, 2)).toHaveLength(1);
    });
  });
}
