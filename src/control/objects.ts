// Create, replace, patch and delete single objects, and how readers see them. Knows no HTTP.
import { resourceName } from "../resources/document.ts";
import type { Kind } from "../resources/kinds.ts";
import type { AnyParsedResource } from "../resources/resource-set.ts";
import { ControlError } from "./control-error.ts";
import type { CommitOptions, Configuration } from "./configuration.ts";
import type { Condition, Edit } from "./edit.ts";
import { contains, isMask } from "./kept-secrets.ts";
import { isJsonObject, mergePatch } from "./merge-patch.ts";
import type { JsonObject } from "./merge-patch.ts";
import { objectLabel } from "./prepare-edits.ts";
import { withoutReferences } from "./reference-texts.ts";
import { tokenFactSchemas } from "./token-facts.ts";
import { userFactSchemas } from "./user-facts.ts";
import type { WorkingSet } from "./working-set.ts";

/** Which object, who asks, and what its reader saw. */
export interface ObjectRequest {
  readonly kind: Kind;
  readonly name: string;
  readonly by: string;
  /** Revision of If-Match; absent = whatever is stored. */
  readonly revision?: number | undefined;
  /** Sees what would change, and throws to refuse it. */
  readonly guardCandidate?: CommitOptions["guard"];
  /** A last look at the newest set before the change; throws to refuse. */
  readonly guard?: ((working: WorkingSet) => void) | undefined;
  /** See `Edit`. */
  readonly movesSecrets?: true;
}

/** An object as it is now, with what its author should know about the write. */
export interface WrittenObject {
  readonly view: JsonObject;
  readonly revision: number;
  readonly warnings: readonly string[];
}

/** Fields that readers get beside those of the schema; sent back, they mean nothing. */
const readOnlyFields = new Set([
  "revision",
  "managedBy",
  "warnings",
  ...Object.keys(tokenFactSchemas),
  ...Object.keys(userFactSchemas),
]);

/** An object as readers see it: defaults filled in, secrets masked. */
export function viewObject(
  configuration: Pick<Configuration, "forms">,
  resource: AnyParsedResource,
): JsonObject {
  const { kind, value, revision, managedBy } = resource;
  return { ...configuration.forms.mask(kind, value), revision, managedBy };
}

/** @throws ControlError `not_found` */
export function findObject(working: WorkingSet, kind: Kind, name: string): AnyParsedResource {
  const resource = working.resources[kind].get(resourceName(kind, name));
  if (resource === undefined) throw new ControlError("not_found", `There is no ${objectLabel(kind, name)}.`);
  return resource;
}

/** What the author of an object wrote, with secrets masked: the base of a patch. */
export function authoredObject(
  configuration: Configuration,
  working: WorkingSet,
  kind: Kind,
  name: string,
): JsonObject {
  findObject(working, kind, name);
  const stored = working.stored.get(kind)?.get(name);
  return stored === undefined ? { name } : configuration.forms.mask(kind, withoutReferences(stored.body));
}

/** @throws ControlError `conflict` when the name is taken */
export async function createObject(
  configuration: Configuration,
  request: Omit<ObjectRequest, "name" | "revision">,
  body: JsonObject,
): Promise<WrittenObject> {
  const name = typeof body["name"] === "string" ? resourceName(request.kind, body["name"]) : "";
  return writeObject(configuration, { ...request, name }, { object: "absent" }, () => body);
}

/** @throws ControlError `not_found`, `stale_revision` */
export async function replaceObject(
  configuration: Configuration,
  request: ObjectRequest,
  body: JsonObject,
): Promise<WrittenObject> {
  return writeObject(configuration, request, { object: "present", revision: request.revision }, () => body);
}

/** Applies a JSON merge patch. @throws ControlError `not_found`, `stale_revision` */
export async function patchObject(
  configuration: Configuration,
  request: ObjectRequest,
  patch: JsonObject,
): Promise<WrittenObject> {
  const condition: Condition = { object: "present", revision: request.revision };
  return writeObject(configuration, request, condition, (working, name) => {
    const before = authoredObject(configuration, working, request.kind, name);
    const merged = mergePatch(before, patch, (removed) => contains(removed, isMask));
    if (!isJsonObject(merged)) throw new ControlError("invalid", "A merge patch must be one JSON object.");
    return merged;
  });
}

/** @throws ControlError `not_found`, `in_use`, `managed_by_file`, `stale_revision` */
export async function deleteObject(configuration: Configuration, request: ObjectRequest): Promise<void> {
  const { kind, by, revision, guard, guardCandidate } = request;
  const name = resourceName(kind, request.name);
  const edit: Edit = {
    action: "delete",
    kind,
    name,
    byFile: false,
    condition: { object: "present", revision },
  };
  await configuration.commit(
    (working) => {
      guard?.(working);
      return [edit];
    },
    { by, guard: guardCandidate },
  );
}

/**
 * Everything that creating an object, or replacing the existing one, would check; nothing is written.
 * @throws ControlError as the write would
 */
export async function checkObject(
  configuration: Configuration,
  kind: Kind,
  existing: string | undefined,
  body: JsonObject,
): Promise<Pick<WrittenObject, "warnings">> {
  const own = typeof body["name"] === "string" ? body["name"] : "";
  const name = resourceName(kind, existing ?? own);
  const condition: Condition = { object: existing === undefined ? "absent" : "present" };
  return configuration.commit(
    (working) => {
      if (existing !== undefined) findObject(working, kind, name);
      return [ownWrite(kind, name, namedBody(kind, name, body), condition)];
    },
    { by: "", dryRun: true },
  );
}

function ownWrite(
  kind: Kind,
  name: string,
  body: JsonObject,
  condition: Condition,
): Extract<Edit, { action: "write" }> {
  return {
    action: "write",
    kind,
    name,
    body,
    condition,
    omittedSecrets: "keep",
    managedBy: "api",
    place: "",
  };
}

/** Changes one object by a function of what its author wrote; the one way of all writes above. */
export async function writeObject(
  configuration: Configuration,
  request: ObjectRequest,
  condition: Condition,
  produce: (working: WorkingSet, name: string) => JsonObject,
): Promise<WrittenObject> {
  const { kind, by, guard, guardCandidate } = request;
  const name = resourceName(kind, request.name);
  const plan = await configuration.commit(
    (working) => {
      guard?.(working);
      if (condition.object === "present") findObject(working, kind, name);
      const write = ownWrite(kind, name, namedBody(kind, name, produce(working, name)), condition);
      return [request.movesSecrets === true ? { ...write, movesSecrets: true } : write];
    },
    { by, guard: guardCandidate },
  );
  const resource = findObject(configuration.working, kind, name);
  return { view: viewObject(configuration, resource), revision: resource.revision, warnings: plan.warnings };
}

/** The body without fields that only readers get, and with its name. @throws ControlError `immutable_field` */
function namedBody(kind: Kind, name: string, body: JsonObject): JsonObject {
  const fields = Object.entries(body).filter(([field]) => !readOnlyFields.has(field));
  const own = body["name"];
  if (typeof own === "string" && name !== "" && resourceName(kind, own) !== name) {
    const details = [{ path: "name", message: "is fixed at creation" }];
    throw new ControlError("immutable_field", `The object is named "${name}"; names do not change.`, details);
  }
  return Object.fromEntries(name === "" || own !== undefined ? fields : [["name", name], ...fields]);
}
