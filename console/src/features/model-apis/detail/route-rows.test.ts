// Which routes a Model API shows, what switching one writes, and that a clash is pointed out.
import { describe, expect, test } from "vitest";
import { modelApiSchema } from "../../../../../src/resources/model-api.ts";
import { clientPath, routeRows, switched } from "./route-rows.ts";

const bare = modelApiSchema.parse({
  name: "a",
  useCase: "text-generation",
  protocols: ["openai"],
  modelService: { mode: "single", target: { service: "s" } },
});
const withRoutes = (routes: object) => ({ ...bare, routes: { ...bare.routes, ...routes } });
const rowOf = (api: typeof bare, name: string) => routeRows(api).find((row) => row.name === name);

describe("rows", () => {
  test("built-in routes are on, extra ones off, and the list of models is among them", () => {
    const rows = routeRows(bare);
    expect(rows.find(({ name }) => name === "create-chat-completion")).toMatchObject({
      sort: "default",
      on: true,
    });
    expect(rows.find(({ name }) => name === "responses")).toMatchObject({ sort: "extra", on: false });
    expect(rows.filter(({ name }) => name === "models")).toHaveLength(1);
  });

  test("follow what the API says", () => {
    const api = withRoutes({ disabled: ["create-completion", "models"], enabled: ["responses"] });
    expect([
      rowOf(api, "create-completion")?.on,
      rowOf(api, "models")?.on,
      rowOf(api, "responses")?.on,
    ]).toEqual([false, false, true]);
  });

  test("a custom route that answers what a built-in one answers names it", () => {
    const custom = [
      { name: "mine", path: "/v1/chat/completions", methods: ["POST" as const] },
      { name: "free", path: "/v1/other/{id}", methods: ["GET" as const] },
    ];
    const api = withRoutes({ custom });
    expect(rowOf(api, "mine")?.clash).toBe("create-chat-completion");
    expect(rowOf(api, "free")).toMatchObject({ clash: undefined, match: "template", sort: "custom" });
  });
});

test.each([
  ["a built-in route off", "default", false, { disabled: ["other", "x"], enabled: ["more"] }],
  ["a built-in route on", "default", true, { disabled: ["other"], enabled: ["more"] }],
  ["an extra route on", "extra", true, { disabled: ["other"], enabled: ["more", "x"] }],
  ["an extra route off", "extra", false, { disabled: ["other"], enabled: ["more"] }],
] as const)("switching %s", (_case, sort, on, expected) => {
  const api = withRoutes({ disabled: ["other"], enabled: ["more"] });
  expect(switched(api, { name: "x", sort }, on)).toEqual(expected);
});

test("the client's path has the base path before it", () => {
  expect(clientPath("/", "/v1/models")).toBe("/v1/models");
  expect(clientPath("/support", "/v1/models")).toBe("/support/v1/models");
});
