// Owners out of ids, and when a use of one is worth writing down.
import { describe, expect, test } from "vitest";
import { expiryOf, idFamilies, renewed } from "../../core/id-families.ts";
import { chosenId, ownersOf } from "./id-owners.ts";

const nowMs = Date.UTC(2027, 0, 1);
const dayMs = 86_400_000;
const holder = { service: "a", key: "main", consumer: "app" };

describe("an id that is bound", () => {
  test("lives as long as its family, from now, whenever the service made it", () => {
    const [made] = ownersOf([{ family: "dashscope-task", id: "t", createdMs: 5 }], holder, nowMs);
    expect(made).toEqual({
      ...holder,
      family: "dashscope-task",
      id: "t",
      createdMs: 5,
      expiresMs: nowMs + 2 * dayMs,
    });
    const [chosen] = ownersOf([{ family: "comfyui-client", id: "c" }], { ...holder, api: "pictures" }, nowMs);
    expect(chosen).toMatchObject({ api: "pictures", createdMs: nowMs, expiresMs: nowMs + dayMs });
  });

  test("is renewed by a use that is due, and by no other", () => {
    for (const family of ["openai-file", "comfyui-client"] as const) {
      const [owner] = ownersOf([{ family, id: "x" }], holder, nowMs);
      if (owner === undefined) throw new Error("no owner");
      const { lifeMs } = idFamilies[family];
      expect(renewed(owner, nowMs + lifeMs / 16 - 1)).toBeUndefined();
      const later = nowMs + lifeMs / 16;
      expect(renewed(owner, later)).toEqual({ ...owner, expiresMs: expiryOf(family, later) });
    }
  });
});

describe("an id that a client chose in a frame", () => {
  test.each([
    { name: "is bound at its first use", text: "task-1", id: "task-1" },
    { name: "is a digest when it is long", text: "x".repeat(1000), id: expect.stringMatching(/^sha256:/u) },
    { name: "is none without a letter", text: "", id: undefined },
  ])("$name", ({ text, id }) => {
    const expected = id === undefined ? undefined : { family: "dashscope-ws-task", id, unknown: "bind" };
    expect(chosenId("dashscope-ws-task", text)).toEqual(expected);
  });
});
