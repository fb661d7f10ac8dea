// The entry of a commit, whoever asked for it: a request of the admin API, the started file, or the program itself. Knows
// no store; the commit takes the entry with it.
import type { PlannedChange } from "../edit.ts";
import type { Candidate } from "../prepare-edits.ts";
import type { WorkingSet } from "../working-set.ts";
import { auditedChanges } from "./audit-changes.ts";
import type { AuditFacts } from "./audit-entry.ts";
import { currentAuditScope, factsOfScope } from "./audit-scope.ts";

/** @param by what the history says of it */
export function factsOfCommit(working: WorkingSet, candidate: Candidate, by: string): AuditFacts {
  const outcome = { result: "ok", code: null, ...auditedChanges(working, candidate) } as const;
  const scope = currentAuditScope();
  const [only, ...others] = candidate.changes;
  const single = only !== undefined && others.length === 0 ? only : undefined;
  if (scope === undefined) return { ...factsOfProgram(by, single), ...outcome };
  const facts = factsOfScope(scope, outcome);
  return {
    ...facts,
    ...(scope.refusal === null ? {} : { result: "refused", code: scope.refusal }),
    // A door that is open to everybody has just made who came through somebody.
    actor: scope.actor === "anonymous" ? by : scope.actor,
    kind: scope.kind ?? single?.kind ?? null,
    name: scope.name ?? single?.name ?? null,
  };
}

/** After the commit: the request leaves no second entry. */
export function commitIsWritten(): void {
  const scope = currentAuditScope();
  if (scope !== undefined) scope.isWritten = true;
}

/** The started file when it was refused. */
export function factsOfRefusedFile(by: string): AuditFacts {
  const facts = factsOfProgram(by, undefined);
  return { ...facts, result: "refused", code: "invalid", objects: [], moreObjects: 0 };
}

function factsOfProgram(
  by: string,
  single: PlannedChange | undefined,
): Omit<AuditFacts, "result" | "code" | "objects" | "moreObjects"> {
  return {
    actor: by,
    method: by.startsWith("file:") ? "file" : by === "environment" ? "environment" : "program",
    ip: "",
    requestId: "",
    action: "apply",
    operation: null,
    kind: single?.kind ?? null,
    name: single?.name ?? null,
  };
}
