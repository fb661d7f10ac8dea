// Columns in an address and the marks of the best: wrong ones would praise the wrong model.
import { describe, expect, it } from "vitest";
import { addPieces, emptyAnswer } from "../debug/answer.ts";
import { newView, type RunView } from "../debug/run-view.ts";
import { defaultSettings } from "../debug/settings.ts";
import { bestsOf, readColumns, toJson, toMarkdown, writeColumns } from "./columns.ts";

function view(firstMs: number, output: number, fields: Partial<RunView> = {}): RunView {
  const empty = newView("id", "api", 0, { method: "POST", path: "/", headers: {} });
  const answer = addPieces(emptyAnswer, [
    { kind: "text", text: "words" },
    { kind: "usage", usage: { output } },
  ]);
  return { ...empty, phase: "done", status: 200, firstMs, elapsedMs: firstMs + 10, answer, ...fields };
}

describe("columns", () => {
  it("come back from an address as they were", () => {
    const columns = [
      { id: "column-0", api: "a", settings: defaultSettings },
      { id: "column-1", api: "b-2", settings: { ...defaultSettings, model: "qwen-max" } },
    ];
    expect(readColumns(writeColumns(columns))).toEqual(columns);
  });
  it("are at most four", () => {
    expect(readColumns("a,b,c,d,e")).toHaveLength(4);
    expect(readColumns(undefined)).toEqual([]);
  });
});

describe("the best column", () => {
  it("is told for each measure", () => {
    expect(bestsOf([view(300, 10), view(100, 40), null])).toEqual({
      fastest: 1,
      shortest: 0,
      cheapest: null,
    });
  });
  it("is not told while one runs, of one alone, of failures or of equals", () => {
    const nobody = { fastest: null, shortest: null, cheapest: null };
    expect(bestsOf([view(300, 10), view(100, 40, { phase: "answering" })])).toEqual(nobody);
    expect(bestsOf([view(300, 10), null])).toEqual(nobody);
    expect(bestsOf([view(300, 10), view(1, 1, { status: 500 })])).toEqual(nobody);
    expect(bestsOf([view(300, 10), view(300, 10)])).toEqual(nobody);
  });
});

describe("an export", () => {
  const turns = [{ asked: "Why?", answers: [{ name: "A", view: view(1, 2) }] }];
  it("holds question and answers", () => {
    expect(toMarkdown(turns)).toBe("## Why?\n\n### A\n\nwords\n");
    expect(JSON.parse(toJson(turns))).toMatchObject([
      { asked: "Why?", answers: [{ name: "A", text: "words" }] },
    ]);
  });
});
