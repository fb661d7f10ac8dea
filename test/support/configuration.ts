// Small configuration documents for tests, with the fields that a test cares about on top. Must not know the data plane.
import type { CaseProtocol } from "./protocol-cases.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A configuration document, as a user would write it. */
export interface TestDocument {
  readonly services: readonly Fields[];
  readonly modelApis: readonly Fields[];
  readonly consumers?: readonly Fields[];
  readonly consumerGroups?: readonly Fields[];
}

/** The provider key of every test service; no output may ever show it. */
export const providerKey = "sk-provider-canary-0123456789";

const providers = { openai: "openai-compatible", anthropic: "anthropic-compatible" } as const;

/** A service that speaks one protocol at `url`, with one key. */
export function serviceAt(url: string, protocol: CaseProtocol, fields: Fields = {}): Fields {
  return {
    name: "up",
    provider: providers[protocol],
    protocols: [{ protocol, baseUrl: url }],
    apiKeys: [{ name: "main", value: providerKey }],
    ...fields,
  };
}

/** A Model API at the root that sends everything to one service and passes the model through. */
export function apiOf(protocol: CaseProtocol, fields: Fields = {}): Fields {
  return {
    name: "chat",
    useCase: "text-generation",
    protocols: [protocol],
    ...(protocol === "anthropic" ? { routes: { enabled: ["count-message-tokens"] } } : {}),
    modelService: { mode: "single", target: { service: "up" } },
    ...fields,
  };
}

/** One service, one Model API. */
export function singleTarget(
  url: string,
  protocol: CaseProtocol,
  fields: { readonly service?: Fields; readonly api?: Fields } = {},
): TestDocument {
  return { services: [serviceAt(url, protocol, fields.service)], modelApis: [apiOf(protocol, fields.api)] };
}

/** One service and one Model API per protocol at `url`, each API below `/openai` or `/anthropic`, which is stripped. */
export function bothProtocols(url: string, apiFields: Fields = {}): TestDocument {
  const protocols = ["openai", "anthropic"] as const;
  return {
    services: protocols.map((protocol) => serviceAt(url, protocol, { name: protocol })),
    modelApis: protocols.map((protocol) =>
      apiOf(protocol, {
        name: protocol,
        basePath: `/${protocol}`,
        stripBasePath: true,
        modelService: { mode: "single", target: { service: protocol } },
        ...apiFields,
      }),
    ),
  };
}
