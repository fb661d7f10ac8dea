// What is noted, how it is named, and what a strict Model API refuses.
import { describe, expect, test } from "vitest";
import { GatewayError } from "../core/errors.ts";
import { parseExactJson } from "../lib/exact-json.ts";
import { TranslationNotes } from "./translation-notes.ts";

const notesOf = (options: { strict?: boolean; passFields?: string[] } = {}): TranslationNotes =>
  new TranslationNotes({ strict: false, passFields: [], service: "gemini", ...options });

function refusal(work: () => unknown): GatewayError | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
}

test("each note once, in order, by what was done", () => {
  const notes = notesOf();
  notes.dropped("a");
  notes.clamped("b");
  notes.dropped("a");
  notes.rewritten("a");
  expect(notes.warnings).toEqual([
    { field: "a", action: "dropped" },
    { field: "b", action: "clamped" },
    { field: "a", action: "rewritten" },
  ]);
});

test("fields are named as the client wrote them, once that is known", () => {
  const notes = notesOf();
  notes.dropped("stop");
  notes.namedBy((field) => `their ${field}`);
  notes.dropped("stop");
  expect(notes.clientName("stop")).toBe("their stop");
  expect(notes.warnings.map(({ field }) => field)).toEqual(["stop", "their stop"]);
});

describe("in strict mode", () => {
  test.each(["dropped", "clamped", "rewritten"] as const)("what is %s is refused by its name", (action) => {
    const notes = notesOf({ strict: true });
    notes.namedBy((field) => `their_${field}`);
    const error = refusal(() => notes[action]("seed"));
    expect(error).toMatchObject({ code: "invalid_request", status: 400, param: "their_seed" });
    expect(error?.message).toContain("gemini");
    expect(notes.warnings).toEqual([]);
  });

  test("state that nobody has any more is reported and not refused", () => {
    const notes = notesOf({ strict: true });
    notes.lost("messages.1.reasoning_details");
    expect(notes.warnings).toEqual([{ field: "messages.1.reasoning_details", action: "dropped" }]);
  });

  test("fields that nobody knows are refused, those that say nothing are not", () => {
    const known = new Set(["seen"]);
    expect(refusal(() => notesOf({ strict: true }).rest({ seen: 1, odd: 1 }, known))?.param).toBe("odd");
    expect(notesOf({ strict: true }).rest({ odd: null, none: false, list: [], object: {} }, known)).toEqual(
      {},
    );
  });
});

describe("fields that neither side knows", () => {
  test("go on when the Model API lets them, and are noted else", () => {
    const notes = notesOf({ passFields: ["passed"] });
    expect(notes.rest({ passed: [1], seen: 2, odd: 3 }, new Set(["seen"]))).toEqual({ passed: [1] });
    expect(notes.warnings).toEqual([{ field: "odd", action: "dropped" }]);
  });

  test.each([
    ["null", null, false],
    ["false", false, false],
    ["an empty list", [], false],
    ["an empty object", {}, false],
    ["zero", 0, true],
    ["an empty text", "", true],
    ["true", true, true],
    ["a number kept raw", parseExactJson("1.0"), true],
  ])("%s says something: %s", (_name, value, says) => {
    const notes = notesOf();
    notes.rest({ odd: value }, new Set());
    expect(notes.warnings).toHaveLength(says ? 1 : 0);
  });

  test("a member named like the prototype is a field like others", () => {
    const notes = notesOf({ passFields: ["__proto__"] });
    const passed = notes.rest(
      JSON.parse('{"__proto__":{"a":1}}') as object as Record<string, unknown>,
      new Set(),
    );
    expect(({} as { a?: number }).a).toBeUndefined();
    expect(passed).not.toHaveProperty("a");
  });
});
