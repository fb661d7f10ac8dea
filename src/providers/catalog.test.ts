import { expect, test } from "vitest";
import { providerIds } from "../resources/provider-id.ts";
import { providerOf, providers } from "./catalog.ts";

test("there is one row per provider id, in the same order", () => {
  expect(providers.map((provider) => provider.id)).toEqual([...providerIds]);
});

test.each(providers.map((provider) => [provider.id, provider] as const))(
  "the row of %s holds together",
  (id, provider) => {
    expect(providerOf(id)).toBe(provider);
    expect(provider.label).not.toBe("");
    const protocols = provider.endpoints.map((endpoint) => endpoint.protocol);
    expect(new Set(protocols).size).toBe(protocols.length);
    for (const { baseUrl, replaces } of provider.endpoints) {
      if (baseUrl === "" || baseUrl === "simulator:") continue;
      const url = new URL(baseUrl.replaceAll(/[{}]/gu, ""));
      expect(["http:", "https:"]).toContain(url.protocol);
      expect(baseUrl.endsWith("/")).toBe(false);
      // A version of its own must not be joined with the route's.
      if (/\/v\d+$/u.test(url.pathname) && !url.pathname.endsWith("/v1")) expect(replaces).toBe("/v1");
    }
  },
);

test("Model Studio, Anthropic, Moonshot and Zhipu speak OpenAI and Anthropic without any configuration", () => {
  for (const id of ["dashscope", "anthropic", "moonshot", "zhipu"] as const) {
    const protocols = providerOf(id).endpoints.map((endpoint) => endpoint.protocol);
    expect(protocols).toEqual(expect.arrayContaining(["openai", "anthropic"]));
  }
});
