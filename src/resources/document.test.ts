import { expect, test } from "vitest";
import { fieldPath, parseDocument, toDocument } from "./document.ts";

test("every list becomes resources of its kind", () => {
  const document = parseDocument({
    version: 1,
    instance: { region: "eu" },
    resourceGroups: [{ name: "g" }],
    domains: [{ name: "API.Example." }],
    services: [{ name: "s", provider: "openai" }],
    modelApis: [],
    consumers: null,
    telemetry: { logs: { retentionDays: 30 }, sinks: [{ name: "k" }] },
  });
  expect(document).toEqual({
    resources: [
      {
        kind: "instances",
        name: "default",
        body: { name: "default", region: "eu", logs: { retentionDays: 30 } },
        path: "instance",
      },
      { kind: "resource-groups", name: "g", body: { name: "g" }, path: "resourceGroups[0]" },
      { kind: "domains", name: "api.example", body: { name: "API.Example." }, path: "domains[0]" },
      { kind: "services", name: "s", body: { name: "s", provider: "openai" }, path: "services[0]" },
      { kind: "sinks", name: "k", body: { name: "k" }, path: "telemetry.sinks[0]" },
    ],
    listedKinds: ["instances", "resource-groups", "domains", "services", "model-apis", "sinks"],
    allowDelete: false,
    issues: [],
  });
});

test.each<[string, unknown, string, string]>([
  ["nothing", null, "", "the document is empty"],
  ["nothing at all", undefined, "", "the document is empty"],
  ["a list", [], "", "must be an object"],
  ["no version", { services: [] }, "version", "is required: write version: 1"],
  ["an empty object", {}, "version", "is required"],
  ["another version", { version: 2 }, "version", "must be 1"],
  ["a version as text", { version: "1" }, "version", "must be 1"],
  [
    "an unknown list",
    { version: 1, modelApi: [] },
    "modelApi",
    'unknown field "modelApi"; did you mean "modelApis"?',
  ],
  ["tokens", { version: 1, tokens: [] }, "tokens", 'unknown field "tokens"'],
  ["a list that is none", { version: 1, services: {} }, "services", "must be a list"],
  ["an item that is no object", { version: 1, services: ["a"] }, "services[0]", "must be an object"],
  ["an item without name", { version: 1, services: [{}] }, "services[0].name", "is required"],
  ["a name that is no text", { version: 1, services: [{ name: 1 }] }, "services[0].name", "must be a text"],
  [
    "a name twice",
    { version: 1, services: [{ name: "a" }, { name: "a" }] },
    "services[1].name",
    '"a" is already defined at services[0]',
  ],
  [
    "a domain twice in two spellings",
    { version: 1, domains: [{ name: "a.example" }, { name: "A.example." }] },
    "domains[1].name",
    "already defined at domains[0]",
  ],
  ["consent that is no boolean", { version: 1, allowDelete: "yes" }, "allowDelete", "must be true or false"],
  [
    "an unknown telemetry field",
    { version: 1, telemetry: { sink: [] } },
    "telemetry.sink",
    'did you mean "sinks"?',
  ],
  [
    "retention that is no object",
    { version: 1, telemetry: { logs: 7 } },
    "telemetry.logs",
    "must be an object",
  ],
  [
    "retention in two places",
    { version: 1, instance: { logs: {} }, telemetry: { logs: {} } },
    "instance.logs",
    "is given twice",
  ],
  ["an instance list", { version: 1, instance: [] }, "instance", "must be an object"],
])("%s is refused", (_name, input, path, words) => {
  expect(parseDocument(input).issues).toContainEqual({ path, message: expect.stringContaining(words) });
});

test("retention alone is an instance of which nothing else is said", () => {
  expect(parseDocument({ version: 1, telemetry: { logs: { retentionDays: 7 } } })).toEqual({
    resources: [
      { kind: "instances", name: "default", body: { logs: { retentionDays: 7 } }, path: "telemetry" },
    ],
    listedKinds: [],
    allowDelete: false,
    issues: [],
  });
});

test.each([
  ["instance", "logs.retentionDays", "telemetry.logs.retentionDays"],
  ["instance", "region", "instance.region"],
  ["telemetry", "logs.retentionDays", "telemetry.logs.retentionDays"],
  ["instance", "", "instance"],
])("of the instance at %s the field %j stands at %s", (path, field, place) => {
  expect(fieldPath({ kind: "instances", path }, field)).toBe(place);
});

test("retention goes into an export beside the sinks, and back", () => {
  const body = { name: "default", region: "eu", logs: { retentionDays: 7 } };
  const document = toDocument([{ kind: "instances", name: "default", body }]);
  expect(document).toEqual({
    version: 1,
    instance: { name: "default", region: "eu" },
    telemetry: { logs: { retentionDays: 7 } },
  });
  expect(parseDocument(document).resources).toEqual([
    { kind: "instances", name: "default", body, path: "instance" },
  ]);
});

test("a document without version passes once it consents to deleting", () => {
  expect(parseDocument({ allowDelete: true })).toEqual({
    resources: [],
    listedKinds: [],
    allowDelete: true,
    issues: [],
  });
});

test("an export has a stable order and reads back as the same resources", () => {
  const services = [
    { kind: "services", name: "b", body: { name: "b", provider: "openai" } },
    { kind: "services", name: "a", body: { provider: "openai" } },
  ] as const;
  const others = [
    { kind: "sinks", name: "k", body: { name: "k" } },
    { kind: "tokens", name: "t", body: { name: "t" } },
    { kind: "instances", name: "i", body: { name: "i" } },
  ] as const;
  const document = toDocument([...others, ...services]);
  expect(JSON.stringify(document)).toBe(
    JSON.stringify({
      version: 1,
      instance: { name: "i" },
      services: [
        { provider: "openai", name: "a" },
        { name: "b", provider: "openai" },
      ],
      telemetry: { sinks: [{ name: "k" }] },
    }),
  );
  expect(parseDocument(document).resources.map((row) => `${row.kind}/${row.name}`)).toEqual([
    "instances/i",
    "services/a",
    "services/b",
    "sinks/k",
  ]);
});
