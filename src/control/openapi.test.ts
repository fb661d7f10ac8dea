// The OpenAPI document: complete, well-formed, and true to the router.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openApi } from "./admin-api-fixture.ts";
import type { ApiFixture } from "./admin-api-fixture.ts";
import { isJsonObject } from "./merge-patch.ts";
import type { JsonObject } from "./merge-patch.ts";

let fixture: ApiFixture;
let document: JsonObject;
let operations: { readonly route: string; readonly operation: JsonObject; readonly pathItem: JsonObject }[];

beforeAll(async () => {
  fixture = await openApi();
  document = (await fixture.ask("GET /api/v1/openapi.json", { token: null })).body;
  operations = Object.entries(objectAt(document, "paths")).flatMap(([path, item]) =>
    Object.entries(asObject(item))
      .filter(([method]) => method !== "parameters")
      .map(([method, operation]) => ({
        route: `${method.toUpperCase()} ${path}`,
        operation: asObject(operation),
        pathItem: asObject(item),
      })),
  );
});
afterAll(() => fixture.close());

function asObject(value: unknown): JsonObject {
  if (!isJsonObject(value)) throw new TypeError("not an object");
  return value;
}

function objectAt(value: unknown, ...path: string[]): JsonObject {
  return asObject(path.reduce<unknown>((node, name) => asObject(node)[name], value));
}

/** Every object in the document, with where it stands. */
function* nodes(value: unknown, path = "#"): Generator<[string, JsonObject]> {
  if (Array.isArray(value))
    for (const [index, item] of value.entries()) yield* nodes(item, `${path}/${index}`);
  if (!isJsonObject(value)) return;
  yield [path, value];
  for (const [name, item] of Object.entries(value)) yield* nodes(item, `${path}/${name}`);
}

describe("the OpenAPI document", () => {
  test("is open and says version 3.1", () => {
    expect(document["openapi"]).toBe("3.1.0");
    expect(objectAt(document, "components", "securitySchemes", "bearer")).toEqual({
      type: "http",
      scheme: "bearer",
    });
  });

  test("has every route of the router and no other", () => {
    const served = fixture.api.routes
      .filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/gu, "{$1}")}`);
    expect(operations.map(({ route }) => route).toSorted()).toEqual(served.toSorted());
    expect(new Set(served).size).toBe(served.length);
  });

  test("has operations with unique ids, summaries, and every path parameter declared", () => {
    const ids = operations.map(({ operation }) => operation["operationId"]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { route, operation, pathItem } of operations) {
      expect([route, typeof operation["summary"]]).toEqual([route, "string"]);
      const wanted = [...route.matchAll(/\{(\w+)\}/gu)].map((match) => match[1]);
      const declared = (pathItem["parameters"] ?? []) as { name: string; in: string; required: boolean }[];
      expect(declared.map((row) => [row.name, row.in, row.required])).toEqual(
        wanted.map((name) => [name, "path", true]),
      );
    }
  });

  test("marks exactly the public operations as such, and gives all others 401 and 403", () => {
    const open = operations.filter(({ operation }) => JSON.stringify(operation["security"]) === "[]");
    expect(open.map(({ route }) => route).toSorted()).toEqual([
      "GET /api/v1/openapi.json",
      "GET /api/v1/session/oidc/{provider}/callback",
      "GET /api/v1/session/oidc/{provider}/start",
      "GET /api/v1/session/providers",
      "GET /api/v1/setup",
      "GET /healthz",
      "GET /readyz",
      "POST /api/v1/session",
      "POST /api/v1/setup",
    ]);
    for (const { route, operation } of operations) {
      const statuses = Object.keys(objectAt(operation, "responses"));
      const isOpen = open.some((row) => row.route === route);
      // To sign in asks nobody beforehand, and is refused for what it brings.
      const refuses = !isOpen || route.startsWith("POST ");
      expect([route, statuses.includes("403")]).toEqual([route, refuses]);
      if (!isOpen) expect([route, statuses.includes("401")]).toEqual([route, true]);
      expect([route, statuses.includes("400"), statuses.includes("500")]).toEqual([route, true, true]);
    }
  });

  test("has no reference that leads nowhere", () => {
    const references = [...nodes(document)].flatMap(([, node]) =>
      typeof node["$ref"] === "string" ? [node["$ref"]] : [],
    );
    expect(references.length).toBeGreaterThan(50);
    for (const reference of new Set(references)) {
      expect(() => objectAt(document, ...reference.slice(2).split("/"))).not.toThrow();
    }
  });

  test("never shows stored forms of secrets, and reads secrets as masks only", () => {
    const text = JSON.stringify(document);
    expect(text).not.toContain('"sealed"');
    expect(text).not.toContain('"hash"');
    const schemas = ["components", "schemas"];
    const key = ["properties", "apiKeys", "items", "properties", "value"];
    const readable = objectAt(document, ...schemas, "Service", ...key);
    expect(JSON.stringify(readable)).toContain("SecretMask");
    expect(JSON.stringify(readable)).not.toContain('"maxLength":16384');
    expect(JSON.stringify(objectAt(document, ...schemas, "ServiceInput", ...key))).toContain(
      '"maxLength":16384',
    );
  });

  test("gives readers revision and managedBy, which writers need not send", () => {
    const schemas = objectAt(document, "components", "schemas");
    expect(objectAt(schemas, "ModelApi", "properties")["revision"]).toBeDefined();
    expect(objectAt(schemas, "ModelApiInput", "properties")["revision"]).toBeUndefined();
  });
});
