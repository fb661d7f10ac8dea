// One service -> what the data plane sends to. Knows the provider catalogue and no other resource.
import type { Price } from "../core/price.ts";
import { providerOf } from "../providers/catalog.ts";
import { endpointsOf } from "../providers/endpoint.ts";
import { accessKeyText } from "../providers/key-text.ts";
import type { Service } from "../resources/service.ts";
import type { SnapshotEndpoint, SnapshotService } from "./snapshot.ts";

export function compileService(service: Service): SnapshotService {
  const provider = providerOf(service.provider);
  const enabledKeys = service.apiKeys.filter((key) => key.enabled);
  return {
    name: service.name,
    provider: service.provider,
    resourceGroup: service.resourceGroup,
    endpoints: endpoints(service),
    auth: provider.auth,
    usageOption: provider.usageOption,
    keys: enabledKeys.flatMap(({ name, value, weight }) => {
      const text = typeof value === "string" ? value : accessKeyText(value);
      return text === undefined ? [] : [{ name, value: text, weight }];
    }),
    usable: service.enabled && (service.apiKeys.length === 0 || enabledKeys.length > 0),
    headers: headers(service),
    timeouts: { ...service.timeouts },
    maxInFlight: service.maxInFlight,
    models: service.models.map((model) => model.name),
    prices: prices(service),
  };
}

function prices({ models }: Service): [string, Price][] {
  return models.flatMap(({ name, price }): [string, Price][] => {
    if (price === undefined) return [];
    const { input, output, image, second, character } = price;
    const { cachedInput = input, cacheWriteInput = input, reasoning = output } = price;
    return [[name, { input, cachedInput, cacheWriteInput, output, reasoning, image, second, character }]];
  });
}

function endpoints(service: Service): SnapshotEndpoint[] {
  const result = endpointsOf(service);
  if (!result.ok) return [];
  const { auth: usual } = providerOf(service.provider);
  return result.endpoints.map(({ protocol, baseUrl, auth, replaces, deployments, dialect, lacks }) => ({
    protocol,
    baseUrl,
    ...(sameAuth(auth, usual) ? {} : { auth }),
    ...(replaces === undefined ? {} : { replaces }),
    ...(deployments === undefined ? {} : { deployments }),
    ...(dialect === undefined ? {} : { dialect }),
    ...(lacks === undefined ? {} : { lacks }),
  }));
}

function sameAuth(left: SnapshotService["auth"], right: SnapshotService["auth"]): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** The simulator reads its knobs from a header, since it serves every service of its provider alike. */
function headers(service: Service): [string, string][] {
  const own = Object.entries(service.headers).flatMap(([name, value]): [string, string][] =>
    typeof value === "string" ? [[name, value]] : [],
  );
  return service.simulator === undefined
    ? own
    : [...own, ["x-moongate-simulator", JSON.stringify(service.simulator)]];
}
