// What every store must do with the audit log, as one suite for each implementation to run. Knows the interface only.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Clock } from "../core/clock.ts";
import type { StorePlace } from "./store-contract.ts";
import { RevisionConflict } from "./store.ts";
import type { AuditPlace, MakeAuditEntry, Store, StoreChange } from "./store.ts";

const clock: Clock = { monotonicMs: () => 0, wallMs: () => 0 };

/** An entry that says what it was told of its place. */
const entry =
  (text: string): MakeAuditEntry =>
  ({ number, head, revision }: AuditPlace) => {
    const chain = `${head?.chain ?? ""}${text}`;
    return {
      row: { number, text: `${text} ${String(revision)}`, chain },
      head: { number, chain, proof: `proof of ${number}` },
    };
  };

const put = (name: string, expectedRevision?: number): StoreChange => ({
  action: "put",
  kind: "services",
  name,
  body: {},
  managedBy: "api",
  ...(expectedRevision === undefined ? {} : { expectedRevision }),
});

export function auditStoreContract(label: string, createPlace: () => Promise<StorePlace>): void {
  describe(`audit store contract: ${label}`, () => {
    let place: StorePlace;
    let store: Store;
    const opened: Store[] = [];
    const open = async (instance = "default"): Promise<Store> => {
      const another = await place.open(instance, clock);
      opened.push(another);
      return another;
    };
    const texts = async (of = store) => (await of.audit.after(0, 100)).rows.map(({ text }) => text);

    beforeEach(async () => {
      place = await createPlace();
      store = await open();
    });
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((one) => one.close()));
      await place.remove();
    });

    test("an empty log has no ends and no entries", async () => {
      expect(await store.audit.ends()).toEqual({ anchor: undefined, head: undefined });
      expect(await store.audit.before(Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
      expect(await store.audit.after(0, 10)).toEqual({ rows: [], head: undefined });
    });

    test("entries count up, each told of the one before, and are read from both sides", async () => {
      for (const text of ["a", "b", "c"]) await store.audit.append(entry(text));
      const rows = [
        { number: 1, text: "a null", chain: "a" },
        { number: 2, text: "b null", chain: "ab" },
        { number: 3, text: "c null", chain: "abc" },
      ];
      const head = { number: 3, chain: "abc", proof: "proof of 3" };
      expect(await store.audit.after(0, 10)).toEqual({ rows, head });
      expect(await store.audit.after(1, 1)).toEqual({ rows: rows.slice(1, 2), head });
      expect(await store.audit.before(3, 10)).toEqual(rows.slice(0, 2).toReversed());
      expect(await store.audit.ends()).toEqual({ anchor: undefined, head });
    });

    test("the entry of a write knows its revision, and is there with it", async () => {
      await store.write([put("a")], "ana", entry("first"));
      expect(await store.write([put("b")], "ana", entry("second"))).toBe(2);
      expect(await texts()).toEqual(["first 1", "second 2"]);
    });

    test("a refused write leaves no entry, and an entry that cannot be made no write", async () => {
      await store.write([put("a")], "ana", entry("first"));
      await expect(store.write([put("a", 9)], "ana", entry("stale"))).rejects.toThrow(RevisionConflict);
      const failing: MakeAuditEntry = () => {
        throw new Error("no entry");
      };
      await expect(store.write([put("b")], "ana", failing)).rejects.toThrow("no entry");
      await expect(store.audit.append(failing)).rejects.toThrow("no entry");
      expect(await store.get("services", "b")).toBeUndefined();
      expect([await store.revision(), await texts()]).toEqual([1, ["first 1"]]);
    });

    test("a write of nothing leaves no entry", async () => {
      await store.write([], "ana", entry("nothing"));
      expect(await texts()).toEqual([]);
    });

    test("pruned entries are gone, the anchor stays, and numbers go on", async () => {
      for (const text of ["a", "b", "c"]) await store.audit.append(entry(text));
      const anchor = { number: 2, chain: "ab", proof: "of the anchor" };
      await store.audit.prune(anchor);
      expect((await store.audit.ends()).anchor).toEqual(anchor);
      await store.audit.prune({ ...anchor, number: 3, chain: "abc" });
      await store.audit.append(entry("d"));
      expect(await store.audit.after(0, 10)).toMatchObject({ rows: [{ number: 4, chain: "abcd" }] });
    });

    test("what several write at once is one chain, and what was written is there after opening it again", async () => {
      const other = await open();
      await Promise.all(
        Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? store : other).audit.append(entry("x"))),
      );
      const again = await open();
      const { rows } = await again.audit.after(0, 100);
      expect(rows.map(({ chain }) => chain.length)).toEqual(
        Array.from({ length: 20 }, (_, index) => index + 1),
      );
    });

    test("every instance has a log of its own", async () => {
      const other = await open("other");
      await store.audit.append(entry("mine"));
      await other.audit.append(entry("theirs"));
      expect([await texts(), await texts(other)]).toEqual([["mine null"], ["theirs null"]]);
    });
  });
}
