// Whole configuration documents: plan, apply, the started file, export. Knows no YAML and resolves no reference.
import { parseDocument, toDocument } from "../resources/document.ts";
import type { ConfigurationDocument } from "../resources/document.ts";
import type { Kind } from "../resources/kinds.ts";
import { kinds } from "../resources/resource-set.ts";
import type { CommitOptions, Configuration } from "./configuration.ts";
import { ControlError } from "./control-error.ts";
import { anyCondition } from "./edit.ts";
import type { Edit, Plan } from "./edit.ts";
import { restoreReferences, withoutReferences } from "./reference-texts.ts";
import { isBuiltIn } from "./working-set.ts";
import type { WorkingSet } from "./working-set.ts";

/** A document as read, before and after its references were resolved. */
export interface DocumentInput {
  readonly source: unknown;
  readonly resolved: unknown;
}

export interface ApplyOptions {
  readonly by: string;
  /** Delete what the document leaves out, in kinds for which it has a list. */
  readonly prune: boolean;
  readonly dryRun?: boolean;
  readonly guard?: CommitOptions["guard"];
  /** A look at what the document says before any of it is compared with what is stored; throws to refuse. */
  readonly guardEdits?: (working: WorkingSet, edits: readonly Edit[]) => void;
}

const maximumErrorLines = 100;

/**
 * Creates and updates all objects of a document, or none.
 * @throws ControlError
 */
export async function applyDocument(
  configuration: Configuration,
  input: DocumentInput,
  options: ApplyOptions,
): Promise<Plan> {
  const read = readDocument(input.resolved);
  const { by, dryRun = false, guard, guardEdits } = options;
  return configuration.commit(
    (working) => {
      const document = withStoredInstance(read, working, "api");
      const written = writeEdits(document, input.source, "api");
      guardEdits?.(working, written);
      return [
        ...(options.prune ? pruneEdits(working, document) : []),
        ...otherInstances(working, document, false),
        ...written,
      ];
    },
    { by, dryRun, guard },
  );
}

/**
 * Makes the objects of the started file those of this document: takes over what has the same name, deletes what left.
 * A refused edit changes nothing and is kept as `configError`.
 * @throws ControlError
 */
export async function applyFile(
  configuration: Configuration,
  input: DocumentInput,
  by: string,
): Promise<Plan> {
  try {
    const read = readDocument(input.resolved);
    const plan = await configuration.commit(
      (working) => {
        const document = withStoredInstance(read, working, "file");
        return [
          ...leavingEdits(working, document),
          ...otherInstances(working, document, true),
          ...writeEdits(document, input.source, "file"),
        ];
      },
      { by },
    );
    configuration.reportConfigError(null);
    return plan;
  } catch (error) {
    configuration.reportConfigError(error instanceof Error ? error.message : String(error));
    throw error;
  }
}

/** Started without a file: what a file managed before becomes ordinary. */
export async function releaseFile(configuration: Configuration, by: string): Promise<void> {
  const release = (working: WorkingSet): Edit[] =>
    storedOf(working)
      .filter((row) => row.managedBy === "file")
      .map(({ kind, name, body }): Edit => ({ action: "restore", kind, name, stored: body, fromFile: true }));
  await configuration.commit(release, { by });
}

/** Everything but tokens as a document: references verbatim, other secrets masked. */
export function exportDocument(configuration: Configuration): Record<string, unknown> {
  const resources = storedOf(configuration.working).map(({ kind, name, body }) => ({
    kind,
    name,
    body: configuration.forms.export(kind, restoreReferences(body)),
  }));
  return toDocument(resources);
}

function readDocument(value: unknown): ConfigurationDocument {
  const document = parseDocument(value);
  const first = document.issues[0];
  if (first === undefined) return document;
  const message = `${first.path} ${first.message}`.trim();
  throw new ControlError("invalid", message, document.issues.slice(0, maximumErrorLines));
}

/**
 * The instance stands in two places of a document: under `instance`, and under `telemetry.logs` what it keeps. What a
 * document does not speak of stays as it is stored; only a file that has the one without the other means its defaults.
 */
function withStoredInstance(
  document: ConfigurationDocument,
  working: WorkingSet,
  managedBy: "api" | "file",
): ConfigurationDocument {
  const stored = working.stored.get("instances")?.values().next().value;
  if (stored === undefined) return document;
  const before = withoutReferences(stored.body);
  const { logs } = before;
  const resources = document.resources.map((resource) => {
    if (resource.kind !== "instances") return resource;
    if (resource.path === "telemetry")
      return { ...resource, name: stored.name, body: { ...before, ...resource.body } };
    if (managedBy === "file" || logs === undefined || Object.hasOwn(resource.body, "logs")) return resource;
    return { ...resource, body: { ...resource.body, logs } };
  });
  return { ...document, resources };
}

function writeEdits(document: ConfigurationDocument, source: unknown, managedBy: "api" | "file"): Edit[] {
  const sources = new Map(parseDocument(source).resources.map((resource) => [resource.path, resource.body]));
  return document.resources.map(({ kind, name, body, path }) => ({
    action: "write",
    kind,
    name,
    body,
    source: sources.get(path) ?? body,
    // The file is the whole truth of its objects; an apply may leave out keys that were made elsewhere.
    omittedSecrets: managedBy === "file" ? "remove" : "keep",
    managedBy,
    place: path,
    condition: anyCondition,
  }));
}

function pruneEdits(working: WorkingSet, document: ConfigurationDocument): Edit[] {
  const kept = namesOf(document);
  return storedOf(working)
    .filter(({ kind, name }) => document.listedKinds.includes(kind) && !kept.has(`${kind}/${name}`))
    .filter(({ kind, name, managedBy }) => managedBy === "api" && kind !== "tokens" && !isBuiltIn(kind, name))
    .map(({ kind, name }) => deleteEdit(kind, name, false));
}

/** What the file managed and no longer names. @throws ControlError when that is more than half, without consent */
function leavingEdits(working: WorkingSet, document: ConfigurationDocument): Edit[] {
  const kept = namesOf(document);
  const managed = storedOf(working).filter((row) => row.managedBy === "file");
  const leaving = managed.filter(({ kind, name }) => !kept.has(`${kind}/${name}`));
  if (leaving.length * 2 > managed.length && !document.allowDelete) {
    throw new ControlError(
      "invalid",
      `This edit would delete ${leaving.length} of ${managed.length} objects; if that is meant, write allowDelete: true at the top.`,
    );
  }
  return leaving.map(({ kind, name }) => deleteEdit(kind, name, true));
}

/** There is one instance, so that a document with another name renames it. */
function otherInstances(working: WorkingSet, document: ConfigurationDocument, byFile: boolean): Edit[] {
  const named = document.resources.find((resource) => resource.kind === "instances");
  if (named === undefined) return [];
  return storedOf(working)
    .filter(
      ({ kind, name, managedBy }) =>
        kind === "instances" && name !== named.name && !(byFile && managedBy === "file"),
    )
    .map(({ kind, name }) => deleteEdit(kind, name, byFile));
}

function deleteEdit(kind: Kind, name: string, byFile: boolean): Edit {
  return { action: "delete", kind, name, byFile, condition: anyCondition };
}

function namesOf(document: ConfigurationDocument): Set<string> {
  return new Set(document.resources.map(({ kind, name }) => `${kind}/${name}`));
}

function storedOf(working: WorkingSet) {
  return kinds.flatMap((kind) =>
    [...(working.stored.get(kind)?.values() ?? [])].map(({ name, body, managedBy }) => ({
      kind,
      name,
      body,
      managedBy,
    })),
  );
}
