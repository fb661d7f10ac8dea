// Changes of an entry as lines.
import { expect, test } from "vitest";
import { changeLines } from "./audit-words.ts";

test("what went stands before what came, and a secret is never more than that it is one", () => {
  const lines = changeLines(
    [
      { path: "enabled", before: true, after: false },
      { path: "roles[0]", after: { role: "viewer" } },
      { path: "description", before: "old" },
      { path: "password", before: { set: true }, after: { set: true, changed: true } },
      { path: "", after: "whole" },
    ],
    { secret: "a secret", otherSecret: "another secret" },
  );
  expect(lines.map(({ sign, text }) => `${sign} ${text}`)).toEqual([
    "- enabled: true",
    "+ enabled: false",
    '+ roles[0]: {"role":"viewer"}',
    "- description: old",
    "- password: (a secret)",
    "+ password: (another secret)",
    "+ whole",
  ]);
});
