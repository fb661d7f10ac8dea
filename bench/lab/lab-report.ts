// Results as tables in Markdown. It must not know how they were taken.
import { at } from "./at.ts";
import type { Check } from "./checks.ts";
import type { LabResults, PolicyResult, ScenarioResult, SetupResult } from "./laboratory.ts";
import { oracleName, ours } from "./policies.ts";
import type { Scenario } from "./scenario.ts";
import type { Outcome } from "./simulation.ts";

export function reportOf(results: LabResults, checks: readonly Check[]): string {
  const parts = [
    ...results.setups.flatMap(setupTables),
    "### Time to choose and to learn, ten services, microseconds per request",
    table(
      ["policy", "p50", "p99"],
      Object.entries(results.decisions).map(([name, time]) => [
        name,
        time.p50Us.toFixed(1),
        time.p99Us.toFixed(1),
      ]),
    ),
    "### Numbers to reach",
    table(
      ["number", "", "found"],
      checks.map(({ name, met, found }) => [name, met ? "met" : "not met", found]),
    ),
  ];
  return `${parts.join("\n\n")}\n`;
}

function setupTables({ setup, scenarios }: SetupResult): string[] {
  const names = Object.keys(at(scenarios, 0).policies);
  const rivals = names.filter((name) => name !== oracleName);
  const attempts = setup.fallback ? [attemptsTable(scenarios, rivals)] : [];
  return [
    `### ${capital(setup.name)}`,
    "Regret against the oracle, seconds per request:",
    regretTable(scenarios, rivals),
    "Success in percent / p95 of the time to first token in seconds:",
    perScenario(
      scenarios,
      names,
      ({ success, p95S }) => `${(success * 100).toFixed(2)} / ${p95S.toFixed(2)}`,
    ),
    ...attempts,
    ...(names.includes(ours) ? [oursTable(scenarios)] : []),
    ...recoveryTable(scenarios, names),
  ];
}

function regretTable(scenarios: readonly ScenarioResult[], names: readonly string[]): string {
  const columns = names.map((name) => scenarios.map(({ policies }) => policies[name]?.regretS ?? 0));
  const rows = scenarios.map(({ name }, row) => [
    name,
    ...columns.map((column) => at(column, row).toFixed(3)),
  ]);
  const means = columns.map((column) => column.reduce((sum, value) => sum + value, 0) / column.length);
  return table(
    ["scenario", ...names],
    [
      ...rows,
      ["**mean**", ...means.map((mean) => `**${mean.toFixed(3)}**`)],
      ["worst", ...columns.map((column) => Math.max(...column).toFixed(3))],
    ],
  );
}

function attemptsTable(scenarios: readonly ScenarioResult[], names: readonly string[]): string {
  const means = names.map((name) => {
    const attempts = scenarios.map(({ policies }) => policies[name]?.attempts ?? 0);
    return (attempts.reduce((sum, value) => sum + value, 0) / attempts.length).toFixed(4);
  });
  return table(["", ...names], [["attempts per request", ...means]]);
}

function oursTable(scenarios: readonly ScenarioResult[]): string {
  const rows = scenarios.flatMap(({ name, policies }) => {
    const own = policies[ours];
    const best = policies[oracleName];
    if (own === undefined || best === undefined) return [];
    const cells = [own.p50S, best.p50S, own.p95S, best.p95S, own.p99S, best.p99S].map((value) =>
      value.toFixed(2),
    );
    const shares = own.shares.map((share) => (share * 100).toFixed(1)).join(" ");
    return [[name, ...cells, own.attempts.toFixed(4), shares]];
  });
  return table(
    [ours, "p50 s", "oracle", "p95 s", "oracle", "p99 s", "oracle", "attempts", "% per service"],
    rows,
  );
}

function recoveryTable(scenarios: readonly ScenarioResult[], names: readonly string[]): string[] {
  const recovering = scenarios.filter(({ policies }) =>
    Object.values(policies).some(({ recoveryS }) => recoveryS !== null),
  );
  if (recovering.length === 0) return [];
  return [
    "Seconds until the recovered service gets half of the requests (a policy that never comes back counts to the end; one that never left has 0):",
    perScenario(recovering, names, ({ recoveryS }) => recoveryS?.toFixed(0) ?? "-"),
  ];
}

function perScenario(
  scenarios: readonly ScenarioResult[],
  names: readonly string[],
  cell: (result: PolicyResult) => string,
): string {
  const rows = scenarios.map(({ name, policies }) => [
    name,
    ...names.map((policy) => {
      const result = policies[policy];
      return result === undefined ? "" : cell(result);
    }),
  ]);
  return table(["scenario", ...names], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = `|---|${head
    .slice(1)
    .map(() => "--:|")
    .join("")}`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Where the requests of one run went, a line per stretch of time. */
export function timelineOf(
  outcomes: readonly Outcome[],
  { name, services }: Scenario,
  stretchS: number,
): string {
  const stretches = new Map<number, Outcome[]>();
  for (const outcome of outcomes) {
    const begin = Math.floor(outcome.atMs / 1000 / stretchS) * stretchS;
    const stretch = stretches.get(begin) ?? [];
    stretch.push(outcome);
    stretches.set(begin, stretch);
  }
  const lines = [...stretches].map(([begin, stretch]) => {
    const answered = stretch.flatMap(({ ttftMs }) => (ttftMs === null ? [] : [ttftMs]));
    const meanS = answered.reduce((sum, ttftMs) => sum + ttftMs, 0) / 1000 / Math.max(1, answered.length);
    const counts = services.map((_, index) => stretch.filter(({ service }) => service === index).length);
    const failed = stretch.length - answered.length;
    return `${String(begin).padStart(5)} s  ttft ${meanS.toFixed(2)}  failed ${String(failed).padStart(3)}  to ${counts.map((count) => String(count).padStart(4)).join("")}`;
  });
  return [name, ...lines].join("\n");
}
