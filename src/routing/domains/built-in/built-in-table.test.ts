// The table that ships is the one that the examples give.
import { expect, test } from "vitest";
import { createPromptReader } from "../../prompt/prompt-reader.ts";
import { loadWordVectors } from "../../prompt/load-word-vectors.ts";
import { trainDomainTable } from "../train-domain-table.ts";
import { builtInExamples, withGeneral } from "./built-in-domains.ts";
import { builtInTable, domainTableBytes } from "./load-built-in-table.ts";

test("the table that ships is learnt from the examples: `npm run domain-table` writes it", () => {
  const learnt = trainDomainTable(withGeneral(builtInExamples()), createPromptReader(loadWordVectors()));
  expect(Buffer.from(domainTableBytes(builtInTable)).equals(learnt)).toBe(true);
});

test("a table of its own stands in the policy as base64", () => {
  expect(domainTableBytes(Buffer.from([1, 2, 255]).toString("base64"))).toEqual(Buffer.from([1, 2, 255]));
});
