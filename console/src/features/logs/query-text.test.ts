// The language of the query bar: what it reads, what it writes, what it asks of the admin API.
import { describe, expect, test } from "vitest";
import { facetFieldOf, facetWords, fieldRow } from "./query-fields.ts";
import {
  parseQuery,
  queryParameters,
  wantedValues,
  withValue,
  withWanted,
  writeQuery,
  type Term,
} from "./query-text.ts";

const parameters = (text: string): string[] =>
  queryParameters(parseQuery(text)).map((pair) => pair.join("="));
const written = (terms: readonly Term[]): string => writeQuery(terms);

describe("what is asked of the admin API", () => {
  test.each([
    ["a class of status", "status:5xx", ["status=5xx"]],
    ["several values", "status:500,502", ["status=500,502"]],
    ["a pattern", "model:qwen-*", ["model=qwen-*"]],
    ["what must not be", "-consumer:a,b", ["consumer=!a,!b"]],
    ["wanted and unwanted of one field", "api:a* -api:ab", ["api=a*", "api=!ab"]],
    ["seconds become milliseconds", "ttft:>2s", ["ttftMs=>2000"]],
    ["fractions of a second", "ttft:>=0.1s", ["ttftMs=>=100"]],
    ["milliseconds by default", "duration:<500", ["durationMs=<500"]],
    ["a range with units", "duration:1s..2min", ["durationMs=1000..120000"]],
    ["an open range", "in:10k..", ["inputTokens=10000.."]],
    ["money", "cost:>$0.01", ["costUsd=>0.01"]],
    ["a flag", "fallback:true", ["fallback=true"]],
    ["a flag that must not be", "-stream:true", ["stream=!true"]],
    ["the name as in the record", "errorCode:no_service", ["errorCode=no_service"]],
    ["an empty value in quotes", 'consumer:""', ["consumer="]],
    ["a value with a comma and a mark", 'consumer:"!a,b"', [String.raw`consumer=\!a\,b`]],
    ["a value with spaces", 'model:"my model"', ["model=my model"]],
    ["words and phrases together", 'refund "in 30 days"', ['search=refund "in 30 days"']],
    ["an address is no field", "https://example.com", ["search=https://example.com"]],
    ["nothing", "   ", []],
  ])("%s: %s", (_name, text, expected) => {
    expect(parameters(text)).toEqual(expected);
  });
});

describe("what is not understood is said and not asked", () => {
  test.each([
    ["a field that is none", "colour:red", "no-field", "colour"],
    ["no value", "status:", "no-value", "status"],
    ["an empty one of several", "api:a,,b", "no-value", "api"],
    ["a status that is none", "status:bad", "status", "status"],
    ["a time with another unit", "ttft:2days", "time", "ttft"],
    ["a range the wrong way round", "ttft:3s..1s", "time", "ttft"],
    ["money that is none", "cost:cheap", "money", "cost"],
    ["a count that is none", "in:many", "count", "in"],
    ["a flag that is none", "stream:maybe", "flag", "stream"],
    ["two values of a flag", "stream:true,false", "flag-list", "stream"],
  ])("%s: %s", (_name, text, fault, word) => {
    const terms = parseQuery(text);
    expect(terms).toEqual([{ kind: "fault", text, fault, word }]);
    expect(queryParameters(terms)).toEqual([]);
    expect(written(terms)).toBe(text);
  });
});

test.each([
  'status:5xx model:qwen-* -consumer:x ttft:>2s fallback:true cost:>0.01 "free text"',
  String.raw`model:"a \"b\"" "back\\slash"`,
  'consumer:"",a word',
])("is written as it was read: %s", (text) => {
  expect(written(parseQuery(text))).toBe(text);
  expect(parseQuery(written(parseQuery(text)))).toEqual(parseQuery(text));
});

describe("a filter that is set by a click", () => {
  test.each([
    ["a facet's values take the place of those before", "status:500 api:a", ["502"], "status:502 api:a"],
    ["no value takes it out", "status:500 api:a", [], "api:a"],
    ["what must not be stays", "-status:429", ["500"], "-status:429 status:500"],
  ])("%s", (_name, text, values, expected) => {
    expect(written(withWanted(parseQuery(text), "status", values))).toBe(expected);
  });

  test.each([
    ["wanted", "", false, "api:a"],
    ["wanted in place of another", "api:b", false, "api:a"],
    ["wanted after it was unwanted", "-api:a", false, "api:a"],
    ["unwanted", "", true, "-api:a"],
    ["unwanted beside another", "-api:b", true, "-api:b,a"],
    ["unwanted after it was wanted", "api:a,b", true, "api:b -api:a"],
    ["a second time", "-api:a", true, "-api:a"],
  ])("%s", (_name, text, not, expected) => {
    expect(written(withValue(parseQuery(text), "api", "a", not))).toBe(expected);
  });

  test("values that are wanted are those of terms without a minus", () => {
    expect(wantedValues(parseQuery("api:a -api:b api:c"), "api")).toEqual(["a", "c"]);
  });
});

test("a chip counts the field that its word stands for", () => {
  for (const word of facetWords) expect(facetFieldOf[word]).toBe(fieldRow(word).field);
});
