// One consumer group: its members, what they may call, their quotas and usage together, each a tab with an address.
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Lock } from "lucide-react";
import { listQuery, objectQuery, type ConsumerGroup } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { PageBody, PageHead } from "../../ui/page.tsx";
import { useMayWrite } from "../../ui/use-may-write.ts";
import { AccessList } from "../consumers/access-list.tsx";
import classes from "../consumers/consumers.module.css";
import { groupOwner } from "../consumers/owner.ts";
import type { OwnerSearch } from "../consumers/owner-search.ts";
import { OwnerUsage, usualSpan } from "../consumers/owner-usage.tsx";
import { QuotaList } from "../consumers/quota-list.tsx";
import { ConsumerGroupMenu } from "./consumer-group-menu.tsx";
import { consumerGroupMessages } from "./consumer-group-messages.ts";
import { MemberList } from "./member-list.tsx";
import { membersOf } from "./members.ts";

const tabs = ["members", "access", "quota", "usage"] as const;
type Tab = (typeof tabs)[number];

export function ConsumerGroupPage() {
  const t = useMessages(consumerGroupMessages);
  const params = useParams({ strict: false });
  const name = params.name ?? "";
  const tab = tabs.find((known) => known === params.tab) ?? "members";
  const group = useQuery(objectQuery("consumer-groups", name));
  if (group.data !== undefined) return <OneGroup key={name} group={group.data} tab={tab} />;
  return (
    <>
      <PageHead title={name} ruled />
      <PageBody>
        <div style={{ paddingTop: 16 }}>
          {group.isError ? (
            <ErrorPanel title={t("loadOneFailed")} error={group.error} retry={() => void group.refetch()} />
          ) : (
            <LoadingRows />
          )}
        </div>
      </PageBody>
    </>
  );
}

function OneGroup({ group, tab }: { readonly group: ConsumerGroup; readonly tab: Tab }) {
  const t = useMessages(consumerGroupMessages);
  const right = useMayWrite(group.managedBy, "everywhere");
  const navigate = useNavigate();
  const { name, description } = group;
  return (
    <>
      <PageHead
        title={name}
        actions={
          <ConsumerGroupMenu group={group} onDeleted={() => void navigate({ to: "/consumer-groups" })} />
        }
      />
      <nav className={classes["tabs"]} aria-label={t("tabs", { name })}>
        {tabs.map((each) => (
          <Link
            key={each}
            to="/consumer-groups/$name/$tab"
            params={{ name, tab: each }}
            search={{}}
            aria-current={each === tab ? "page" : undefined}
          >
            {t(`tab_${each}`)}
          </Link>
        ))}
      </nav>
      <PageBody>
        <div className={classes["body"]}>
          {group.managedBy === "file" && (
            <p className="note note-info">
              <Lock size={15} aria-hidden style={{ flex: "none" }} />
              {right.reason}
            </p>
          )}
          {description !== "" && <p className="soft">{description}</p>}
          <TabContent group={group} tab={tab} />
        </div>
      </PageBody>
    </>
  );
}

function TabContent({ group, tab }: { readonly group: ConsumerGroup; readonly tab: Tab }) {
  const search: OwnerSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const consumers = useQuery(listQuery("consumers"));
  const { name } = group;
  const owner = groupOwner(group);
  const show = (next: OwnerSearch, replace = false): void =>
    void navigate({ to: "/consumer-groups/$name/$tab", params: { name, tab }, search: next, replace });
  const searching = {
    searchText: search.q ?? "",
    onSearch: (q: string): void => show(q === "" ? {} : { q }, true),
  };
  switch (tab) {
    case "members":
      return <MemberList group={name} {...searching} />;
    case "access":
      return <AccessList owner={owner} {...searching} />;
    case "quota":
      return (
        <QuotaList
          owner={owner}
          editing={search.quota}
          onEdit={(quota) => show(quota === undefined ? {} : { quota })}
        />
      );
    case "usage":
      return (
        <OwnerUsage
          owner={owner}
          consumers={membersOf(consumers.data?.items ?? [], name).map((member) => member.name)}
          span={search.span ?? usualSpan}
          onSpan={(span) => show({ span }, true)}
        />
      );
  }
}
