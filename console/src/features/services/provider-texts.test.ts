// The catalogue's words in Chinese.
import { expect, test } from "vitest";
import { knownProviderOf as providerOf, knownProviders } from "../../../../src/providers/known-providers.ts";
import { chineseNotes, providerLabel, providerNote } from "./provider-texts.ts";

const providers = knownProviders();

test("every note of the catalogue has a Chinese one, and no other has", () => {
  const noted = providers.filter(({ note }) => note !== "").map(({ id }) => id);
  expect(Object.keys(chineseNotes).toSorted()).toEqual(noted.toSorted());
});

test("addresses in a note are the same in both languages", () => {
  for (const provider of providers) {
    const urls = (text: string) => text.match(/https:\/\/[\w.-]*\w/gu) ?? [];
    expect(urls(providerNote(provider, "zh"))).toEqual(urls(provider.note));
  }
});

test("only the simulator's name is translated", () => {
  expect(providerLabel(providerOf("openai"), "zh")).toBe("OpenAI");
  expect(providerLabel(providerOf("simulator"), "zh")).toBe("模拟器（模拟）");
  expect(providerLabel(providerOf("simulator"), "en")).toBe("Simulator (simulated)");
});
