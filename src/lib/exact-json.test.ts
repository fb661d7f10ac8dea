// Numbers leave as they came.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isRawNumber, numberIn, parseExactJson } from "./exact-json.ts";

describe("what is parsed is written with its own digits", () => {
  test.each([
    "1.0",
    "1e3",
    "1E+3",
    "-0",
    "0.10",
    "12345678901234567890",
    "0.1234567890123456789",
    "10000000.006600014",
    "0.0000001",
    '{"a":[1.0,{"b":-0,"c":1e400}],"d":"1.0"}',
    '"12345678901234567890 and 1.0"',
    '{"__proto__":1.0,"constructor":2.50}',
    "[1,2.5,-3]",
    "null",
    "true",
  ])("%s", (text) => {
    expect(JSON.stringify(parseExactJson(text))).toBe(text);
  });

  test("any document of numbers in any notation", () => {
    const digits = fc.stringMatching(/^-?(?:0|[1-9]\d{0,20})(?:\.\d{1,20})?(?:[eE][+-]?\d{1,3})?$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), digits)), (members) => {
        const text = `[${members.map(([name, number]) => `{${JSON.stringify(name)}:${number}}`).join(",")}]`;
        expect(JSON.stringify(parseExactJson(text))).toBe(text);
      }),
    );
  });
});

test.each([
  ["1.0", 1],
  ["1e3", 1_000],
  ["2", 2],
  ["1.5000000000000000000", 1.5],
  ['"1"', undefined],
  ["{}", undefined],
  ['{"rawJSON":"1"}', undefined],
  ["null", undefined],
])("%s is read as the number %s", (text, number) => {
  expect(numberIn(parseExactJson(text))).toBe(number);
});

test("a number that was kept raw is told from an object that looks like one", () => {
  expect(isRawNumber(parseExactJson("1.0"))).toBe(true);
  expect(isRawNumber(parseExactJson("1"))).toBe(false);
  expect(isRawNumber(parseExactJson('{"rawJSON":"1.0"}'))).toBe(false);
});

test.each(["", "{", "01", "1.", "{a:1}", "[1.0,]", "NaN"])("no JSON: %s", (text) => {
  expect(() => parseExactJson(text)).toThrow(SyntaxError);
});

test("a member named like the prototype is a member", () => {
  const parsed = parseExactJson('{"__proto__":{"a":1.0}}') as object;
  expect(Object.keys(parsed)).toEqual(["__proto__"]);
  expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
});
