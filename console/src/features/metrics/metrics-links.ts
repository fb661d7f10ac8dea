// What leads from the metrics elsewhere: a query of the log explorer, and the same question for Prometheus. Pure.
import { filterNames, type FilterName, type Filters } from "./metrics-search.ts";

const logWords: Readonly<Record<FilterName, string>> = {
  api: "api",
  route: "route",
  service: "service",
  model: "model",
  consumer: "consumer",
  resourceGroup: "group",
  stream: "stream",
  status: "status",
};

/** In quotes where the query bar would take it for several values, or for none. */
function logValue(value: string): string {
  return /^[^\s",\\]+$/u.test(value) ? value : `"${value.replaceAll(/["\\]/gu, String.raw`\$&`)}"`;
}

/** The filters as the query bar of the logs writes them. */
export function logQuery(filters: Filters): string {
  return filterNames
    .flatMap((name) => {
      const values = filters[name] ?? [];
      // Both of a flag is no filter.
      if (values.length === 0 || (name === "stream" && values.length > 1)) return [];
      return [`${logWords[name]}:${values.map(logValue).join(",")}`];
    })
    .join(" ");
}

type PromLabels = Readonly<Partial<Record<FilterName, string>>>;

const perModel: PromLabels = { api: "api", service: "service", model: "model", stream: "stream" };
const perApi: PromLabels = { api: "api" };
const genAi: PromLabels = { model: "gen_ai_request_model" };

/** Labels of each family that `/metrics` tells; a filter by another one would find nothing, so it is left out. */
const families: Readonly<Record<string, PromLabels>> = {
  moongate_requests_total: { ...perModel, route: "route", consumer: "consumer", status: "status" },
  moongate_request_duration_seconds: perModel,
  moongate_overhead_seconds: perModel,
  moongate_attempts_total: { service: "service" },
  moongate_fallbacks_total: {},
  moongate_limited_total: perApi,
  moongate_moderation_total: perApi,
  moongate_cache_total: perApi,
  moongate_cost_usd_total: { api: "api", service: "service", model: "model", consumer: "consumer" },
  gen_ai_client_token_usage: genAi,
  gen_ai_server_time_to_first_token_seconds: genAi,
  gen_ai_server_time_per_output_token_seconds: genAi,
};

/** The labels of a family by the name of one of its series; undefined for none that there is. */
export function familyLabels(series: string): PromLabels | undefined {
  return families[series] ?? families[series.replace(/_(?:bucket|sum|count)$/u, "")];
}

/** A text that a regular expression takes as it is, in the quotes of a query. */
const literal = (value: string): string =>
  value
    .replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`)
    .replaceAll("\\", "\\\\")
    .replaceAll('"', String.raw`\"`);

const statusClass = (value: string): string => (/^[1-5]xx$/u.test(value) ? `${value.charAt(0)}..` : value);

function matchersOf(series: string, filters: Filters): string {
  const labels = familyLabels(series) ?? {};
  return filterNames
    .flatMap((name) => {
      const [label, values = []] = [labels[name], filters[name]];
      if (label === undefined || values.length === 0) return [];
      const texts = values.map((value) => (name === "status" ? statusClass(value) : literal(value)));
      return [`${label}=~"${texts.join("|")}"`];
    })
    .join(",");
}

/** The query of a panel with the filters of the page in it. @param stepMs of a column */
export function promQlOf(template: string, filters: Filters, stepMs: number): string {
  const seconds = Math.max(60, Math.round(stepMs / 1_000));
  return template
    .replaceAll(/(\w+)\{\$f(,?)([^}]*)\}/gu, (_all, series: string, _comma, rest: string) => {
      const matchers = [matchersOf(series, filters), rest].filter((text) => text !== "").join(",");
      return matchers === "" ? series : `${series}{${matchers}}`;
    })
    .replaceAll("$i", `${seconds}s`);
}
