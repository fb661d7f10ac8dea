import { describe, expect, test } from "vitest";
import { parseLenientJson } from "./json-value.ts";

describe("parseLenientJson", () => {
  test.each([
    ["plain JSON", '{"a":10,"b":[0,-0.5]}', { a: 10, b: [0, -0.5] }],
    ["a padded number", '{"t":00000001234}', { t: 1234 }],
    ["a padded negative number", '{"t":-007}', { t: -7 }],
    ["a padded number in a list", "[007, 0010.5]", [7, 10.5]],
    ["zeros inside strings stay", '{"s":"007 \\" 08","t":01}', { s: '007 " 08', t: 1 }],
    ["an exponent is no padding", '{"t":1e007}', { t: 1e7 }],
  ])("reads %s", (_name, text, value) => {
    expect(parseLenientJson(text)).toEqual(value);
  });

  test.each([
    ["a cut object", '{"t":001'],
    ["no JSON", "hello"],
    ["a stray comma", '{"t":1,}'],
    ["nothing", ""],
  ])("refuses %s", (_name, text) => {
    expect(parseLenientJson(text)).toBeUndefined();
  });
});
