import { describe, expect, test } from "vitest";
import type { RoutingDomain, RoutingRule } from "../policy.ts";
import { testFacts } from "./decision-fixture.ts";
import { createRuleReader, lookedAtCharacters, type RuleOutcome } from "./rules.ts";

const rule = (name: string, fields: Partial<RoutingRule>): RoutingRule => ({
  name,
  patterns: [],
  keywords: [],
  ...fields,
});
const domain = (name: string, fields: Partial<RoutingDomain>): RoutingDomain => ({
  name,
  patterns: [],
  keywords: [],
  prefer: [],
  ...fields,
});

interface Asked {
  readonly question?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly consumer?: string;
}

function read(
  { rules = [], domains = [] }: { rules?: readonly RoutingRule[]; domains?: readonly RoutingDomain[] },
  { question = "", headers = {}, metadata = {}, consumer = "" }: Asked,
): RuleOutcome {
  return createRuleReader({ rules, domains })(
    testFacts({
      question,
      consumer,
      header: (name) => headers[name],
      metadata: (key) => metadata[key],
    }),
  );
}

const holds = (fields: Partial<RoutingRule>, asked: Asked): boolean =>
  read({ rules: [rule("r", { model: "m", ...fields })] }, asked).rule?.name === "r";

describe("a rule holds", () => {
  test.each<readonly [string, Partial<RoutingRule>, Asked, boolean]>([
    ["for a word", { keywords: ["refund"] }, { question: "I want a refund." }, true],
    ["for one word of several", { keywords: ["cancel", "refund"] }, { question: "a refund" }, true],
    ["for no other word", { keywords: ["refund"] }, { question: "I want my money" }, false],
    ["whatever the case", { keywords: ["ReFund"] }, { question: "REFUND!" }, true],
    ["whatever the width", { keywords: ["refund"] }, { question: "ｒｅｆｕｎｄ" }, true],
    ["whatever the accents", { keywords: ["résumé"] }, { question: "my Resume" }, true],
    ["not inside of a longer word", { keywords: ["art"] }, { question: "start a party" }, false],
    ["not at the beginning of a longer word", { keywords: ["art"] }, { question: "an artist" }, false],
    ["not inside of a number", { keywords: ["42"] }, { question: "1425" }, false],
    ["beside signs", { keywords: ["sql"] }, { question: "(SQL)" }, true],
    ["for several words", { keywords: ["pull request"] }, { question: "my pull\n request" }, true],
    ["for a word with signs", { keywords: ["c++"] }, { question: "in C++, please" }, true],
    ["not for its letters alone", { keywords: ["c++"] }, { question: "in C, please" }, false],
    ["for a Chinese word inside of a sentence", { keywords: ["退款"] }, { question: "我想要退款吗" }, true],
    ["for a word in an empty question: no", { keywords: ["refund"] }, { question: "" }, false],
    ["for a word of nothing but marks: no", { keywords: ["\u0301"] }, { question: "anything" }, false],
    ["for a pattern", { patterns: ["order #\\d+"] }, { question: "Where is order #12?" }, true],
    ["for no other text", { patterns: ["order #\\d+"] }, { question: "Where is my order?" }, false],
    ["for a word or a pattern", { keywords: ["a"], patterns: ["b+"] }, { question: "bbb" }, true],
    [
      "for a header",
      { header: { name: "X-Tier", value: { type: "exact", value: "gold" } } },
      { headers: { "x-tier": "gold" } },
      true,
    ],
    [
      "for no other value of it",
      { header: { name: "X-Tier", value: { type: "exact", value: "gold" } } },
      { headers: { "x-tier": "golden" } },
      false,
    ],
    [
      "for a header with any value",
      { header: { name: "x-tier", value: { type: "any" } } },
      { headers: { "x-tier": "" } },
      true,
    ],
    ["for a header that is not there: no", { header: { name: "x-tier", value: { type: "any" } } }, {}, false],
    [
      "for metadata",
      { metadata: { key: "task", value: { type: "prefix", value: "sum" } } },
      { metadata: { task: "summary" } },
      true,
    ],
    ["for metadata that is not there: no", { metadata: { key: "task", value: { type: "any" } } }, {}, false],
    ["for a consumer", { consumer: { type: "regex", value: "^batch-" } }, { consumer: "batch-1" }, true],
    ["for no other consumer", { consumer: { type: "regex", value: "^batch-" } }, { consumer: "web" }, false],
    [
      "when all of it fits",
      { keywords: ["refund"], consumer: { type: "any" } },
      { question: "a refund" },
      true,
    ],
    [
      "when only a part fits: no",
      { keywords: ["refund"], consumer: { type: "exact", value: "x" } },
      { question: "a refund" },
      false,
    ],
  ])("%s", (_, fields, asked, expected) => {
    expect(holds(fields, asked)).toBe(expected);
  });

  test.each([
    ["at the beginning", true, (text: string, filler: string) => text + filler],
    ["at the end", true, (text: string, filler: string) => filler + text],
    ["in the middle", false, (text: string, filler: string) => filler + text + filler],
  ])("of a very long question: for what stands %s: %s", (_, expected, place) => {
    const question = place(" refund ", "a ".repeat(lookedAtCharacters));
    expect(holds({ keywords: ["refund"] }, { question })).toBe(expected);
    expect(holds({ patterns: ["refund"] }, { question })).toBe(expected);
  });
});

describe("what follows", () => {
  test("is what the first rule that holds says, and nothing of later ones", () => {
    const rules = [
      rule("first", { keywords: ["nothing"], model: "a" }),
      rule("second", { keywords: ["refund"], profile: "cheap" }),
      rule("third", { keywords: ["refund"], model: "b", domain: "business" }),
    ];
    expect(read({ rules }, { question: "refund" })).toEqual({ rule: { name: "second" }, profile: "cheap" });
  });

  test("is a domain by the words of the domain, when no rule says one", () => {
    const parts = {
      rules: [
        rule("r", { keywords: ["refund"], profile: "cheap" }),
        rule("d", { keywords: ["poem"], domain: "writing" }),
      ],
      domains: [
        domain("none", {}),
        domain("law", { keywords: ["contract"] }),
        domain("tax", { patterns: ["§ ?\\d+"] }),
      ],
    } as const;
    expect(read(parts, { question: "refund of a contract" })).toEqual({
      rule: { name: "r" },
      profile: "cheap",
      domain: { name: "law", source: "keywords" },
    });
    expect(read(parts, { question: "what says §12?" }).domain).toEqual({ name: "tax", source: "keywords" });
    expect(read(parts, { question: "a poem on a contract" }).domain).toEqual({
      name: "writing",
      source: "rule",
    });
    expect(read(parts, { question: "hello" })).toEqual({});
  });
});

test("a rule whose pattern cannot be used is refused when it is made", () => {
  expect(() => createRuleReader({ rules: [rule("r", { patterns: ["(a"] })], domains: [] })).toThrow(
    SyntaxError,
  );
});
