import { afterAll, beforeAll, expect, test } from "vitest";
import { toResourceSet } from "../../resources/resource-set.ts";
import { userSchema } from "../../resources/user.ts";
import { openApi, type ApiFixture } from "../admin-api-fixture.ts";
import { dependantsOf, shownDependants } from "../dependants.ts";
import { sampleApi, sampleService } from "../configuration-fixture.ts";

let fixture: ApiFixture;

async function put(path: string, body: object): Promise<void> {
  const answer = await fixture.ask(`POST /api/v1/${path}`, { body });
  if (answer.status !== 201) throw new Error(answer.text);
}

beforeAll(async () => {
  fixture = await openApi();
  await put("resource-groups", { name: "team" });
  await put("domains", { name: "api.example.com" });
  await put("services", { ...sampleService, resourceGroup: "team" });
  await put("services", { ...sampleService, name: "unused" });
  await put("consumer-groups", { name: "group" });
  await put("consumers", { name: "app", groups: ["group"] });
  await put("model-apis", {
    ...sampleApi,
    domains: ["api.example.com"],
    fallback: { targets: [{ service: "sim", model: "m" }] },
    auth: { enabled: true, grants: [{ consumer: "app" }] },
  });
});
afterAll(() => fixture.close());

const chat = (...paths: string[]) => ({ kind: "model-apis", name: "chat", paths });

test.each<[string, string, readonly object[]]>([
  [
    "a service, at each place",
    "services/sim",
    [chat("modelService.target.service", "fallback.targets[0].service")],
  ],
  ["a service that nobody uses", "services/unused", []],
  ["a domain", "domains/api.example.com", [chat("domains[0]")]],
  ["a domain, however it is written", "domains/API.Example.com.", [chat("domains[0]")]],
  ["a consumer, by its grants", "consumers/app", [chat("auth.grants[0].consumer")]],
  ["a consumer group", "consumer-groups/group", [{ kind: "consumers", name: "app", paths: ["groups[0]"] }]],
  ["a Model API", "model-apis/chat", []],
  ["a resource group", "resource-groups/team", [{ kind: "services", name: "sim", paths: ["resourceGroup"] }]],
])("the users of %s", async (...[, path, items]) => {
  const { status, body } = await fixture.ask(`GET /api/v1/${path}/dependants`);
  expect([status, body]).toEqual([200, { items, total: items.length }]);
});

test("nothing at a name is 404", async () => {
  expect(await fixture.ask("GET /api/v1/services/none/dependants")).toMatchObject({
    status: 404,
    body: { error: { code: "not_found" } },
  });
});

test("a user or token is counted for everybody, and named only for who may see it", () => {
  const value = userSchema.parse({
    name: "ana",
    roles: [{ role: "viewer", resourceGroups: ["limited"] }],
  });
  const set = toResourceSet([{ kind: "users", name: "ana", revision: 1, managedBy: "api", value }]);
  const all = dependantsOf(set, "resource-groups", "limited");
  const items = [{ kind: "users", name: "ana", paths: ["roles[0].resourceGroups[0]"] }];
  expect(shownDependants(all, [{ role: "admin", resourceGroups: null }], set)).toEqual({ items, total: 1 });
  expect(shownDependants(all, [{ role: "editor", resourceGroups: null }], set)).toEqual({
    items: [],
    total: 1,
  });
});
