// An entry of the audit log: who did what to which objects, from where, and what came of it. Data only; never a secret.

/** One field that differs. Absent `before` or `after` = it was not there. */
export interface AuditChange {
  /** Such as `roles[0].role` or `apiKeys[main].value`; empty for an object without any field. */
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

export interface AuditObject {
  readonly action: "create" | "update" | "delete";
  readonly kind: string;
  readonly name: string;
  readonly resourceGroup: string | null;
  readonly changes: readonly AuditChange[];
  /** Fields that differ and are not listed. */
  readonly moreChanges: number;
}

/** What an entry says apart from its place in the log. */
export interface AuditFacts {
  /** `user:ada`, `token:ci`, `environment`, `bootstrap`, `file:gateway.yaml`, or `anonymous`. */
  readonly actor: string;
  /** How he proved who he is. */
  readonly method: AuditMethod;
  /** The client's side of the connection; empty where there is none. */
  readonly ip: string;
  readonly requestId: string;
  readonly action: string;
  /** What was asked for, as the description of the admin API names it; null for what nobody asked over it. */
  readonly operation: string | null;
  /** What it was about; null for several objects, or for none. */
  readonly kind: string | null;
  readonly name: string | null;
  readonly result: "ok" | "refused";
  /** The code of the refusal. */
  readonly code: string | null;
  readonly objects: readonly AuditObject[];
  /** Objects that changed and are not listed. */
  readonly moreObjects: number;
}

export const auditMethods = [
  "session",
  "password",
  "oidc",
  "set-up-link",
  "token",
  "environment",
  "file",
  "program",
  "none",
] as const;
export type AuditMethod = (typeof auditMethods)[number];

export interface AuditEntry extends AuditFacts {
  readonly number: number;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** Of the configuration, where it changed. */
  readonly revision: number | null;
  /** Refusals before this entry that were too many to be written. */
  readonly skipped: number;
}
