// Which faults of a refused body stand at which field of a form. Pure.
import { ApiError } from "../../api/client.ts";

/**
 * Messages by the field's path, as far as the form goes: `quotas[2].notify[0].webhook` below `quotas[2]` is
 * `notify[0].webhook`.
 * @param below the path of what the form edits; empty: the whole body
 */
export function faultsBelow(error: unknown, below: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (!(error instanceof ApiError)) return found;
  for (const { path, message } of error.details) {
    if (!path.startsWith(below)) continue;
    found.set(path.slice(below.length).replace(/^\./u, ""), message);
  }
  return found;
}

/** The first message at a field or at anything below it. */
export function faultAt(faults: ReadonlyMap<string, string>, field: string): string | undefined {
  for (const [path, message] of faults) {
    if (path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`)) return message;
  }
  return undefined;
}
