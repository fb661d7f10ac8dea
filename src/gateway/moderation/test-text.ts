// Judges one text by a policy, for whoever tries the policy out. Records nothing and sends nothing but what checks ask.
import type { ModerationFinding } from "../../core/exchange-record.ts";
import { Judge, type JudgeQuestion } from "./judge.ts";
import type { JudgedFind, ModerationPolicy } from "./policy.ts";
import { addMask, type MaskedRange } from "./text-window.ts";

export interface TestedFind extends Pick<JudgedFind, "check" | "dimension" | "risk" | "label"> {
  readonly action: ModerationFinding["action"];
  /** Where it stands, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  /** Place of the rule that decided, from 0; null = none fits, which is as strict as `low`. */
  readonly rule: number | null;
}

export interface TestedText {
  readonly verdict: "pass" | "observe" | "mask" | "block";
  readonly findings: readonly TestedFind[];
  /** Checks that gave no answer, and why. */
  readonly errors: readonly { readonly check: string; readonly reason: string }[];
  /** The text as it would go on; null where it would not. */
  readonly masked: string | null;
}

export async function testText(
  policy: ModerationPolicy,
  question: JudgeQuestion,
  { text, left }: { readonly text: string; readonly left: AbortSignal },
): Promise<TestedText> {
  const moderation: ModerationFinding[] = [];
  const judge = new Judge(policy, question, { moderation });
  left.addEventListener("abort", () => judge.abort(), { once: true });
  const isChecked = question.direction === "request" ? policy.request : policy.response;
  const finds = isChecked ? [...judge.local(text), ...(await judge.remote(text))] : [];
  const masks: MaskedRange[] = [];
  for (const find of finds) {
    judge.note(find);
    if (find.action === "mask" && find.end > find.start) addMask(masks, find);
  }
  return {
    verdict: verdictOf(judge, finds),
    findings: finds
      .toSorted((one, other) => one.start - other.start)
      .map(({ check, dimension, risk, label, action, start, end, rule }) => ({
        check,
        dimension,
        risk,
        label,
        action,
        start,
        end,
        rule: rule === -1 ? null : rule,
      })),
    errors: moderation
      .filter(({ action }) => action === "error")
      .map(({ check, label }) => ({ check, reason: label })),
    masked: judge.blocked ? null : maskedText(text, masks),
  };
}

function verdictOf({ blocked }: Judge, finds: readonly JudgedFind[]): TestedText["verdict"] {
  if (blocked) return "block";
  if (finds.some(({ action }) => action === "mask")) return "mask";
  return finds.length > 0 ? "observe" : "pass";
}

function maskedText(text: string, masks: readonly MaskedRange[]): string {
  let masked = "";
  let from = 0;
  for (const { start, end, text: shown } of masks) {
    masked += text.slice(from, start) + shown;
    from = end;
  }
  return masked + text.slice(from);
}
