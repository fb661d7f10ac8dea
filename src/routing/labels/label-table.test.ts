// The table of labels from end to end: what it says of models for prompts like labelled ones and unlike them.
import { describe, expect, it } from "vitest";
import { featuresVersion, vectorLength, type PromptFeatures } from "../prompt/prompt-features.ts";
import { structureNames } from "../prompt/structure.ts";
import { buildLabelTable } from "./build-label-table.ts";
import type { Label } from "./label-table.ts";
import { decodeTable, encodeTable } from "./label-table-bytes.ts";
import { openLabelTable } from "./open-label-table.ts";
import { maxPrototypes } from "./prototypes.ts";
import { sketchOf } from "./sketch.ts";

/** Numbers from 0 to 1 that look random and are the same each time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A prompt near the centre of a topic. */
function prompt(topic: number, draw: () => number, spread = 0.6): PromptFeatures {
  const centre = numbers(topic * 7_919 + 1);
  const vector = Float32Array.from({ length: vectorLength }, () => centre() - 0.5 + spread * (draw() - 0.5));
  const length = Math.hypot(...vector);
  return {
    grams: new Uint16Array(),
    gramWeights: new Float32Array(),
    gramCount: 0,
    vector: vector.map((value) => value / length),
    meaning: new Float32Array(vectorLength),
    structure: Float32Array.from({ length: structureNames.length }, (_, at) => (at < 5 ? draw() : 0)),
    language: "en",
    complexity: 0.5,
  };
}

/** The weak model is good at topic 1 and bad at topic 2; the strong one good at both. */
function topicLabels(count: number, seed = 3): Label[] {
  const draw = numbers(seed);
  return Array.from({ length: count }, (_, at) => {
    const topic = 1 + (at % 2);
    const sketch = sketchOf(prompt(topic, draw));
    const weak = (topic === 1 ? 0.9 : 0.1) > draw() ? 1 : 0;
    return [
      { sketch, model: "weak", score: weak, weight: 1 },
      { sketch, model: "strong", score: draw() < 0.9 ? 1 : 0, weight: 1 },
    ];
  }).flat();
}

function near(index: ReturnType<typeof openLabelTable>, features: PromptFeatures, model: string): number {
  return index.estimate(features).models.get(model)?.near ?? Number.NaN;
}

describe("a table of labels", () => {
  it.each([
    ["some dozens", 60, 0.02],
    ["some hundreds", 300, 0.1],
    ["more than there are rows", 2_600, 0.1],
  ])("tells of %s of prompts where a model is good", (_, count, apart) => {
    const index = openLabelTable(buildLabelTable(topicLabels(count)));
    const draw = numbers(99);
    expect(index.size).toBe(count);
    for (let at = 0; at < 10; at += 1) {
      expect(near(index, prompt(1, draw), "weak")).toBeGreaterThan(0.5 + apart);
      expect(near(index, prompt(2, draw), "weak")).toBeLessThan(0.5 - apart);
      expect(near(index, prompt(2, draw), "strong")).toBeGreaterThan(0.5 + apart);
    }
  });

  it("knows of every model its mean over all prompts and the weight of its labels", () => {
    const labels = topicLabels(200);
    const { models } = openLabelTable(buildLabelTable(labels)).estimate(prompt(1, numbers(5)));
    const weak = labels.filter(({ model }) => model === "weak");
    const mean = weak.reduce((sum, { score }) => sum + score, 0) / weak.length;
    expect(models.get("weak")?.mean).toBeCloseTo(mean, 5);
    expect(models.get("weak")?.count).toBe(200);
    expect([...models.keys()]).toEqual(["strong", "weak"]);
  });

  it("finds a prompt like labelled ones familiar, and one unlike them not", () => {
    const index = openLabelTable(buildLabelTable(topicLabels(400)));
    const draw = numbers(17);
    const known = Array.from({ length: 20 }, () => index.estimate(prompt(1, draw, 0.3)).familiarity);
    const foreign = Array.from({ length: 20 }, (_, at) => index.estimate(prompt(50 + at, draw)).familiarity);
    expect(Math.min(...known)).toBeGreaterThan(0.5);
    expect(Math.max(...foreign)).toBe(0);
  });

  it("finds nothing familiar that a handful of labels tell of", () => {
    const index = openLabelTable(buildLabelTable(topicLabels(19)));
    expect(index.estimate(prompt(1, numbers(17), 0.1)).familiarity).toBe(0);
  });

  it("holds a model with two labels near its mean", () => {
    const draw = numbers(8);
    const rare = [1, 1].map((score) => ({
      sketch: sketchOf(prompt(1, draw)),
      model: "rare",
      score,
      weight: 1,
    }));
    const index = openLabelTable(buildLabelTable([...topicLabels(100), ...rare]));
    expect(near(index, prompt(2, draw), "rare")).toBeGreaterThan(0.8);
    expect(index.estimate(prompt(2, draw)).models.get("rare")?.count).toBe(2);
  });

  it("lets a label of weight 1 count more than one of weight 0.1", () => {
    const draw = numbers(21);
    const labels = Array.from({ length: 60 }, () => {
      const sketch = sketchOf(prompt(1, draw));
      return [
        { sketch, model: "m", score: 1, weight: 1 },
        { sketch, model: "m", score: 0, weight: 0.1 },
      ];
    }).flat();
    const { models } = openLabelTable(buildLabelTable(labels)).estimate(prompt(1, draw));
    expect(models.get("m")?.mean).toBeCloseTo(1 / 1.1, 5);
    expect(models.get("m")?.near).toBeCloseTo(1 / 1.1, 2);
  });

  it("is the same, byte for byte, for the same labels in another order", () => {
    const labels = topicLabels(maxPrototypes + 100);
    expect(buildLabelTable(labels.toReversed())).toEqual(buildLabelTable(labels));
  });

  it("says the same of the same prompt each time, whatever was asked in between", () => {
    const index = openLabelTable(buildLabelTable(topicLabels(300)));
    const asked = prompt(1, numbers(4));
    const first = structuredClone(index.estimate(asked));
    index.estimate(prompt(2, numbers(6)));
    expect(index.estimate(asked)).toEqual(first);
  });

  it("of no labels knows nothing", () => {
    const index = openLabelTable(buildLabelTable([]));
    expect(index.size).toBe(0);
    expect(index.estimate(prompt(1, numbers(1)))).toEqual({ familiarity: 0, models: new Map() });
  });

  it("takes prompts that are all the same", () => {
    const sketch = sketchOf(prompt(1, numbers(2)));
    const labels = Array.from({ length: 50 }, () => ({ sketch, model: "m", score: 0.5, weight: 1 }));
    const index = openLabelTable(buildLabelTable(labels));
    expect(index.size).toBe(1);
    expect(near(index, prompt(1, numbers(2)), "m")).toBeCloseTo(0.5, 4);
  });

  it("stays small: 2,000 rows of 20 models in less than 700 KB", () => {
    const draw = numbers(13);
    const labels = Array.from({ length: 2_200 }, () => {
      const sketch = sketchOf(prompt(1, draw, 5));
      return Array.from({ length: 20 }, (_, model) => ({
        sketch,
        model: `model-${model}`,
        score: draw(),
        weight: 1,
      }));
    }).flat();
    expect(buildLabelTable(labels).byteLength).toBeLessThan(700_000);
  });
});

it("a small table is read wherever in memory it lies, a small Buffer too", () => {
  const bytes = buildLabelTable(topicLabels(1));
  const text = Buffer.from(bytes).toString("base64");
  // Buffers of few bytes share their memory with others.
  for (const shift of [1, 2, 3]) {
    expect(Buffer.from("x".repeat(shift)).length).toBe(shift);
    expect(openLabelTable(Buffer.from(text, "base64")).size).toBe(1);
  }
});

describe("what is refused", () => {
  const sketch = sketchOf(prompt(1, numbers(1)));
  const label = { sketch, model: "m", score: 1, weight: 1 };

  it.each([
    ["a score above 1", { ...label, score: 1.1 }, /score 1.1/],
    ["a score that is no number", { ...label, score: Number.NaN }, /score NaN/],
    ["a weight of 0", { ...label, weight: 0 }, /weight 0/],
    ["a sketch of another length", { ...label, sketch: sketch.slice(1) }, /sketch of \d+ bytes/],
  ])("%s", (_, wrong, message) => {
    expect(() => buildLabelTable([label, wrong])).toThrow(message);
  });

  const bytes = buildLabelTable(topicLabels(30));
  const changed = (at: number) => bytes.with(at, (bytes[at] ?? 0) ^ 1);

  it.each([
    ["nothing at all", new Uint8Array(), /too short/],
    ["something else", new Uint8Array(64), /of this version/],
    ["a table that was cut off", bytes.subarray(0, -1), /length/],
    ["a table with a byte too many", Uint8Array.of(...bytes, 0), /length/],
    ["a table with one bit changed at its end", changed(bytes.length - 1), /checksum/],
    ["a table with one bit changed in its head", changed(14), /checksum/],
  ])("%s", (_, damaged, message) => {
    expect(() => openLabelTable(damaged)).toThrow(message);
  });

  it("a table whose prompts were read by another version, though they have as many numbers", () => {
    const older = encodeTable({ ...decodeTable(bytes), features: featuresVersion - 1 });
    expect(() => openLabelTable(older)).toThrow(/another version/);
    expect(openLabelTable(encodeTable(decodeTable(bytes))).size).toBe(30);
  });

  it("a table of sketches of another length", () => {
    const shorter = [{ ...label, sketch: sketch.slice(1) }];
    expect(() => openLabelTable(buildLabelTable(shorter))).toThrow(/numbers, not/);
  });
});
