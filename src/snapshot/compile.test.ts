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
    api({ protocols: ["openai", "anthropic"] }),
    [
      'error model-apis/chat modelService.target.service: service "main" does not speak anthropic, and this build does not translate yet: choose a service that does, or leave the protocol out',
    ],
  ],
  [
    "one that speaks nothing served",
    service("main", { provider: "gemini" }),
    api(),
    [
      'error model-apis/chat modelService.target.service: service "main" does not speak openai, and this build does not translate yet: choose a service that does, or leave the protocol out',
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
