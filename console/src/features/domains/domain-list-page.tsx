// The list of domains: which Model APIs answer on each. Painted from two requests.
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Lock } from "lucide-react";
import { useState } from "react";
import { readSimpleListSearch } from "../../app/simple-list-search.ts";
import { listQuery, type Domain, type ModelApi } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import type { Column } from "../../ui/data-table.tsx";
import { DeleteObject } from "../../ui/delete-object.tsx";
import { EditDescription } from "../../ui/edit-description.tsx";
import { ListFrame } from "../../ui/list-frame.tsx";
import { ObjectLinks } from "../../ui/object-link.tsx";
import { RowButtons } from "../../ui/row-buttons.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { useMayWrite } from "../../ui/use-may-write.ts";
import { AddDomainModal } from "./add-domain-modal.tsx";
import { domainMessages } from "./domain-messages.ts";

export function DomainListPage() {
  const t = useMessages(domainMessages);
  const domains = useQuery(listQuery("domains"));
  const apis = useQuery(listQuery("model-apis"));
  const search = useSearch({ from: "/app/domains" });
  const navigate = useNavigate({ from: "/domains" });
  const show = (change: Partial<typeof search>): void =>
    void navigate({ search: (before) => readSimpleListSearch({ ...before, ...change }), replace: true });
  const [deleting, setDeleting] = useState<Domain>();
  const columns = useColumns(apis.data?.items ?? [], (edit) => show({ edit }), setDeleting);
  const edited = domains.data?.items.find(({ name }) => name === search.edit);
  return (
    <>
      <ListFrame
        texts={{
          title: t("domains"),
          add: t("add"),
          search: t("search"),
          loadFailed: t("loadFailed"),
          noHits: t("noHits", { text: search.q ?? "" }),
          clearSearch: t("clearSearch"),
          count: (n) => t("count", { n }),
        }}
        query={domains}
        columns={columns}
        searchText={search.q ?? ""}
        onSearch={(q) => show({ q })}
        where="everywhere"
        onAdd={() => show({ add: true })}
        matches={({ name, description }, wanted) => `${name}\n${description}`.toLowerCase().includes(wanted)}
      />
      <AddDomainModal
        opened={search.add === true}
        onClose={() => show({ add: false })}
        onAdded={() => undefined}
      />
      {edited !== undefined && (
        <EditDescription
          collection="domains"
          object={edited}
          onClose={() => show({ edit: "" })}
          texts={{
            title: t("editTitle", { name: edited.name }),
            label: t("description"),
            save: t("save"),
            failure: t("saveFailed"),
            done: t("saved", { name: edited.name }),
          }}
        />
      )}
      {deleting !== undefined && (
        <DeleteObject
          collection="domains"
          name={deleting.name}
          revision={deleting.revision}
          onClose={() => setDeleting(undefined)}
          texts={{
            title: t("deleteTitle", { name: deleting.name }),
            failure: t("deleteFailed"),
            free: t("deleteFree"),
            blocked: (n) => t("deleteBlocked", { n }),
            done: t("deleted", { name: deleting.name }),
          }}
        />
      )}
    </>
  );
}

function useColumns(
  apis: readonly ModelApi[],
  onEdit: (name: string) => void,
  onDelete: (domain: Domain) => void,
): readonly Column<Domain>[] {
  const t = useMessages(domainMessages);
  return [
    { key: "name", head: t("name"), cell: (domain) => <NameCell domain={domain} /> },
    {
      key: "usedBy",
      head: t("usedBy"),
      cell: ({ name }) => {
        const names = apis.filter(({ domains }) => domains.includes(name)).map((api) => api.name);
        return names.length === 0 ? (
          <span className="dim">{t("usedByNone")}</span>
        ) : (
          <ObjectLinks kind="model-apis" names={names} />
        );
      },
    },
    {
      key: "description",
      head: t("description"),
      wide: true,
      cell: ({ description }) => (
        <div className="soft cut" style={{ maxWidth: 320 }} title={description}>
          {description}
        </div>
      ),
    },
    {
      key: "managed",
      head: t("managed"),
      wide: true,
      cell: ({ managedBy }) => <span className="soft">{t(managedBy === "file" ? "byFile" : "byApi")}</span>,
    },
    {
      key: "actions",
      head: t("actions"),
      right: true,
      cell: (domain) => <Actions domain={domain} onEdit={onEdit} onDelete={onDelete} />,
    },
  ];
}

function NameCell({ domain: { name, managedBy } }: { readonly domain: Domain }) {
  const t = useMessages(domainMessages);
  const ui = useMessages(uiMessages);
  const note = name === "*" ? t("anyHost") : name.startsWith("*.") ? t("below", { host: name.slice(2) }) : "";
  return (
    <div style={{ maxWidth: "clamp(136px, 100vw - 900px, 360px)", padding: "4px 0", whiteSpace: "normal" }}>
      <div className="row g6">
        <span className="mono strong" style={{ overflowWrap: "anywhere" }}>
          {name}
        </span>
        {managedBy === "file" && <Lock size={12} role="img" aria-label={ui("fromFile")} className="dim" />}
      </div>
      {note !== "" && <div className="dim small">{note}</div>}
    </div>
  );
}

function Actions({
  domain,
  onEdit,
  onDelete,
}: {
  readonly domain: Domain;
  readonly onEdit: (name: string) => void;
  readonly onDelete: (domain: Domain) => void;
}) {
  const t = useMessages(domainMessages);
  const right = useMayWrite(domain.managedBy, "everywhere");
  const { name } = domain;
  const mayDelete = name === "*" ? { allowed: false, reason: t("alwaysExists") } : right;
  return (
    <RowButtons
      menuLabel={t("more", { name })}
      actions={[{ text: t("edit"), label: t("editOf", { name }), right, run: () => onEdit(name) }]}
      menu={[
        {
          text: t("delete"),
          label: t("deleteOf", { name }),
          right: mayDelete,
          run: () => onDelete(domain),
        },
      ]}
    />
  );
}
