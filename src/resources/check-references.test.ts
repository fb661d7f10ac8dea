import { expect, test } from "vitest";
import { checkReferences } from "./check-references.ts";
import type { Kind } from "./kinds.ts";
import { referencesOf } from "./references.ts";
import { parseResource } from "./registry.ts";
import {
  changedResourceSet,
  toResourceSet,
  type AnyParsedResource,
  type ResourceSet,
} from "./resource-set.ts";

function resource(
  kind: Kind,
  body: { readonly name: string; readonly [field: string]: unknown },
): AnyParsedResource {
  const result = parseResource(kind, body);
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  const { name } = result.value;
  // Kind and value come from one call.
  return { kind, name, revision: 1, managedBy: "api", value: result.value } as AnyParsedResource;
}

const api = (name: string, fields: object = {}) =>
  resource("model-apis", {
    name,
    useCase: "text-generation",
    protocols: ["openai"],
    modelService: { mode: "single", target: { service: "main" } },
    ...fields,
  });
const main = resource("services", { name: "main", provider: "openai" });
const key = (value: unknown, name = "k") => ({ type: "api-key", name, value });
const consumer = (name: string, ...credentials: object[]) => resource("consumers", { name, credentials });
/** SHA-256 of `0123456789abcdef`. */
const knownHash = "9f9f5111f7b27a781f1f1ddde5ebc2dd2b796bfc7365c9c28b548e564176929f";

test.each<[string, AnyParsedResource[], string[]]>([
  ["everything there", [main, api("a")], []],
  ["built-in domain and resource group", [main, api("a", { domains: ["*"], resourceGroup: "default" })], []],
  [
    "a missing service",
    [main, api("a", { modelService: { mode: "single", target: { service: "mian" } } })],
    ['model-apis/a modelService.target.service there is no service "mian"; did you mean "main"?'],
  ],
  [
    "a missing domain",
    [main, api("a", { domains: ["x.example"] })],
    ['model-apis/a domains[0] there is no domain "x.example"'],
  ],
  [
    "a domain in another spelling",
    [main, resource("domains", { name: "X.Example." }), api("a", { domains: ["x.EXAMPLE"] })],
    [],
  ],
  [
    "a missing resource group",
    [resource("services", { name: "s", provider: "openai", resourceGroup: "team" })],
    ['services/s resourceGroup there is no resource group "team"'],
  ],
  [
    "a missing consumer",
    [main, api("a", { auth: { enabled: true, grants: [{ consumer: "c" }] } })],
    ['model-apis/a auth.grants[0].consumer there is no consumer "c"'],
  ],
  [
    "a missing consumer group of a grant",
    [main, api("a", { auth: { grants: [{ consumerGroup: "g" }] } })],
    ['model-apis/a auth.grants[0].consumerGroup there is no consumer group "g"'],
  ],
  [
    "a missing consumer group of a consumer",
    [resource("consumers", { name: "c", groups: ["g"] })],
    ['consumers/c groups[0] there is no consumer group "g"'],
  ],
  [
    "a missing service of a disabled fallback",
    [main, api("a", { fallback: { enabled: false, targets: [{ service: "b" }] } })],
    ['model-apis/a fallback.targets[0].service there is no service "b"'],
  ],
  [
    "one place twice",
    [main, api("a"), api("b")],
    ['model-apis/b basePath domain "*" with base path "/" belongs to Model API "a"'],
  ],
  [
    "one place twice after normalising",
    [
      main,
      resource("domains", { name: "x.example" }),
      api("a", { domains: ["X.example."], basePath: "/p/" }),
      api("b", { domains: ["x.EXAMPLE"], basePath: "/p" }),
    ],
    ['model-apis/b basePath domain "x.example" with base path "/p" belongs to Model API "a"'],
  ],
  [
    "a disabled API keeps its place",
    [main, api("a", { enabled: false }), api("b")],
    ['model-apis/b basePath domain "*" with base path "/" belongs to Model API "a"'],
  ],
  ["base paths differ in case", [main, api("a", { basePath: "/p" }), api("b", { basePath: "/P" })], []],
  [
    "domains differ",
    [main, resource("domains", { name: "x.example" }), api("a"), api("b", { domains: ["x.example"] })],
    [],
  ],
  [
    "one key of two consumers",
    [consumer("a", key("0123456789abcdef")), consumer("b", key("0123456789abcdef"))],
    ['consumers/b credentials[0].value this API key belongs to consumer "a"'],
  ],
  [
    "one key twice in a consumer",
    [consumer("a", key("0123456789abcdef"), key("0123456789abcdef", "l"))],
    ["consumers/a credentials[1].value this API key is used twice"],
  ],
  [
    "one key, once as a hash",
    [consumer("a", key({ hash: knownHash, hint: null })), consumer("b", key("0123456789abcdef"))],
    ['consumers/b credentials[0].value this API key belongs to consumer "a"'],
  ],
  ["different keys", [consumer("a", key("0123456789abcdef")), consumer("b", key("0123456789abcdeF"))], []],
])("%s", (_name, resources, expected) => {
  const found = checkReferences(toResourceSet(resources));
  expect(found.map((row) => `${row.kind}/${row.name} ${row.path} ${row.message}`)).toEqual(expected);
  expect(found.every((row) => row.severity === "error")).toBe(true);
});

test("10,000 Model APIs and 100,000 consumers are checked", () => {
  const resources: AnyParsedResource[] = [main];
  for (let index = 0; index < 10_000; index += 1)
    resources.push(api(`a${index}`, { basePath: `/a${index}` }));
  for (let index = 0; index < 100_000; index += 1) {
    resources.push(consumer(`c${index}`, key(`0123456789abcdef-${index}`)));
  }
  resources.push(api("late", { basePath: "/a9999" }), consumer("late", key("0123456789abcdef-99999")));
  expect(checkReferences(toResourceSet(resources)).map((row) => row.message)).toEqual([
    'domain "*" with base path "/a9999" belongs to Model API "a9999"',
    'this API key belongs to consumer "c99999"',
  ]);
});

test("a broken set of many gives a bounded list", () => {
  const resources = Array.from({ length: 2000 }, (_, index) => api(`a${index}`, { basePath: `/a${index}` }));
  expect(checkReferences(toResourceSet(resources))).toHaveLength(1000);
});

test.each<[string, AnyParsedResource, string[]]>([
  [
    "a Model API",
    api("a", {
      domains: ["x.example"],
      fallback: { enabled: false, targets: [{ service: "spare" }] },
      auth: { grants: [{ consumer: "c" }, { consumerGroup: "g" }] },
    }),
    [
      "resource-groups/default resourceGroup",
      "domains/x.example domains.0",
      "services/main modelService.target.service",
      "services/spare fallback.targets.0.service",
      "consumers/c auth.grants.0.consumer",
      "consumer-groups/g auth.grants.1.consumerGroup",
    ],
  ],
  [
    "a disabled Model API of another mode",
    api("a", {
      enabled: false,
      modelService: {
        mode: "by-model-name",
        rules: [{ pattern: "*", target: { service: "one" } }],
        default: { service: "two" },
      },
      moderation: { checks: [{ name: "judge", type: "llm-judge", service: "three", model: "m" }] },
    }),
    [
      "resource-groups/default resourceGroup",
      "domains/* domains.0",
      "services/one modelService.rules.0.target.service",
      "services/two modelService.default.service",
      "services/three moderation.checks.0.service",
    ],
  ],
  [
    "a consumer",
    resource("consumers", { name: "c", groups: ["g"] }),
    ["resource-groups/default resourceGroup", "consumer-groups/g groups.0"],
  ],
  [
    "a token",
    resource("tokens", { name: "t", role: "viewer", resourceGroups: ["r"] }),
    ["resource-groups/r resourceGroups.0"],
  ],
  [
    "an alert",
    resource("alerts", {
      name: "a",
      enabled: false,
      metric: "requests",
      op: ">",
      threshold: 1,
      filter: { api: "x" },
    }),
    ["model-apis/x filter.api"],
  ],
  ["a domain", resource("domains", { name: "x.example" }), []],
])("%s names what it uses", (_name, user, expected) => {
  expect([...referencesOf(user)].map((row) => `${row.kind}/${row.name} ${row.path.join(".")}`)).toEqual(
    expected,
  );
});

test("a changed set shares what did not change", () => {
  const before: ResourceSet = toResourceSet([main, api("a"), consumer("c")]);
  const after = changedResourceSet(
    before,
    [api("b", { basePath: "/b" })],
    [{ kind: "model-apis", name: "a" }],
  );
  expect([...after["model-apis"].keys()]).toEqual(["b"]);
  expect(after.services).toBe(before.services);
  expect(after.consumers).toBe(before.consumers);
  expect([...before["model-apis"].keys()]).toEqual(["a"]);
});
