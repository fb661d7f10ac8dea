// The gateway's reasons as texts of the console, where it has one; others stay in the gateway's words.

export type Reason =
  | { readonly key: PlainReason }
  | { readonly key: "noKey"; readonly values: { readonly places: string } }
  | { readonly key: "noGrant"; readonly values: { readonly consumer: string } }
  | { readonly key: "weight"; readonly values: { readonly weight: string; readonly total: string } }
  | { readonly key: "rule"; readonly values: { readonly pattern: string } }
  | { readonly key: "consumer"; readonly values: { readonly consumer: string; readonly credential: string } };

type PlainReason =
  | "onlyTarget"
  | "anyone"
  | "defaultNoRule"
  | "defaultNoModel"
  | "probe"
  | "unknownKey"
  | "retried"
  | "failedBefore"
  | "keysRefused"
  | "keysRest"
  | "notUsable"
  | "foreignRoute"
  | "noWeight";

const fixed: Readonly<Record<string, PlainReason>> = {
  "the only target": "onlyTarget",
  "anyone may call": "anyone",
  "no rule fits: the default target": "defaultNoRule",
  "no model is named: the default target": "defaultNoModel",
  "the API key is that of no enabled consumer": "unknownKey",
  "was ejected, this request tries it again": "retried",
  "ejected after failures": "failedBefore",
  "every API key was refused": "keysRefused",
  "every API key rests after a rate limit": "keysRest",
  "disabled or without an enabled API key": "notUsable",
  "does not speak the protocol of the route": "foreignRoute",
  "weight 0": "noWeight",
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
  const noKey = /^no API key in (.+)$/u.exec(text);
  if (noKey !== null) return { key: "noKey", values: { places: noKey[1] ?? "" } };
  const noGrant = /^consumer "(.*)" has no grant for this Model API$/u.exec(text);
  if (noGrant !== null) return { key: "noGrant", values: { consumer: noGrant[1] ?? "" } };
  return text.startsWith("probe of ") ? { key: "probe" } : undefined;
}
