import { describe, expect, test } from "vitest";
import { recordOf } from "../../test/support/exchange-record.ts";
import { RequestCounts, RequestTotals } from "./request-counts.ts";

const inOrder = ["api", "route", "service", "model", "consumer", "stream", "status", "outcome"];

/** The samples of one metric: labels as an object, value as a number. */
function samplesOf(text: string, metric: string): { labels: Record<string, string>; value: number }[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith(metric))
    .map((line) => {
      const [, pairs = "", value = ""] = /^[a-z_]+(?:\{(.*)\})? (\S+)$/s.exec(line) ?? [];
      const labels = [...pairs.matchAll(/([a-z]+)="((?:[^"\\]|\\.)*)"(?:,|$)/gs)].map(
        ([, name = "", content = ""]) => [name, content],
      );
      return { labels: Object.fromEntries(labels), value: Number(value) };
    });
}

/** What `/metrics` shows after these workers have reported. */
function metricsOf(...workers: readonly RequestCounts[]): string {
  const totals = new RequestTotals();
  for (const worker of workers) totals.add(worker.take());
  return totals.text(0);
}

const requests = (text: string) => samplesOf(text, "moongate_requests_total");

describe("RequestCounts", () => {
  test("counts exchanges that agree in all labels together", () => {
    const counts = new RequestCounts();
    for (let index = 0; index < 3; index += 1)
      counts.add(recordOf({ requestId: `r-${index}`, durationMs: index }));
    expect(requests(metricsOf(counts))).toEqual([
      {
        labels: {
          api: "a",
          route: "r",
          service: "s",
          model: "m",
          consumer: "",
          stream: "false",
          status: "200",
          outcome: "ok",
        },
        value: 3,
      },
    ]);
  });

  test.each([
    ["api", { api: "b" }],
    ["route", { route: "q" }],
    ["service", { service: "t" }],
    ["model", { model: "n" }],
    ["consumer", { consumer: "c" }],
    ["stream", { stream: true }],
    ["status", { status: 502 }],
    ["outcome", { outcome: "truncated" }],
  ] as const)("counts exchanges with another %s apart", (name, other) => {
    const counts = new RequestCounts();
    counts.add(recordOf({}));
    counts.add(recordOf(other));
    const samples = requests(metricsOf(counts));
    expect(samples.map(({ value }) => value)).toEqual([1, 1]);
    expect(samples.map(({ labels }) => labels[name])).toContain(String(Object.values(other)[0]));
  });

  test("starts anew once its counts were taken", () => {
    const counts = new RequestCounts();
    counts.add(recordOf({}));
    expect(counts.take()).toHaveLength(1);
    expect(counts.take()).toEqual([]);
    counts.add(recordOf({}));
    expect(counts.take().map(([, count]) => count)).toEqual([1]);
  });

  test("an exchange that found no API is counted", () => {
    const counts = new RequestCounts();
    counts.add(
      recordOf({ api: "", route: "", service: "", model: "", status: 404, outcome: "client_error" }),
    );
    expect(requests(metricsOf(counts))).toMatchObject([
      { labels: { api: "", status: "404", outcome: "client_error" }, value: 1 },
    ]);
  });
});

describe("names that clients choose", () => {
  const modelsOf = (text: string, api: string): string[] =>
    requests(text)
      .filter(({ labels }) => labels["api"] === api)
      .map(({ labels }) => labels["model"] ?? "");

  test("at most 100 models of an API become labels, the others are one", () => {
    const counts = new RequestCounts();
    for (let index = 0; index < 250; index += 1) counts.add(recordOf({ model: `m-${index}` }));
    counts.add(recordOf({ model: "m-0" }));
    const text = metricsOf(counts);
    expect(modelsOf(text, "a")).toHaveLength(101);
    const byModel = new Map(requests(text).map(({ labels, value }) => [labels["model"], value]));
    expect([byModel.get("m-0"), byModel.get("m-99"), byModel.get("m-100"), byModel.get("other")]).toEqual([
      2,
      1,
      undefined,
      150,
    ]);
  });

  test("each API has its own hundred", () => {
    const counts = new RequestCounts();
    for (const api of ["a", "b"]) {
      for (let index = 0; index < 100; index += 1) counts.add(recordOf({ api, model: `${api}-${index}` }));
    }
    const text = metricsOf(counts);
    expect(modelsOf(text, "a")).not.toContain("other");
    expect(modelsOf(text, "b")).not.toContain("other");
  });

  test("at most 1,000 consumers become labels", () => {
    const counts = new RequestCounts();
    for (let index = 0; index < 1_200; index += 1) counts.add(recordOf({ consumer: `c-${index}` }));
    const consumers = new Set(requests(metricsOf(counts)).map(({ labels }) => labels["consumer"]));
    expect(consumers.size).toBe(1_001);
    expect(consumers).toContain("other");
  });

  test("taking the counts does not make room for more", () => {
    const counts = new RequestCounts();
    const totals = new RequestTotals();
    for (let index = 0; index < 250; index += 1) {
      counts.add(recordOf({ model: `m-${index}` }));
      totals.add(counts.take());
    }
    expect(modelsOf(totals.text(0), "a")).toHaveLength(101);
  });

  test("the bounds hold over all workers together, and no exchange is lost", () => {
    const workers = [0, 1, 2].map((worker) => {
      const counts = new RequestCounts();
      for (let index = 0; index < 90; index += 1) {
        counts.add(recordOf({ model: `m-${worker}-${index}` }));
        for (const half of ["x", "y"])
          for (let n = 0; n < 3; n += 1)
            counts.add(recordOf({ consumer: `c-${worker}-${index}-${half}-${n}` }));
      }
      return counts;
    });
    const samples = requests(metricsOf(...workers));
    expect(new Set(samples.map(({ labels }) => labels["model"])).size).toBeLessThanOrEqual(101);
    expect(new Set(samples.map(({ labels }) => labels["consumer"])).size).toBeLessThanOrEqual(1_001);
    expect(samples.reduce((sum, { value }) => sum + value, 0)).toBe(3 * 90 * 7);
  });

  test.each([
    ["a NUL, and what looks like the next labels", "m\u0000c\u0000true\u0000200\u0000ok"],
    ["a line end", 'm\n# HELP x\nmoongate_requests_total{api="x"} 9'],
    ["quotes", 'm",api="x'],
    ["back-slashes", "m\\"],
    ["a carriage return", "m\r"],
  ])("no name can make up labels or lines: %s", (_, model) => {
    const counts = new RequestCounts();
    counts.add(recordOf({ model, consumer: "real", status: 502 }));
    const text = metricsOf(counts);
    expect(text.split("\n").filter((line) => line !== "" && !line.startsWith("#"))).toHaveLength(2);
    const [sample] = requests(text);
    expect(Object.keys(sample?.labels ?? {})).toEqual(inOrder);
    expect(sample).toMatchObject({ labels: { api: "a", consumer: "real", status: "502" }, value: 1 });
  });
});

describe("RequestTotals", () => {
  test("adds up what several workers count, report after report", () => {
    const totals = new RequestTotals();
    const workers = [new RequestCounts(), new RequestCounts()];
    for (let report = 0; report < 4; report += 1) {
      for (const worker of workers) {
        worker.add(recordOf({}));
        worker.add(recordOf({ status: 500 }));
        totals.add(worker.take());
      }
    }
    expect(requests(totals.text(0)).map(({ labels, value }) => [labels["status"], value])).toEqual([
      ["200", 8],
      ["500", 8],
    ]);
  });

  test("is a whole text in Prometheus' format", () => {
    const counts = new RequestCounts();
    counts.add(recordOf({ model: 'a"b\\c\nd', consumer: "c" }));
    const totals = new RequestTotals();
    totals.add(counts.take());
    expect(totals.text(3)).toBe(
      [
        "# HELP moongate_requests_total Exchanges that have ended.",
        "# TYPE moongate_requests_total counter",
        String.raw`moongate_requests_total{api="a",route="r",service="s",model="a\"b\\c\nd",consumer="c",stream="false",status="200",outcome="ok"} 1`,
        "# HELP moongate_inflight_requests Exchanges that run now.",
        "# TYPE moongate_inflight_requests gauge",
        "moongate_inflight_requests 3",
        "",
      ].join("\n"),
    );
  });

  test("names its metrics before anything was counted", () => {
    const text = new RequestTotals().text(0);
    expect(text).toContain("# TYPE moongate_requests_total counter");
    expect(samplesOf(text, "moongate_inflight_requests")).toEqual([{ labels: {}, value: 0 }]);
  });
});
