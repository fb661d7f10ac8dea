import { expect, test } from "vitest";
import { modelApiSchema } from "../../../../src/resources/model-api.ts";
import { countsByState, matchingRows, policyRow, type PolicyRow } from "./policy-rows.ts";
import { readPoliciesSearch, type PoliciesSearch } from "./policies-search.ts";

function row(name: string, fields: object): PolicyRow {
  const api = modelApiSchema.parse({
    name,
    useCase: "text-generation",
    protocols: ["openai"],
    modelService: { mode: "single", target: { service: "s" } },
    ...fields,
  });
  return policyRow({ ...api, revision: 1, managedBy: "api" });
}

const limit = { name: "a", by: "ip", metric: "requests", limit: 1, window: "day" };
const rows = [
  row("open", {}),
  row("closed", { auth: { enabled: true } }),
  row("watched", { rateLimits: [{ ...limit, dryRun: true }] }),
  row("guarded", { auth: { enabled: true, grants: [{ consumer: "c" }] }, rateLimits: [limit] }),
];

test.each<[string, PoliciesSearch, readonly string[]]>([
  ["no filter", {}, ["open", "closed", "watched", "guarded"]],
  ["a name", { q: "ED" }, ["closed", "watched", "guarded"]],
  ["limits that are on", { policy: "rateLimits", state: ["on"] }, ["guarded"]],
  [
    "limits that are on or only counted",
    { policy: "rateLimits", state: ["on", "dryRun"] },
    ["watched", "guarded"],
  ],
  ["any policy that rejects everyone", { state: ["nobody"] }, ["closed"]],
])("%s", (_name, search, names) => {
  expect(matchingRows(rows, search).map(({ name }) => name)).toEqual(names);
});

test("states are counted for the policy that is looked at", () => {
  expect(Object.fromEntries(countsByState(rows, "auth"))).toEqual({ off: 2, nobody: 1, on: 1 });
});

test.each<[string, Record<string, unknown>, PoliciesSearch]>([
  ["nothing", {}, {}],
  ["digits as a name", { q: 12 }, { q: "12" }],
  ["what it cannot be", { policy: 3, state: "on", q: "" }, {}],
  ["all of it", { policy: "auth", state: ["on", 4], q: "a" }, { policy: "auth", state: ["on"], q: "a" }],
])("an address with %s", (_name, search, read) => {
  expect(readPoliciesSearch(search)).toEqual(read);
});
