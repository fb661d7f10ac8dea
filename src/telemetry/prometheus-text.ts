// Metrics -> Prometheus' text exposition format, version 0.0.4. Pure: knows no record.

export type Labels = readonly (readonly [name: string, value: string])[];

/** How many measurements were at most each bound, and beyond the last one, each counted once. */
export interface Distribution {
  /** One more than there are bounds. */
  readonly counts: readonly number[];
  readonly sum: number;
}

export type MetricFamily = { readonly name: string; readonly help: string } & (
  | {
      readonly type: "counter" | "gauge";
      readonly samples: readonly { readonly labels: Labels; readonly value: number }[];
    }
  | {
      readonly type: "histogram";
      /** Upper bounds, ascending. */
      readonly bounds: readonly number[];
      readonly samples: readonly { readonly labels: Labels; readonly value: Distribution }[];
    }
);

export function prometheusText(families: readonly MetricFamily[]): string {
  return families.map((family) => `${headOf(family)}${linesOf(family).join("")}`).join("");
}

function headOf({ name, help, type }: MetricFamily): string {
  return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`;
}

function linesOf(family: MetricFamily): string[] {
  const { name } = family;
  if (family.type !== "histogram")
    return family.samples.map(({ labels, value }) => line(name, labels, value));
  return family.samples.flatMap(({ labels, value: { counts, sum } }) => {
    let count = 0;
    const buckets = counts.map((own, index) => {
      count += own;
      const bound = family.bounds[index];
      return line(`${name}_bucket`, [...labels, ["le", bound === undefined ? "+Inf" : String(bound)]], count);
    });
    return [...buckets, line(`${name}_sum`, labels, sum), line(`${name}_count`, labels, count)];
  });
}

function line(name: string, labels: Labels, value: number): string {
  const pairs = labels.map(([label, text]) => `${label}="${escapeLabel(text)}"`);
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}\n`;
}

function escapeLabel(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function escapeHelp(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
