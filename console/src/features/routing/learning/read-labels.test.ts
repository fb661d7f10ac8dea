import { describe, expect, test } from "vitest";
import { readLabels } from "./read-labels.ts";

const one = { prompt: "2 + 2?", model: "small", score: 1 };
const other = { prompt: 'say "hi",\nplease', model: "large", score: 0.5 };

describe("labels are read", () => {
  test.each<[string, string]>([
    ["of JSON lines", `${JSON.stringify(one)}\n\n${JSON.stringify(other)}\n`],
    ["of a JSON list", JSON.stringify([one, other])],
    ["of CSV", 'prompt,model,score\n2 + 2?,small,1\n"say ""hi"",\nplease",large,0.5\n'],
    [
      "of CSV with other columns in another order",
      'score,id,Model,Prompt\r\n1,a,small,2 + 2?\r\n0.5,b,large,"say ""hi"",\nplease"',
    ],
  ])("%s", (_name, text) => {
    expect(readLabels(text)).toEqual({ items: [one, other], wrong: [] });
  });
});

describe("what is no label is told by its place", () => {
  test.each<[string, string, readonly number[]]>([
    ["a score above 1", JSON.stringify([one, { ...one, score: 1.1 }]), [2]],
    ["a score that is no number", "prompt,model,score\na,m,good", [2]],
    ["an empty score", "prompt,model,score\na,m,", [2]],
    ["an empty prompt", JSON.stringify([{ ...one, prompt: " " }]), [1]],
    ["a line that is no JSON", `${JSON.stringify(one)}\nnonsense`, [2]],
    ["JSON that is no list", "[1, 2", [1]],
    ["a head without the columns", "question,answer\na,b", [1]],
  ])("%s", (_name, text, wrong) => {
    expect(readLabels(text).wrong).toEqual(wrong);
  });

  test("nothing is nothing", () => {
    expect(readLabels(" \n ")).toEqual({ items: [], wrong: [] });
  });
});
