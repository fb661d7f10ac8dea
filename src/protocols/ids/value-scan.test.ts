// Chosen values of JSON texts: a few by hand, many against a plain walk over the parsed text.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { treeOf, visitValues } from "./value-scan.ts";

function visited(text: string, ...paths: string[]): unknown[] {
  const found: unknown[] = [];
  const tree = treeOf(paths.map((at) => ({ at })));
  visitValues(Buffer.from(text), tree, ({ at }, value) => found.push([at, value]));
  return found;
}

describe("values at a path", () => {
  test.each([
    { name: "a member", text: '{"a":"x","b":1}', path: "a", values: ["x"] },
    { name: "a number", text: '{"a": -1.5e2 }', path: "a", values: [-150] },
    { name: "no other scalar", text: '{"a":true,"b":null}', path: "*", values: [] },
    { name: "every item of a list", text: '{"a":[ "x" , {"b":"no"},"y"]}', path: "a.*", values: ["x", "y"] },
    {
      name: "every member of an object",
      text: '{"a":{"p":{"f":"x"},"q":{"f":"y"}}}',
      path: "a.*.f",
      values: ["x", "y"],
    },
    { name: "a name and a star at once", text: '{"a":{"p":"x"}}', path: "a.p", values: ["x"] },
    { name: "every value of a repeated key", text: '{"a":"x","a":"y"}', path: "a", values: ["x", "y"] },
    { name: "a key in escapes", text: String.raw`{"\u0061":"x"}`, path: "a", values: ["x"] },
    { name: "a value in escapes", text: String.raw`{"a":"\u0078\"\\"}`, path: "a", values: ['x"\\'] },
    {
      name: "not inside a string",
      text: String.raw`{"b":"{\"a\":\"x\"}","c":"\\","a":"y"}`,
      path: "a",
      values: ["y"],
    },
    { name: "not at another depth", text: '{"b":{"a":"x"}}', path: "a", values: [] },
    { name: "what stands before a cut", text: '{"a":"x","b":[{"c":"no', path: "*", values: ["x"] },
    { name: "not a cut value itself", text: '{"a":12', path: "a", values: [] },
    {
      name: "what stands before an escape that is none",
      text: String.raw`{"a":"x","b":"\x"}`,
      path: "*",
      values: ["x"],
    },
    { name: "nothing of no JSON", text: "<html>", path: "a", values: [] },
    { name: "nothing of nothing", text: "", path: "*", values: [] },
  ])("are found: $name", ({ text, path, values }) => {
    expect(visited(text, path)).toEqual(values.map((value) => [path, value]));
  });

  test("are told once per path that fits", () => {
    expect(visited('{"a":{"b":"x"}}', "a.b", "*.b", "a.*")).toHaveLength(3);
  });

  test("deeper than the limit are left alone", () => {
    const text = `${'{"a":'.repeat(4000)}"x"${"}".repeat(4000)}`;
    expect(visited(text, Array(4000).fill("a").join("."))).toEqual([]);
  });

  test("are those of the parsed text, whatever the text", () => {
    const paths = ["a", "b.*", "*.a", "a.b.*.c", "*.*.*"];
    const key = fc.constantFrom("a", "b", "c", 'q"', "\\");
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.dictionary(key, tie("tree"), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(tree, fc.constantFrom(0, 2), (value, indent) => {
        const expected = paths.map((path) => walk(value, path.split(".")));
        const text = JSON.stringify(value, null, indent);
        const found = paths.map((path) => visited(text, path).map((pair) => (pair as unknown[])[1]));
        expect(found).toEqual(expected);
      }),
    );
  });

  test("never run forever or throw on a cut text", () => {
    const text = JSON.stringify({ a: [{ b: 'x"\\y' }, "z"], c: { d: [1, 2, { e: null }] } });
    for (let end = 0; end <= text.length; end++)
      expect(() => visited(text.slice(0, end), "a.*.b", "*.*")).not.toThrow();
  });
});

/** Reference: a plain walk in the order of the text. */
function walk(value: unknown, [name, ...rest]: readonly string[]): unknown[] {
  if (name === undefined) return typeof value === "string" || typeof value === "number" ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value)
    .filter(([key]) => name === "*" || (key === name && !Array.isArray(value)))
    .flatMap(([, inner]) => walk(inner, rest));
}
