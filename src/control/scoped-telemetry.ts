// Questions about exchanges, narrowed to the resource groups that whoever asks may reach, before they leave. Records
// without a resource group came to no Model API: those are for who reaches everything. Knows no route.
import type { LogFilter } from "../telemetry/log-answers.ts";
import type { LogQuestions, OfGroups } from "../telemetry/log-messages.ts";
import type { MetricFilter } from "../telemetry/metrics-answers.ts";
import { covers, reachOf } from "../resources/held-role.ts";
import type { HeldRole, Permission } from "../resources/held-role.ts";
import type { TelemetryPort } from "./routes/ports.ts";

/** A way to ask each question. */
type Questions = {
  readonly [Kind in keyof LogQuestions]: (
    ask: LogQuestions[Kind]["ask"],
  ) => Promise<LogQuestions[Kind]["answer"]>;
};

/**
 * @param permission what the answer is needed for: `content` where recorded content is searched
 * @returns the port itself for who has the permission everywhere
 */
export function telemetryFor(
  port: TelemetryPort,
  { roles }: { readonly roles: readonly HeldRole[] },
  permission: Permission = "read",
): TelemetryPort {
  const reach = reachOf(roles, permission);
  if (reach === "everywhere") return port;
  const questions = questionsWithin(port, [...reach]);
  return { ask: (kind, ask) => questions[kind](ask) };
}

function questionsWithin(port: TelemetryPort, groups: readonly string[]): Questions {
  const isWithin = ({ resourceGroup }: { readonly resourceGroup: string }): boolean =>
    covers(new Set(groups), [resourceGroup]);
  const logFilter: LogFilter = { field: "resourceGroup", kind: "text", not: false, values: groups };
  const metricFilter: MetricFilter = { dimension: "resourceGroup", not: false, values: groups };
  /** Those that are asked for and within reach. */
  const common = ({ resourceGroups }: OfGroups): readonly string[] =>
    resourceGroups === undefined ? groups : resourceGroups.filter((group) => groups.includes(group));
  const findLog = async (requestId: string) => {
    const record = await port.ask("log", { requestId });
    return record !== null && isWithin(record) ? record : null;
  };
  return {
    traffic: (ask) => port.ask("traffic", { ...ask, resourceGroups: common(ask) }),
    way: (ask) => port.ask("way", { ...ask, resourceGroups: common(ask) }),
    logs: (ask) => port.ask("logs", { ...ask, filters: [...ask.filters, logFilter] }),
    tail: (ask) => port.ask("tail", { ...ask, filters: [...ask.filters, logFilter] }),
    log: ({ requestId }) => findLog(requestId),
    trace: async (ask) => {
      const trace = await port.ask("trace", ask);
      return { ...trace, items: trace.items.filter(isWithin) };
    },
    feedback: async (ask) => (await findLog(ask.requestId)) !== null && port.ask("feedback", ask),
    metrics: (ask) => port.ask("metrics", { ...ask, filters: [...ask.filters, metricFilter] }),
    usage: (ask) => port.ask("usage", { ...ask, filters: [...ask.filters, metricFilter] }),
    prometheus: () => aboutEverything(),
    settings: () => aboutEverything(),
    state: () => aboutEverything(),
  };
}

function aboutEverything(): Promise<never> {
  return Promise.reject(new Error("this is told only to who reaches every resource group"));
}
