// The state of the gateway at a glance: what the console's frame asks for every few seconds, so it must stay cheap.
// Reads memory only; knows services and keys as ports describe them.
import { isoTime } from "../../lib/iso-time.ts";
import { jsonAnswer } from "../answer.ts";
import type { Configuration } from "../configuration.ts";
import type { Operation, Principal } from "../operation.ts";
import { isUnlimited } from "../../resources/held-role.ts";
import { configurationFor } from "../scoped-configuration.ts";
import type { Attention, ServiceStanding, StatusAnswer } from "./console-answers.ts";
import type { AdminApiPorts, AlertPort, Standings } from "./ports.ts";
import { statusSchema } from "./status-schema.ts";

type StatusPorts = Pick<AdminApiPorts, "configuration" | "readiness" | "live" | "version" | "clock"> & {
  readonly alerts: Pick<AlertPort, "states">;
  readonly delivery: Pick<AdminApiPorts["delivery"], "states">;
};

/** With more services than this only those are listed that are not ready. */
const maxListed = 1_000;
const maxAttention = 100;
const sinkPatienceMs = 60_000;

export function statusOperations(ports: StatusPorts): Operation[] {
  return [
    {
      method: "get",
      path: "/api/v1/status",
      id: "readStatus",
      summary: "Tell how the gateway, its services and their keys stand now, and what needs attention.",
      tag: "system",
      access: "read",
      reach: "groups",
      status: 200,
      response: { description: "The state.", mediaTypes: ["application/json"], schema: statusSchema },
      errors: [],
      handle: ({ principal }) =>
        jsonAnswer(
          isUnlimited(principal.roles) ? statusOf(ports) : statusOf(narrowedPorts(ports, principal)),
        ),
    },
  ];
}

/** What whoever asks may see of all that. */
function narrowedPorts(ports: StatusPorts, principal: Principal): StatusPorts {
  const configuration = configurationFor(ports.configuration, principal);
  const { services: seen, alerts, sinks } = configuration.working.resources;
  const { live } = ports;
  return {
    ...ports,
    configuration,
    live: {
      ...live,
      standings: () => {
        const { services, keys } = live.standings();
        return {
          services: services.filter(({ name }) => seen.has(name)),
          keys: keys.filter(({ service }) => seen.has(service)),
        };
      },
    },
    alerts: { states: () => ports.alerts.states().filter(({ name }) => alerts.has(name)) },
    delivery: { states: () => ports.delivery.states().filter(({ name }) => sinks.has(name)) },
  };
}

function statusOf(ports: StatusPorts): StatusAnswer {
  const { configuration, readiness, live, version, alerts } = ports;
  const { resources } = configuration.working;
  const instance = resources.instances.values().next().value?.value ?? { name: "default", region: "local" };
  const { ready, revision } = readiness();
  const standings = live.standings();
  const { services, keys } = standings;
  return {
    version,
    startedAt: isoTime(live.startedAtMs),
    instance: { name: instance.name, region: instance.region },
    revision,
    ready,
    configError: configuration.configError,
    nodes: [
      {
        name: live.nodeName,
        role: "all",
        revision: ready ? revision : null,
        ready,
        workers: live.workers,
      },
    ],
    gateway: live.gateway,
    counts: {
      modelApis: resources["model-apis"].size,
      services: resources.services.size,
      domains: resources.domains.size,
      consumers: resources.consumers.size,
      resourceGroups: resources["resource-groups"].size,
    },
    inFlight: live.inFlight(),
    services: services.length <= maxListed ? services : services.filter(isNotReady).slice(0, maxListed),
    keys: keys.slice(0, maxListed),
    attention: [
      ...attentionOf(configuration, standings),
      ...firingAlerts(alerts),
      ...failingSinks(ports),
    ].slice(0, maxAttention),
  };
}

function isNotReady({ standing }: ServiceStanding): boolean {
  return standing !== "ready";
}

function attentionOf({ configError }: Configuration, { services, keys }: Standings): Attention[] {
  const refused = services.filter(({ standing }) => standing === "refused");
  const wholly = new Set(services.filter(isBarred).map(({ name }) => name));
  return [
    ...(configError === null ? [] : [configAttention(configError)]),
    ...refused.map(({ name }) => aboutService("service_refused", name, {})),
    ...services.flatMap(ejectedTargets),
    ...services
      .filter(({ standing }) => standing === "resting")
      .map(({ name, until }) => aboutService("service_resting", name, { until: until ?? "" })),
    ...keys
      .filter(({ service }) => !wholly.has(service))
      .map(({ service, key, standing, until }) =>
        aboutService(standing === "refused" ? "key_refused" : "key_resting", service, { key, until }),
      ),
  ];
}

function firingAlerts(alerts: StatusPorts["alerts"]): Attention[] {
  return alerts
    .states()
    .filter(({ state }) => state === "firing")
    .map(({ name, value, unit, since }) => ({
      code: "alert_firing",
      kind: "alerts",
      object: name,
      params: { value: value === null ? "" : String(value), unit },
      sinceMs: since === null ? null : Date.parse(since),
    }));
}

/** A moment's failure is nobody's business; a refusal does not pass by itself. */
function failingSinks({ delivery, clock }: StatusPorts): Attention[] {
  return delivery.states().flatMap(({ name, status, failingSince, lastError }): Attention[] => {
    const sinceMs = failingSince === null ? null : Date.parse(failingSince);
    const lasts = sinceMs !== null && clock.wallMs() - sinceMs > sinkPatienceMs;
    if (status !== "refused" && !(status === "retrying" && lasts)) return [];
    const params = { message: lastError?.message ?? "" };
    return [{ code: "sink_failing", kind: "sinks", object: name, params, sinceMs }];
  });
}

/** What is said of the service as a whole is not said again of each key. */
function isBarred({ standing }: ServiceStanding): boolean {
  return standing === "refused" || standing === "resting";
}

function configAttention(message: string): Attention {
  return { code: "config_error", kind: null, object: "", params: { message }, sinceMs: null };
}

function aboutService(
  code: Attention["code"],
  service: string,
  params: Attention["params"],
  sinceMs: number | null = null,
): Attention {
  return { code, kind: "services", object: service, params, sinceMs };
}

function ejectedTargets({ name, targets }: ServiceStanding): Attention[] {
  return targets.map(({ model, reason, since, until }) =>
    aboutService("target_ejected", name, { model, reason, until }, Date.parse(since)),
  );
}
