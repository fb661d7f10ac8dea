import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeString, prepareScan, scanObject } from "./json-scan.ts";

const plan = prepareScan(["model", "stream", "stream_options"]);
const scan = (text: string) => scanObject(Buffer.from(text), plan);

/** What JSON.parse thinks: the value, or undefined when it refuses or the value is no object. */
function parsedObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

describe("validity", () => {
  test.each([
    ["an empty object", "{}"],
    ["white space of all four kinds", ' \t\r\n{ "a" : [ 1 , 2 ] } \n'],
    ["every scalar", '{"a":null,"b":true,"c":false,"d":"","e":0}'],
    ["all number forms", '{"a":[0,-0,1,-12,0.5,1.25,1e3,1E+3,1e-3,-0.0e0,12345678901234567890]}'],
    ["all escapes", String.raw`{"a":"\"\\\/\b\f\n\r\t\u00e9\uD800"}`],
    ["empty containers inside", '{"a":{},"b":[],"c":[{},[]]}'],
    ["bytes above 127", '{"ключ":"значение 🎉"}'],
    ["DEL, which is no control character to JSON", '{"a":"\u007f"}'],
  ])("accepts %s", (_, text) => {
    expect(scan(text).ok).toBe(true);
    expect(() => JSON.parse(text)).not.toThrow();
  });

  test.each([
    ["nothing", "", "not-an-object", 0],
    ["only white space", " \n", "not-an-object", 2],
    ["an array", "[1]", "not-an-object", 0],
    ["a string", '"a"', "not-an-object", 0],
    ["a byte order mark", "\ufeff{}", "not-an-object", 0],
    ["a trailing byte", "{}x", "invalid", 2],
    ["a second object", "{} {}", "invalid", 3],
    ["a NUL after the end", "{}\0", "invalid", 2],
    ["an unclosed object", '{"a":1', "invalid", 6],
    ["a comma before the end", '{"a":1,}', "invalid", 7],
    ["a comma before the end of an array", '{"a":[1,]}', "invalid", 8],
    ["a leading comma", '{,"a":1}', "invalid", 1],
    ["a key without quotes", "{a:1}", "invalid", 1],
    ["single quotes", "{'a':1}", "invalid", 1],
    ["a missing colon", '{"a" 1}', "invalid", 5],
    ["a missing value", '{"a":}', "invalid", 5],
    ["a missing comma", '{"a":1 "b":2}', "invalid", 7],
    ["the wrong closer", '{"a":[1}', "invalid", 7],
    ["a bare closer", '{"a":]}', "invalid", 5],
    ["a number with a leading zero", '{"a":01}', "invalid", 6],
    ["a number with a plus", '{"a":+1}', "invalid", 5],
    ["a number that ends in a dot", '{"a":1.}', "invalid", 7],
    ["a number that starts with a dot", '{"a":.5}', "invalid", 5],
    ["an exponent without digits", '{"a":1e}', "invalid", 7],
    ["an exponent with only a sign", '{"a":1e+}', "invalid", 8],
    ["a lone minus", '{"a":-}', "invalid", 6],
    ["a hexadecimal number", '{"a":0x1}', "invalid", 6],
    ["NaN", '{"a":NaN}', "invalid", 5],
    ["a cut literal", '{"a":tru}', "invalid", 5],
    ["a longer literal", '{"a":truee}', "invalid", 9],
    ["a capital literal", '{"a":True}', "invalid", 5],
    ["an unclosed string", '{"a":"b', "invalid", 7],
    ["a backslash at the end", '{"a":"b\\', "invalid", 7],
    ["a raw line feed in a string", '{"a":"\n"}', "invalid", 6],
    ["a raw NUL in a string", '{"a":"\0"}', "invalid", 6],
    ["a raw tab in a key", '{"\t":1}', "invalid", 2],
    ["an unknown escape", String.raw`{"a":"\x"}`, "invalid", 6],
    ["a capital U escape", String.raw`{"a":"\U0041"}`, "invalid", 6],
    ["a short u escape", String.raw`{"a":"\u12"}`, "invalid", 10],
    ["a u escape at the end", String.raw`{"a":"\u12`, "invalid", 6],
    ["a form feed as white space", '{\f"a":1}', "invalid", 1],
    ["a comment", '{/**/"a":1}', "invalid", 1],
  ] as const)("refuses %s", (_, text, error, offset) => {
    expect(scan(text)).toEqual({ ok: false, error, offset });
    expect(parsedObject(text)).toBeUndefined();
  });

  test("accepts 128 levels and refuses 129", () => {
    const nested = (levels: number) => `{"a":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
    expect(scan(nested(128)).ok).toBe(true);
    expect(scan(nested(129))).toEqual({ ok: false, error: "too-deep", offset: 5 + 127 });
    expect(scan(`${'{"a":'.repeat(128)}1${"}".repeat(128)}`).ok).toBe(true);
    expect(scan(`${'{"a":'.repeat(129)}1${"}".repeat(129)}`)).toMatchObject({ error: "too-deep" });
  });

  test("counts the depth of siblings apart", () => {
    const deep = `${"[".repeat(127)}${"]".repeat(127)}`;
    expect(scan(`{"a":${deep},"b":${deep}}`).ok).toBe(true);
  });

  test("a million unclosed brackets stop at the limit, without recursion", () => {
    expect(scan(`{"a":${"[".repeat(1_000_000)}`)).toMatchObject({ error: "too-deep", offset: 132 });
  });
});

describe("members", () => {
  test("reports range and kind of the wanted keys and nothing of the others", () => {
    const text = ' { "a":{"model":"no"}, "stream_options" : {"x":[1]} ,"model":"gpt" }';
    const result = scan(text);
    if (!result.ok) throw new Error("must be valid");
    const [model, stream, options] = result.members;
    expect(model).toMatchObject({ kind: "string", repeated: false });
    expect(text.slice(model?.start, model?.end)).toBe('"gpt"');
    expect(stream).toBeUndefined();
    expect(options).toMatchObject({ kind: "object" });
    expect(text.slice(options?.start, options?.end)).toBe('{"x":[1]}');
    expect(result.insideStart).toBe(2);
    expect(result.empty).toBe(false);
  });

  test.each([
    ["string", '"x"'],
    ["number", "-1.5e3"],
    ["true", "true"],
    ["false", "false"],
    ["null", "null"],
    ["object", '{"a":{}}'],
    ["array", "[ ]"],
  ])("knows the kind %s", (kind, value) => {
    const text = `{"stream":${value}}`;
    const result = scan(text);
    if (!result.ok) throw new Error("must be valid");
    expect(result.members[1]).toEqual({ kind, start: 10, end: 10 + value.length, repeated: false });
  });

  test.each([
    ["twice", '{"model":"a","model":"b"}', '"b"', true],
    ["an escape that spells the key", String.raw`{"mod\u0065l":"a"}`, '"a"', false],
    ["every letter escaped", String.raw`{"\u006d\u006f\u0064\u0065\u006C":"a"}`, '"a"', false],
    ["plain and escaped", String.raw`{"model":"a","\u006dodel":"b"}`, '"b"', true],
  ])("finds a key: %s", (_, text, value, repeated) => {
    const result = scan(text);
    if (!result.ok) throw new Error("must be valid");
    const [model] = result.members;
    expect(text.slice(model?.start, model?.end)).toBe(value);
    expect(model?.repeated).toBe(repeated);
  });

  test.each([
    ["another case", '{"Model":1}'],
    ["a longer key", '{"models":1}'],
    ["a shorter key", '{"mode":1}'],
    ["an escaped key that is longer", String.raw`{"mod\u0065l\u0065":1}`],
    ["an escaped quote in the key", String.raw`{"model\"":1}`],
    ["a very long key", `{"${"m".repeat(100_000)}":1}`],
    ["a key of another script", '{"mоdel":1}'],
    ["a nested key", '{"a":[{"model":1}]}'],
    ["an empty key", '{"":1}'],
  ])("does not take %s for a wanted one", (_, text) => {
    const result = scan(text);
    expect(result).toMatchObject({ ok: true, members: [undefined, undefined, undefined] });
  });

  test("tells an empty object from a full one", () => {
    expect(scan(" { } ")).toMatchObject({ ok: true, empty: true, insideStart: 2 });
  });

  test("scans a view into a larger buffer", () => {
    const outer = Buffer.from('xx{"model":"é\\u0041"}yy');
    const inner = outer.subarray(2, outer.length - 2);
    const result = scanObject(inner, plan);
    if (!result.ok) throw new Error("must be valid");
    const [model] = result.members;
    expect(decodeString(inner, model?.start ?? 0, model?.end ?? 0)).toBe("éA");
  });
});

describe("agreement with JSON.parse", () => {
  const runs = 10_000;
  const value = fc.jsonValue({ maxDepth: 5 });
  const document = fc
    .tuple(
      fc.dictionary(fc.oneof(fc.constantFrom("model", "stream", "x"), fc.string()), value),
      fc.constantFrom(0, 1, "\t"),
    )
    .map(([object, space]) => JSON.stringify(object, null, space));

  test("valid documents are valid and their members are found", () => {
    fc.assert(
      fc.property(document, (text) => {
        const bytes = Buffer.from(text);
        const result = scanObject(bytes, plan);
        if (!result.ok) throw new Error(`refused ${text}`);
        const expected = parsedObject(text) ?? {};
        for (const [index, key] of plan.keys.entries()) {
          const found = result.members[index];
          expect(found !== undefined).toBe(Object.hasOwn(expected, key));
          if (found !== undefined)
            expect(JSON.parse(bytes.toString("utf8", found.start, found.end))).toEqual(expected[key]);
        }
      }),
      { numRuns: runs },
    );
  });

  test("mutated documents are refused exactly where JSON.parse refuses them", () => {
    const mutation = fc.tuple(
      fc.nat(),
      fc.nat(3),
      fc.constantFrom(...'{}[]:,"\\0123456789-+.eEtrufalsn \n\t/x\0\u001f\u007f'.split("")),
    );
    fc.assert(
      fc.property(document, fc.array(mutation, { minLength: 1, maxLength: 3 }), (text, mutations) => {
        let mutated = text;
        for (const [position, removed, inserted] of mutations) {
          const at = position % (mutated.length + 1);
          mutated = mutated.slice(0, at) + inserted + mutated.slice(at + removed);
        }
        expect(scan(mutated).ok, mutated).toBe(parsedObject(mutated) !== undefined);
      }),
      { numRuns: runs },
    );
  });

  test("random JSON-like text is judged as JSON.parse judges it", () => {
    const token = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"a"',
      '"',
      "1",
      "-1.5e2",
      "0",
      "true",
      "null",
      " ",
      "\\",
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 12 }), (tokens) => {
        const text = `{${tokens.join("")}}`;
        expect(scan(text).ok, text).toBe(parsedObject(text) !== undefined);
      }),
      { numRuns: runs },
    );
  });
});

describe("long strings, read four bytes at a time", () => {
  const special = [
    "\n",
    "\0",
    "\u001f",
    '"',
    "\\",
    "\\n",
    '\\"',
    " ",
    "\u007f",
    "é",
    "漢",
    "!",
    "#",
    "[",
    "]",
  ];

  test.each([0, 1, 2, 3])("find every special byte wherever it stands, at alignment %i", (alignment) => {
    for (const inserted of special) {
      for (let position = 0; position < 24; position++) {
        const value = `${"x".repeat(600 + position)}${inserted}yyyyy`;
        const text = `{"stream":"${value}","model":"m"}`;
        const outer = Buffer.concat([Buffer.alloc(alignment), Buffer.from(text)]);
        const inner = new Uint8Array(Uint8Array.from(outer).buffer, alignment);
        const result = scanObject(inner, plan);
        expect(result.ok, JSON.stringify(inserted)).toBe(parsedObject(text) !== undefined);
        if (!result.ok) {
          if (inserted < " ") expect(result.offset).toBe(11 + 600 + position);
          continue;
        }
        const [model, stream] = result.members;
        expect(Buffer.from(inner.subarray(stream?.start, stream?.end)).toString()).toBe(`"${value}"`);
        expect(Buffer.from(inner.subarray(model?.start, model?.end)).toString()).toBe('"m"');
      }
    }
  });

  test.each([0, 1, 2, 3])("notice that they are not closed, %i bytes past a word", (extra) => {
    const text = `{"a":"${"x".repeat(1_000 + extra)}`;
    expect(scan(text)).toEqual({ ok: false, error: "invalid", offset: text.length });
  });

  test("random long strings are judged as JSON.parse judges them", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary", maxLength: 40 }).map((part) => JSON.stringify(part).slice(1, -1)),
      fc.nat(60).map((length) => "z".repeat(length)),
      fc.constantFrom("\n", "\t", '"', "\\"),
    );
    fc.assert(
      fc.property(fc.array(piece, { minLength: 20, maxLength: 40 }), (pieces) => {
        const text = `{"a":["${pieces.join("")}"]${" ".repeat(512)}}`;
        expect(scan(text).ok, text).toBe(parsedObject(text) !== undefined);
      }),
      { numRuns: 3_000 },
    );
  });
});
