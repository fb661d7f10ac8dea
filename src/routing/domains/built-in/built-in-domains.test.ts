// What the built-in domains must hold to be worth learning from, and that nobody is judged by what was learnt.
import { expect, test } from "vitest";
import { judgedPrompts } from "../../../../test/support/routing-prompts.ts";
import { builtInDomains, builtInExamples } from "./built-in-domains.ts";

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
  const texts = builtInExamples().flatMap(({ examples }) => examples.map(plain));
  expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([]);
});

test("no judged prompt repeats an example in more than a quarter of its characters, or stands twice", () => {
  const examples = builtInExamples().flatMap((domain) => domain.examples);
  const prompts = judgedPrompts();
  const repeated = prompts.flatMap(({ text }, index) => {
    const others = [...examples, ...prompts.filter((_, other) => other !== index).map((other) => other.text)];
    return others.filter((other) => sharedPart(text, other) > 1 / 4).map((other) => `${text} <> ${other}`);
  });
  expect(repeated).toEqual([]);
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

test("a part that is shared is seen", () => {
  expect(
    sharedPart("How high does the ladder reach?", "A ladder. how high does THE ladder reach"),
  ).toBeGreaterThan(0.9);
  expect(sharedPart("黑洞是怎么形成的", "请问黑洞是怎么形成的呢")).toBe(1);
  expect(sharedPart("Is water blue?", "Write a poem about autumn.")).toBe(0);
});

function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}]+/gu, " ")
    .trim();
}

/** Which part of a text's pieces (five characters of Chinese, sixteen of other scripts) the other has, too. */
function sharedPart(text: string, other: string): number {
  const pieces = piecesOf(plain(text));
  const theirs = plain(other);
  return pieces.length === 0 ? 0 : pieces.filter((piece) => theirs.includes(piece)).length / pieces.length;
}

function piecesOf(text: string): string[] {
  const chinese = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const length = chinese * 3 > text.length ? 5 : 16;
  return Array.from({ length: Math.max(0, text.length - length + 1) }, (_, start) =>
    text.slice(start, start + length),
  );
}
