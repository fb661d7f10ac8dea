// Reads Prometheus' text exposition format 0.0.4 as strictly as its description: any byte out of place throws.
export interface PrometheusSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface PrometheusFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: readonly PrometheusSample[];
}

const metricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/u;
const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/u;
const number = /^(?:[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?Inf|NaN)$/u;
const suffixes: Readonly<Record<string, readonly string[]>> = {
  counter: [""],
  gauge: [""],
  histogram: ["_bucket", "_sum", "_count"],
};

export function parsePrometheus(text: string): ReadonlyMap<string, PrometheusFamily> {
  if (!text.endsWith("\n")) throw new Error("the last line does not end");
  const families = new Map<string, PrometheusFamily & { readonly samples: PrometheusSample[] }>();
  const lines = text.slice(0, -1).split("\n");
  let open: (PrometheusFamily & { readonly samples: PrometheusSample[] }) | undefined;
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    if (line.startsWith("# HELP ")) {
      open = head(line, lines[index + 1] ?? "");
      if (families.has(open.name)) throw new Error(`${open.name} stands twice`);
      families.set(open.name, open);
      index += 1;
      continue;
    }
    const sample = parseSample(line);
    if (open === undefined) throw new Error(`${line} has no family`);
    const { name, type, samples } = open;
    if (!suffixes[type]?.some((suffix) => sample.name === name + suffix))
      throw new Error(`${sample.name} is none of ${name}`);
    samples.push(sample);
  }
  for (const family of families.values()) checkFamily(family);
  return families;
}

function head(helpLine: string, typeLine: string) {
  const [, name = "", help = ""] = /^# HELP (\S+) (.*)$/u.exec(helpLine) ?? [];
  if (!metricName.test(name)) throw new Error(`bad name in ${helpLine}`);
  if (help === "") throw new Error(`${name} has no help`);
  if (/\\(?![\\n])/u.test(help)) throw new Error(`bad escape in ${helpLine}`);
  const [, typed = "", type = ""] = /^# TYPE (\S+) (\S+)$/u.exec(typeLine) ?? [];
  if (typed !== name || suffixes[type] === undefined) throw new Error(`${name} is followed by ${typeLine}`);
  return { name, help, type, samples: [] as PrometheusSample[] };
}

function parseSample(line: string): PrometheusSample {
  const [name = ""] = /^[^\s{]*/u.exec(line) ?? [];
  if (!metricName.test(name)) throw new Error(`bad name in ${line}`);
  let at = name.length;
  const labels: Record<string, string> = {};
  if (line[at] === "{") {
    at += 1;
    while (line[at] !== "}") {
      const [pair = "", label = "", raw = ""] =
        /^([a-zA-Z0-9_]+)="((?:[^"\\]|\\[\\"n])*)",?/u.exec(line.slice(at)) ?? [];
      if (pair === "" || !labelName.test(label)) throw new Error(`bad label in ${line}`);
      if (label in labels) throw new Error(`${label} stands twice in ${line}`);
      labels[label] = raw.replaceAll(/\\(.)/gu, (_whole, escaped: string) =>
        escaped === "n" ? "\n" : escaped,
      );
      at += pair.length;
    }
    at += 1;
  }
  const value = line.slice(at);
  if (!value.startsWith(" ") || !number.test(value.slice(1))) throw new Error(`bad value in ${line}`);
  return { name, labels, value: Number(value.slice(1).replace("Inf", "Infinity")) };
}

function checkFamily({ name, type, samples }: PrometheusFamily): void {
  const seen = new Set(samples.map((sample) => sample.name + keyOf(sample.labels)));
  if (seen.size !== samples.length) throw new Error(`${name} has the same sample twice`);
  if (type === "counter" && samples.some(({ value }) => !(value >= 0)))
    throw new Error(`${name} is negative`);
  if (type !== "histogram") return;
  const groups = new Map<string, PrometheusSample[]>();
  for (const sample of samples) {
    const { le: _le, ...labels } = sample.labels;
    const group = keyOf(labels);
    groups.set(group, [...(groups.get(group) ?? []), sample]);
  }
  for (const group of groups.values()) checkHistogram(name, group);
}

function checkHistogram(name: string, samples: readonly PrometheusSample[]): void {
  const buckets = samples.filter((sample) => sample.name.endsWith("_bucket"));
  const bounds = buckets.map(({ labels }) => Number((labels["le"] ?? "").replace("+Inf", "Infinity")));
  if (bounds.some((bound, index) => !(bound > (bounds[index - 1] ?? -Infinity))))
    throw new Error(`${name}: bounds do not ascend`);
  if (bounds.at(-1) !== Infinity) throw new Error(`${name}: no bucket holds all`);
  if (buckets.some(({ value }, index) => value < (buckets[index - 1]?.value ?? 0)))
    throw new Error(`${name}: buckets do not add up`);
  const count = samples.filter((sample) => sample.name === `${name}_count`);
  const sum = samples.filter((sample) => sample.name === `${name}_sum`);
  if (count.length !== 1 || sum.length !== 1) throw new Error(`${name}: count and sum stand once each`);
  if (count[0]?.value !== buckets.at(-1)?.value) throw new Error(`${name}: +Inf is not the count`);
}

/** The same for the same labels, whatever their order. */
function keyOf(labels: Readonly<Record<string, string>>): string {
  return Object.keys(labels)
    .toSorted()
    .map((label) => JSON.stringify([label, labels[label]]))
    .join("");
}
