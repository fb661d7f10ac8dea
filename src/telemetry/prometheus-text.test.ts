import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parsePrometheus } from "../../test/support/prometheus-parser.ts";
import { prometheusText, type MetricFamily } from "./prometheus-text.ts";

const counter = (labels: readonly (readonly [string, string])[], value: number): MetricFamily => ({
  name: "requests_total",
  help: "Requests.",
  type: "counter",
  samples: [{ labels, value }],
});

describe("text", () => {
  test("a counter, a gauge without labels, a histogram", () => {
    const text = prometheusText([
      counter(
        [
          ["api", "a"],
          ["status", "200"],
        ],
        3,
      ),
      { name: "running", help: "What runs.", type: "gauge", samples: [{ labels: [], value: 0.5 }] },
      {
        name: "seconds",
        help: "How long.",
        type: "histogram",
        bounds: [0.1, 1],
        samples: [{ labels: [["api", "a"]], value: { counts: [2, 0, 1], sum: 7.25 } }],
      },
    ]);
    expect(text).toBe(`# HELP requests_total Requests.
# TYPE requests_total counter
requests_total{api="a",status="200"} 3
# HELP running What runs.
# TYPE running gauge
running 0.5
# HELP seconds How long.
# TYPE seconds histogram
seconds_bucket{api="a",le="0.1"} 2
seconds_bucket{api="a",le="1"} 2
seconds_bucket{api="a",le="+Inf"} 3
seconds_sum{api="a"} 7.25
seconds_count{api="a"} 3
`);
  });

  test("whatever a label holds is read back as it was", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.constantFrom("", '"', "\\", "\n", '\\n"}'),
        (text, special) => {
          const told = parsePrometheus(prometheusText([counter([["api", text + special]], 1)]));
          expect(told.get("requests_total")?.samples[0]?.labels).toEqual({ api: text + special });
        },
      ),
    );
  });
});

describe("the parser of these tests refuses", () => {
  const good = prometheusText([
    {
      name: "seconds",
      help: "How long.",
      type: "histogram",
      bounds: [0.1, 1],
      samples: [{ labels: [["api", "a"]], value: { counts: [2, 0, 1], sum: 7.25 } }],
    },
  ]);

  test.each<[string, string, string]>([
    ["a family without a type", "# TYPE seconds histogram\n", ""],
    ["a sample of another family", "seconds_sum", "minutes_sum"],
    ["buckets that fall", 'le="1"} 2', 'le="1"} 1'],
    ["a count that is not all", 'seconds_count{api="a"} 3', 'seconds_count{api="a"} 2'],
    ["no bucket for all", "+Inf", "2"],
    ["a quote in a label", 'api="a"', 'api="a"b"'],
    ["an end in the middle of a line", "} 3\n", "} 3"],
    ["a value that is no number", "7.25", "7,25"],
  ])("%s", (_name, from, to) => {
    expect(() => parsePrometheus(good)).not.toThrow();
    const at = good.lastIndexOf(from);
    const bad = good.slice(0, at) + to + good.slice(at + from.length);
    expect(() => parsePrometheus(bad)).toThrow();
  });
});
