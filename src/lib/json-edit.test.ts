import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fieldsAt, itemsOf, membersOf, removeField, renameField, setField } from "./json-edit.ts";

const bytes = (text: string): Buffer => Buffer.from(text);

describe("setField", () => {
  test.each([
    ["a field that is there", '{"a":1, "b" : 2}', "b", "3", '{"a":1, "b" : 3}'],
    ["a field that is not there", '{"a":1}', "b", "3", '{"a":1,"b":3}'],
    ["the first field of all", " { } ", "b", "3", ' {"b":3 } '],
    ["a field inside another", '{"a":{"b":1}}', "a.b", "2", '{"a":{"b":2}}'],
    ["objects on the way are made", "{}", "a.b.c", '"x"', '{"a":{"b":{"c":"x"}}}'],
    ["a field that joins others inside", '{"a":{"x":[1,2]}}', "a.b", "2", '{"a":{"x":[1,2],"b":2}}'],
    ["what is no object on the way goes", '{"a":7}', "a.b", "2", '{"a":{"b":2}}'],
    ["repeated keys are all set", '{"a":1,"a":2}', "a", "3", '{"a":3,"a":3}'],
    ["keys that are spelled with escapes", '{"\\u0061":1}', "a", "3", '{"\\u0061":3}'],
    ["digits of others stay", '{"n":1.50e+1,"a":0}', "a", "1", '{"n":1.50e+1,"a":1}'],
    ["braces and quotes inside strings", '{"s":"}\\"{,","a":0}', "a", "1", '{"s":"}\\"{,","a":1}'],
  ])("%s", (...[, body, path, value, expected]) => {
    expect(setField(bytes(body), path.split("."), value).toString()).toBe(expected);
  });
});

describe("removeField", () => {
  test.each([
    ["the first", '{"a":1,"b":2}', "a", '{"b":2}'],
    ["the last", '{"a":1 , "b":2 }', "b", '{"a":1 }'],
    ["one in the middle", '{"a":1,"b":[{}],"c":3}', "b", '{"a":1,"c":3}'],
    ["the only one", '{ "a" : {"x":1} }', "a", "{  }"],
    ["repeated ones", '{"a":1,"b":2,"a":3}', "a", '{"b":2}'],
    ["repeated ones side by side", '{"b":0,"a":1,"a":2,"c":1,"a":3,"a":4}', "a", '{"b":0,"c":1}'],
    ["all there are", '{"a":1,"a":2}', "a", "{}"],
    ["one inside another", '{"o":{"a":1,"b":2}}', "o.a", '{"o":{"b":2}}'],
    ["none", '{"b":1}', "a", '{"b":1}'],
  ])("%s", (_name, body, path, expected) => {
    expect(removeField(bytes(body), path.split(".")).toString()).toBe(expected);
  });
});

describe("renameField", () => {
  test.each([
    ["another name in its place", '{"max_tokens": 5,"b":1}', "max_tokens", "limit", '{"limit": 5,"b":1}'],
    ["one that has the name goes", '{"a":5,"b":1}', "a", "b", '{"b":5}'],
    ["inside another", '{"o":{"a":5}}', "o.a", "b", '{"o":{"b":5}}'],
    ["its own name", '{"a":5}', "a", "a", '{"a":5}'],
    ["one that is not there leaves others alone", '{"b":5}', "a", "b", '{"b":5}'],
  ])("%s", (...[, body, path, name, expected]) => {
    expect(renameField(bytes(body), path.split("."), name).toString()).toBe(expected);
  });
});

describe("any object", () => {
  const object = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 6 });

  test("its members and items are found where they stand", () => {
    fc.assert(
      fc.property(object, fc.integer({ min: 0, max: 3 }), (value, indent) => {
        const body = bytes(JSON.stringify(value, null, indent));
        const found = membersOf(body, 0).map(({ key, start, end }) => [
          key,
          JSON.parse(body.subarray(start, end).toString()),
        ]);
        expect(found).toEqual(Object.entries(JSON.parse(body.toString())));
      }),
    );
    const list = bytes('[1, "a,]", {"x":[2]} ,[]]');
    expect(itemsOf(list, 0).map(({ start, end }) => list.subarray(start, end).toString())).toEqual([
      "1",
      '"a,]"',
      '{"x":[2]}',
      "[]",
    ]);
  });

  test("what is set is read, what is removed is not, and all else stays", () => {
    fc.assert(
      fc.property(object, fc.string(), fc.jsonValue(), (value, key, set) => {
        const body = bytes(JSON.stringify(value));
        const after = setField(body, [key], JSON.stringify(set));
        const expected = new Map(Object.entries(JSON.parse(body.toString())));
        expected.set(key, JSON.parse(JSON.stringify(set)));
        expect(new Map(Object.entries(JSON.parse(after.toString())))).toEqual(expected);
        const removed = removeField(after, [key]);
        expected.delete(key);
        expect(new Map(Object.entries(JSON.parse(removed.toString())))).toEqual(expected);
        expect(fieldsAt(removed, [key])).toEqual([]);
      }),
    );
  });
});
