// Says what of a request's content would be checked, and how strictly. Judges nothing: that asks others and costs.
import type { SnapshotApi } from "../../snapshot/snapshot.ts";
import type { PolicyVerdict } from "./explain-authentication.ts";

const name = "moderation";

/** Empty where no content is checked. */
export function explainModeration({ moderation }: SnapshotApi): PolicyVerdict[] {
  if (moderation === undefined) return [];
  const { request, response, checks, rules, dryRun } = moderation;
  const what = [...(request ? ["requests"] : []), ...(response ? ["answers"] : [])].join(" and ");
  const names = checks.map((check) => check.name).join(", ");
  const strictness = rules.length === 0 ? "level low for everyone" : `${rules.length} rules say how strictly`;
  const only = dryRun ? "; what is found is only recorded" : "";
  const reason = `${what} are checked by ${names}; ${strictness}${only}. No content is judged here: moderation/test does.`;
  return [{ name, verdict: "passed", reason }];
}
