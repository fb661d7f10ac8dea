// The list of consumer groups: members, what each may call, the quota nearest to its end.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Lock } from "lucide-react";
import { readSimpleListSearch } from "../../app/simple-list-search.ts";
import { listQuery, type Consumer, type ConsumerGroup, type ModelApi } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import type { Column } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ListFrame } from "../../ui/list-frame.tsx";
import { ObjectLinks } from "../../ui/object-link.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { useMayWrite } from "../../ui/use-may-write.ts";
import { grantedApis } from "../consumers/grants.ts";
import { groupOwner } from "../consumers/owner.ts";
import { quotasQuery } from "../consumers/owner-calls.ts";
import { QuotaBar } from "../consumers/quota-bar.tsx";
import { ConsumerGroupMenu } from "./consumer-group-menu.tsx";
import { consumerGroupMessages } from "./consumer-group-messages.ts";
import { AddConsumerGroup } from "./add-consumer-group.tsx";
import { membersOf } from "./members.ts";

export function ConsumerGroupListPage() {
  const t = useMessages(consumerGroupMessages);
  const groups = useQuery(listQuery("consumer-groups"));
  const consumers = useQuery(listQuery("consumers"));
  const apis = useQuery(listQuery("model-apis"));
  const search = useSearch({ from: "/app/consumer-groups" });
  const navigate = useNavigate({ from: "/consumer-groups" });
  const right = useMayWrite("api", "everywhere");
  const show = (change: Partial<typeof search>): void =>
    void navigate({ search: (before) => readSimpleListSearch({ ...before, ...change }), replace: true });
  const people = consumers.data?.items ?? [];
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
        where="everywhere"
        columns={useColumns(people, apis.data?.items ?? [])}
        searchText={search.q ?? ""}
        onSearch={(q) => show({ q })}
        onAdd={() => show({ add: true })}
        onOpen={({ name }) => void navigate({ to: "/consumer-groups/$name", params: { name }, search: {} })}
        matches={({ name, description }, wanted) =>
          [name, description, ...membersOf(people, name).map((member) => member.name)]
            .join("\n")
            .toLowerCase()
            .includes(wanted)
        }
        empty={
          <EmptyState
            title={t("emptyTitle")}
            actions={
              right.allowed && (
                <Button variant="filled" onClick={() => show({ add: true })}>
                  {t("add")}
                </Button>
              )
            }
          >
            {t("empty")}
          </EmptyState>
        }
      />
      {search.add === true && (
        <AddConsumerGroup
          onClose={() => show({ add: false })}
          onAdded={(name) => void navigate({ to: "/consumer-groups/$name", params: { name }, search: {} })}
        />
      )}
    </>
  );
}

function useColumns(
  consumers: readonly Consumer[],
  apis: readonly ModelApi[],
): readonly Column<ConsumerGroup>[] {
  const t = useMessages(consumerGroupMessages);
  return [
    { key: "name", head: t("name"), cell: (group) => <NameCell group={group} /> },
    {
      key: "members",
      head: t("members"),
      cell: ({ name }) => {
        const members = membersOf(consumers, name).map((member) => member.name);
        return members.length === 0 ? (
          <span className="dim">{t("noMembers")}</span>
        ) : (
          <ObjectLinks kind="consumers" names={members} />
        );
      },
    },
    {
      key: "access",
      head: t("access"),
      wide: true,
      cell: (group) => {
        const names = grantedApis(apis, groupOwner(group));
        return names.length === 0 ? (
          <span className="dim">{t("noAccess")}</span>
        ) : (
          <ObjectLinks kind="model-apis" names={names} />
        );
      },
    },
    {
      key: "quota",
      head: t("quota"),
      wide: true,
      width: 220,
      cell: ({ name }) => <QuotaCell group={name} />,
    },
    {
      key: "actions",
      head: t("actions"),
      right: true,
      cell: (group) => <ConsumerGroupMenu group={group} />,
    },
  ];
}

function NameCell({ group: { name, description, managedBy } }: { readonly group: ConsumerGroup }) {
  const ui = useMessages(uiMessages);
  return (
    <div style={{ maxWidth: "min(300px, 38vw)" }}>
      <div className="row g6">
        <Link to="/consumer-groups/$name" params={{ name }} className="strong cut" title={name}>
          {name}
        </Link>
        {managedBy === "file" && (
          <Lock size={12} role="img" aria-label={ui("fromFile")} className="dim" style={{ flex: "none" }} />
        )}
      </div>
      {description !== "" && (
        <div className="dim small cut" title={description}>
          {description}
        </div>
      )}
    </div>
  );
}

/** The one nearest to its end: the list has them in that order. */
function QuotaCell({ group }: { readonly group: string }) {
  const t = useMessages(consumerGroupMessages);
  const quotas = useQuery(quotasQuery);
  if (quotas.data === undefined) return <span className="dim">—</span>;
  const nearest = quotas.data.items.find(
    ({ owner }) => owner.kind === "consumer-group" && owner.name === group,
  );
  return nearest === undefined ? <span className="dim">{t("noQuota")}</span> : <QuotaBar quota={nearest} />;
}
