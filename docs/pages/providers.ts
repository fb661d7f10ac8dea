// docs/providers.md from the provider catalogue.
import { providers } from "../../src/providers/catalog.ts";
import { endpointsOf } from "../../src/providers/endpoint.ts";
import type { Provider, ProviderAuth } from "../../src/providers/provider.ts";
import { code, page, table } from "./markdown.ts";

export function providersPage(): string {
  return page("Providers", [
    "The built-in provider catalogue: what `provider` of a service may say. A base URL of the service without a path replaces scheme, host and port of every endpoint; `protocols` replaces the list. The upstream URL is the base URL and the forwarded path, the segments that end the one and start the other written once.",
    table(
      ["Id", "Provider", "Protocols and base URLs", "Key", "Asks for usage", "Note"],
      providers.map(providerRow),
    ),
  ]);
}

function providerRow(provider: Provider): string[] {
  const endpoints = provider.endpoints.map(
    ({ protocol, baseUrl }) => `${protocol} ${baseUrl === "" ? "*your own*" : code(baseUrl)}`,
  );
  return [
    code(provider.id),
    provider.label,
    endpoints.length === 0 ? "-" : endpoints.join("<br>"),
    keyWords(provider),
    provider.usageOption ? "yes" : "no",
    provider.note,
  ];
}

function keyWords(provider: Provider): string {
  const result = endpointsOf({
    provider: provider.id,
    protocols: provider.endpoints.map(({ protocol, baseUrl }) => ({ protocol, baseUrl })),
  });
  const words = result.ok ? result.endpoints.map((endpoint) => authWord(endpoint.auth)) : [];
  return [...new Set(words.length === 0 ? [authWord(provider.auth)] : words)].join(", ");
}

function authWord(auth: ProviderAuth): string {
  switch (auth.kind) {
    case "none":
      return "none";
    case "bearer":
      return "Bearer";
    case "header":
      return code(auth.name);
    case "query":
      return `query ${code(auth.name)}`;
    case "aws":
      return "Bearer, or signed (Signature Version 4)";
    case "google":
      return `Bearer (access token of a service account), or ${code("x-goog-api-key")}`;
  }
}
