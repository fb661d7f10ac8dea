// Diagnostics in words for their reader, who may not see every object that they are about. Pure.
import type { Kind } from "../resources/kinds.ts";
import type { AnyParsedResource, Diagnostic, ResourceSet } from "../resources/resource-set.ts";
import { objectLabel } from "./prepare-edits.ts";

/** Whether somebody may see an object. */
export type Sees = (resource: AnyParsedResource, resources: ResourceSet) => boolean;

/** The same of an object by its name; one that is not there is hidden from nobody. */
export type IsSeen = (object: { readonly kind: Kind; readonly name: string }) => boolean;

export function seenIn(resources: ResourceSet, sees: Sees): IsSeen {
  return ({ kind, name }) => {
    const resource: AnyParsedResource | undefined = resources[kind].get(name);
    return resource === undefined || sees(resource, resources);
  };
}

const unseen = "an object you may not see";

/**
 * The diagnostic without the name of what its reader may not see. Of two that stand in each other's way it is about the one
 * that he sees.
 */
export function withoutUnseen(row: Diagnostic, isSeen: IsSeen): Diagnostic {
  const { other, ...rest } = row;
  if (isSeen(row)) {
    if (other === undefined || isSeen(other)) return row;
    return { ...rest, message: row.message.replace(objectLabel(other.kind, other.name), unseen) };
  }
  if (other !== undefined && isSeen(other)) {
    const message = row.message.replace(objectLabel(other.kind, other.name), unseen);
    return { ...rest, kind: other.kind, name: other.name, path: fieldOf(row), message };
  }
  return { ...rest, name: "", path: "", message: `${unseen} would not work any more` };
}

/** Of a credential the place is the hidden consumer's own. */
function fieldOf({ kind, path }: Diagnostic): string {
  return kind === "consumers" ? path.replace(/\[\d+\]/u, "") : path;
}

export function diagnosticText({ kind, name, path, message }: Diagnostic): string {
  return name === "" ? message : `${objectLabel(kind, name)}: ${path} ${message}`;
}
