// The provider catalogue in groups.
import { expect, test } from "vitest";
import { knownProviders } from "../../../../src/providers/known-providers.ts";
import { groupedProviders, groupOf } from "./provider-groups.ts";

const providers = knownProviders();

test("every provider stands in one group, and the simulator comes first", () => {
  const groups = groupedProviders(providers, "");
  expect(groups.flatMap((row) => row.providers)).toHaveLength(providers.length);
  expect(groups[0]?.providers.map(({ id }) => id)).toEqual(["simulator"]);
});

test.each([
  ["ollama", "own"],
  ["openai-compatible", "compatible"],
  ["dashscope", "china"],
  ["openai", "global"],
  ["elevenlabs", "global"],
])("%s is %s", (id, group) => {
  const provider = providers.find((each) => each.id === id);
  expect(provider && groupOf(provider)).toBe(group);
});

test("the search looks at names and addresses", () => {
  const found = (text: string) =>
    groupedProviders(providers, text).flatMap((row) => row.providers.map(({ id }) => id));
  expect(found("bigmodel")).toEqual(["zhipu"]);
  expect(found("Moonshot")).toEqual(["moonshot"]);
  expect(found("no such thing")).toEqual([]);
});
