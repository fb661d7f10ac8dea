// YAML of a Model API: it reads back as it was, and faults stand at the line of the field that they are about.
import { describe, expect, test } from "vitest";
import { modelApiSchema } from "../../../../../src/resources/model-api.ts";
import { apiYaml, fieldPath, placeFaults, readYaml } from "./yaml-text.ts";

const api = {
  ...modelApiSchema.parse({
    name: "chat",
    useCase: "text-generation",
    protocols: ["openai"],
    modelService: {
      mode: "by-weight",
      targets: [
        { service: "a", weight: 1 },
        { service: "b", weight: 2 },
      ],
    },
  }),
  revision: 7,
  managedBy: "api" as const,
};

test("holds the object's own fields and reads back as it was", () => {
  const { revision: _revision, managedBy: _managedBy, ...own } = api;
  expect(readYaml(apiYaml(api), "")).toEqual({ ok: true, object: own });
});

test("fields that this build does not know are kept for the admin API to judge", () => {
  expect(readYaml("name: a\nfuture: { x: 1 }\n", "")).toMatchObject({
    object: { name: "a", future: { x: 1 } },
  });
});

describe("what cannot be read", () => {
  test("is told with its line", () => {
    const read = readYaml("name: a\ntags: [x\nuseCase: b\n", "");
    expect(read.ok).toBe(false);
    expect("problems" in read ? read.problems[0]?.line : 0).toBeGreaterThan(1);
  });

  test.each(["just words", "- a\n- b", ""])("%j is no object", (text) => {
    expect(readYaml(text, "must be fields")).toMatchObject({
      ok: false,
      problems: [{ message: "must be fields" }],
    });
  });
});

describe("faults of the admin API", () => {
  const text = "name: a\nmodelService:\n  mode: single\n  target:\n    service: gone\n";

  test.each([
    ["modelService.target.service", 5],
    ["modelService.target.model", 5],
    ["nowhere.at.all", 1],
    ["", 1],
  ])("%s stands at line %i", (path, line) => {
    expect(placeFaults(text, [{ path, message: "is wrong" }])[0]?.line).toBe(line);
  });

  test("list positions are steps", () => {
    expect(fieldPath("modelService.targets[1].service")).toEqual(["modelService", "targets", 1, "service"]);
  });
});
