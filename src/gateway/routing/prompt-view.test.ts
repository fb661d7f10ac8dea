import { expect, test } from "vitest";
import { builtInTable } from "../../routing/domains/built-in/load-built-in-table.ts";
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
