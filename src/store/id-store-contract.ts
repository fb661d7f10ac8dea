// What every id store must do, as one suite for each implementation to run. Knows the interface only.
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { expiryOf } from "../core/id-families.ts";
import type { IdFamily } from "../core/id-families.ts";
import type { IdOwner, IdStore } from "../core/id-owner.ts";

/** One empty place to store in, which may be opened several times. */
export interface IdStorePlace {
  open(clock: { wallMs(): number }): IdStore;
  /** Removes the place; every store of it is closed by then. */
  remove(): Promise<void>;
}

const startMs = Date.UTC(2027, 0, 1);

/** Declares the suite. `createPlace` is called before every test. */
export function idStoreContract(label: string, createPlace: () => Promise<IdStorePlace>): void {
  describe(`id store contract: ${label}`, () => {
    let place: IdStorePlace;
    let nowMs: number;
    let opened: IdStore[];
    let store: IdStore;

    const open = (): IdStore => {
      const another = place.open({ wallMs: () => nowMs });
      opened.push(another);
      return another;
    };

    const owner = (changes: Partial<IdOwner> = {}): IdOwner => ({
      family: "dashscope-task",
      id: "task-1",
      service: "bailian",
      key: "main",
      consumer: "app-1",
      createdMs: nowMs,
      expiresMs: expiryOf(changes.family ?? "dashscope-task", nowMs),
      ...changes,
    });

    beforeEach(async () => {
      nowMs = startMs;
      opened = [];
      place = await createPlace();
      store = open();
    });
    afterEach(async () => {
      for (const each of opened) each.close();
      await place.remove();
    });

    test("an id is found with its place, owner and times, by everybody who has the store open", () => {
      const bound = owner({ api: "pictures" });
      expect(store.bind([bound])).toEqual([bound]);
      expect(store.find("dashscope-task", "task-1", "app-1")).toEqual(bound);
      expect(open().find("dashscope-task", "task-1", "app-1")).toEqual(bound);
    });

    test("an id that was never bound is unknown, in every family but its own too", () => {
      store.bind([owner()]);
      expect(store.find("dashscope-task", "task-2", "app-1")).toBeUndefined();
      expect(store.find("openai-batch", "task-1", "app-1")).toBeUndefined();
    });

    test("somebody else's id is found as theirs", () => {
      store.bind([owner()]);
      expect(store.find("dashscope-task", "task-1", "app-2")).toMatchObject({ consumer: "app-1" });
      expect(store.find("dashscope-task", "task-1", "")).toMatchObject({ consumer: "app-1" });
    });

    test("two places may choose the same id, and each consumer finds their own", () => {
      store.bind([
        owner({ service: "a", consumer: "app-1" }),
        owner({ service: "b", consumer: "app-2" }),
        owner({ service: "b", key: "second", consumer: "app-3" }),
      ]);
      expect(store.find("dashscope-task", "task-1", "app-1")).toMatchObject({ service: "a" });
      expect(store.find("dashscope-task", "task-1", "app-2")).toMatchObject({ service: "b", key: "main" });
      expect(store.find("dashscope-task", "task-1", "app-3")).toMatchObject({ service: "b", key: "second" });
    });

    test("a file that a server keeps once for two consumers is everybody's own", () => {
      const file = { family: "comfyui-file", id: "input/logo.png" } as const;
      store.bind([owner(file), owner({ ...file, consumer: "app-2" })]);
      store.forget(owner(file));
      expect(store.find("comfyui-file", "input/logo.png", "app-2")).toMatchObject({ consumer: "app-2" });
      expect(store.find("comfyui-file", "input/logo.png", "app-3")).toMatchObject({ consumer: "app-2" });
    });

    test("a consumer's own id at several places is found where it was bound last", () => {
      store.bind([owner({ service: "a" })]);
      nowMs += 1000;
      store.bind([owner({ service: "b" })]);
      expect(store.find("dashscope-task", "task-1", "app-1")).toMatchObject({ service: "b" });
    });

    test("the first to bind an id at a place keeps it", () => {
      store.bind([owner()]);
      expect(store.bind([owner({ consumer: "app-2" })])).toMatchObject([{ consumer: "app-1" }]);
      expect(store.find("dashscope-task", "task-1", "app-2")).toMatchObject({ consumer: "app-1" });
    });

    test.each<{ name: string; other: Partial<IdOwner> }>([
      { name: "another consumer", other: { consumer: "app-2" } },
      { name: "the same consumer at another service", other: { service: "b" } },
      { name: "the same consumer with another key", other: { key: "second" } },
    ])("the first to bind an id that clients choose keeps it against $name", ({ other }) => {
      const client = { family: "comfyui-client", id: "c-1" } as const;
      store.bind([owner(client)]);
      const holders = open().bind([owner({ ...client, ...other })]);
      expect(holders).toMatchObject([{ consumer: "app-1", service: "bailian", key: "main" }]);
    });

    test("an expired id is unknown and may be bound by anybody", () => {
      const client = { family: "comfyui-client", id: "c-1" } as const;
      const first = owner(client);
      store.bind([first]);
      nowMs = first.expiresMs - 1;
      expect(store.find("comfyui-client", "c-1", "app-1")).toBeDefined();
      nowMs = first.expiresMs;
      expect(store.find("comfyui-client", "c-1", "app-1")).toBeUndefined();
      const second = owner({ ...client, consumer: "app-2", service: "b" });
      expect(store.bind([second])).toEqual([second]);
    });

    test("binding again lengthens a life once that is due, never shortens it, and changes nothing else", () => {
      const first = owner();
      store.bind([first]);
      nowMs += 60_000;
      expect(store.bind([owner()])).toEqual([first]);
      nowMs = startMs + 86_400_000;
      const longer = owner({ api: "another" });
      expect(store.bind([longer])).toEqual([{ ...first, expiresMs: longer.expiresMs }]);
      expect(store.bind([first])).toMatchObject([{ expiresMs: longer.expiresMs }]);
      expect(store.find("dashscope-task", "task-1", "app-1")).toEqual({
        ...first,
        expiresMs: longer.expiresMs,
      });
    });

    test("others do not lengthen the life of an id", () => {
      const first = owner();
      store.bind([first]);
      nowMs += 86_400_000;
      store.bind([owner({ consumer: "app-2" })]);
      expect(store.find("dashscope-task", "task-1", "app-1")).toEqual(first);
    });

    test("the same id twice in one call is one id", () => {
      const holders = store.bind([owner(), owner({ consumer: "app-2" })]);
      expect(holders).toMatchObject([{ consumer: "app-1" }, { consumer: "app-1" }]);
    });

    test("binding nothing is no mistake", () => {
      expect(store.bind([])).toEqual([]);
    });

    test("a forgotten id is unknown, may be bound anew, and cursors can still name it for a day", () => {
      const first = owner({ family: "openai-file", id: "file-1" });
      store.bind([first]);
      store.forget(first);
      expect(store.find("openai-file", "file-1", "app-1")).toBeUndefined();
      expect(store.list("openai-file", "app-1", { limit: 10 })).toEqual([]);
      expect(store.findForgotten("openai-file", "file-1", "app-1")).toMatchObject({ createdMs: startMs });
      expect(store.findForgotten("openai-file", "file-1", "app-2")).toBeUndefined();
      const second = owner({ family: "openai-file", id: "file-1", consumer: "app-2" });
      expect(store.bind([second])).toEqual([second]);
      expect(store.findForgotten("openai-file", "file-1", "app-1")).toBeUndefined();
    });

    test("a forgotten id is gone after a day", () => {
      const first = owner({ family: "openai-file", id: "file-1" });
      store.bind([first]);
      store.forget(first);
      nowMs += 86_400_000;
      expect(store.sweep(10)).toBe(1);
      expect(store.findForgotten("openai-file", "file-1", "app-1")).toBeUndefined();
    });

    test("forgetting at one place leaves the same id at another", () => {
      store.bind([owner({ service: "a" }), owner({ service: "b" })]);
      store.forget(owner({ service: "b" }));
      expect(store.find("dashscope-task", "task-1", "app-1")).toMatchObject({ service: "a" });
    });

    test("usage is settled once, whoever asks, and never for what is not bound", () => {
      const task = owner();
      expect(store.settleOnce(task)).toBe(false);
      store.bind([task]);
      const other = open();
      expect([other.settleOnce(task), store.settleOnce(task), other.settleOnce(task)]).toEqual([
        true,
        false,
        false,
      ]);
      store.bind([owner({ expiresMs: task.expiresMs + 86_400_000 })]);
      expect(store.settleOnce(task)).toBe(false);
      store.bind([owner({ service: "b" })]);
      expect(store.settleOnce(owner({ service: "b" }))).toBe(true);
    });

    test("a list holds the consumer's living ids of the family, newest first, page by page", () => {
      const mine = Array.from({ length: 7 }, (_, index) =>
        owner({ id: `task-${index}`, createdMs: startMs + Math.floor(index / 2) }),
      );
      store.bind([
        ...mine,
        owner({ id: "theirs", consumer: "app-2" }),
        owner({ id: "other-family", family: "openai-file" }),
        owner({ id: "expired", expiresMs: startMs }),
      ]);
      const pages: string[][] = [];
      for (let after: IdOwner | undefined; ;) {
        const page = store.list("dashscope-task", "app-1", { limit: 3, after });
        if (page.length === 0) break;
        pages.push(page.map(({ id }) => id));
        after = page.at(-1);
      }
      expect(pages).toEqual([["task-6", "task-5", "task-4"], ["task-3", "task-2", "task-1"], ["task-0"]]);
    });

    test("sweeping removes what has expired in bounded steps, the oldest first, and nothing else", () => {
      store.bind(
        Array.from({ length: 5 }, (_, index) => owner({ id: `old-${index}`, expiresMs: nowMs + 1 })),
      );
      store.bind([owner({ id: "living" })]);
      nowMs += 1;
      expect([store.sweep(2), store.sweep(2), store.sweep(2), store.sweep(2)]).toEqual([2, 2, 1, 0]);
      expect(store.find("dashscope-task", "living", "app-1")).toBeDefined();
    });

    test("any text is an id, and no two texts are the same one", () => {
      const families: IdFamily[] = ["comfyui-client", "comfyui-file"];
      fc.assert(
        fc.property(
          fc.uniqueArray(fc.string({ unit: "binary", maxLength: 40 }), { minLength: 2, maxLength: 2 }),
          fc.constantFrom(...families),
          (ids, family) => {
            const [first = "", second = ""] = ids;
            // NUL is no text to SQL databases and never gets here: request heads and file names cannot hold it.
            if (ids.some((id) => id.includes("\0") || !id.isWellFormed())) return;
            const service = `s${first}`;
            store.bind([owner({ family, id: first, service })]);
            expect(store.find(family, first, "app-1")).toMatchObject({ id: first });
            store.forget(owner({ family, id: first, service }));
            expect(store.find(family, first, "app-1")).toBeUndefined();
            expect(store.find(family, second, "app-1")).toBeUndefined();
          },
        ),
        { numRuns: 60 },
      );
    });
  });
}
