// Ways out of the metrics: what is filtered here is filtered there.
import { describe, expect, it } from "vitest";
import { logQuery, promQlOf } from "./metrics-links.ts";

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
    ["before another matcher", 'x{$f,outcome!="ok"}', { service: ["s"] }, 'x{service=~"s",outcome!="ok"}'],
    ["of a histogram, which knows no consumer", "x_bucket{$f}", { consumer: ["me"] }, "x_bucket"],
  ])("%s", (_name, template, filters, text) => {
    expect(promQlOf(template, filters, 10_000)).toBe(text);
  });
});
