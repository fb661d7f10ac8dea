import fc from "fast-check";
import { expect, test } from "vitest";
import { JsonCursor } from "./json-cursor.ts";

/** Everything that a cursor tells of a document. */
function read(cursor: JsonCursor): unknown {
  switch (cursor.kind) {
    case "object": {
      const members: [string, unknown][] = [];
      cursor.members((name) => members.push([name, read(cursor)]));
      return Object.fromEntries(members);
    }
    case "array": {
      const items: unknown[] = [];
      cursor.items(() => items.push(read(cursor)));
      return items;
    }
    case "string":
      return cursor.text(100_000);
    case "number":
      return cursor.number();
    default:
      return JSON.parse(cursor.text(100)) as unknown;
  }
}

const spaced = (value: unknown): fc.Arbitrary<Buffer> =>
  fc.constantFrom(0, 1, "\t", "\r\n ").map((space) => Buffer.from(JSON.stringify(value, null, space)));

// Names of members are cut where no one asks for them; `__proto__` is no member for `Object.fromEntries` alone.
const documents = fc
  .jsonValue({ maxDepth: 5, noUnicodeString: false })
  .filter((value) => value !== undefined);

test("tells of any document what it says", () => {
  fc.assert(
    fc.property(
      documents.chain((value) => fc.tuple(fc.constant(value), spaced(value))),
      ([value, bytes]) => {
        expect(read(new JsonCursor(bytes))).toEqual(JSON.parse(JSON.stringify(value)));
      },
    ),
  );
});

test("passes over what is left, and goes on behind it", () => {
  const text =
    '{"a": {"b": "}]\\"", "c": [1, {"d": "\\\\"}]}, "e" : [ "x", {"y":[]} , 3 ], "f":null, "g":"end"}';
  const cursor = new JsonCursor(Buffer.from(text));
  const seen: string[] = [];
  cursor.members((name) => {
    seen.push(name);
    if (name === "g") seen.push(cursor.text(100));
    if (name === "e") cursor.items((index) => seen.push(`${index} ${cursor.kind}`));
  });
  expect(seen).toEqual(["a", "e", "0 string", "1 object", "2 number", "f", "g", "end"]);
});

test.each([
  ["[]", false],
  ["[ ]", false],
  ["[0]", true],
  ["{ }", false],
  ['{"a":1}', true],
  ['""', false],
  ['"a"', true],
  ["null", false],
  ["1", false],
])("%s is filled: %s", (text, filled) => {
  expect(new JsonCursor(Buffer.from(text)).isFilled).toBe(filled);
});

test("keeps the beginning and the end of a long string, whole characters and escapes alone", () => {
  const parts = fc.constantFrom("a", " ", "语", "\n", '"', "\\", "\u0001", "😀", "é");
  fc.assert(
    fc.property(
      fc.array(parts, { minLength: 60, maxLength: 400 }),
      fc.integer({ min: 40, max: 120 }),
      (characters, most) => {
        const value = characters.join("");
        const text = new JsonCursor(Buffer.from(JSON.stringify(value))).text(most);
        if (text === value) return;
        const cut = text.indexOf("\n", 0);
        expect(cut).toBeGreaterThanOrEqual(0);
        // Some line break parts a beginning of the value from an end of it.
        const breaks = [...text.matchAll(/\n/gu)].map(({ index }) => index);
        expect(
          breaks.some((at) => value.startsWith(text.slice(0, at)) && value.endsWith(text.slice(at + 1))),
        ).toBe(true);
      },
    ),
  );
});

test.each(["", "{", '{"a', '{"a"', '{"a":', '{"a":[', "[1,", '["x', "nul", "}", "[}", '{"a":1]'])(
  "ends at what is no JSON: %s",
  (text) => {
    const cursor = new JsonCursor(Buffer.from(text));
    let steps = 0;
    const walk = (): void => {
      steps += 1;
      expect(steps).toBeLessThan(20);
      if (cursor.kind === "object") cursor.members(walk);
      else if (cursor.kind === "array") cursor.items(walk);
      else cursor.skip();
    };
    walk();
  },
);

test("visits no more than it may, and tells where it stopped", () => {
  const text = '{"a":[1,2,3],"b":4,"c":5}';
  const cursor = new JsonCursor(Buffer.from(text), 4);
  const seen: string[] = [];
  cursor.members((name) => {
    seen.push(name);
    cursor.items((index) => seen.push(String(index)));
  });
  expect(seen).toEqual(["a", "0", "1", "2"]);
  expect(cursor.stoppedAt).toBe(text.indexOf('"b"'));
});
