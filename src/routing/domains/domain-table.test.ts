import { expect, test } from "vitest";
import { loadWordVectors } from "../prompt/load-word-vectors.ts";
import { createPromptReader } from "../prompt/prompt-reader.ts";
import { openDomainTable } from "./domain-table.ts";
import { crossValidate, trainDomainTable } from "./train-domain-table.ts";

const reader = createPromptReader(loadWordVectors());

const cooking = [
  "How long do I boil eggs?",
  "Give me a recipe for tomato soup",
  "What can I bake with two apples and flour?",
  "How do I fry fish without it falling apart?",
  "Suggest a vegetarian dinner for six guests",
  "Which spices go with roasted lamb?",
  "Is butter or oil better for pancakes?",
  "How do I keep rice from sticking to the pot?",
  "红烧肉怎么做才好吃？",
  "教我做一道简单的番茄炒蛋",
  "蒸鱼要蒸多久？",
  "做面包为什么要发酵两次？",
];
const code = [
  "Write a Python function that reverses a string",
  "Why does my for loop skip the last element of the array?",
  "Fix this bug: TypeError: undefined is not a function",
  "How do I join two tables in SQL?",
  "Explain what async and await do in JavaScript",
  "Write a regex that matches email addresses",
  "```python\ndef f(x):\n    return x + 1\n``` what does this do?",
  "How can I make this Java method thread safe?",
  "用Python写一个快速排序函数",
  "这段代码为什么报空指针异常？",
  "怎么在JavaScript里给数组去重？",
  "写一条SQL语句统计每天的订单数量",
];
const travel = [
  "Which sights should I see in Rome in two days?",
  "Do I need a visa for Japan?",
  "What is the cheapest way from Paris to Berlin by train?",
  "Plan a weekend trip to the mountains with children",
  "When is the best season to visit Iceland?",
  "How early should I be at the airport?",
  "Recommend quiet beaches in Greece",
  "Which hotel near the station has parking?",
  "去西藏旅游要注意什么？",
  "帮我安排三天的杭州行程",
  "北京有哪些值得去的景点？",
  "从上海到成都坐高铁要多久？",
];
const domains = [
  { name: "cooking", examples: cooking },
  { name: "code", examples: code },
  { name: "travel", examples: travel },
];
const bytes = trainDomainTable(domains, reader);
const classifier = openDomainTable(bytes);

test.each([
  ["How do I cook spaghetti with tomato and garlic?", "cooking"],
  ["Write a Java function that sorts an array of strings", "code"],
  ["What should I see in Paris in three days?", "travel"],
  ["番茄鸡蛋面怎么做？", "cooking"],
  ["用Java写一个函数去重", "code"],
  ["去云南旅游三天行程怎么安排？", "travel"],
])("%s is %s", (text, domain) => {
  const probabilities = classifier.classify(reader.read(text));
  const best = probabilities.indexOf(Math.max(...probabilities));
  expect(classifier.names[best]).toBe(domain);
  expect(probabilities[best]).toBeGreaterThan(0.5);
  expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
});

test("the same examples give the same table, in few bytes", () => {
  expect(trainDomainTable(domains, createPromptReader(loadWordVectors()))).toEqual(bytes);
  const many = Array.from({ length: 20 }, (_, at) => ({
    name: `d${at}`,
    examples: [`about subject ${at}`, `第${at}个`],
  }));
  expect(trainDomainTable(many, reader).length).toBeLessThan(200_000);
});

test("a table is read where it stands, also at an odd place", () => {
  const shifted = new Uint8Array(bytes.length + 1);
  shifted.set(bytes, 1);
  const features = reader.read("Which spices go with fish?");
  const expected = [...classifier.classify(features)];
  expect([...openDomainTable(shifted.subarray(1)).classify(features)]).toEqual(expected);
});

test("without domains nothing is told, with one domain there is nothing else", () => {
  const none = openDomainTable(trainDomainTable([{ name: "empty", examples: [] }], reader));
  expect(none.names).toEqual([]);
  expect([...none.classify(reader.read("hello"))]).toEqual([]);
  const one = openDomainTable(trainDomainTable([{ name: "cooking", examples: cooking }], reader));
  expect([...one.classify(reader.read("hello"))]).toEqual([1]);
});

function changed(change: (view: DataView) => void): Uint8Array {
  const copy = bytes.slice();
  change(new DataView(copy.buffer));
  return copy;
}

test.each<[string, () => Uint8Array, string]>([
  ["nothing", () => new Uint8Array(0), "these are other bytes"],
  ["other bytes", () => changed((view) => view.setUint8(0, 0)), "these are other bytes"],
  ["another version", () => changed((view) => view.setUint32(4, 999, true)), "it has version 999"],
  ["more classes", () => changed((view) => view.setUint32(8, 4, true)), "it is damaged"],
  ["very many classes", () => changed((view) => view.setUint32(8, 0xffff_ffff, true)), "it is damaged"],
  ["very long names", () => changed((view) => view.setUint32(12, 0xffff_ffff, true)), "it is damaged"],
  ["a cut table", () => bytes.subarray(0, 1_000), "it is damaged"],
  ["a longer table", () => new Uint8Array([...bytes, 0]), "it is damaged"],
  ["no temperature", () => changed((view) => view.setFloat32(16, Number.NaN, true)), "its temperature"],
  ["a temperature of 0", () => changed((view) => view.setFloat32(16, 0, true)), "its temperature"],
  ["names that are no JSON", () => changed((view) => view.setUint8(20, 0)), "its names are damaged"],
  ["names that are no UTF-8", () => changed((view) => view.setUint8(22, 0xff)), "its names are damaged"],
  [
    "scales that are no numbers",
    () => changed((view) => view.setUint32(20 + 27, 0x7fc0_0000, true)),
    "its scales",
  ],
])("%s is refused with a clear message", (_, damaged, message) => {
  expect(() => openDomainTable(damaged())).toThrow(message);
});

test("cross-validation tells how well each domain is told and what it is taken for", () => {
  const found = crossValidate(domains, reader, 4);
  expect(found.examples).toBe(36);
  expect(found.accuracy).toBeGreaterThan(0.6);
  expect(found.domains.map(({ name, examples }) => [name, examples])).toEqual([
    ["cooking", 12],
    ["code", 12],
    ["travel", 12],
  ]);
  const same = crossValidate(
    [...domains, { name: "twin", examples: cooking.map((text) => `${text} `) }],
    reader,
    4,
  );
  expect(same.accuracy).toBeLessThan(found.accuracy);
  expect(same.domains[0]?.takenFor[0]?.name).toBe("twin");
});

test("examples without a pattern are not told, and the table is not sure of them", () => {
  const words = [
    "stone",
    "river",
    "cloud",
    "table",
    "window",
    "garden",
    "paper",
    "music",
    "winter",
    "mirror",
  ];
  const mixed = (shift: number) =>
    words.map((word, at) => `${word} ${words[(at * 3 + shift) % words.length]}`);
  const found = crossValidate(
    [
      { name: "a", examples: [...mixed(1), ...mixed(4), ...mixed(6)] },
      { name: "b", examples: [...mixed(2), ...mixed(5), ...mixed(8)] },
    ],
    reader,
  );
  expect(found.accuracy).toBeLessThan(0.7);
  expect(found.sure).toBeLessThan(0.5);
});
