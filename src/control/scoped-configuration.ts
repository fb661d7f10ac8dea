// The configuration as somebody whose roles hold in single resource groups may see and change it. What is beyond his
// reach is not there, in whatever way he asks. Knows no route.
import type { Kind } from "../resources/kinds.ts";

import type { AnyParsedResource, ResourceSet } from "../resources/resource-set.ts";
import type { StoredResource } from "../store/store.ts";
import type { Configuration } from "./configuration.ts";
import { refuseBeyondReach, refuseForeignEdit } from "./scope-guards.ts";
import { isUnlimited } from "../resources/held-role.ts";
import type { HeldRole, Permission } from "../resources/held-role.ts";
import { scopeOf } from "./spheres.ts";
import type { Scope } from "./spheres.ts";
import { narrow } from "./narrowed-set.ts";
import type { WorkingSet } from "./working-set.ts";

type View = Extract<Permission, "read" | "write">;

/**
 * @param view `write`: only what may be changed is there, as for tests that use stored secrets
 * @returns the configuration itself for who holds all his roles everywhere
 */
export function configurationFor(
  configuration: Configuration,
  { roles }: { readonly roles: readonly HeldRole[] },
  view: View = "read",
): Configuration {
  if (isUnlimited(roles)) return configuration;
  const scope = scopeOf(roles);
  const key = `${view} ${JSON.stringify(roles)}`;
  const holds = view === "read" ? scope.sees : scope.changes;
  const narrowed = (working: WorkingSet): WorkingSet => narrow(working, holds, key);
  return {
    get working() {
      return narrowed(configuration.working);
    },
    get snapshot() {
      return configuration.snapshot;
    },
    get configError() {
      return null;
    },
    audit: configuration.audit,
    forms: configuration.forms,
    passwords: configuration.passwords,
    reportConfigError: (message) => configuration.reportConfigError(message),
    commit: (produce, options) =>
      configuration.commit(
        async (working) => {
          const edits = await produce(narrowed(working));
          for (const edit of edits) refuseForeignEdit(edit, working.resources, scope);
          return edits;
        },
        {
          ...options,
          sees: scope.sees,
          guard: (working, candidate) => {
            refuseBeyondReach(candidate, working.resources, scope);
            options.guard?.(working, candidate);
          },
        },
      ),
    useModelData: (data) => configuration.useModelData(data),
    routersChanged: () => configuration.routersChanged(),
    get: (kind, name) => narrowed(configuration.working).resources[kind].get(name),
    findToken: (sha256) => configuration.findToken(sha256),
    ownerExists: () => configuration.ownerExists(),
    onChange: (listener) => configuration.onChange(listener),
    revisions: (limit, before) => configuration.revisions(limit, before),
    changesBetween: (from, to) => configuration.changesBetween(from, to),
    changesOf: async (kind, name, limit, before) => {
      const changes = await configuration.changesOf(kind, name, limit, before);
      const foreign = changes.findIndex((change) => !isWithin(scope, configuration.working, kind, change));
      return foreign === -1 ? changes : changes.slice(0, foreign);
    },
  };
}

/** Whether both states of a change were within reach: an object may have been elsewhere, or somebody else's of this name. */
function isWithin(
  scope: Scope,
  { resources }: WorkingSet,
  kind: Kind,
  { before, after }: { readonly before: StoredResource | null; readonly after: StoredResource | null },
): boolean {
  return [before, after].every((stored) => stored === null || isStoredWithin(scope, resources, kind, stored));
}

/** Of what has a resource group that of the state decides, of the rest the object as it is. */
function isStoredWithin(
  scope: Scope,
  resources: ResourceSet,
  kind: Kind,
  { name, body }: StoredResource,
): boolean {
  if (kind === "services" || kind === "model-apis" || kind === "consumers") {
    const group = body["resourceGroup"];
    return scope.seesGroup(typeof group === "string" ? group : "default");
  }
  const known: AnyParsedResource | undefined = resources[kind].get(name);
  return known !== undefined && scope.sees(known, resources);
}
