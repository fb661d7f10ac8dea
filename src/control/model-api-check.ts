// What would be said of a Model API if it were saved now: the checks of a write as a list of issues by field, for forms.
// Writes nothing; knows no HTTP.
import { normaliseBasePath } from "../lib/base-path.ts";
import { normaliseHostName } from "../lib/host-name.ts";
import type { Kind } from "../resources/kinds.ts";
import type { Configuration } from "./configuration.ts";
import { ControlError, type ControlErrorCode } from "./control-error.ts";
import type { JsonObject } from "./merge-patch.ts";
import { checkObject } from "./objects.ts";
import { objectLabel } from "./prepare-edits.ts";
import type { WorkingSet } from "./working-set.ts";

interface Found {
  readonly path: string;
  readonly message: string;
  readonly code: ControlErrorCode;
  readonly other?: { readonly kind: Kind; readonly name: string };
}

export interface CheckResult {
  readonly ok: boolean;
  readonly issues: readonly Found[];
  readonly warnings: readonly string[];
}

const kind = "model-apis";

/**
 * @param existing name of the Model API that would be replaced; undefined = it would be created
 * @throws ControlError `not_found` when there is none of that name
 */
export async function checkModelApi(
  configuration: Configuration,
  existing: string | undefined,
  body: JsonObject,
): Promise<CheckResult> {
  const own = existing ?? (typeof body["name"] === "string" ? body["name"] : "");
  try {
    const { warnings } = await checkObject(configuration, kind, existing, body);
    return { ok: true, issues: [], warnings };
  } catch (error) {
    if (!(error instanceof ControlError) || error.code === "not_found") throw error;
    return { ok: false, issues: issuesOf(error, configuration.working, own, body), warnings: [] };
  }
}

function issuesOf(error: ControlError, working: WorkingSet, own: string, body: JsonObject): Found[] {
  const said = error.details.map(({ path, message, other }) =>
    ownView({ path, message, code: error.code, ...otherOf(other) }, own),
  );
  if (said.length === 0) {
    const taken = error.code === "conflict";
    const path = taken ? "name" : "";
    said.push({
      path,
      message: error.message,
      code: error.code,
      ...(taken ? { other: { kind, name: own } } : {}),
    });
  }
  // A form is filled in from the top: what is still missing below must not hide that the address is taken.
  const places = said.some(({ path, other }) => path === "basePath" && other !== undefined)
    ? []
    : takenPlaces(working, own, body);
  return [...said, ...places];
}

function otherOf(other: { readonly kind: string; readonly name: string } | undefined): Pick<Found, "other"> {
  // Of Model APIs only the address clashes, and only with each other.
  return other?.kind === kind ? { other: { kind, name: other.name } } : {};
}

/** Of two that claim the same address either may have been found at fault; for the form it is always the other. */
function ownView(found: Found, own: string): Found {
  const ownPrefix = `${kind}/${own}: `;
  if (found.path.startsWith(ownPrefix)) return { ...found, path: found.path.slice(ownPrefix.length) };
  const [, name, field] = /^model-apis\/([^:]+): (.*)$/u.exec(found.path) ?? [];
  if (name === undefined || field === undefined || found.other?.name !== own) return found;
  const message = found.message.replace(objectLabel(kind, own), objectLabel(kind, name));
  return { ...found, path: field, message, other: { kind, name } };
}

/** Addresses of a body that belong to others, as far as it says them already. */
function takenPlaces(working: WorkingSet, own: string, body: JsonObject): Found[] {
  const base = normaliseBasePath(typeof body["basePath"] === "string" ? body["basePath"] : "/");
  if (!base.ok) return [];
  const texts: unknown[] = Array.isArray(body["domains"]) ? body["domains"] : ["*"];
  const hosts = new Set<string>();
  for (const text of texts) {
    const host = typeof text === "string" ? normaliseHostName(text) : undefined;
    if (host?.ok === true) hosts.add(host.host);
  }
  return [...working.resources[kind].values()].flatMap(({ name, value }): Found[] => {
    if (name === own || value.basePath !== base.path) return [];
    const domain = value.domains.find((host) => hosts.has(host));
    if (domain === undefined) return [];
    const message = `domain "${domain}" with base path "${base.path}" belongs to ${objectLabel(kind, name)}`;
    return [{ path: "basePath", message, code: "conflict", other: { kind, name } }];
  });
}
