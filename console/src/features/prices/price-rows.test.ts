// Prices: what lacks one comes first, only what differs is saved, and nothing else of a service changes.
import { describe, expect, it } from "vitest";
import type { Service } from "../../api/resources.ts";
import {
  hasFault,
  keyOf,
  priceChanges,
  priceRows,
  readPrice,
  seenModels,
  serviceChanges,
} from "./price-rows.ts";

const price = { input: 1.6, output: 6.4, image: 0, second: 0, character: 0 };

/** Only what these functions look at. */
const service = (name: string, models: Service["models"]): Service =>
  ({ name, models, managedBy: "api", revision: 1 }) as Service;

const services = [
  service("qwen", [{ name: "qwen-max", price, contextWindow: 8 }, { name: "qwen-turbo" }]),
  service("local", []),
];
const seen = new Map([
  [keyOf("qwen", "qwen-turbo"), 10],
  [keyOf("local", "llama"), 1_204],
  [keyOf("gone", "x"), 5],
]);

describe("rows", () => {
  const rows = priceRows(services, seen);

  it("begin with what was asked for and has no price", () => {
    expect(rows.map(({ model, prices, requests }) => [model, prices, requests])).toEqual([
      ["llama", null, 1_204],
      ["qwen-turbo", null, 10],
      ["qwen-max", { input: 1.6, output: 6.4 }, null],
    ]);
  });

  it("come from series that are told apart", () => {
    const series = [
      { labels: { service: "a", model: "b" }, other: false, values: [], total: 3 },
      { labels: {}, other: true, values: [], total: 9 },
      { labels: { service: "a", model: "" }, other: false, values: [], total: 2 },
    ];
    expect([...seenModels({ name: "requests", unit: "count", groupBy: [], series })]).toEqual([
      [keyOf("a", "b"), 3],
    ]);
  });
});

it.each([
  ["", null],
  [" 1.5 ", 1.5],
  ["0,05", 0.05],
  ["-1", undefined],
  ["1e3", undefined],
])("%j is read as %s", (text, value) => {
  expect(readPrice(text)).toBe(value);
});

describe("changes", () => {
  const rows = priceRows(services, seen);
  const typed = {
    [keyOf("qwen", "qwen-max")]: { input: "1.6", output: "7", cachedInput: "0.4" },
    [keyOf("local", "llama")]: { input: "0.1" },
  };
  const changes = priceChanges(rows, typed);

  it("are those that differ", () => {
    expect(changes.map(({ row, fields }) => [row.model, fields.map(({ field }) => field)])).toEqual([
      ["llama", ["input"]],
      ["qwen-max", ["cachedInput", "output"]],
    ]);
  });

  it("leave everything else of a service as it is, and add a model that was only seen", () => {
    const saved = serviceChanges(services, changes);
    expect(saved.map(({ models }) => models)).toEqual([
      [
        { name: "qwen-max", contextWindow: 8, price: { ...price, output: 7, cachedInput: 0.4 } },
        { name: "qwen-turbo" },
      ],
      [{ name: "llama", price: { input: 0.1, output: 0, image: 0, second: 0, character: 0 } }],
    ]);
  });

  it("that empty every field take the price away", () => {
    const emptied = { [keyOf("qwen", "qwen-max")]: { input: "", output: "" } };
    const [change] = serviceChanges(services, priceChanges(rows, emptied));
    expect(change?.models[0]).toEqual({ name: "qwen-max", contextWindow: 8 });
  });

  it("are not made of what is no price", () => {
    const wrong = { [keyOf("qwen", "qwen-max")]: { input: "free" } };
    expect(priceChanges(rows, wrong)).toEqual([]);
    expect([hasFault(wrong), hasFault(typed)]).toEqual([true, false]);
  });
});
