// Limits of the parameters, and settings in an address: what comes back must be what was written, and never beyond.
import { describe, expect, it } from "vitest";
import {
  clampDial,
  customObject,
  customRows,
  defaultSettings,
  dialRange,
  dialValue,
  readSettings,
  withinLimits,
  writeSettings,
} from "./settings.ts";

const changed = {
  ...defaultSettings,
  model: "qwen-max",
  stream: false,
  system: "kurz, 简短",
  topP: { send: false, value: 0.5 },
  custom: [{ id: "link-0", key: "seed", type: "number", value: "42" }],
} as const;

describe("settings in an address", () => {
  it("come back as they were, without the texts", () => {
    expect(readSettings(writeSettings(changed, false))).toEqual({ ...changed, system: "" });
  });
  it("hold the texts only when they are shared", () => {
    expect(readSettings(writeSettings(changed, true))).toEqual(changed);
  });
  it("are empty when nothing differs", () => {
    expect(writeSettings(defaultSettings, true)).toBe("");
    expect(readSettings(undefined)).toEqual(defaultSettings);
  });
  it.each(["%%%", "bm8ganNvbg", btoa("[1]"), btoa('{"maxTokens":{"value":"9"}}')])(
    "%s gives the defaults",
    (text) => {
      expect(readSettings(text)).toEqual(defaultSettings);
    },
  );
  it("cannot leave the limits", () => {
    const beyond = { ...defaultSettings, maxTokens: { send: true, value: 99_999 }, system: "x".repeat(300) };
    const read = readSettings(writeSettings(beyond, true));
    expect(read.maxTokens.value).toBe(8192);
    expect(read.system).toHaveLength(100);
  });
});

describe("a parameter", () => {
  it("of 0 tokens is not sent; a temperature of 0 is", () => {
    const zero = {
      ...defaultSettings,
      maxTokens: { send: true, value: 0 },
      temperature: { send: true, value: 0 },
    };
    expect(dialValue(zero, "maxTokens")).toBeUndefined();
    expect(dialValue(zero, "temperature")).toBe(0);
    expect(dialValue(changed, "topP")).toBeUndefined();
  });
  it("keeps to its range and step", () => {
    expect(clampDial(0.957, dialRange("topP", false))).toBe(0.96);
    expect(clampDial(-1, dialRange("temperature", false))).toBe(0);
    expect(clampDial(9_000, dialRange("maxTokens", false))).toBe(8192);
    expect(clampDial(9_000, dialRange("maxTokens", true))).toBe(9_000);
    expect(clampDial(9_000, dialRange("maxTokens", true, 4_096))).toBe(4_096);
  });
  it("falls back inside the limits when extended limits are switched off", () => {
    const long = { ...defaultSettings, extended: true, maxTokens: { send: true, value: 50_000 } };
    expect(withinLimits(long).maxTokens.value).toBe(50_000);
    expect(withinLimits({ ...long, extended: false }).maxTokens.value).toBe(8192);
  });
});

describe("custom parameters", () => {
  it("become values of their types; what cannot is left out", () => {
    const rows = customRows({ seed: 42, stop: ["a"], user: "x", logprobs: true });
    expect(customObject(rows)).toEqual({ seed: 42, stop: ["a"], user: "x", logprobs: true });
    expect(customObject([{ id: "1", key: "n", type: "number", value: "two" }])).toEqual({});
  });
});
