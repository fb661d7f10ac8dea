import { describe, expect, test } from "vitest";
import { differences, merge } from "./changes.ts";

const base = {
  basePath: "/a",
  tags: ["x"],
  monitoring: { logs: true, traces: true },
  modelService: { mode: "single", target: { service: "s" } },
};

describe("what differs", () => {
  test.each<[string, object, readonly (readonly [string, unknown, unknown])[]]>([
    ["nothing", {}, []],
    ["a field", { basePath: "/b" }, [["basePath", "/a", "/b"]]],
    [
      "a part of an object",
      { monitoring: { logs: false, traces: true } },
      [["monitoring.logs", true, false]],
    ],
    ["a list as a whole", { tags: ["x", "y"] }, [["tags", ["x"], ["x", "y"]]]],
    ["a field that is new", { description: "d" }, [["description", undefined, "d"]]],
    [
      "a model service as a whole",
      { modelService: { mode: "single", target: { service: "t" } } },
      [["modelService", base.modelService, { mode: "single", target: { service: "t" } }]],
    ],
  ])("%s", (_name, change, expected) => {
    const found = differences(base, { ...base, ...change });
    expect(found.map(({ path, before, after }) => [path.join("."), before, after])).toEqual(expected);
  });
});

describe("two people's changes", () => {
  test("come together where they are apart", () => {
    const mine = { ...base, monitoring: { logs: false, traces: true } };
    const theirs = { ...base, basePath: "/b", monitoring: { logs: true, traces: false } };
    const { merged, conflicts } = merge(base, mine, theirs);
    expect(merged).toEqual({ ...base, basePath: "/b", monitoring: { logs: false, traces: false } });
    expect(conflicts).toEqual([]);
  });

  test("are a conflict where they differ, and mine is on top", () => {
    const { merged, conflicts } = merge(
      base,
      { ...base, basePath: "/m" },
      { ...base, basePath: "/t", tags: [] },
    );
    expect(conflicts).toEqual([{ path: ["basePath"], mine: "/m", theirs: "/t" }]);
    expect(merged).toEqual({ ...base, basePath: "/m", tags: [] });
  });

  test("are none where both did the same", () => {
    const both = { ...base, basePath: "/b" };
    expect(merge(base, both, both).conflicts).toEqual([]);
  });

  test("do not bring back what I took away", () => {
    const { tags: _gone, ...mine } = base;
    expect(merge(base, mine, { ...base, basePath: "/t" }).merged).not.toHaveProperty("tags");
  });
});
