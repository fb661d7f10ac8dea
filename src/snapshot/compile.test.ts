import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseDocument } from "../resources/document.ts";
import { parseResource } from "../resources/registry.ts";
import {
  changedResourceSet,
  toResourceSet,
  type AnyParsedResource,
  type ResourceSet,
} from "../resources/resource-set.ts";
import { compile } from "./compile.ts";

function resourcesIn(document: unknown): AnyParsedResource[] {
  const { resources, issues } = parseDocument(document);
  if (issues.length > 0) throw new Error(JSON.stringify(issues));
  return resources.map(({ kind, name, body }) => {
    const result = parseResource(kind, body);
    if (!result.ok) throw new Error(JSON.stringify(result.issues));
    // Kind and value come from one call.
    return { kind, name, revision: 1, managedBy: "file", value: result.value } as AnyParsedResource;
  });
}

const compiled = (resources: ResourceSet) => compile({ revision: 7, instance: "default", resources });
const compiledDocument = (document: unknown) => compiled(toResourceSet(resourcesIn(document)));

/** Maps as objects, so that a snapshot can be read in a file. */
function plain(result: ReturnType<typeof compile>): unknown {
  const text = JSON.stringify(result, (_key, value: unknown) =>
    value instanceof Map ? (Object.fromEntries(value) as unknown) : value,
  );
  return JSON.parse(text) as unknown;
}

interface Golden {
  readonly document: unknown;
  readonly expected: unknown;
}

const folder = new URL("golden/", import.meta.url);
const golden = readdirSync(folder).map(
  (file) =>
    [file.replace(".json", ""), JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Golden] as const,
);

test.each(golden)("golden document: %s", (_name, { document, expected }) => {
  expect(plain(compiledDocument(document))).toEqual(expected);
});

const service = (name: string, fields: object = {}) => ({ name, provider: "openai", ...fields });
const api = (fields: object = {}) => ({
  name: "chat",
  useCase: "text-generation",
  protocols: ["openai"],
  modelService: { mode: "single", target: { service: "main" } },
  ...fields,
});

test.each<[string, object, object, string[]]>([
  ["a service that speaks the protocol", service("main"), api(), []],
  [
    "one that does not",
    service("main"),
    api({ useCase: "image-generation", protocols: ["openai", "comfyui"] }),
    [
      'error model-apis/chat modelService.target.service: service "main" does not speak comfyui, and no translation leads there: choose a service that does, or leave the protocol out',
    ],
  ],
  [
    "one that speaks nothing served",
    service("main", { provider: "comfyui", baseUrl: "https://s.test" }),
    api(),
    [
      'error model-apis/chat modelService.target.service: service "main" does not speak openai, and no translation leads there: choose a service that does, or leave the protocol out',
    ],
  ],
  ["a disabled API is not paired", service("main"), api({ enabled: false, protocols: ["anthropic"] }), []],
  [
    "a service without its base URL",
    service("main", { provider: "openai-compatible" }),
    api(),
    ["error services/main baseUrl: is required for provider openai-compatible"],
  ],
  [
    "a base path that a vendor does not know",
    service("main", { provider: "groq" }),
    api({ basePath: "/chat" }),
    [
      'warning model-apis/chat stripBasePath: the base path is forwarded, so that service "main" will be called at https://api.groq.com/openai/v1/chat/v1/chat/completions; set stripBasePath: true unless that is meant',
    ],
  ],
  ["a base path that is stripped", service("main"), api({ basePath: "/chat", stripBasePath: true }), []],
  [
    "a base path before a server of one's own",
    service("main", { provider: "openai-compatible", baseUrl: "http://127.0.0.1:9" }),
    api({ basePath: "/chat" }),
    [],
  ],
  [
    "a base path before the simulator",
    service("main", { provider: "simulator" }),
    api({ basePath: "/chat" }),
    [],
  ],
  [
    "a base path that has no part in the vendor's path",
    service("main", { provider: "zhipu" }),
    api({ basePath: "/chat" }),
    [],
  ],
])("%s", (_name, oneService, oneApi, expected) => {
  const { diagnostics } = compiledDocument({ version: 1, services: [oneService], modelApis: [oneApi] });
  expect(
    diagnostics.map((row) => `${row.severity} ${row.kind}/${row.name} ${row.path}: ${row.message}`),
  ).toEqual(expected);
});

const untranslated = "and no translation leads there";
const remedy = "choose a service that does, or leave the protocol out";
const lost = "get 503 no_healthy_service where this target is the one that fits";
const foreign = (path: string, name: string, protocol: string, effect = "pass over it") =>
  `warning ${path}: service "${name}" does not speak ${protocol}, ${untranslated}: requests of that protocol ${effect}; ${remedy}`;
/** A use case with two protocols of which none is translated to the other. */
const images = (fields: object = {}) => api({ useCase: "image-generation", ...fields });
const both = { protocols: ["openai", "comfyui"] };
const byWeight = (main: number, other: number) => ({
  modelService: {
    mode: "by-weight",
    targets: [
      { service: "main", weight: main },
      { service: "other", weight: other },
    ],
  },
});
const byName = {
  modelService: {
    mode: "by-model-name",
    rules: [
      { pattern: "gpt-*", target: { service: "main" } },
      { pattern: "claude-*", target: { service: "other" } },
    ],
  },
};
const fallback = (name: string) => ({ fallback: { targets: [{ service: name }] } });

test.each<[string, object, object, string[]]>([
  [
    "a target that speaks what the other does not",
    {},
    images({ ...both, ...byWeight(1, 1) }),
    [
      foreign("modelService.targets[1].service", "other", "openai"),
      foreign("modelService.targets[0].service", "main", "comfyui"),
    ],
  ],
  ["a target that is never chosen", {}, images(byWeight(1, 0)), []],
  [
    "the only target that speaks is never chosen",
    {},
    images(byWeight(0, 1)),
    [
      `error modelService.targets[1].service: service "other" does not speak openai, ${untranslated}: ${remedy}`,
    ],
  ],
  [
    "targets of which none is ever chosen",
    {},
    images({ ...both, ...byWeight(0, 0) }),
    [
      "warning modelService.targets: all have weight 0, so that every request is answered with 503 no_healthy_service: give one a weight above 0",
      foreign("modelService.targets[1].service", "other", "openai"),
      foreign("modelService.targets[0].service", "main", "comfyui"),
    ],
  ],
  [
    "rules of which each has one protocol",
    {},
    images({ ...both, ...byName }),
    [
      foreign("modelService.rules[1].target.service", "other", "openai", lost),
      foreign("modelService.rules[0].target.service", "main", "comfyui", lost),
    ],
  ],
  [
    "rules with a fallback for one protocol",
    {},
    images({ ...both, ...byName, ...fallback("main") }),
    [
      foreign("modelService.rules[1].target.service", "other", "openai"),
      foreign("modelService.rules[0].target.service", "main", "comfyui", lost),
      foreign("fallback.targets[0].service", "main", "comfyui"),
    ],
  ],
  [
    "a single target whose fallback speaks the rest",
    {},
    images({ ...both, ...fallback("other") }),
    [
      foreign("fallback.targets[0].service", "other", "openai"),
      foreign("modelService.target.service", "main", "comfyui"),
    ],
  ],
  [
    "a fallback of another protocol",
    {},
    images(fallback("other")),
    [foreign("fallback.targets[0].service", "other", "openai")],
  ],
  [
    "a fallback that is switched off and speaks the rest",
    {},
    images({
      ...both,
      fallback: { enabled: false, targets: [{ service: "other" }] },
    }),
    [`error modelService.target.service: service "main" does not speak comfyui, ${untranslated}: ${remedy}`],
  ],
  [
    "a disabled service",
    { enabled: false },
    images(),
    [
      'warning modelService.target.service: service "main" is disabled, so that nothing is sent to it: enable it, or choose another service',
    ],
  ],
  [
    "a service whose keys are all disabled",
    { apiKeys: [{ name: "k", value: "v", enabled: false }] },
    images(),
    [
      'warning modelService.target.service: service "main" has no enabled API key, so that nothing is sent to it: enable one of its keys, or choose another service',
    ],
  ],
  [
    "a disabled service that is never chosen",
    { enabled: false, provider: "comfyui", baseUrl: "https://main.test" },
    images({
      protocols: ["comfyui"],
      ...byWeight(0, 1),
    }),
    [],
  ],
  [
    "a base path that two targets of one service miss",
    { provider: "groq" },
    api({
      basePath: "/chat",
      fallback: { targets: [{ service: "main", model: "m" }] },
    }),
    [
      'warning stripBasePath: the base path is forwarded, so that service "main" will be called at https://api.groq.com/openai/v1/chat/v1/chat/completions; set stripBasePath: true unless that is meant',
    ],
  ],
])("beside a service of another protocol: %s", (_, fields, oneApi, expected) => {
  const { diagnostics } = compiledDocument({
    version: 1,
    services: [
      service("main", fields),
      { name: "other", provider: "comfyui", baseUrl: "https://other.test" },
    ],
    modelApis: [oneApi],
  });
  expect(diagnostics.map((row) => `${row.severity} ${row.path}: ${row.message}`)).toEqual(expected);
});

test("what did not change is the same object again", () => {
  const before = toResourceSet(
    resourcesIn({
      version: 1,
      services: [service("main"), service("other")],
      modelApis: [api()],
      consumers: [{ name: "c" }],
    }),
  );
  const [changed] = resourcesIn({ version: 1, services: [service("other", { maxInFlight: 1 })] });
  if (changed === undefined) throw new Error("no service");
  const first = compiled(before).snapshot;
  const second = compiled(changedResourceSet(before, [changed], [])).snapshot;
  expect(second.apis).toBe(first.apis);
  expect(second.consumers).toBe(first.consumers);
  expect(second.services).not.toBe(first.services);
  expect(second.services.get("main")).toBe(first.services.get("main"));
  expect(second.services.get("other")).toMatchObject({ maxInFlight: 1 });
});
