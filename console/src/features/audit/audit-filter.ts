// The filters of the audit log, from the address to a question. Pure.
import type { SettingsSearch } from "../settings/settings-search.ts";

export const ranges = {
  "1h": 3_600_000,
  "24h": 86_400_000,
  "7d": 604_800_000,
  "30d": 2_592_000_000,
} as const;
export type AuditRange = keyof typeof ranges;

export type AuditFilterSearch = Pick<
  SettingsSearch,
  "q" | "actor" | "action" | "result" | "kind" | "name" | "range"
>;

export const filterKeys = ["q", "actor", "action", "result", "kind", "name", "range"] as const;

export function filterOf(search: SettingsSearch): AuditFilterSearch {
  return Object.fromEntries(filterKeys.flatMap((key) => (key in search ? [[key, search[key]]] : [])));
}

export function isFiltered(search: SettingsSearch): boolean {
  return Object.keys(filterOf(search)).length > 0;
}

export type AuditQuestion = Readonly<Record<string, string | undefined>>;

/** @param nowMs what a span of time ends at; the start is by whole minutes, so that a question stays the same for one */
export function questionOf(search: SettingsSearch, nowMs: number): AuditQuestion {
  const { q, actor, action, result, kind, name, range } = search;
  const length = isRange(range) ? ranges[range] : undefined;
  return {
    search: q,
    actor: actor?.join(","),
    action: action?.join(","),
    result: result?.join(","),
    kind,
    name,
    from:
      length === undefined
        ? undefined
        : new Date(Math.floor((nowMs - length) / 60_000) * 60_000).toISOString(),
  };
}

export function isRange(text: string | undefined): text is AuditRange {
  return text !== undefined && Object.hasOwn(ranges, text);
}
