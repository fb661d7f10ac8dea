// Ways out of the metrics: what is filtered here is filtered there.
import { describe, expect, it } from "vitest";
import { familyLabels, logQuery, promQlOf } from "./metrics-links.ts";
import { panels } from "./panels.ts";

describe("a query of the logs", () => {
  it.each([
    [{}, ""],
    [{ api: ["chat"], status: ["5xx", "429"] }, "api:chat status:5xx,429"],
    [{ model: ['a "b" c'], resourceGroup: ["x"] }, String.raw`model:"a \"b\" c" group:x`],
    [{ consumer: [""] }, 'consumer:""'],
    [{ stream: ["true", "false"] }, ""],
  ])("of %j is %s", (filters, text) => {
    expect(logQuery(filters)).toBe(text);
  });
});

describe("a query of Prometheus", () => {
  const rate = "sum by (stream) (rate(moongate_requests_total{$f}[$i]))";

  it.each([
    ["without filters", rate, {}, "sum by (stream) (rate(moongate_requests_total[60s]))"],
    [
      "with several",
      rate,
      { api: ["a.b", "c"], status: ["5xx"] },
      String.raw`sum by (stream) (rate(moongate_requests_total{api=~"a\\.b|c",status=~"5.."}[60s]))`,
    ],
    [
      "before another matcher",
      'moongate_requests_total{$f,outcome!="ok"}',
      { service: ["s"] },
      'moongate_requests_total{service=~"s",outcome!="ok"}',
    ],
    [
      "of a histogram, which knows no consumer",
      "moongate_overhead_seconds_bucket{$f}",
      { consumer: ["me"], api: ["a"] },
      'moongate_overhead_seconds_bucket{api=~"a"}',
    ],
    [
      "of a metric with names of its own",
      "gen_ai_client_token_usage_sum{$f}",
      { model: ["m"], api: ["a"] },
      'gen_ai_client_token_usage_sum{gen_ai_request_model=~"m"}',
    ],
  ])("%s", (_name, template, filters, text) => {
    expect(promQlOf(template, filters, 10_000)).toBe(text);
  });

  it("names only series that the gateway tells", () => {
    const templates = Object.values(panels).flatMap((all) => all.map(({ promQl = "" }) => promQl));
    const series = templates.flatMap((text) => text.match(/(?:moongate|gen_ai)_\w+(?=\{)/gu) ?? []);
    expect(series.length).toBeGreaterThan(10);
    expect(series.filter((name) => familyLabels(name) === undefined)).toEqual([]);
    expect(templates.filter((text) => text !== "" && !text.includes("{$f"))).toEqual([]);
  });
});
