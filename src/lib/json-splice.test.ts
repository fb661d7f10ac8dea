import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memberFirst, replaceValue, splice } from "./json-splice.ts";

describe("splice", () => {
  test("returns the same buffer when there is nothing to do", () => {
    const body = Buffer.from("{}");
    expect(splice(body, [])).toBe(body);
  });

  test("replaces a value by a longer one of more bytes than characters", () => {
    expect(replaceValue(Buffer.from('{"a":1,"b":2}'), 5, 6, '"é🎉"').toString()).toBe('{"a":"é🎉","b":2}');
  });

  test("keeps bytes that are no UTF-8", () => {
    const body = Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x7d]);
    expect([...splice(body, [{ start: 3, end: 4, text: "x" }])]).toEqual([0x7b, 0xff, 0xfe, 0x78, 0x7d]);
  });

  test.each([
    [
      "out of order",
      [
        { start: 2, end: 3, text: "" },
        { start: 0, end: 1, text: "" },
      ],
    ],
    [
      "overlapping",
      [
        { start: 0, end: 2, text: "" },
        { start: 1, end: 3, text: "" },
      ],
    ],
    ["past the end", [{ start: 3, end: 5, text: "" }]],
    ["backwards", [{ start: 3, end: 2, text: "" }]],
  ])("refuses edits that are %s", (_, edits) => {
    expect(() => splice(Buffer.from("abcd"), edits)).toThrow(RangeError);
  });

  test("equals joining the kept pieces and the new texts", () => {
    const edit = fc.record({
      skip: fc.nat(5),
      cut: fc.nat(5),
      text: fc.string({ unit: "binary", maxLength: 5 }),
    });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.array(edit, { maxLength: 5 }), (bytes, cuts) => {
        const body = Buffer.from(bytes);
        const edits = [];
        const expected: Buffer[] = [];
        let at = 0;
        for (const { skip, cut, text } of cuts) {
          const start = Math.min(body.length, at + skip);
          const end = Math.min(body.length, start + cut);
          edits.push({ start, end, text });
          expected.push(body.subarray(at, start), Buffer.from(text));
          at = end;
        }
        expected.push(body.subarray(at));
        expect(splice(body, edits).equals(Buffer.concat(expected))).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

test.each([
  ["a full object", '{"a":1}', false, '{"k":2,"a":1}'],
  ["an empty object", "{ }", true, '{"k":2 }'],
])("memberFirst inserts into %s", (_, text, empty, expected) => {
  expect(splice(Buffer.from(text), [memberFirst(1, empty, "k", "2")]).toString()).toBe(expected);
});
