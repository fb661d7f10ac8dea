import { describe, expect, test } from "vitest";
import type { ModelApi } from "../../api/resources.ts";
import { grantedApis, grantOf, grantsOf, grantsWith, typedModels } from "./grants.ts";

const auth: ModelApi["auth"] = {
  enabled: true,
  methods: ["api-key"],
  apiKeySources: [],
  grants: [
    { consumer: "other" },
    { consumerGroup: "team", expiresAt: "2026-12-31T00:00:00Z" },
    { consumer: "app", models: ["qwen-*"] },
    { consumerGroup: "app" },
  ],
};
const consumer = { kind: "consumer" as const, name: "app", groups: ["team"] };
const group = { kind: "consumer-group" as const, name: "app", groups: [] };

describe("who grants access", () => {
  test("the own name comes before a group's", () => {
    expect(grantsOf({ auth }, consumer)).toEqual([
      { by: "own", group: "", expiresAt: undefined, models: ["qwen-*"] },
      { by: "group", group: "team", expiresAt: "2026-12-31T00:00:00Z", models: undefined },
    ]);
  });

  test("a group of the same name as a consumer is somebody else", () => {
    expect(grantsOf({ auth }, group)).toEqual([
      { by: "own", group: "", expiresAt: undefined, models: undefined },
    ]);
    expect(grantOf({ auth }, { ...consumer, name: "nobody", groups: [] })).toBeUndefined();
  });

  test("the Model APIs that do", () => {
    const closed = { name: "closed", auth: { ...auth, grants: [] } };
    expect(grantedApis([{ name: "open", auth }, closed], consumer)).toEqual(["open"]);
  });
});

describe("the grants afterwards", () => {
  test("with other terms stand in the same order", () => {
    const terms = { expiresAt: "2027-01-01T00:00:00Z" };
    expect(grantsWith({ auth }, consumer, terms)).toEqual(auth.grants.with(2, { consumer: "app", ...terms }));
  });

  test("with a new one end with it", () => {
    const late = { kind: "consumer-group" as const, name: "late" };
    expect(grantsWith({ auth }, late, {}).at(-1)).toEqual({ consumerGroup: "late" });
  });

  test("without one keep every other", () => {
    expect(grantsWith({ auth }, consumer, null)).toEqual(auth.grants.toSpliced(2, 1));
  });
});

test("models are typed with commas, spaces and lines between", () => {
  expect(typedModels(" qwen-*, gpt-4o\nqwen-*，claude-?  ")).toEqual(["qwen-*", "gpt-4o", "claude-?"]);
  expect(typedModels(" ")).toBeUndefined();
});
