// What the built-in domains must hold to be worth learning from, and that nobody is judged by what was learnt.
import { expect, test } from "vitest";
import { createWordSearch } from "../../decision/word-search.ts";
import { judgedPrompts } from "../../../../test/support/routing-prompts.ts";
import { builtInDomains, builtInExamples, withGeneral } from "./built-in-domains.ts";

const languages = ["en", "zh"] as const;

test("the ten domains have the names that the schema promises", () => {
  expect(builtInDomains.map(({ name }) => name).join(", ")).toBe(
    "code, data, math, science, medicine, business, writing, translation, summary, chat",
  );
});

test.each(builtInDomains)(
  "$name has fifty examples or more in each language, in that language, none too long to be read",
  (domain) => {
    for (const language of languages) {
      expect(domain.label[language]).not.toBe("");
      expect(domain.description[language]).not.toBe("");
      expect(domain.examples[language].length).toBeGreaterThanOrEqual(50);
      expect(Math.max(...domain.examples[language].map((example) => example.length))).toBeLessThanOrEqual(
        2_000,
      );
    }
    expect(
      domain.examples.zh.filter(
        (example) => !/\p{Script=Han}/u.test(example) && /\p{Letter}{4}/u.test(example),
      ),
    ).toEqual([]);
  },
);

test("no example stands twice, in whatever domain", () => {
  const texts = withGeneral(builtInExamples()).flatMap(({ examples }) => examples.map(plain));
  expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([]);
});

test("keywords are in prompts of their own domain alone", () => {
  const search = createWordSearch(builtInDomains.map(({ keywords }) => keywords));
  const learnt = withGeneral(builtInExamples()).flatMap(({ name, examples }) =>
    examples.map((text) => ({ domain: name, text })),
  );
  const prompts = [...learnt, ...judgedPrompts()];
  const found = prompts.flatMap(({ domain, text }) =>
    [...search(text)].map((at) => ({ domain, said: builtInDomains[at]?.name, text })),
  );
  expect(found.length).toBeGreaterThan(100);
  expect(found.filter(({ domain, said }) => domain !== said)).toEqual([]);
});

test.each([
  "Good morning, how are you? I hope you are doing well.",
  "Hello, could you please help me? Thanks a lot in advance, good night!",
  "早上好,请问可以帮我一下吗?谢谢,晚安",
])("no keyword is in %j, which may stand around prompts of any domain", (courtesy) => {
  const search = createWordSearch(builtInDomains.map(({ keywords }) => keywords));
  expect(search(courtesy)).toEqual(new Set());
});

test("no judged prompt repeats an example in more than a quarter of its characters, or stands twice", () => {
  const examples = withGeneral(builtInExamples()).flatMap((domain) => domain.examples);
  const prompts = judgedPrompts().map(({ text }) => text);
  expect(repetitions(prompts, [...prompts, ...examples])).toEqual([]);
});

test("the judged set has eighteen prompts or more per domain and language, half of them held out", () => {
  const prompts = judgedPrompts();
  for (const domain of [...builtInDomains.map(({ name }) => name), "general"])
    for (const language of languages) {
      const rows = prompts.filter((row) => row.domain === domain && row.language === language);
      expect(rows.length, `${domain} ${language}`).toBeGreaterThanOrEqual(18);
      expect(rows.filter(({ half }) => half === "held-out").length * 2).toBe(rows.length);
    }
});

test.each([
  ["How high does the ladder reach?", "A ladder. how high does THE ladder reach", true],
  ["黑洞是怎么形成的", "请问黑洞是怎么形成的呢", true],
  ["Is the water in the lake blue?", "Write a poem about autumn.", false],
])("whether %s repeats %s is seen", (text, other, repeats) => {
  expect(repetitions([text], [other]).length).toBe(repeats ? 1 : 0);
});

function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}]+/gu, " ")
    .trim();
}

/** Texts that share more than a quarter of their pieces with another one of the others. */
function repetitions(texts: readonly string[], others: readonly string[]): string[] {
  const holders = new Map<string, number[]>();
  for (const [at, other] of others.entries())
    for (const length of pieceLengths)
      for (const piece of new Set(piecesOf(other, length))) {
        const known = holders.get(piece);
        if (known === undefined) holders.set(piece, [at]);
        else known.push(at);
      }
  return texts.flatMap((text, own) => {
    const pieces = piecesOf(text, lengthFor(text));
    const shared = new Map<number, number>();
    for (const piece of pieces)
      for (const at of holders.get(piece) ?? []) shared.set(at, (shared.get(at) ?? 0) + 1);
    return [...shared]
      .filter(([at, count]) => count > pieces.length / 4 && !(at === own && others[at] === text))
      .map(([at]) => `${text} <> ${others[at] ?? ""}`);
  });
}

/** Characters of a piece: of Chinese, of other scripts. */
const pieceLengths = [5, 16] as const;

function lengthFor(text: string): number {
  const chinese = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  return pieceLengths[chinese * 3 > text.length ? 0 : 1];
}

function piecesOf(text: string, length: number): string[] {
  const letters = plain(text);
  return Array.from({ length: Math.max(0, letters.length - length + 1) }, (_, start) =>
    letters.slice(start, start + length),
  );
}
