// Prices of a service's models on their way into the snapshot: what is left out is as its neighbour.
import { expect, test } from "vitest";
import { parseResource } from "../resources/registry.ts";
import { compileService } from "./compile-service.ts";

const base = {
  input: 2,
  cachedInput: 2,
  cacheWriteInput: 2,
  output: 8,
  reasoning: 8,
  image: 0,
  second: 0,
  character: 0,
};

test.each<[string, unknown, readonly unknown[]]>([
  ["none", undefined, []],
  ["input and output", { input: 2, output: 8 }, [["m", base]]],
  ["a cached price of 0", { input: 2, output: 8, cachedInput: 0 }, [["m", { ...base, cachedInput: 0 }]]],
  ["reasoning of its own", { input: 2, output: 8, reasoning: 9 }, [["m", { ...base, reasoning: 9 }]]],
])("%s", (_, price, expected) => {
  const model = price === undefined ? { name: "m" } : { name: "m", price };
  const parsed = parseResource("services", { name: "s", provider: "openai", models: [model] });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  expect(compileService(parsed.value).prices).toEqual(expected);
});
