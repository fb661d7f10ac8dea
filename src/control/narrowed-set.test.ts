// A view of a configuration for who sees a part of it: right after every change, and made anew only where something changed.
import { expect, test } from "vitest";
import type { Kind } from "../resources/kinds.ts";
import { narrow } from "./narrowed-set.ts";
import { scopeOf } from "./spheres.ts";
import { changeWorkingSet, loadWorkingSet } from "./working-set.ts";
import type { WorkingSet } from "./working-set.ts";

const scope = scopeOf([{ role: "editor", resourceGroups: ["a"] }]);
let looks = 0;

const view = (working: WorkingSet, key = "a"): WorkingSet =>
  narrow(
    working,
    (resource, resources) => {
      looks += 1;
      return scope.sees(resource, resources);
    },
    key,
  );

const row = (kind: Kind, name: string, body: object) => ({
  kind,
  name,
  instance: "default",
  body: { name, ...body },
  revision: 1,
  managedBy: "api" as const,
  createdAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-01T00:00:00.000Z",
});

const service = (name: string, resourceGroup: string) =>
  row("services", name, { provider: "simulator", resourceGroup });
const load = (...rows: ReturnType<typeof row>[]): WorkingSet =>
  loadWorkingSet(rows, 1, (_kind, _name, body) => body);
const groups = [row("resource-groups", "a", {}), row("resource-groups", "b", {})];

/** The set after a service was put. */
function put(working: WorkingSet, name: string, group: string): WorkingSet {
  const stored = service(name, group);
  const resource = load(stored).resources.services.get(name);
  if (resource === undefined) throw new Error("no service");
  return changeWorkingSet(working, working.revision + 1, [{ resource, stored }], []);
}

const servicesIn = ({ resources, stored }: WorkingSet): string[][] => [
  [...resources.services.keys()],
  [...(stored.get("services")?.keys() ?? [])],
];

test("objects that move, come and go are seen as they are now, in both forms", () => {
  let working = load(...groups, service("a-1", "a"), service("b-1", "b"));
  expect(servicesIn(view(working))).toEqual([["a-1"], ["a-1"]]);
  working = put(working, "b-1", "a");
  expect(servicesIn(view(working))).toEqual([
    ["a-1", "b-1"],
    ["a-1", "b-1"],
  ]);
  working = put(working, "a-1", "b");
  expect(servicesIn(view(working))).toEqual([["b-1"], ["b-1"]]);
  working = changeWorkingSet(working, 9, [], [{ kind: "services", name: "b-1" }]);
  expect(servicesIn(view(working))).toEqual([[], []]);
});

test("an alert is seen by where its Model API is now", () => {
  const api = (group: string) =>
    row("model-apis", "api", {
      basePath: "/x",
      useCase: "text-generation",
      protocols: ["openai"],
      modelService: { mode: "single", target: { service: "s" } },
      resourceGroup: group,
    });
  const alert = row("alerts", "hot", { metric: "requests", filter: { api: "api" }, op: ">", threshold: 1 });
  const before = load(...groups, api("b"), alert);
  expect(view(before).resources.alerts.size).toBe(0);
  const moved = load(api("a"));
  const resource = moved.resources["model-apis"].get("api");
  if (resource === undefined) throw new Error("no Model API");
  const after = changeWorkingSet(before, 2, [{ resource, stored: api("a") }], []);
  expect(after.resources.alerts).toBe(before.resources.alerts);
  expect(view(after).resources.alerts.size).toBe(1);
});

test("a change looks only at objects of its kind, and asking again at none", () => {
  const consumers = Array.from({ length: 1_000 }, (_, index) =>
    row("consumers", `c${index}`, { resourceGroup: index % 10 === 0 ? "a" : "b" }),
  );
  const working = load(...groups, service("a-1", "a"), ...consumers);
  expect(view(working).resources.consumers.size).toBe(100);
  looks = 0;
  expect(view(working)).toBe(view(working));
  expect(looks).toBe(0);
  const after = view(put(working, "a-2", "a"));
  expect(after.resources.consumers).toBe(view(working).resources.consumers);
  expect(after.resources.services.size).toBe(2);
  expect(looks).toBe(2);
});

test("one who is forgotten among many is answered all the same", () => {
  const working = load(...groups, service("a-1", "a"), service("b-1", "b"));
  const first = view(working, "first");
  for (let index = 0; index < 40; index += 1) view(working, `other-${index}`);
  const again = view(working, "first");
  expect(again).not.toBe(first);
  expect(servicesIn(again)).toEqual([["a-1"], ["a-1"]]);
});
