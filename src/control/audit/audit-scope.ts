// What is known of the request that something happens for, from the frame of the admin API down to the commit that it may
// lead to: an entry of the audit log is one for both. Carried by the call itself, so that no function in between can
// forget it. Knows no request and no store.
import { AsyncLocalStorage } from "node:async_hooks";
import type { AuditFacts, AuditMethod } from "./audit-entry.ts";

/** Filled while a request is handled. */
export interface AuditScope {
  actor: string;
  method: AuditMethod;
  readonly ip: string;
  readonly requestId: string;
  action: string;
  readonly operation: string;
  kind: string | null;
  name: string | null;
  /** The code of a refusal that is no error, as for a browser that is sent elsewhere. */
  refusal: string | null;
  /** Whether the entry stands in the log already. */
  isWritten: boolean;
}

const storage = new AsyncLocalStorage<AuditScope>();

export function runInAuditScope<Result>(scope: AuditScope, run: () => Result): Result {
  return storage.run(scope, run);
}

/** Undefined for what no request has asked for, such as an edit of the started file. */
export function currentAuditScope(): AuditScope | undefined {
  return storage.getStore();
}

/** Tells who it is that a request with an open door is from, or what it is about; a word of it may be missing. */
export function tellAudit(words: Partial<Pick<AuditScope, "actor" | "method" | "kind" | "name">>): void {
  const scope = storage.getStore();
  if (scope !== undefined) Object.assign(scope, words);
}

/** Tells that a request is refused although its answer is no error. */
export function refuseAudit(code: string): void {
  const scope = storage.getStore();
  if (scope === undefined) return;
  scope.refusal = code;
  if (scope.action === "sign-in") scope.action = "sign-in-failed";
}

/** The part of an entry that the scope knows. */
export function factsOfScope(
  scope: AuditScope,
  outcome: Pick<AuditFacts, "result" | "code" | "objects" | "moreObjects">,
): AuditFacts {
  const { actor, method, ip, requestId, action, operation, kind, name } = scope;
  return { actor, method, ip, requestId, action, operation, kind, name, ...outcome };
}
