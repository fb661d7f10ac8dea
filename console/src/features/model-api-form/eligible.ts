// Which services can serve a Model API: those that speak one of its protocols, and those that its routes are translated to.
// Knows no React.
import type { Route } from "../../../../src/resources/default-routes.ts";
import {
  spokenEndpoint,
  taskOfRoute,
  translatedTo,
  type ServiceProtocol,
} from "../../../../src/resources/reached-services.ts";
import type { Provider } from "../../../../src/control/routes/console-answers.ts";
import type { Service } from "../../api/resources.ts";

/** A protocol of clients, and what requests of it are sent in. */
export interface Translated {
  readonly from: string;
  readonly to: ServiceProtocol;
}

export interface Choice {
  readonly service: Service;
  readonly providerLabel: string;
  /** Chosen protocols that neither it speaks nor a translation leads to: requests of theirs cannot go there. */
  readonly lacks: readonly string[];
  /** Chosen protocols that it does not speak, and whose requests reach it all the same. */
  readonly translated: readonly Translated[];
  /** Models that are known of it, those of its configuration first. */
  readonly models: readonly string[];
}

export interface Choices {
  readonly shown: readonly Choice[];
  readonly hidden: readonly Service[];
}

/** Where a service speaks what; a list of its own stands for the catalogue's. */
function endpointsOf(
  service: Service,
  providers: readonly Provider[],
): readonly { readonly protocol: ServiceProtocol }[] {
  return service.protocols ?? providers.find(({ id }) => id === service.provider)?.endpoints ?? [];
}

/** Responses are a route of APIs that speak OpenAI. */
function protocolOfApi({ protocol }: Route): string {
  return protocol === "openai-responses" ? "openai" : protocol;
}

/** What requests of a protocol are sent in: of the first route of it that reaches the service at all. */
function sentIn(
  endpoints: readonly { readonly protocol: ServiceProtocol }[],
  protocol: string,
  routes: readonly Route[],
): ServiceProtocol | undefined {
  const own = spokenEndpoint(endpoints, protocol, []);
  if (own !== undefined) return own.protocol;
  for (const route of routes.filter((row) => protocolOfApi(row) === protocol)) {
    const reached = translatedTo(route.protocol, taskOfRoute[`${route.protocol} ${route.name}`]);
    const endpoint = spokenEndpoint(endpoints, route.protocol, reached);
    if (endpoint !== undefined) return endpoint.protocol;
  }
  return undefined;
}

/** @param routes what clients may call; whether it can be translated depends on what is called */
export function choicesOf(
  services: readonly Service[],
  providers: readonly Provider[],
  protocols: readonly string[],
  routes: readonly Route[],
): Choices {
  const shown: Choice[] = [];
  const hidden: Service[] = [];
  for (const service of services) {
    const endpoints = endpointsOf(service, providers);
    const ways = protocols.map((from) => ({ from, to: sentIn(endpoints, from, routes) }));
    const lacks = ways.filter(({ to }) => to === undefined).map(({ from }) => from);
    const translated = ways.flatMap(({ from, to }) =>
      to === undefined || to === from ? [] : [{ from, to }],
    );
    // Without a protocol there is no question yet that a service could fail.
    if (protocols.length > 0 && lacks.length === protocols.length) {
      hidden.push(service);
      continue;
    }
    const row = providers.find(({ id }) => id === service.provider);
    const names = [...service.models, ...(row?.models ?? [])].map(({ name }) => name);
    shown.push({
      service,
      providerLabel: row?.label ?? service.provider,
      lacks,
      translated,
      models: [...new Set(names)],
    });
  }
  return { shown, hidden };
}

/** Every model name that the chosen services are known to have, for showing what a rule takes. */
export function knownModels(choices: readonly Choice[]): readonly string[] {
  return [...new Set(choices.flatMap(({ models }) => models))].toSorted((a, b) => a.localeCompare(b));
}
