// What must hold for the configuration as a whole after a change. Pure; knows no store.
import { compile } from "../snapshot/compile.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { checkReferences } from "../resources/check-references.ts";
import type { Kind } from "../resources/kinds.ts";
import { referencesOf } from "../resources/references.ts";
import { resourcesOf } from "../resources/resource-set.ts";
import type { AnyParsedResource, Diagnostic } from "../resources/resource-set.ts";
import { ControlError } from "./control-error.ts";
import type { Candidate } from "./prepare-edits.ts";
import { objectLabel } from "./prepare-edits.ts";
import { diagnosticText, seenIn, withoutUnseen } from "./diagnostic-texts.ts";
import type { IsSeen, Sees } from "./diagnostic-texts.ts";
import type { WorkingSet } from "./working-set.ts";

const shownUsers = 20;

/** Fields whose faults mean that another object holds the place already: `conflict`, not `invalid`. */
const clashPaths: Readonly<Partial<Record<Kind, RegExp>>> = {
  "model-apis": /^basePath$/u,
  consumers: /^credentials\[\d+\]\.(?:value|previous\.value|accessKey|claimValue)$/u,
  users: /^oidc\.subject$/u,
};

/** The outcome of all checks: what the data planes will run on, and what its author should know. */
export interface CheckedCandidate {
  readonly snapshot: Snapshot;
  /** About the objects that were written, and those that use them. */
  readonly warnings: readonly string[];
}

/**
 * Checks the set that a change would leave and compiles it.
 * @param sees what its author may see; the rest is not named
 * @throws ControlError `in_use`, `conflict` or `invalid`
 */
export function checkCandidate(
  next: WorkingSet,
  candidate: Pick<Candidate, "written" | "removed">,
  sees: Sees = () => true,
): CheckedCandidate {
  const isSeen = seenIn(next.resources, sees);
  refuseDeletesInUse(next, candidate, isSeen);
  const faults = checkReferences(next.resources);
  refuseErrors(faults, isSeen);
  const instance = next.resources.instances.keys().next().value ?? "default";
  const { snapshot, diagnostics } = compile({ revision: next.revision, instance, resources: next.resources });
  refuseErrors(diagnostics, isSeen);
  if (next.resources.instances.size > 1) {
    throw new ControlError("conflict", `This gateway has one instance, and it is called "${instance}".`);
  }
  const changed = new Set(candidate.written.map(keyOf));
  const warnings = [...faults, ...diagnostics]
    .filter((row) => isSeen(row) && concerns(row, changed, next))
    .map((row) => diagnosticText(withoutUnseen(row, isSeen)));
  return { snapshot, warnings };
}

/** Whether a diagnostic is about a changed object, or about one that uses a changed object. */
function concerns(row: Diagnostic, changed: ReadonlySet<string>, next: WorkingSet): boolean {
  if (changed.has(keyOf(row))) return true;
  const resource = next.resources[row.kind].get(row.name);
  const references = resource === undefined ? [] : referencesOf(resource);
  return [...references].some((reference) => changed.has(keyOf(reference)));
}

/** One walk over the set, however many objects go. */
function refuseDeletesInUse(next: WorkingSet, { removed }: Pick<Candidate, "removed">, isSeen: IsSeen) {
  const gone = new Set(removed.filter(({ kind, name }) => !next.resources[kind].has(name)).map(keyOf));
  if (gone.size === 0) return;
  const users: {
    readonly user: AnyParsedResource;
    readonly used: { readonly kind: Kind; readonly name: string };
  }[] = [];
  for (const user of resourcesOf(next.resources)) {
    const used = [...referencesOf(user)].find((reference) => gone.has(keyOf(reference)));
    if (used !== undefined) users.push({ user, used });
  }
  const first = users[0];
  if (first === undefined) return;
  const ofFirst = users.filter((row) => keyOf(row.used) === keyOf(first.used));
  const labels = labelsOf(
    ofFirst.map((row) => row.user),
    isSeen,
  );
  const more = labels.length > shownUsers ? ` and ${labels.length - shownUsers} more` : "";
  throw new ControlError(
    "in_use",
    `${objectLabel(first.used.kind, first.used.name)} is used by ${labels.slice(0, shownUsers).join(", ")}${more}.`,
    users
      .filter((row) => isSeen(row.user))
      .slice(0, 100)
      .map((row) => ({ path: keyOf(row.user), message: `uses ${keyOf(row.used)}` })),
  );
}

/** Those that may be seen by name, the others by their number. */
function labelsOf(users: readonly AnyParsedResource[], isSeen: IsSeen): string[] {
  const seen = users.filter(isSeen).map(({ kind, name }) => objectLabel(kind, name));
  const unseen = users.length - seen.length;
  return unseen === 0
    ? seen
    : [...seen, `${unseen === 1 ? "an object" : `${unseen} objects`} you may not see`];
}

function keyOf({ kind, name }: { readonly kind: Kind; readonly name: string }): string {
  return `${kind}/${name}`;
}

function refuseErrors(diagnostics: readonly Diagnostic[], isSeen: IsSeen) {
  const found = diagnostics.filter((row) => row.severity === "error");
  const errors = found.map((row) => withoutUnseen(row, isSeen));
  const first = errors[0];
  if (first === undefined) return;
  throw new ControlError(
    found[0] !== undefined && clashPaths[found[0].kind]?.test(found[0].path) === true
      ? "conflict"
      : "invalid",
    diagnosticText(first),
    errors.slice(0, 100).map(({ kind, name, path, message, other }) => ({
      path: name === "" ? path : `${kind}/${name}: ${path}`,
      message,
      ...(other === undefined ? {} : { other }),
    })),
  );
}
