// The entries of the audit log as a table; a row leads to its entry by a link.
import type { AuditEntry } from "../../../../src/control/audit/audit-entry.ts";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { formatTime } from "../../i18n/format.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { Moon } from "../../ui/moon.tsx";
import { ObjectLink } from "../../ui/object-link.tsx";
import { settingsMessages } from "../settings/settings-messages.ts";
import { readSettingsSearch } from "../settings/settings-search.ts";
import { auditMessages } from "./audit-messages.ts";
import { actionWords, isKind, kindWords } from "./audit-words.ts";

export function AuditTable({
  entries,
  open,
  onOpen,
}: {
  readonly entries: readonly AuditEntry[];
  readonly open: number | undefined;
  readonly onOpen: (number: number) => void;
}) {
  const t = useMessages(auditMessages);
  return (
    <DataTable
      label={t("entries")}
      rows={entries}
      rowKey={({ number }) => String(number)}
      rowHeight={34}
      onOpen={({ number }) => onOpen(number)}
      columns={useColumns(open)}
    />
  );
}

function useColumns(open: number | undefined): readonly Column<AuditEntry>[] {
  const t = useMessages(auditMessages);
  const { language } = useLanguage();
  const [now] = useState(() => new Date());
  return [
    {
      key: "time",
      head: t("time"),
      cell: ({ number, time }) => (
        <Link
          to="/settings/$section"
          params={{ section: "audit" }}
          search={(before) => readSettingsSearch({ ...before, entry: number })}
          replace
          className="textlink num nowrap"
          title={time}
          aria-current={number === open ? "true" : undefined}
        >
          {formatTime(new Date(time), language, now)}
        </Link>
      ),
    },
    {
      key: "actor",
      head: t("actor"),
      cell: ({ actor }) => (
        <span className="mono cut" style={{ display: "block", maxWidth: 200 }} title={actor}>
          {actor}
        </span>
      ),
    },
    { key: "action", head: t("action"), cell: ({ action }) => <Action action={action} /> },
    { key: "object", head: t("object"), cell: (entry) => <EntryObject entry={entry} /> },
    {
      key: "from",
      head: t("from"),
      wide: true,
      cell: ({ ip }) => <span className="mono soft">{ip === "" ? "—" : ip}</span>,
    },
    { key: "result", head: t("result"), cell: (entry) => <Result entry={entry} /> },
  ];
}

export function Action({ action }: { readonly action: string }) {
  const t = useMessages(auditMessages);
  const word = actionWords[action];
  return <span className="nowrap">{word === undefined ? action : t(word)}</span>;
}

export function EntryObject({ entry: { kind, name, objects } }: { readonly entry: AuditEntry }) {
  const settings = useMessages(settingsMessages);
  if (!isKind(kind)) {
    const [first] = objects;
    if (first === undefined || !isKind(first.kind)) return <span className="dim">—</span>;
    return (
      <span className="row g6 nowrap">
        <span className="dim">{settings(kindWords[first.kind])}</span>
        <ObjectLink kind={first.kind} name={first.name} />
        {objects.length > 1 && <span className="tag num">+{objects.length - 1}</span>}
      </span>
    );
  }
  return (
    <span className="row g6 nowrap">
      <span className="dim">{settings(kindWords[kind])}</span>
      {name !== null && <ObjectLink kind={kind} name={name} />}
    </span>
  );
}

export function Result({ entry: { result, code } }: { readonly entry: AuditEntry }) {
  const t = useMessages(auditMessages);
  return (
    <span className="row g6 nowrap">
      <Moon phase={result === "ok" ? "full" : "struck"} size={10} />
      {t(result)}
      {code !== null && <span className="mono dim">{code}</span>}
    </span>
  );
}
