// What readers of the audit log ask for: filters, and the entries that match, slice by slice. A reader who is limited to
// resource groups sees entries about objects of his groups alone. Knows no HTTP.
import { setImmediate as breathe } from "node:timers/promises";
import { covers } from "../../resources/held-role.ts";
import type { Reach } from "../../resources/held-role.ts";
import type { AuditEntry } from "./audit-entry.ts";
import type { AuditLog } from "./audit-log.ts";

/** Undefined and empty = everything. */
export interface AuditFilter {
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly actor: readonly string[];
  readonly action: readonly string[];
  readonly result: readonly string[];
  /** Also finds an apply that changed such an object. */
  readonly kind?: string | undefined;
  readonly name?: string | undefined;
  /** Part of the entry as text, in any case. */
  readonly search?: string | undefined;
  readonly reach: Reach;
}

export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  /** The number to go on below; null at the end. */
  readonly next: number | null;
}

/** Looked at for one page; where little matches, a page may hold less than was asked for, and still have a next one. */
const maxLookedAt = 50_000;

/** @param below number of the entry that the page before ended with */
export async function auditPage(
  log: AuditLog,
  filter: AuditFilter,
  { below = Number.MAX_SAFE_INTEGER, limit }: { readonly below?: number | undefined; readonly limit: number },
): Promise<AuditPage> {
  const matches = matcherOf(filter);
  const entries: AuditEntry[] = [];
  let from = below;
  for (let lookedAt = 0; lookedAt < maxLookedAt;) {
    const slice = await log.before(from);
    for (const entry of slice.entries) {
      if (!matches(entry)) continue;
      entries.push(entry);
      if (entries.length === limit) return { entries, next: entry.number };
    }
    if (slice.next === null) return { entries, next: null };
    lookedAt += slice.entries.length + 1;
    from = slice.next;
    // A store may answer without leaving the thread.
    await breathe();
  }
  return { entries, next: from };
}

function matcherOf(filter: AuditFilter): (entry: AuditEntry) => boolean {
  const { fromMs = -Infinity, toMs = Infinity, actor, action, result, reach } = filter;
  const search = filter.search?.toLowerCase();
  const isOneOf = (wanted: readonly string[], value: string): boolean =>
    wanted.length === 0 || wanted.includes(value);
  return (entry) => {
    const atMs = Date.parse(entry.time);
    return (
      atMs >= fromMs &&
      atMs < toMs &&
      isOneOf(actor, entry.actor) &&
      isOneOf(action, entry.action) &&
      isOneOf(result, entry.result) &&
      isAbout(entry, filter) &&
      (search === undefined || JSON.stringify(entry).toLowerCase().includes(search)) &&
      covers(reach, groupsOf(entry))
    );
  };
}

function isAbout(entry: AuditEntry, { kind, name }: Pick<AuditFilter, "kind" | "name">): boolean {
  const is = (what: { readonly kind: string | null; readonly name: string | null }): boolean =>
    (kind === undefined || what.kind === kind) && (name === undefined || what.name === name);
  return is(entry) || entry.objects.some(is);
}

/** None for what is not about objects of groups alone: that is for who may see everything. */
function groupsOf({ objects, moreObjects }: AuditEntry): readonly string[] {
  const groups = objects.flatMap(({ resourceGroup }) => resourceGroup ?? []);
  return moreObjects === 0 && groups.length === objects.length ? groups : [];
}
