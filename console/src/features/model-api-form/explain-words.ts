// The gateway's reasons as texts of the console, where it has one; others stay in the gateway's words.

export type Reason =
  | { readonly key: "onlyTarget" | "anyone" | "defaultNoRule" | "defaultNoModel" | "probe" }
  | { readonly key: "weight"; readonly values: { readonly weight: string; readonly total: string } }
  | { readonly key: "rule"; readonly values: { readonly pattern: string } }
  | { readonly key: "consumer"; readonly values: { readonly consumer: string; readonly credential: string } };

const fixed: Readonly<Record<string, "onlyTarget" | "anyone" | "defaultNoRule" | "defaultNoModel">> = {
  "the only target": "onlyTarget",
  "anyone may call": "anyone",
  "no rule fits: the default target": "defaultNoRule",
  "no model is named: the default target": "defaultNoModel",
};

/** What the gateway's words say; undefined for words without a text of our own. */
export function reasonOf(text: string): Reason | undefined {
  const key = fixed[text];
  if (key !== undefined) return { key };
  const weight = /^weight (\d+) of (\d+)$/u.exec(text);
  if (weight !== null) return { key: "weight", values: { weight: weight[1] ?? "", total: weight[2] ?? "" } };
  const rule = /^rule (".*") fits$/u.exec(text);
  if (rule !== null) return { key: "rule", values: { pattern: rule[1] ?? "" } };
  const consumer = /^consumer "(.*)" by its credential "(.*)"$/u.exec(text);
  if (consumer !== null)
    return { key: "consumer", values: { consumer: consumer[1] ?? "", credential: consumer[2] ?? "" } };
  return text.startsWith("probe of ") ? { key: "probe" } : undefined;
}
