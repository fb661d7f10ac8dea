// The list of consumers: state, keys, and what each may call. Painted from two requests.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Lock } from "lucide-react";
import { useState } from "react";
import { readSimpleListSearch } from "../../app/simple-list-search.ts";
import { listQuery, type Consumer, type ModelApi } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import type { Column } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ListFrame } from "../../ui/list-frame.tsx";
import { Moon } from "../../ui/moon.tsx";
import { ObjectLinks } from "../../ui/object-link.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { useMayWrite } from "../../ui/use-may-write.ts";
import { ConsumerMenu } from "./consumer-menu.tsx";
import { consumerMessages } from "./consumer-messages.ts";
import { AddConsumerModal } from "./consumer-modals.tsx";
import { hasEnded } from "./credentials.ts";
import { grantedApis } from "./grants.ts";

export function ConsumerListPage() {
  const t = useMessages(consumerMessages);
  const consumers = useQuery(listQuery("consumers"));
  const apis = useQuery(listQuery("model-apis"));
  const search = useSearch({ from: "/app/consumers" });
  const navigate = useNavigate({ from: "/consumers" });
  const right = useMayWrite();
  const show = (change: Partial<typeof search>): void =>
    void navigate({ search: (before) => readSimpleListSearch({ ...before, ...change }), replace: true });
  const apiItems = apis.data?.items ?? [];
  return (
    <>
      <ListFrame
        texts={{
          title: t("consumers"),
          add: t("add"),
          search: t("search"),
          loadFailed: t("loadFailed"),
          noHits: t("noHits", { text: search.q ?? "" }),
          clearSearch: t("clearSearch"),
          count: (n) => t("count", { n }),
        }}
        query={consumers}
        columns={useColumns(apiItems)}
        searchText={search.q ?? ""}
        onSearch={(q) => show({ q })}
        onAdd={() => show({ add: true })}
        onOpen={({ name }) => void navigate({ to: "/consumers/$name", params: { name } })}
        matches={(consumer, wanted) =>
          [
            consumer.name,
            consumer.description,
            consumer.resourceGroup,
            ...consumer.groups,
            ...grantedApis(apiItems, consumer),
          ]
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
        <AddConsumerModal
          onClose={() => show({ add: false })}
          onAdded={(name) =>
            void navigate({ to: "/consumers/$name", params: { name }, search: { issue: true } })
          }
        />
      )}
    </>
  );
}

function useColumns(apis: readonly ModelApi[]): readonly Column<Consumer>[] {
  const t = useMessages(consumerMessages);
  return [
    { key: "name", head: t("name"), cell: (consumer) => <NameCell consumer={consumer} /> },
    {
      key: "status",
      head: t("status"),
      cell: ({ enabled }) => (
        <span className="row g6 nowrap">
          <Moon phase={enabled ? "full" : "ring"} size={11} />
          <span className={enabled ? undefined : "dim"}>{t(enabled ? "enabled" : "disabled")}</span>
        </span>
      ),
    },
    {
      key: "keys",
      head: t("keys"),
      wide: true,
      cell: (consumer) => <KeysCell consumer={consumer} />,
    },
    {
      key: "access",
      head: t("access"),
      wide: true,
      cell: (consumer) => {
        const names = grantedApis(apis, consumer);
        return names.length === 0 ? (
          <span className="dim">{t("noAccess")}</span>
        ) : (
          <ObjectLinks kind="model-apis" names={names} />
        );
      },
    },
    {
      key: "groups",
      head: t("groups"),
      wide: true,
      cell: ({ groups }) =>
        groups.length === 0 ? (
          <span className="dim">{t("noGroups")}</span>
        ) : (
          <span className="soft cut">{groups.join(", ")}</span>
        ),
    },
    {
      key: "group",
      head: t("group"),
      wide: true,
      cell: ({ resourceGroup }) => <span className="soft">{resourceGroup}</span>,
    },
    {
      key: "actions",
      head: t("actions"),
      right: true,
      cell: (consumer) => (
        <span className="row g4" style={{ justifyContent: "flex-end" }}>
          <Link
            to="/consumers/$name"
            params={{ name: consumer.name }}
            className="link"
            style={{ padding: "0 5px" }}
            aria-label={t("openOf", { name: consumer.name })}
          >
            {t("open")}
          </Link>
          <ConsumerMenu consumer={consumer} />
        </span>
      ),
    },
  ];
}

function NameCell({ consumer }: { readonly consumer: Consumer }) {
  const ui = useMessages(uiMessages);
  const { name, description, managedBy } = consumer;
  return (
    <div style={{ maxWidth: "min(280px, 38vw)" }}>
      <div className="row g6">
        <Link to="/consumers/$name" params={{ name }} className="strong cut" title={name}>
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

function KeysCell({ consumer: { credentials } }: { readonly consumer: Consumer }) {
  const t = useMessages(consumerMessages);
  const [now] = useState(() => Date.now());
  if (credentials.length === 0) return <span className="dim nowrap">{t("noKeys")}</span>;
  const ended = credentials.filter((credential) => hasEnded(credential, now)).length;
  return (
    <span className="num nowrap">
      {t("keysCount", { n: credentials.length })}
      {ended > 0 && <span className="dim">{`, ${t("ended", { n: ended })}`}</span>}
    </span>
  );
}
