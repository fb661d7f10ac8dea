// Which routes have ids and lists, and which completions are stored.
import { describe, expect, test } from "vitest";
import { defaultRoutes } from "../../resources/default-routes.ts";
import { asksForStorage } from "./body-needles.ts";
import { idRows } from "./id-rules.ts";
import { idsOf } from "./ids-fixture.ts";
import { idsOfRoute, listOf } from "./route-ids.ts";

describe("routes", () => {
  test("every row belongs to a default route", () => {
    const names = new Set(defaultRoutes.map((row) => `${row.protocol} ${row.name}`));
    expect(Object.keys(idRows).filter((key) => !names.has(key))).toEqual([]);
  });

  test.each([
    {
      name: "a custom route that ends in a known path",
      route: { name: "mine", protocol: "openai", path: "/my/v1/files" },
      family: "openai-file",
    },
    {
      name: "a custom route to objects that responses name",
      route: { name: "mine", protocol: "openai", path: "/v1/conversations" },
      family: "openai-conversation",
    },
    {
      name: "a route without ids",
      route: { name: "create-embedding", protocol: "openai", path: "/v1/embeddings" },
      family: undefined,
    },
    {
      name: "a custom route that is like none",
      route: { name: "mine", protocol: "openai", path: "/x" },
      family: undefined,
    },
  ] as const)("$name", ({ route, family }) => {
    expect(idsOfRoute(route)?.row.path?.[0]?.family).toBe(family);
  });

  test.each([
    { name: "files", route: "openai files", path: "/v1/files", family: "openai-file" },
    { name: "files with a slash", route: "openai files", path: "/v1/files/", family: "openai-file" },
    { name: "one file", route: "openai files", path: "/v1/files/file-1", family: undefined },
    { name: "jobs", route: "openai fine-tuning", path: "/v1/fine_tuning/jobs", family: "openai-fine-tuning" },
    {
      name: "events of a job",
      route: "openai fine-tuning",
      path: "/v1/fine_tuning/jobs/j/events",
      family: undefined,
    },
    { name: "tasks", route: "dashscope tasks", path: "/api/v1/tasks", family: "dashscope-task" },
  ])("a GET of $name is a list or not", ({ route, path, family }) => {
    expect(listOf(idsOf(route), "GET", path)?.family).toBe(family);
    expect(listOf(idsOf(route), "POST", path)).toBeUndefined();
  });
});

describe("storage of completions", () => {
  test.each([
    { name: "is asked for", body: '{"model":"m","store": true}', stored: true },
    { name: "is asked for in escapes", body: String.raw`{"\u0073tore":true}`, stored: true },
    { name: "is refused", body: '{"store":false}', stored: false },
    { name: "is not spoken of", body: '{"metadata":{"store":true}}', stored: false },
  ])("$name", ({ body, stored }) => {
    expect(asksForStorage(idsOf("openai create-chat-completion"), Buffer.from(body))).toBe(stored);
  });

  test("is no question on other routes", () => {
    expect(asksForStorage(idsOf("openai responses"), Buffer.from('{"store":true}'))).toBe(false);
  });
});
