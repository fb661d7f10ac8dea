// What changed between revisions, and the way back. Knows no HTTP.
import { isDeepStrictEqual } from "node:util";
import type { Kind } from "../resources/kinds.ts";
import { parseResource } from "../resources/registry.ts";
import { kinds } from "../resources/resource-set.ts";
import type { RevisionChange, RevisionInfo, StoredResource } from "../store/store.ts";
import type { CommitOptions, Configuration } from "./configuration.ts";
import { ControlError } from "./control-error.ts";
import { anyCondition } from "./edit.ts";
import type { Edit, Plan, PlannedChange } from "./edit.ts";
import { isJsonObject } from "./merge-patch.ts";
import type { JsonObject } from "./merge-patch.ts";
import { withoutReferences } from "./reference-texts.ts";

/** One object's difference between two revisions. Names changed fields, never their values: some are secrets. */
export interface ObjectDifference extends PlannedChange {
  /** Fields that differ, such as `modelService.target`; empty for a created or deleted object. */
  readonly paths: readonly string[];
}

interface NetChange {
  readonly kind: Kind;
  readonly name: string;
  readonly before: StoredResource | null;
  readonly after: StoredResource | null;
}

/** A revision with what it did to one object. */
export interface ObjectRevision extends RevisionInfo {
  readonly action: PlannedChange["action"];
  /** Fields that it changed; empty where the object was created or deleted. */
  readonly paths: readonly string[];
}

/** An object as it was once. */
export interface ObjectState extends RevisionInfo {
  /** As readers saw it, secrets masked; null when it did not exist. */
  readonly object: JsonObject | null;
}

/** Kinds that a rollback leaves alone: it must not bring back what was revoked, nor lock anyone out. */
const accessKinds: ReadonlySet<Kind> = new Set(["tokens", "users"]);

/** @throws ControlError `not_found` */
export async function findRevision(configuration: Configuration, number: number): Promise<RevisionInfo> {
  const [info] = await configuration.revisions(1, number + 1);
  if (info?.number !== number) throw new ControlError("not_found", `There is no revision ${number}.`);
  return info;
}

/** Objects that differ, seen from `from` on the way to `to`; either may be the newer. */
export async function diffRevisions(
  configuration: Configuration,
  from: number,
  to: number,
): Promise<ObjectDifference[]> {
  const forward = from <= to;
  const net = netChanges(await configuration.changesBetween(Math.min(from, to), Math.max(from, to)));
  return net.map((change) => {
    const [before, after] = forward ? [change.before, change.after] : [change.after, change.before];
    return difference(change, before, after);
  });
}

/** Revisions that changed one object, newest first. Which fields, never their values. */
export async function objectRevisions(
  configuration: Configuration,
  { kind, name }: { readonly kind: Kind; readonly name: string },
  limit: number,
  below?: number,
): Promise<ObjectRevision[]> {
  const changes = await configuration.changesOf(kind, name, limit, below);
  return changes.map(({ revision, before, after }) => {
    if (before === null) return { ...revision, action: "create", paths: [] };
    if (after === null) return { ...revision, action: "delete", paths: [] };
    const states = [before, after].map((stored) => withDefaults(configuration, kind, stored));
    return { ...revision, action: "update", paths: changedPaths(states[0], states[1], "") };
  });
}

/**
 * An object as it was at a revision, which need not have changed it.
 * @throws ControlError `not_found` without such a revision, or for a kind that is about access
 */
export async function objectAt(
  configuration: Configuration,
  number: number,
  kindName: string,
  name: string,
): Promise<ObjectState> {
  const kind = kinds.find((known) => known === kindName && !accessKinds.has(known));
  if (kind === undefined)
    throw new ControlError("not_found", `There is no history of "${kindName}" to read.`);
  const info = await findRevision(configuration, number);
  const [last] = await configuration.changesOf(kind, name, 1, number + 1);
  const stored = last?.after ?? null;
  return { ...info, object: stored === null ? null : shown(configuration, kind, stored) };
}

function shown(configuration: Configuration, kind: Kind, stored: StoredResource): JsonObject {
  return configuration.forms.mask(kind, withDefaults(configuration, kind, stored));
}

/**
 * With defaults filled in where this build can still read it, so that two states differ only by what was changed, and
 * not by what one author spelled out and the other left to its default. Secrets are open: not for readers.
 */
function withDefaults({ forms }: Configuration, kind: Kind, { name, body }: StoredResource): JsonObject {
  const open = forms.open(kind, name, withoutReferences(body));
  const parsed = parseResource(kind, open);
  return parsed.ok ? { ...parsed.value } : open;
}

/**
 * Brings every object but tokens and users back to what it was at a revision, as a new revision.
 * @throws ControlError `not_found`, `managed_by_file`, or what the old configuration would be refused for today
 */
export async function rollBack(
  configuration: Configuration,
  to: number,
  options: Pick<CommitOptions, "by" | "guard">,
): Promise<Plan> {
  await findRevision(configuration, to);
  return configuration.commit(async (working) => {
    const net = netChanges(await configuration.changesBetween(to, working.revision));
    return net.filter(({ kind }) => !accessKinds.has(kind)).map(wayBack);
  }, options);
}

function wayBack({ kind, name, before }: NetChange): Edit {
  if (before !== null) return { action: "restore", kind, name, stored: before.body, fromFile: false };
  return { action: "delete", kind, name, byFile: false, condition: anyCondition };
}

/** First state and last state of every object that ended differently. */
function netChanges(changes: readonly RevisionChange[]): NetChange[] {
  const net = new Map<string, NetChange>();
  for (const { kind: kindName, name, before, after } of changes) {
    const kind = kinds.find((known) => known === kindName);
    if (kind === undefined) continue;
    const key = `${kind}/${name}`;
    net.set(key, { kind, name, before: net.has(key) ? (net.get(key)?.before ?? null) : before, after });
  }
  return [...net.values()].filter(({ before, after }) => !isDeepStrictEqual(before?.body, after?.body));
}

function difference(
  { kind, name }: NetChange,
  before: StoredResource | null,
  after: StoredResource | null,
): ObjectDifference {
  if (before === null) return { action: "create", kind, name, paths: [] };
  if (after === null) return { action: "delete", kind, name, paths: [] };
  return { action: "update", kind, name, paths: changedPaths(before.body, after.body, "") };
}

function changedPaths(before: unknown, after: unknown, path: string): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (!isJsonObject(before) || !isJsonObject(after) || "hint" in before || "hint" in after) return [path];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) =>
    changedPaths(before[name], after[name], path === "" ? name : `${path}.${name}`),
  );
}
