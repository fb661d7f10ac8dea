// Two documents have one text exactly when they say the same.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalText, memberOf, readCanonical, textOf, withHole } from "./canonical-json.ts";

const said = (text: string): string | undefined => {
  const value = readCanonical(text);
  return value === undefined ? undefined : canonicalText(value);
};

describe("the same", () => {
  test.each([
    ["spaces", ' { "a" : [ 1 , 2 ] } ', '{"a":[1,2]}'],
    ["the order of keys", '{"b":1,"a":{"d":1,"c":2}}', '{"a":{"c":2,"d":1},"b":1}'],
    ["escapes", String.raw`{"\u0061":"\/é\n"}`, String.raw`{"a":"/\u00e9\u000a"}`],
    ["a quote behind backslashes", String.raw`["\\","\""]`, String.raw`["\u005c","\u0022"]`],
  ])("%s", (_name, left, right) => {
    expect(said(left)).toBeDefined();
    expect(said(left)).toBe(said(right));
  });
});

describe("not the same", () => {
  test.each([
    ["digits", "1.0", "1.00"],
    ["more digits than a number has", "12345678901234567890", "12345678901234567891"],
    ["a number and a text", "1", '"1"'],
    ["the order of items", "[1,2]", "[2,1]"],
    ["nothing and null", "{}", '{"a":null}'],
    ["letters that bytes could be", '"é"', '"Ã©"'],
  ])("%s", (_name, left, right) => {
    expect(said(left)).toBeDefined();
    expect(said(left)).not.toBe(said(right));
  });
});

test.each([
  ["a key twice", '{"a":1,"a":1}'],
  ["a key twice in two spellings", String.raw`{"a":1,"\u0061":2}`],
  ["no end", '{"a":1'],
  ["more behind it", "{} {}"],
  ["no JSON", "{a:1}"],
  ["a text without its end", '"a'],
  ["a bad escape", String.raw`"\x"`],
  ["too deep", "[".repeat(200) + "]".repeat(200)],
  ["nothing", ""],
])("%s is none", (_name, text) => {
  expect(readCanonical(text)).toBeUndefined();
});

test("what is written and read again says the same, and only that", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
      const one = said(JSON.stringify(left));
      expect(JSON.parse(one ?? "")).toEqual(JSON.parse(JSON.stringify(left)));
      const isSame = one === said(JSON.stringify(right));
      expect(isSame).toBe(one === said(JSON.stringify(JSON.parse(JSON.stringify(right)))));
      if (isSame) expect(JSON.parse(JSON.stringify(right))).toEqual(JSON.parse(JSON.stringify(left)));
    }),
  );
});

test("a hole takes one place and no other", () => {
  const value = readCanonical('{"m":[{"c":"a"},{"c":"b"}],"c":"b"}') ?? "";
  expect(canonicalText(withHole(value, ["m", 1, "c"]))).toBe('{"c":"b","m":[{"c":"a"},{"c":?}]}');
  expect(textOf(memberOf(value, "c"))).toBe("b");
  expect(textOf(memberOf(value, "m"))).toBeUndefined();
  expect(memberOf(value, "x")).toBeUndefined();
});
