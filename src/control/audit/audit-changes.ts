// What a commit changes, object by object and field by field, without a secret: of those it says only that they are set
// and whether they changed. Bounded, since a document may hold a hundred thousand objects.
import type { Kind } from "../../resources/kinds.ts";
import { itemName, mapSecrets } from "../../resources/secret-positions.ts";
import { isJsonObject } from "../merge-patch.ts";
import type { JsonObject } from "../merge-patch.ts";
import type { Candidate } from "../prepare-edits.ts";
import { withoutReferences } from "../reference-texts.ts";
import type { WorkingSet } from "../working-set.ts";
import type { AuditChange, AuditObject } from "./audit-entry.ts";

const maxObjects = 100;
const maxChanges = 100;
/** Of a value as text. */
const maxValueLength = 1_024;
/** Of all values of an entry together; behind it, objects are told without their fields. */
const maxTextLength = 128 * 1_024;

/** Stands for a secret while two bodies are compared; holds its stored form, which goes no further. */
class Secret {
  readonly form: string;

  constructor(form: string) {
    this.form = form;
  }
}

export interface AuditedChanges {
  readonly objects: readonly AuditObject[];
  readonly moreObjects: number;
}

export function auditedChanges(working: WorkingSet, candidate: Candidate): AuditedChanges {
  const written = new Map(candidate.written.map((row) => [`${row.kind}/${row.name}`, row.body]));
  const room = { length: maxTextLength };
  const objects = candidate.changes.slice(0, maxObjects).map(({ action, kind, name }): AuditObject => {
    const before = working.stored.get(kind)?.get(name)?.body;
    const after = action === "delete" ? undefined : written.get(`${kind}/${name}`);
    const { changes, moreChanges } = changesBetween(kind, before, after, room);
    const resourceGroup = groupOfChange(before, after);
    return { action, kind, name, resourceGroup, changes, moreChanges };
  });
  return { objects, moreObjects: candidate.changes.length - objects.length };
}

/** Null for what was moved as well: what it was and what it is are not one group's to read. */
function groupOfChange(before: JsonObject | undefined, after: JsonObject | undefined): string | null {
  const [left, right] = [groupOf(before), groupOf(after)];
  if (before !== undefined && after !== undefined && left !== right) return null;
  return right ?? left ?? null;
}

function groupOf(body: JsonObject | undefined): string | undefined {
  const group = body?.["resourceGroup"];
  return typeof group === "string" ? group : undefined;
}

/** @param room what is left for values; shrinks */
function changesBetween(
  kind: Kind,
  before: JsonObject | undefined,
  after: JsonObject | undefined,
  room: { length: number },
): Pick<AuditObject, "changes" | "moreChanges"> {
  const [left, right] = [leavesOf(kind, before), leavesOf(kind, after)];
  const changes: AuditChange[] = [];
  let moreChanges = 0;
  for (const path of new Set([...left.keys(), ...right.keys()])) {
    if (sameLeaf(left.get(path), right.get(path))) continue;
    const change = changeOf(path, left, right);
    const { length } = JSON.stringify(change);
    if (changes.length >= maxChanges || length > room.length) moreChanges += 1;
    else {
      room.length -= length;
      changes.push(change);
    }
  }
  return { changes, moreChanges };
}

function changeOf(path: string, left: Leaves, right: Leaves): AuditChange {
  return {
    path,
    ...(left.has(path) ? { before: shown(left.get(path)) } : {}),
    ...(right.has(path) ? { after: shown(right.get(path), left.has(path)) } : {}),
  };
}

/** @param follows whether another value stood there */
function shown(leaf: unknown, follows = false): unknown {
  if (leaf instanceof Secret) return follows ? { set: true, changed: true } : { set: true };
  if (typeof leaf === "string" && leaf.length > maxValueLength) return `${leaf.slice(0, maxValueLength)}…`;
  return leaf;
}

function sameLeaf(left: unknown, right: unknown): boolean {
  if (left instanceof Secret && right instanceof Secret) return left.form === right.form;
  // What is not a text, number or flag is an empty list or object.
  return left === right || JSON.stringify(left) === JSON.stringify(right);
}

type Leaves = ReadonlyMap<string, unknown>;

/** Every value of a stored body by its path; list items by their name, so that an order that changes is one row. */
function leavesOf(kind: Kind, body: JsonObject | undefined): Leaves {
  const leaves = new Map<string, unknown>();
  if (body === undefined) return leaves;
  const secretsApart = mapSecrets(kind, withoutReferences(body), (secret) =>
    secret === null || secret === undefined ? secret : new Secret(JSON.stringify(secret)),
  );
  collect(secretsApart, "", leaves);
  return leaves;
}

function collect(value: unknown, path: string, leaves: Map<string, unknown>): void {
  const isSecret = value instanceof Secret;
  if (!isSecret && Array.isArray(value) && value.length > 0) {
    const names = value.map(itemName);
    const byName = names.every((name) => name !== undefined) && new Set(names).size === names.length;
    value.forEach((item, index) =>
      collect(item, `${path}[${byName ? String(names[index]) : index}]`, leaves),
    );
  } else if (!isSecret && isJsonObject(value) && Object.keys(value).length > 0) {
    for (const [name, field] of Object.entries(value))
      collect(field, path === "" ? name : `${path}.${name}`, leaves);
  } else leaves.set(path, value);
}
