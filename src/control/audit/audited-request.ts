// The one place that leaves an entry for a request of the admin API: around every handler, so that none can forget it.
// A commit that a handler makes brings the entry itself, in the same transaction. Knows no handler.
import { ControlError } from "../control-error.ts";
import type { Operation } from "../operation.ts";
import type { AuditMethod } from "./audit-entry.ts";
import type { AuditLog } from "./audit-log.ts";
import { auditAction, auditKind, isAudited } from "./audited-operations.ts";
import { factsOfScope, runInAuditScope } from "./audit-scope.ts";
import type { AuditScope } from "./audit-scope.ts";

/** What the frame knows of a request before anybody is asked who it is from. */
export interface RequestFacts {
  readonly operation: Operation;
  readonly requestId: string;
  readonly ip: string;
  /** The path parameter `name`. */
  readonly name: string | null;
  /** Whether it came with a bearer token. */
  readonly hasToken: boolean;
}

export interface AuditedRequests {
  /**
   * Runs a handler. Where the entry cannot be written, what was done is not answered.
   * @param handle is given what to call with the principal once he is known
   */
  run(
    facts: RequestFacts,
    handle: (known: (principal: string) => void) => Promise<Response>,
  ): Promise<Response>;
}

/** Signing in and out goes on when the disk is full: somebody must be able to come and look. */
const goOnUnwritten: ReadonlySet<string> = new Set(["openSession", "closeSession", "finishOidc"]);

/** @param report told of an entry that could not be written, where the answer goes out all the same */
export function createAuditedRequests(
  log: AuditLog,
  report: (error: unknown, requestId: string) => void,
): AuditedRequests {
  const note = async (scope: AuditScope, code: string | null): Promise<void> => {
    if (scope.isWritten) return;
    const result = code === null ? "ok" : "refused";
    await log.append(factsOfScope(scope, { result, code, objects: [], moreObjects: 0 }));
  };

  return {
    run: async (facts, handle) => {
      const { operation, hasToken } = facts;
      const scope = scopeOf(facts);
      const known = (principal: string): void => {
        scope.actor = principal;
        scope.method = methodOf(principal);
      };
      const isWanted = isAudited(operation);
      let answer: Response;
      try {
        answer = await (isWanted ? runInAuditScope(scope, () => handle(known)) : handle(known));
      } catch (error) {
        const code = error instanceof ControlError ? error.code : "internal_error";
        const isDenied =
          code === "forbidden" || code === "csrf_refused" || (code === "unauthorized" && hasToken);
        if (!isWanted && !isDenied) throw error;
        if (isWanted && scope.actor === "anonymous" && operation.access !== "open" && !isDenied) throw error;
        if (scope.action === "sign-in") scope.action = "sign-in-failed";
        else if (isDenied && operation.access !== "open") scope.action = "denied";
        // The refusal itself is the answer, whether it could be written down or not.
        await note(scope, code).catch((failure: unknown) => report(failure, scope.requestId));
        throw error;
      }
      if (!isWanted) return answer;
      try {
        await note(scope, scope.refusal);
      } catch (error) {
        if (!goOnUnwritten.has(operation.id)) {
          await answer.body?.cancel();
          throw error;
        }
        report(error, scope.requestId);
      }
      return answer;
    },
  };
}

function scopeOf({ operation, requestId, ip, name }: RequestFacts): AuditScope {
  return {
    actor: "anonymous",
    method: "none",
    ip,
    requestId,
    action: auditAction(operation),
    operation: operation.id,
    kind: auditKind(operation.path),
    name,
    refusal: null,
    isWritten: false,
  };
}

function methodOf(principal: string): AuditMethod {
  if (principal.startsWith("user:")) return "session";
  if (principal === "anonymous") return "none";
  return principal === "environment" ? "environment" : "token";
}
