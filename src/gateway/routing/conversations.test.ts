import { describe, expect, test } from "vitest";
import { SharedConversations } from "./conversations.ts";

function memory(capacity = 4) {
  const clock = { nowMs: 1_000 };
  const buffer = SharedConversations.allocate(capacity);
  const view = (holder: number) => new SharedConversations(buffer, holder, () => clock.nowMs);
  return { clock, one: view(0), other: view(1), buffer };
}

describe("the model of a conversation", () => {
  test("is found by every thread, until it has been silent for too long", () => {
    const { clock, one, other } = memory();
    const marks = ["a", "b"].map((model) => other.markOf(model));
    one.keep("talk", one.markOf("b"), 2_000);
    expect(other.find("talk", marks)).toBe("b");
    expect(other.find("another talk", marks)).toBeUndefined();
    clock.nowMs = 2_000;
    expect(other.find("talk", marks)).toBeUndefined();
    other.keep("talk", other.markOf("a"), 3_000);
    expect(one.find("talk", marks)).toBe("a");
  });

  test("is none where it is no candidate any more", () => {
    const { one } = memory();
    one.keep("talk", one.markOf("gone"), 2_000);
    expect(one.find("talk", [one.markOf("a")])).toBeUndefined();
  });

  test("of the conversation that was used least lately is forgotten", () => {
    const { one } = memory(3);
    const mark = one.markOf("a");
    for (const talk of ["1", "2", "3", "1", "4", "5"]) one.keep(talk, mark, 2_000);
    expect(["1", "2", "3", "4", "5"].filter((talk) => one.find(talk, [mark]) !== undefined)).toEqual([
      "1",
      "4",
      "5",
    ]);
  });

  test("stays what it was when thousands come and go", () => {
    const { one, other } = memory(64);
    const marks = Array.from({ length: 20 }, (_, index) => one.markOf(`model ${index}`));
    const known = new Map<string, string>();
    for (let step = 0; step < 5_000; step += 1) {
      const talk = `talk ${(step * 7_919) % 200}`;
      const mark = marks[step % marks.length];
      if (mark === undefined) throw new Error("no mark");
      (step % 2 === 0 ? one : other).keep(talk, mark, 2_000);
      known.delete(talk);
      known.set(talk, mark.model);
    }
    const newest = [...known].slice(-64);
    for (const [talk, model] of newest) expect(one.find(talk, marks)).toBe(model);
  });

  test("is there after a thread was ended while it held the memory", () => {
    const { one, other, buffer } = memory();
    one.keep("talk", one.markOf("a"), 2_000);
    // The lock's word holds the holder's number.
    const words = new Int32Array(buffer);
    const lockAt = 8;
    Atomics.store(words, lockAt, 1);
    other.release(0);
    expect(other.find("talk", [other.markOf("a")])).toBe("a");
  });

  test("leaves no text in the memory, and differs from process to process", () => {
    const { one, buffer } = memory();
    one.keep("my very secret conversation", one.markOf("a-model-name"), 2_000);
    const bytes = Buffer.from(new Uint8Array(buffer)).toString("latin1");
    expect(bytes).not.toContain("secret");
    expect(bytes).not.toContain("a-model-name");
    expect(memory().one.markOf("a").digest).not.toEqual(one.markOf("a").digest);
  });
});
