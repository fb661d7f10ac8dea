import { describe, expect, test } from "vitest";
import type { ListedQuota } from "../../../../src/control/quotas/quota-answers.ts";
import type { Consumer } from "../../api/resources.ts";
import type { ConsumerListSearch } from "./consumer-list-search.ts";
import { consumerFacet, consumerRows, filterConsumers } from "./consumer-rows.ts";

function consumer(name: string, values: Partial<Consumer> = {}): Consumer {
  return {
    name,
    description: "",
    enabled: true,
    groups: [],
    credentials: [],
    quotas: [],
    resourceGroup: "default",
    revision: 1,
    managedBy: "api",
    ...values,
  };
}

function quota(kind: "consumer" | "consumer-group", owner: string, used: number): ListedQuota {
  return {
    name: `of-${owner}-${used}`,
    metric: "tokens",
    used,
    reserved: 0,
    limit: 100,
    period: "month",
    timeZone: "UTC",
    dryRun: false,
    startsAt: "2026-11-01T00:00:00.000Z",
    resetsAt: "2026-12-01T00:00:00.000Z",
    state: used >= 100 ? "exhausted" : "ok",
    owner: { kind, name: owner },
  };
}

const quotas = [
  quota("consumer", "web", 10),
  quota("consumer-group", "team", 100),
  quota("consumer", "web", 40),
  quota("consumer", "team", 5),
];
const consumers = [
  consumer("web", { groups: ["team"], description: "The shop" }),
  consumer("app", { credentials: [{ type: "api-key", name: "main", value: "x" as never }] }),
  consumer("team", { enabled: false, resourceGroup: "retail" }),
];
const rows = consumerRows(consumers, { apis: [], quotas, usage: [] });

describe("the quota of a row", () => {
  test("is the one that is used most, those of groups included", () => {
    expect(rows.map((row) => row.quota?.name)).toEqual(["of-team-100", undefined, "of-team-5"]);
  });

  test("is no dry run where another one refuses", () => {
    const tried = { ...quota("consumer", "web", 90), dryRun: true };
    const [row] = consumerRows(consumers.slice(0, 1), { apis: [], quotas: [tried, ...quotas], usage: [] });
    expect(row?.quota?.name).toBe("of-team-100");
    const [alone] = consumerRows(consumers.slice(0, 1), { apis: [], quotas: [tried], usage: [] });
    expect(alone?.quota?.name).toBe("of-web-90");
  });

  test("is none, or not known", () => {
    expect(rows[1]?.quota).toBeNull();
    expect(consumerRows(consumers, { apis: [], quotas: undefined, usage: [] })[0]?.quota).toBeUndefined();
  });
});

test.each<[string, ConsumerListSearch, string[]]>([
  ["nothing", {}, ["web", "app", "team"]],
  ["a word of the description", { q: "shop" }, ["web"]],
  ["two words that stand apart", { q: "shop web" }, ["web"]],
  ["a state", { status: ["disabled"] }, ["team"]],
  ["a type of credential", { credential: ["api-key"] }, ["app"]],
  ["no credential", { credential: ["none"] }, ["web", "team"]],
  ["a group", { group: ["team"] }, ["web"]],
  ["a resource group", { resourceGroup: ["retail", "other"] }, ["team"]],
  ["a quota that is used up", { quota: ["exhausted"] }, ["web"]],
  ["what nobody has", { status: ["enabled"], group: ["none-such"] }, []],
])("a filter by %s", (_name, search, names) => {
  expect(filterConsumers(rows, search).map(({ name }) => name)).toEqual(names);
});

test("a facet counts its values, most first", () => {
  expect(consumerFacet(rows, "status")).toEqual([
    { value: "enabled", count: 2 },
    { value: "disabled", count: 1 },
  ]);
});
