import { expect, test } from "vitest";
import { parseModelFile } from "./model-file.ts";

const good = {
  date: "2026-11-01",
  providers: { openai: [{ name: "gpt-4o", price: { input: 1 }, traits: { refuses: ["stop"] } }] },
};

test("rows get source and date of the file unless they have their own", () => {
  const parsed = parseModelFile({
    ...good,
    source: "contract 7",
    providers: { ...good.providers, voyage: [{ name: "v", source: "mail", date: "2026-01-02" }] },
  });
  expect(parsed).toEqual({
    ok: true,
    data: {
      shipped: "all",
      providers: {
        openai: [
          {
            name: "gpt-4o",
            price: { input: 1 },
            traits: { refuses: ["stop"] },
            source: "contract 7",
            date: "2026-11-01",
          },
        ],
        voyage: [{ name: "v", source: "mail", date: "2026-01-02" }],
      },
    },
  });
});

const rows: readonly (readonly [what: string, value: unknown, path: string, message: RegExp])[] = [
  ["a document that is none", null, "", /must be an object/u],
  ["a file without a day", { providers: {} }, "date", /is required|must be a day/u],
  ["a day that is none", { ...good, date: "2026-13-01" }, "date", /must be a day/u],
  [
    "a provider that is none",
    { ...good, providers: { openia: [] } },
    "providers.openia",
    /no provider of the catalogue.*openai/u,
  ],
  [
    "a field that is none",
    { ...good, providers: { openai: [{ name: "a", pricing: {} }] } },
    "providers.openai[0].pricing",
    /unknown field "pricing"/u,
  ],
  [
    "a price below 0",
    { ...good, providers: { openai: [{ name: "a", price: { input: -1 } }] } },
    "providers.openai[0].price.input",
    /at least 0/u,
  ],
  [
    "a price as a text",
    { ...good, providers: { openai: [{ name: "a", price: { input: "1" } }] } },
    "providers.openai[0].price.input",
    /a number/u,
  ],
  [
    "a model twice",
    { ...good, providers: { openai: [{ name: "a" }, { name: "a" }] } },
    "providers.openai[1].name",
    /used twice/u,
  ],
  [
    "a trait that is none",
    { ...good, providers: { openai: [{ name: "a", traits: { thinking: "loud" } }] } },
    "providers.openai[0].traits.thinking",
    /one of/u,
  ],
  ["an extent that is none", { ...good, shipped: "some" }, "shipped", /one of all, without-prices, none/u],
];

test.each(rows)("%s is refused with its place", (_, value, path, message) => {
  const parsed = parseModelFile(value);
  if (parsed.ok) throw new Error("it was taken");
  expect(parsed.issues[0]).toMatchObject({ path, message: expect.stringMatching(message) });
});

test("keys of objects' own members do no harm", () => {
  const value: unknown = JSON.parse(
    '{"date":"2026-11-01","__proto__":{"shipped":"none"},"providers":{"__proto__":[]}}',
  );
  const parsed = parseModelFile(value);
  if (parsed.ok) expect(parsed.data).toEqual({ shipped: "all", providers: {} });
  expect(({} as Record<string, unknown>)["shipped"]).toBeUndefined();
});
