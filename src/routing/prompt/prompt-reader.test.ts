import { expect, test } from "vitest";
import { loadWordVectors } from "./load-word-vectors.ts";
import type { PromptFeatures } from "./prompt-features.ts";
import { createPromptReader } from "./prompt-reader.ts";
import { structureNames } from "./structure.ts";

const reader = createPromptReader(loadWordVectors());

/** The features of a prompt as values of their own. */
function read(text: string, by = reader) {
  const { grams, gramWeights, gramCount, vector, structure, language, complexity }: PromptFeatures =
    by.read(text);
  return {
    grams: [...grams.subarray(0, gramCount)],
    weights: [...gramWeights.subarray(0, gramCount)],
    vector: [...vector],
    structure: [...structure],
    language,
    complexity,
  };
}

function likeness(one: string, other: string): number {
  const [left, right] = [read(one).vector, read(other).vector];
  return left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0);
}

test.each([
  ["English", "How do I sort a list of numbers in Python?", "en"],
  ["Chinese", "请帮我写一首关于秋天的诗", "zh"],
  ["Chinese in traditional characters", "請解釋量子力學的基本原理", "zh"],
  ["Chinese about an English name", "用Python写快速排序", "zh"],
  ["Chinese in fullwidth letters", "什么是ＡＰＩ网关", "zh"],
  ["code", "const sum = (a, b) => a + b;", "en"],
  ["Japanese", "東京の天気はどうですか", undefined],
  ["Korean", "안녕하세요 서울 날씨 알려주세요", undefined],
  ["French", "Quelle est la capitale de la France ?", undefined],
  ["German", "Wie spät ist es in Berlin und warum?", undefined],
  ["Spanish", "¿Cuál es la capital de España?", undefined],
  ["Russian", "Привет, как дела?", undefined],
  ["Arabic", "ما هي عاصمة فرنسا؟", undefined],
  ["Hindi", "भारत की राजधानी क्या है?", undefined],
  ["Thai", "เมืองหลวงของประเทศไทยคืออะไร", undefined],
  ["nothing", "", undefined],
  ["a picture and digits", "😀 42", undefined],
])("%s is told by its script and small words", (_, text, language) => {
  expect(reader.read(text).language).toBe(language);
});

test.each([
  ["capitals", "HOW DO I SORT A LIST OF NUMBERS IN PYTHON?"],
  ["politeness", "Hi, could you please tell me how do I sort a list of numbers in Python? Thanks!"],
  ["fullwidth letters", "ｈｏｗ ｄｏ ｉ ｓｏｒｔ ａ ｌｉｓｔ ｏｆ ｎｕｍｂｅｒｓ ｉｎ ｐｙｔｈｏｎ？"],
  ["letters of mathematics", "how do i 𝘀𝗼𝗿𝘁 a list of 𝐧𝐮𝐦𝐛𝐞𝐫𝐬 in python?"],
  ["characters of no width", "how do i so\u200brt a list of num\u00adbers in python?"],
  ["accents", "how do i sört a list of númbers in pythôn?"],
])("%s change the vector little", (_, text) => {
  expect(likeness("How do I sort a list of numbers in Python?", text)).toBeGreaterThan(0.85);
});

test.each([
  ["写一首关于秋天的诗", "你好，麻烦您写一首关于秋天的诗，谢谢", 0.9],
  ["写一首关于秋天的诗", "帮我写首描写秋天的诗歌", 0.4],
  ["Where is the nearest hospital?", "I need to see a doctor", 0.2],
  ["怎么治疗高血压？", "How do I treat high blood pressure?", 0.3],
  ["请解释量子力学的基本原理", "請解釋量子力學的基本原理", 0.99],
])("%s is like %s", (one, other, atLeast) => {
  expect(likeness(one, other)).toBeGreaterThan(atLeast);
});

test("the same text gives the same features, whatever was read before, by every reader", () => {
  const text = "Explain `let x = 3;` – 然后翻译成中文, s'il vous plaît. 第2段";
  const first = read(text);
  read("something else 别的东西");
  expect(read(text)).toEqual(first);
  expect(read(text, createPromptReader(loadWordVectors()))).toEqual(first);
});

test.each([
  ["words", "ask the river about stones "],
  ["characters", "问问河流关于石头的事"],
  ["signs", "{[(<>)]}=>;"],
  ["pairs of units", "😀𠀀"],
  ["letters without an end", "abcdefghij"],
])("of a text of %s without an end only beginning and end are read", (_, piece) => {
  const many = `${piece.repeat(Math.ceil(3_000 / piece.length)).slice(0, 2_998)}  `;
  const short = read(`${many}${many}`);
  const long = read(`${many}${piece.repeat(20_000)}${many}`);
  expect(long.grams).toEqual(short.grams);
  expect(long.structure[0]).toBeGreaterThan(short.structure[0] ?? 1);
});

test("what is given is what was promised", () => {
  for (const text of ["", "hi", "请", "Solve $x^2 = 4$.\n1. a\n2. b", "\ud800", "a".repeat(7_000)]) {
    const { grams, weights, vector, structure, complexity } = read(text);
    expect(grams).toEqual([...new Set(grams)].toSorted((left, right) => left - right));
    const lengths = [weights, vector].map((list) => list.reduce((sum, value) => sum + value * value, 0));
    for (const length of lengths) expect(length === 0 || Math.abs(length - 1) < 1e-4).toBe(true);
    expect(structure.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(complexity).toBeGreaterThanOrEqual(0);
    expect(complexity).toBeLessThanOrEqual(1);
  }
});

const questions = [
  "How do I sort a list of numbers in Python?",
  "Explain why the sky is blue\n\nKeep it short.",
  "怎么治疗高血压？",
  "写一首关于秋天的诗",
];

test.each<[string, (text: string) => string, languages: readonly string[]]>([
  ["an English greeting", (text) => `Hello there! ${text}`, ["en"]],
  ["a request for help", (text) => `Hi, could you please help me? ${text} Thank you very much!`, ["en"]],
  ["wishes and gratitude", (text) => `Good morning! I'd be very grateful for your help. ${text}`, ["en"]],
  ["thanks in a line of their own", (text) => `${text}\n\nThanks in advance!`, ["en"]],
  ["a Chinese greeting", (text) => `你好，${text}`, ["zh"]],
  ["Chinese words of thanks", (text) => `麻烦您帮我看一下：${text}\n谢谢！`, ["zh"]],
  ["spaces and empty lines", (text) => `\n\n  ${text.replaceAll(" ", "  ")}  \n\n`, ["en", "zh"]],
])("%s changes neither words nor look of a prompt", (_, change, languages) => {
  const asked = questions.filter((question) => languages.includes(read(question).language ?? ""));
  expect(asked.length).toBeGreaterThan(1);
  for (const question of asked) {
    expect(likeness(question, change(question)), question).toBeGreaterThan(0.97);
    const [before, after] = [question, change(question)].map((text) => read(text).structure);
    const changed = structureNames.filter((name, at) => {
      const difference = Math.abs((before?.[at] ?? 0) - (after?.[at] ?? 0));
      return name !== "greeting" && difference > 0.1;
    });
    expect(changed, question).toEqual([]);
  }
});

test("a prompt that is politeness alone is still told from another one", () => {
  expect(likeness("Hello!", "Thank you so much")).toBeLessThan(0.9);
  expect(read("Hello!").structure[structureNames.indexOf("greeting")]).toBeGreaterThan(0.5);
});
