// The dashboard for Grafana asks for nothing that the gateway does not tell: every metric and every label of its queries
// is in what `/metrics` prints, or where nothing has been counted in the table that it is printed from.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { families } from "../src/telemetry/rollups/prometheus-families.ts";
import { adminToken, startProcess, type GatewayProcess } from "./support/gateway-process.ts";

interface Dashboard {
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly type: string;
    readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
  }[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: unknown }[] };
}

const file = join(import.meta.dirname, "..", "deploy", "grafana", "moongate.json");
// What it must hold to be one is checked below.
const dashboard = JSON.parse(readFileSync(file, "utf8")) as Dashboard;
const queries = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr, legendFormat }): [string, string, string] => [title, expr, legendFormat]),
);

let gateway: GatewayProcess;
/** Labels by the name of a sample, such as `moongate_overhead_seconds_bucket`. */
const printed = new Map<string, Set<string>>();

beforeAll(async () => {
  gateway = await startProcess();
  const modelService = { mode: "single", target: { service: "sim" } };
  const api = {
    name: "chat-2",
    basePath: "/two",
    stripBasePath: true,
    useCase: "text-generation",
    protocols: ["openai"],
  };
  await gateway.admin("POST", "/services", { name: "sim", provider: "simulator" });
  expect((await gateway.admin("POST", "/model-apis", { ...api, modelService })).status).toBe(201);
  for (const stream of [false, true]) {
    const answer = await fetch(`${gateway.gatewayUrl}/two/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "demo", stream, messages: [{ role: "user", content: "Hi" }] }),
    });
    expect(answer.status).toBe(200);
    await answer.arrayBuffer();
  }
  const answer = await fetch(`${gateway.consoleUrl}/metrics`, {
    headers: { authorization: `Bearer ${adminToken}` },
  });
  for (const line of (await answer.text()).split("\n")) {
    const [, type = "", kind = ""] = /^# TYPE (\w+) (\w+)$/u.exec(line) ?? [];
    const names = kind === "histogram" ? [`${type}_bucket`, `${type}_sum`, `${type}_count`] : [type];
    for (const name of names) if (type !== "") printed.set(name, tableLabels(type, name));
    const [, sample = "", labels = ""] = /^(\w+)(?:\{(.*)\})? \S+$/u.exec(line) ?? [];
    for (const [, label = ""] of labels.matchAll(/(\w+)="/gu)) printed.get(sample)?.add(label);
  }
});
afterAll(() => gateway?.close());

/** Those of families that nothing has been counted in yet. */
function tableLabels(family: string, name: string): Set<string> {
  const labels = Object.values(families).find((row) => row.name === family)?.labels ?? [];
  return new Set([...labels, ...(name.endsWith("_bucket") ? ["le"] : [])]);
}

test("it has a panel for each of its themes", () => {
  expect(dashboard.panels.filter(({ type }) => type === "row").map(({ title }) => title)).toEqual([
    "Traffic",
    "Latency",
    "Tokens and cost",
    "Routing",
    "Protection",
  ]);
  expect(queries.length).toBeGreaterThan(40);
  expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
});

test.each(queries)("%s: %s", (_title, expr, legend) => {
  const selected = [
    ...expr.replaceAll(/by \([^)]*\)/gu, "").matchAll(/\b(?:moongate|gen_ai)_\w+(?=[{[)]|$)/gu),
  ].map(([name]) => name);
  const matchers = [...expr.matchAll(/\{([^}]*)\}/gu)].flatMap(([, inside = ""]) =>
    [...inside.matchAll(/(\w+)(?:=~|!~|!=|=)"/gu)].map(([, label = ""]) => label),
  );
  const grouped = [...expr.matchAll(/by \(([^)]*)\)/gu)].flatMap(([, list = ""]) => list.split(", "));
  const named = [...legend.matchAll(/\{\{(\w+)\}\}/gu)].map(([, label = ""]) => label);
  expect(selected.length).toBeGreaterThan(0);
  for (const name of selected) {
    const labels = printed.get(name);
    expect([name, labels !== undefined]).toEqual([name, true]);
    for (const label of [...matchers, ...grouped])
      expect([name, label, labels?.has(label)]).toEqual([name, label, true]);
  }
  // What a series is called by must survive the sum.
  if (expr.includes("sum")) for (const label of named) expect(grouped).toContain(label);
});

test.each(dashboard.templating.list.filter(({ name }) => name !== "datasource"))(
  "the choice of $name",
  ({ query }) => {
    const [, metric = "", label = ""] = /label_values\((\w+), (\w+)\)/u.exec(JSON.stringify(query)) ?? [];
    expect(printed.get(metric)?.has(label)).toBe(true);
  },
);
