// What one thread finds out about prompts: whatever its tables are, and whatever prompts come between.
import { expect, test } from "vitest";
import { builtInTable } from "../../routing/domains/built-in/load-built-in-table.ts";
import { testPolicy } from "../../routing/decision/decision-fixture.ts";
import type { RoutingPolicy } from "../../routing/policy.ts";
import { PromptView } from "./prompt-view.ts";

const viewOf = (domainTable: string, labels: string): PromptView => {
  const policy: Pick<RoutingPolicy, "domainTable" | "learns"> = { domainTable, learns: false };
  return new PromptView(policy, { version: 3, labels });
};

test.each([
  ["of which nothing is left", "AAAA"],
  ["that are no base64", "!"],
  ["of another version", Buffer.from([...Buffer.from("MGDT"), ...Buffer.alloc(400, 7)]).toString("base64")],
])("tables %s tell nothing, and requests are decided without them", (_, table) => {
  const view = viewOf(table, table);
  expect(view.find("Write a function that sorts a list").domains).toEqual([]);
  expect(view.read("Write a function that sorts a list").estimates).toBeUndefined();
  expect(view.routerName).toMatch(/^\d+\.general\.0$/);
});

test("the table that ships tells", () => {
  const [first] = viewOf(builtInTable, "").find("Write a Python function that sorts a list").domains;
  expect(first?.name).toBe("code");
});

const code = "Write a Python function that parses a JSON file and returns a list of dictionaries.";
const poem = "写一首关于秋天的诗，要押韵。";
const learningView = () =>
  new PromptView({ ...testPolicy([]), domainTable: builtInTable, learns: true }, undefined);

/** As the next prompt does not change it. */
function readingOf(view: PromptView, question: string): unknown {
  const { features, sketch } = view.read(question);
  return structuredClone({ features, sketch });
}

test("a prompt is read the same whatever was read since its domains were asked for", () => {
  const view = learningView();
  const other = learningView();
  const expected = readingOf(view, code);
  expect(readingOf(view, poem)).not.toEqual(expected);
  const domains = view.find(code);
  expect(domains.domains[0]?.name).toBe("code");
  expect(readingOf(view, code)).toEqual(expected);
  view.find(code);
  // Another Model API's prompt, while a classifier is waited for.
  other.find(poem);
  expect(readingOf(view, code)).toEqual(expected);
  view.find(code);
  readingOf(other, poem);
  expect(readingOf(view, code)).toEqual(expected);
  expect(view.find(code)).toEqual(domains);
  readingOf(view, "");
  expect(readingOf(view, code)).toEqual(expected);
});
