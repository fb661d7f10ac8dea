// The filters of the audit log as chips.
import { X } from "lucide-react";
import type { AuditEntry } from "../../../../src/control/audit/audit-entry.ts";
import { useMessages } from "../../i18n/language.tsx";
import { FilterChip } from "../../ui/filter-chip.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { settingsMessages } from "../settings/settings-messages.ts";
import type { SettingsSearch } from "../settings/settings-search.ts";
import { ranges } from "./audit-filter.ts";
import { auditMessages } from "./audit-messages.ts";
import { actionWords, kindWords } from "./audit-words.ts";

const rangeWords = { "1h": "last1h", "24h": "last24h", "7d": "last7d", "30d": "last30d" } as const;

export function AuditFilters({
  search,
  entries,
  onChange,
}: {
  readonly search: SettingsSearch;
  /** That are shown, for the actors to choose from. */
  readonly entries: readonly AuditEntry[];
  readonly onChange: (change: Partial<Record<keyof SettingsSearch, unknown>>) => void;
}) {
  const t = useMessages(auditMessages);
  const ui = useMessages(uiMessages);
  const settings = useMessages(settingsMessages);
  const actors = new Set([...(search.actor ?? []), ...entries.map(({ actor }) => actor)]);
  const one = (values: readonly string[]): string | undefined => values.at(-1);
  return (
    <>
      <FilterChip
        label={t("actor")}
        options={[...actors].toSorted().map((value) => ({ value, label: value }))}
        values={search.actor ?? []}
        onChange={(actor) => onChange({ actor })}
      />
      <FilterChip
        label={t("action")}
        options={Object.entries(actionWords).map(([value, word]) => ({ value, label: t(word) }))}
        values={search.action ?? []}
        onChange={(action) => onChange({ action })}
      />
      <FilterChip
        label={t("moreFilters")}
        options={Object.entries(kindWords).map(([value, word]) => ({ value, label: settings(word) }))}
        values={search.kind === undefined ? [] : [search.kind]}
        onChange={(kinds) => onChange({ kind: one(kinds) })}
      />
      <FilterChip
        label={t("result")}
        options={[
          { value: "ok", label: t("ok") },
          { value: "refused", label: t("refused") },
        ]}
        values={search.result ?? []}
        onChange={(result) => onChange({ result })}
      />
      <FilterChip
        label={t("range")}
        options={Object.keys(ranges).flatMap((value) =>
          value in rangeWords ? [{ value, label: t(rangeWords[value as keyof typeof rangeWords]) }] : [],
        )}
        values={search.range === undefined ? [] : [search.range]}
        onChange={(chosen) => onChange({ range: one(chosen) })}
      />
      {search.name !== undefined && (
        <button
          type="button"
          className="chip chip-set"
          aria-label={ui("remove", { name: t("name", { name: search.name }) })}
          onClick={() => onChange({ name: undefined })}
        >
          {t("name", { name: search.name })}
          <X size={13} aria-hidden />
        </button>
      )}
    </>
  );
}
