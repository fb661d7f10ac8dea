// Edits -> what would be stored: conditions checked, secrets merged and sealed, bodies parsed. Pure but for the cipher;
// knows no store and looks at one object at a time.
import { isDeepStrictEqual } from "node:util";
import { fieldPath } from "../resources/document.ts";
import { kindTable } from "../resources/kinds.ts";
import type { Kind } from "../resources/kinds.ts";
import { fixedFields, parseResource } from "../resources/registry.ts";
import type { ResourceValue } from "../resources/registry.ts";
import type { StoredResource } from "../store/store.ts";
import { ControlError } from "./control-error.ts";
import type { ErrorLine } from "./control-error.ts";
import type { Condition, Edit, PlannedChange } from "./edit.ts";
import { contains, isStoredSecret, keepSecrets } from "./kept-secrets.ts";
import {
  collectReferences,
  holdsReference,
  survivingReferences,
  withReferences,
  withoutReferences,
} from "./reference-texts.ts";
import type { PasswordHashes } from "./password-edits.ts";
import type { SecretForms } from "./secret-forms.ts";
import { isBuiltIn } from "./working-set.ts";
import type { WorkingSet } from "./working-set.ts";

/** An object that the edits change, as it will be. */
export interface PreparedWrite {
  readonly kind: Kind;
  readonly name: string;
  readonly body: StoredResource["body"];
  readonly value: ResourceValue[Kind];
  readonly managedBy: "api" | "file";
}

/** All that a list of edits would do; objects that stay as they are do not appear. */
export interface Candidate {
  readonly written: readonly PreparedWrite[];
  readonly removed: readonly { readonly kind: Kind; readonly name: string }[];
  readonly changes: readonly PlannedChange[];
  readonly warnings: readonly string[];
}

const maximumErrorLines = 100;

/** What a reader calls an object: `Model API "chat"`. */
export function objectLabel(kind: Kind, name: string): string {
  return `${kindTable.find((row) => row.kind === kind)?.label ?? kind} "${name}"`;
}

/**
 * Prepares all edits or throws for all faults together.
 * @throws ControlError with the code of the first fault and the details of all
 */
export function prepareEdits(
  working: WorkingSet,
  edits: readonly Edit[],
  forms: SecretForms,
  passwordHashes: PasswordHashes,
): Candidate {
  const written: PreparedWrite[] = [];
  const removed: { kind: Kind; name: string }[] = [];
  const changes: PlannedChange[] = [];
  const warnings: string[] = [];
  const faults: ControlError[] = [];
  const seen = new Set<string>();
  for (const edit of edits) {
    try {
      const { kind, name } = edit;
      const key = `${kind}/${name}`;
      if (seen.has(key)) throw new ControlError("invalid", `${objectLabel(kind, name)} is named twice.`);
      seen.add(key);
      const current = working.stored.get(kind)?.get(name);
      if (edit.action === "delete") {
        prepareDelete(working, edit, current);
        removed.push({ kind, name });
        changes.push({ action: "delete", kind, name });
        continue;
      }
      const write =
        edit.action === "write"
          ? prepareWrite(working, edit, current, { forms, passwordHash: passwordHashes.get(edit) })
          : prepareRestore(edit, forms);
      if (isUnchanged(write, current)) continue;
      if (edit.action !== "restore" || !edit.fromFile) refuseForeignWrite(current, write);
      if (current?.managedBy === "api" && write.managedBy === "file") {
        warnings.push(`${objectLabel(kind, name)} is now managed by the configuration file.`);
      }
      written.push(write);
      changes.push({ action: working.resources[kind].has(name) ? "update" : "create", kind, name });
    } catch (error) {
      if (!(error instanceof ControlError)) throw error;
      faults.push(placed(error, edit));
    }
  }
  throwAll(faults);
  return { written, removed, changes, warnings };
}

function prepareDelete(
  working: WorkingSet,
  edit: Extract<Edit, { action: "delete" }>,
  current: StoredResource | undefined,
) {
  const { kind, name } = edit;
  checkCondition(working, edit);
  if (current?.managedBy === "file" && !edit.byFile) throw managedByFile(kind, name);
  // What the file wrote over a built-in object may go: the built-in one comes back.
  if (isBuiltIn(kind, name) && !edit.byFile)
    throw new ControlError("conflict", `${objectLabel(kind, name)} always exists.`);
}

function prepareRestore(edit: Extract<Edit, { action: "restore" }>, forms: SecretForms): PreparedWrite {
  const { kind, name, stored } = edit;
  const value = parse(kind, forms.open(kind, name, withoutReferences(stored)));
  return { kind, name, body: stored, value, managedBy: "api" };
}

function prepareWrite(
  working: WorkingSet,
  edit: Extract<Edit, { action: "write" }>,
  current: StoredResource | undefined,
  { forms, passwordHash }: { readonly forms: SecretForms; readonly passwordHash: string | undefined },
): PreparedWrite {
  const { kind, name } = edit;
  checkCondition(working, edit);
  if (edit.movesSecrets !== true && contains(edit.body, isStoredSecret))
    throw new ControlError("invalid", "A secret must be sent as a text.");
  if (edit.source === undefined && holdsReference(edit.body)) {
    throw new ControlError(
      "invalid",
      "References such as ${env:NAME} work only in the started file and in config/apply.",
    );
  }
  const stored = current === undefined ? undefined : withoutReferences(current.body);
  const merged = keepSecrets(edit.body, stored, edit.omittedSecrets);
  if (kind === "tokens" && stored !== undefined && !isStoredSecret(merged["value"]))
    throw fixedFault(["value"]);
  // Before parsing, since another value of a fixed field may make other fields wrong and hide the real fault.
  checkFixedFields(working, kind, name, { ...merged, name });
  const parsed = parse(kind, forms.open(kind, name, merged));
  checkFixedFields(
    working,
    kind,
    name,
    Object.fromEntries(fixedFields[kind].map((field) => [field, Reflect.get(parsed, field)])),
  );
  const references =
    edit.source === undefined ? survivingReferences(current?.body, merged) : collectReferences(edit.source);
  const sealed = forms.seal({
    kind,
    name,
    body: { ...merged, name },
    before: stored,
    references,
    passwordHash,
  });
  return {
    kind,
    name,
    body: withReferences(sealed, references),
    value: forms.hash(kind, parsed, passwordHash),
    managedBy: edit.managedBy,
  };
}

function parse(kind: Kind, body: unknown): ResourceValue[Kind] {
  const parsed = parseResource(kind, body);
  if (parsed.ok) return parsed.value;
  const first = parsed.issues[0];
  const message = first === undefined ? undefined : `${first.path} ${first.message}`.trim();
  throw new ControlError("invalid", message, parsed.issues);
}

function checkCondition(
  working: WorkingSet,
  { kind, name, condition }: { kind: Kind; name: string; condition: Condition },
) {
  const existing = working.resources[kind].get(name);
  if (existing === undefined && condition.object === "present") {
    throw new ControlError("not_found", `There is no ${objectLabel(kind, name)}.`);
  }
  if (existing !== undefined && condition.object === "absent") {
    throw new ControlError("conflict", `${objectLabel(kind, name)} exists already.`);
  }
  if (condition.revision !== undefined && existing?.revision !== condition.revision) {
    throw new ControlError(
      "stale_revision",
      `${objectLabel(kind, name)} is at revision ${existing?.revision ?? 0}.`,
    );
  }
}

/** Looks at the fields that `value` has. */
function checkFixedFields(working: WorkingSet, kind: Kind, name: string, value: object) {
  const before = working.resources[kind].get(name)?.value;
  if (before === undefined) return;
  const changed = fixedFields[kind].filter(
    (field) =>
      Object.hasOwn(value, field) &&
      !isDeepStrictEqual(Reflect.get(before, field), Reflect.get(value, field)),
  );
  if (changed.length > 0) throw fixedFault(changed);
}

function fixedFault(fields: readonly string[]): ControlError {
  const message = "is fixed at creation";
  const details = fields.map((path) => ({ path, message }));
  return new ControlError("immutable_field", `${fields.join(", ")} ${message}.`, details);
}

/** Only the file itself writes what it manages. */
function refuseForeignWrite(current: StoredResource | undefined, write: PreparedWrite) {
  if (current?.managedBy === "file" && write.managedBy !== "file")
    throw managedByFile(write.kind, write.name);
}

function managedByFile(kind: Kind, name: string): ControlError {
  return new ControlError(
    "managed_by_file",
    `${objectLabel(kind, name)} belongs to the started configuration file; change it there.`,
  );
}

function isUnchanged(write: PreparedWrite, current: StoredResource | undefined): boolean {
  return current?.managedBy === write.managedBy && isDeepStrictEqual(current.body, write.body);
}

function placed(error: ControlError, edit: Edit): ControlError {
  const place = edit.action === "write" ? edit.place : "";
  if (place === "") return error;
  const lines: readonly ErrorLine[] =
    error.details.length > 0 ? error.details : [{ path: "", message: error.message }];
  const details = lines.map(({ path, message }) => ({
    path: fieldPath({ kind: edit.kind, path: place }, path),
    message,
  }));
  return new ControlError(error.code, `${objectLabel(edit.kind, edit.name)}: ${error.message}`, details);
}

function throwAll(faults: readonly ControlError[]) {
  const first = faults[0];
  if (first === undefined) return;
  if (faults.length === 1) throw first;
  const details = faults.flatMap((fault) => fault.details).slice(0, maximumErrorLines);
  throw new ControlError(first.code, `${first.message} And ${faults.length - 1} more.`, details);
}
