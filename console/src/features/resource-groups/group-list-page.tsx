// The list of resource groups with their members by kind. Painted from five requests, however many groups there are.
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Lock } from "lucide-react";
import { useState } from "react";
import { readSimpleListSearch } from "../../app/simple-list-search.ts";
import { listQuery, type ResourceGroup, type User } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import type { Column } from "../../ui/data-table.tsx";
import { DeleteObject } from "../../ui/delete-object.tsx";
import { EditDescription } from "../../ui/edit-description.tsx";
import { ListFrame } from "../../ui/list-frame.tsx";
import { ObjectLink } from "../../ui/object-link.tsx";
import { RowButtons } from "../../ui/row-buttons.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { useMayWrite, useRight } from "../../ui/use-may-write.ts";
import { AddGroupModal } from "./add-group-modal.tsx";
import { groupMessages } from "./group-messages.ts";
import { holdersOf, membersOf, type GroupMembers, type Holder } from "./members.ts";

export function GroupListPage() {
  const t = useMessages(groupMessages);
  const groups = useQuery(listQuery("resource-groups"));
  const apis = useQuery(listQuery("model-apis"));
  const services = useQuery(listQuery("services"));
  const consumers = useQuery(listQuery("consumers"));
  const seesAccess = useRight("manage-access").allowed;
  const users = useQuery({ ...listQuery("users"), enabled: seesAccess });
  const search = useSearch({ from: "/app/resource-groups" });
  const navigate = useNavigate({ from: "/resource-groups" });
  const show = (change: Partial<typeof search>): void =>
    void navigate({ search: (before) => readSimpleListSearch({ ...before, ...change }), replace: true });
  const [deleting, setDeleting] = useState<ResourceGroup>();
  const members = membersOf({
    modelApis: apis.data?.items ?? [],
    services: services.data?.items ?? [],
    consumers: consumers.data?.items ?? [],
  });
  const holders = seesAccess ? (users.data?.items ?? []) : undefined;
  const columns = useColumns(members, holders, (edit) => show({ edit }), setDeleting);
  const edited = groups.data?.items.find(({ name }) => name === search.edit);
  return (
    <>
      <ListFrame
        texts={{
          title: t("groups"),
          add: t("add"),
          search: t("search"),
          loadFailed: t("loadFailed"),
          noHits: t("noHits", { text: search.q ?? "" }),
          clearSearch: t("clearSearch"),
          count: (n) => t("count", { n }),
        }}
        query={groups}
        columns={columns}
        searchText={search.q ?? ""}
        onSearch={(q) => show({ q })}
        where="everywhere"
        onAdd={() => show({ add: true })}
        matches={({ name, description }, wanted) => `${name}\n${description}`.toLowerCase().includes(wanted)}
      />
      <AddGroupModal
        opened={search.add === true}
        onClose={() => show({ add: false })}
        onAdded={() => undefined}
      />
      {edited !== undefined && (
        <EditDescription
          collection="resource-groups"
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
          collection="resource-groups"
          name={deleting.name}
          revision={deleting.revision}
          onClose={() => setDeleting(undefined)}
          texts={{
            title: t("deleteTitle", { name: deleting.name }),
            failure: t("deleteFailed"),
            free: t("deleteFree"),
            blocked: () => t("deleteBlocked"),
            done: t("deleted", { name: deleting.name }),
          }}
        />
      )}
    </>
  );
}

function useColumns(
  members: ReadonlyMap<string, GroupMembers>,
  /** Undefined for who may not see users. */
  holders: readonly User[] | undefined,
  onEdit: (name: string) => void,
  onDelete: (group: ResourceGroup) => void,
): readonly Column<ResourceGroup>[] {
  const t = useMessages(groupMessages);
  const ui = useMessages(uiMessages);
  return [
    {
      key: "name",
      head: t("name"),
      cell: ({ name, managedBy }) => (
        <div
          style={{ maxWidth: "clamp(120px, 100vw - 900px, 360px)", padding: "4px 0", whiteSpace: "normal" }}
        >
          <div className="row g6">
            <span className="strong">{name}</span>
            {managedBy === "file" && (
              <Lock size={12} role="img" aria-label={ui("fromFile")} className="dim" />
            )}
          </div>
          {name === "default" && <div className="dim small">{t("defaultAbout")}</div>}
        </div>
      ),
    },
    {
      key: "members",
      head: t("members"),
      cell: ({ name }) => <Members group={name} members={members.get(name)} />,
    },
    ...(holders === undefined
      ? []
      : [
          {
            key: "roles",
            head: t("roles"),
            wide: true,
            cell: ({ name }: ResourceGroup) => <Holders holders={holdersOf(name, holders)} />,
          },
        ]),
    {
      key: "description",
      head: t("description"),
      wide: true,
      cell: ({ description }) => (
        <div className="soft cut" style={{ maxWidth: 360 }} title={description}>
          {description}
        </div>
      ),
    },
    {
      key: "actions",
      head: t("actions"),
      right: true,
      cell: (group) => <Actions group={group} onEdit={onEdit} onDelete={onDelete} />,
    },
  ];
}

/** Who has a role in this group alone; what holds everywhere is the same in every row. */
function Holders({ holders }: { readonly holders: readonly Holder[] }) {
  const t = useMessages(groupMessages);
  if (holders.length === 0) return <span className="dim">{t("noHolders")}</span>;
  return (
    <span className="col" style={{ alignItems: "flex-start" }}>
      {holders.slice(0, mostHolders).map(({ user, role }) => (
        <span key={`${user} ${role}`} className="row g6 nowrap">
          <ObjectLink kind="users" name={user} />
          <span className="dim small">{t(role)}</span>
        </span>
      ))}
      {holders.length > mostHolders && (
        <span
          className="dim small num"
          title={holders
            .slice(mostHolders)
            .map(({ user }) => user)
            .join(", ")}
        >
          +{holders.length - mostHolders}
        </span>
      )}
    </span>
  );
}

const mostHolders = 3;

function Members({ group, members }: { readonly group: string; readonly members: GroupMembers | undefined }) {
  const t = useMessages(groupMessages);
  if (members === undefined) return <span className="dim">{t("noMembers")}</span>;
  return (
    <span className="row wrap g12 num" style={{ rowGap: 0 }}>
      {members.modelApis.length > 0 && (
        <Link
          to="/model-apis"
          search={{ group: [group] }}
          className="textlink nowrap"
          title={members.modelApis.join(", ")}
        >
          {t("modelApis", { n: members.modelApis.length })}
        </Link>
      )}
      {members.services.length > 0 && (
        <Link
          to="/services"
          search={{ group: [group] }}
          className="textlink nowrap"
          title={members.services.join(", ")}
        >
          {t("services", { n: members.services.length })}
        </Link>
      )}
      {members.consumers.length > 0 && (
        <Link
          to="/consumers"
          search={{ q: group }}
          className="textlink nowrap"
          title={members.consumers.join(", ")}
        >
          {t("consumers", { n: members.consumers.length })}
        </Link>
      )}
    </span>
  );
}

function Actions({
  group,
  onEdit,
  onDelete,
}: {
  readonly group: ResourceGroup;
  readonly onEdit: (name: string) => void;
  readonly onDelete: (group: ResourceGroup) => void;
}) {
  const t = useMessages(groupMessages);
  const right = useMayWrite(group.managedBy, "everywhere");
  const { name } = group;
  const mayDelete = name === "default" ? { allowed: false, reason: t("alwaysExists") } : right;
  return (
    <RowButtons
      menuLabel={t("more", { name })}
      actions={[{ text: t("edit"), label: t("editOf", { name }), right, run: () => onEdit(name) }]}
      menu={[
        { text: t("delete"), label: t("deleteOf", { name }), right: mayDelete, run: () => onDelete(group) },
      ]}
    />
  );
}
