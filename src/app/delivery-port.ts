// Hands the sinks of the configuration to the delivery thread, and lets the admin API ask how they stand.
import { hostname } from "node:os";
import { join } from "node:path";
import type { Configuration } from "../control/configuration.ts";
import type { DeliveryPort } from "../control/routes/delivery-port.ts";
import { telemetryProviderName } from "../providers/telemetry-names.ts";
import type { ResourceValue } from "../resources/registry.ts";
import { regionOfEndpoint } from "../resources/sink-region.ts";
import type { ServiceBook, ServiceFacts } from "../telemetry/delivery/described-exchange.ts";
import { DeliveryThread } from "../telemetry/delivery/delivery-thread.ts";
import type { DeliveryConfiguration } from "../telemetry/delivery/deliverer.ts";
import type { Sink } from "../telemetry/delivery/sink-config.ts";
import type { OperationalLog } from "../telemetry/operational-log.ts";
import type { Settings } from "./settings.ts";
import type { Stops } from "./stops.ts";
import { version } from "./version.ts";

type SinkValue = ResourceValue["sinks"];

/** Starts the thread and keeps it told of every change. */
export function openDelivery(
  configuration: Configuration,
  { dataDir, upstreamNetworks: networks }: Pick<Settings, "dataDir" | "upstreamNetworks">,
  log: OperationalLog,
  stops: Stops,
): DeliveryPort {
  const thread = new DeliveryThread({
    dataDir,
    logsDir: join(dataDir, "logs"),
    networks,
    onProblem: ({ message }) => log.error("delivery-failed", { message }),
  });
  stops.add(() => thread.stop());
  const configure = (): void => thread.configure(deliveryOf(configuration));
  configuration.onChange(configure);
  configure();
  return {
    states: () => thread.states,
    test: (sink) => thread.test(withOpenSecrets(sink)),
  };
}

function deliveryOf({ working, snapshot }: Configuration): DeliveryConfiguration {
  const { sinks, services, instances } = working.resources;
  const instance = instances.values().next().value?.value;
  const facts = [...services.values()].map(({ value }): [string, ServiceFacts] => [
    value.name,
    factsOf(telemetryProviderName(value.provider), snapshot.services.get(value.name)?.endpoints[0]?.baseUrl),
  ]);
  const book: ServiceBook = new Map(sinks.size === 0 ? [] : facts);
  return {
    sinks: [...sinks.values()].map(({ value }) => withOpenSecrets(value)),
    services: book,
    sender: {
      version,
      instance: instance?.name ?? "default",
      region: instance?.region ?? "local",
      node: hostname(),
    },
  };
}

function factsOf(provider: string, baseUrl: string | undefined): ServiceFacts {
  const url = baseUrl === undefined ? null : URL.parse(baseUrl);
  if (url === null) return { provider, address: "", port: null };
  const usualPort = url.protocol === "https:" ? 443 : 80;
  return {
    provider,
    address: url.hostname.replace(/^\[|\]$/gu, ""),
    port: url.port === "" ? usualPort : Number(url.port),
  };
}

/** The values that the thread needs, and no other. */
function withOpenSecrets(sink: SinkValue): Sink {
  switch (sink.type) {
    case "otlp": {
      const headers = Object.entries(sink.headers).map(([name, value]) => [name, open(value)]);
      return { ...sink, headers: Object.fromEntries(headers) };
    }
    case "sls": {
      const { region, signatureVersion, accessKeySecret, ...rest } = sink;
      const signedForRegion = signatureVersion === "v1" ? null : (region ?? regionOfEndpoint(sink.endpoint));
      return { ...rest, accessKeySecret: open(accessKeySecret), signedForRegion };
    }
    case "webhook":
      return { ...sink, secret: sink.secret === undefined ? null : open(sink.secret) };
    case "file":
      return sink;
  }
}

/** In the working set secrets are open; one that could not be opened signs nothing. */
function open(secret: string | object): string {
  return typeof secret === "string" ? secret : "";
}
