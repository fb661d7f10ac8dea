// Words for what an entry holds, and its changes as lines. Pure.
import type { AuditChange, AuditMethod } from "../../../../src/control/audit/audit-entry.ts";
import type { Kind } from "../../../../src/resources/kinds.ts";
import type { PlainKey } from "../../i18n/messages.ts";
import type { auditMessages } from "./audit-messages.ts";

type Word = PlainKey<typeof auditMessages>;

/** Action of an entry -> its word, in the order of the filter. */
export const actionWords: Readonly<Record<string, Word>> = {
  create: "aCreate",
  update: "aUpdate",
  delete: "aDelete",
  "issue-key": "aIssueKey",
  rotate: "aRotate",
  revoke: "aRevoke",
  apply: "aApply",
  plan: "aPlan",
  rollback: "aRollback",
  export: "aExport",
  reset: "aReset",
  purge: "aPurge",
  test: "aTest",
  debug: "aDebug",
  judge: "aJudge",
  cancel: "aCancel",
  feedback: "aFeedback",
  "sign-in": "aSignIn",
  "sign-in-failed": "aSignInFailed",
  "sign-out": "aSignOut",
  "end-session": "aEndSession",
  "set-up": "aSetUp",
  "change-password": "aChangePassword",
  denied: "aDenied",
};

export const methodWords: Readonly<Record<AuditMethod, Word>> = {
  session: "mSession",
  password: "mPassword",
  oidc: "mOidc",
  "set-up-link": "mSetUp",
  token: "mToken",
  environment: "mEnvironment",
  file: "mFile",
  program: "mProgram",
  none: "mNone",
};

export const faultWords: Readonly<Record<string, Word>> = {
  changed: "changed",
  missing: "missing",
  truncated: "truncated",
  "not-ours": "notOurs",
  "end-changed": "endChanged",
  "went-back": "wentBack",
};

/** Kinds in the order of the filter, with the name of their word among the settings' texts. */
export const kindWords = {
  "model-apis": "kindApis",
  services: "kindServices",
  domains: "kindDomains",
  consumers: "kindConsumers",
  "consumer-groups": "kindConsumerGroups",
  "resource-groups": "kindGroups",
  users: "kindUsers",
  tokens: "kindTokens",
  alerts: "kindAlerts",
  sinks: "kindSinks",
  instances: "kindInstances",
} as const satisfies Readonly<Record<Kind, string>>;

export function isKind(text: string | null): text is Kind {
  return text !== null && Object.hasOwn(kindWords, text);
}

export interface DiffLine {
  readonly sign: "+" | "-";
  readonly text: string;
}

interface SecretWords {
  readonly secret: string;
  readonly otherSecret: string;
}

/** What went and what came, a line each. */
export function changeLines(changes: readonly AuditChange[], words: SecretWords): DiffLine[] {
  return changes.flatMap(({ path, before, after }) => {
    const line = (sign: DiffLine["sign"], value: unknown): DiffLine[] => {
      if (value === undefined) return [];
      const text = valueText(value, words);
      return [{ sign, text: path === "" ? text : `${path}: ${text}` }];
    };
    return [...line("-", before), ...line("+", after)];
  });
}

function valueText(value: unknown, { secret, otherSecret }: SecretWords): string {
  if (typeof value === "object" && value !== null && "set" in value && value.set === true)
    return `(${"changed" in value && value.changed === true ? otherSecret : secret})`;
  return typeof value === "string" ? value : JSON.stringify(value);
}
