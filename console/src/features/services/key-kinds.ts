// The kinds of keys that a provider takes, and what is wrong with one as it is typed. Pure.
import type { Provider } from "../../../../src/control/routes/console-answers.ts";

/** `access`: an access key of AWS, which signs; `account`: the JSON key of a service account of Google. */
export type KeyKind = "plain" | "access" | "account";

export interface AccessFields {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary keys. */
  readonly sessionToken: string;
}

export const noAccess: AccessFields = { accessKeyId: "", secretAccessKey: "", sessionToken: "" };

/** Kinds of keys that a provider takes, the usual one first. */
export function keyKindsOf(provider: Provider | undefined): readonly [KeyKind, ...KeyKind[]] {
  switch (provider?.auth.kind) {
    case "aws":
      return ["access", "plain"];
    case "google":
      return ["account", "plain"];
    default:
      return ["plain"];
  }
}

/** The access key id of a stored key, which is no secret; null for any other key. */
export function storedAccessKeyId(stored: unknown): string | null {
  if (typeof stored !== "object" || stored === null || !("accessKeyId" in stored)) return null;
  return typeof stored.accessKeyId === "string" ? stored.accessKeyId : null;
}

export type AccountProblem = "accountJson" | "accountKind" | "accountEmail" | "accountKey";

export type AccountReading =
  | { readonly problem: AccountProblem }
  /** What the key says of itself, none of it secret. */
  | { readonly problem: null; readonly email: string; readonly project: string };

/** What a text that should be the key of a service account is. */
export function readAccount(text: string): AccountReading {
  const json = parsed(text);
  if (json === undefined) return { problem: "accountJson" };
  const field = (name: string): string => {
    const value = json.get(name);
    return typeof value === "string" ? value : "";
  };
  if (json.has("type") && field("type") !== "service_account") return { problem: "accountKind" };
  const email = field("client_email");
  if (email === "") return { problem: "accountEmail" };
  if (!field("private_key").includes("PRIVATE KEY-----")) return { problem: "accountKey" };
  return { problem: null, email, project: field("project_id") };
}

/** The fields of an object as JSON; undefined for anything else. */
function parsed(text: string): ReadonlyMap<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? new Map<string, unknown>(Object.entries(value))
      : undefined;
  } catch {
    return undefined;
  }
}
