// Which services can serve a Model API's protocols: those that speak one of them themselves. Knows no React.
import type { Provider } from "../../../../src/control/routes/console-answers.ts";
import type { Service } from "../../api/resources.ts";

export interface Choice {
  readonly service: Service;
  readonly providerLabel: string;
  /** Chosen protocols that it does not speak: requests of theirs cannot go there. */
  readonly lacks: readonly string[];
  /** Models that are known of it, those of its configuration first. */
  readonly models: readonly string[];
}

export interface Choices {
  readonly shown: readonly Choice[];
  readonly hidden: readonly Service[];
}

/** Protocols that a service speaks by itself. */
export function spokenBy(service: Service, providers: readonly Provider[]): readonly string[] {
  if (service.protocols !== undefined) return service.protocols.map(({ protocol }) => protocol);
  const row = providers.find(({ id }) => id === service.provider);
  return row?.endpoints.map(({ protocol }) => protocol) ?? [];
}

export function choicesOf(
  services: readonly Service[],
  providers: readonly Provider[],
  protocols: readonly string[],
): Choices {
  const shown: Choice[] = [];
  const hidden: Service[] = [];
  for (const service of services) {
    const speaks = spokenBy(service, providers);
    const lacks = protocols.filter((protocol) => !speaks.includes(protocol));
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
      models: [...new Set(names)],
    });
  }
  return { shown, hidden };
}

/** Every model name that the chosen services are known to have, for showing what a rule takes. */
export function knownModels(choices: readonly Choice[]): readonly string[] {
  return [...new Set(choices.flatMap(({ models }) => models))].toSorted((a, b) => a.localeCompare(b));
}
