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

const promLabels: Readonly<Partial<Record<FilterName, string>>> = {
  api: "api",
  route: "route",
  service: "service",
  model: "model",
  consumer: "consumer",
  stream: "stream",
  status: "status",
};

/** Labels that every metric of a family bears; a filter by another one would find nothing. */
const histogramLabels: ReadonlySet<string> = new Set(["api", "service", "model", "stream"]);

/** A text that a regular expression takes as it is, in the quotes of a query. */
const literal = (value: string): string =>
  value
    .replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`)
    .replaceAll("\\", "\\\\")
    .replaceAll('"', String.raw`\"`);

const statusClass = (value: string): string => (/^[1-5]xx$/u.test(value) ? `${value.charAt(0)}..` : value);

/** The query of a panel with the filters of the page in it. @param stepMs of a column */
export function promQlOf(template: string, filters: Filters, stepMs: number): string {
  const isHistogram = template.includes("_bucket");
  const matchers = filterNames.flatMap((name) => {
    const [label, values = []] = [promLabels[name], filters[name]];
    if (label === undefined || values.length === 0 || (isHistogram && !histogramLabels.has(label))) return [];
    const texts = values.map((value) => (name === "status" ? statusClass(value) : literal(value)));
    return [`${label}=~"${texts.join("|")}"`];
  });
  const seconds = Math.max(60, Math.round(stepMs / 1_000));
  return template
    .replaceAll("$f,", matchers.length === 0 ? "" : `${matchers.join(",")},`)
    .replaceAll("{$f}", matchers.length === 0 ? "" : `{${matchers.join(",")}}`)
    .replaceAll("$i", `${seconds}s`);
}
