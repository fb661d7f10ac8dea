// One consumer: its keys, what it may call, its quotas and its usage, each a tab with an address.
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Lock } from "lucide-react";
import type { ReactNode } from "react";
import { objectQuery, type Consumer } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { Moon } from "../../ui/moon.tsx";
import { ObjectLinks } from "../../ui/object-link.tsx";
import { PageBody, PageHead } from "../../ui/page.tsx";
import { useMayWrite } from "../../ui/use-may-write.ts";
import { AccessList } from "./access-list.tsx";
import { ConsumerMenu } from "./consumer-menu.tsx";
import { consumerMessages } from "./consumer-messages.ts";
import classes from "./consumers.module.css";
import { IssueKeyModal } from "./issue-key-modal.tsx";
import { KeyList } from "./key-list.tsx";
import { consumerOwner } from "./owner.ts";
import type { OwnerSearch } from "./owner-search.ts";
import { OwnerUsage, usualSpan } from "./owner-usage.tsx";
import { QuotaList } from "./quota-list.tsx";

const tabs = ["keys", "access", "quota", "usage"] as const;
type Tab = (typeof tabs)[number];

export function ConsumerPage() {
  const t = useMessages(consumerMessages);
  const params = useParams({ strict: false });
  const name = params.name ?? "";
  const tab = tabs.find((known) => known === params.tab) ?? "keys";
  const consumer = useQuery(objectQuery("consumers", name));
  if (consumer.data !== undefined) return <OneConsumer key={name} consumer={consumer.data} tab={tab} />;
  return (
    <>
      <PageHead title={name} ruled />
      <PageBody>
        <div style={{ paddingTop: 16 }}>
          {consumer.isError ? (
            <ErrorPanel
              title={t("loadOneFailed")}
              error={consumer.error}
              retry={() => void consumer.refetch()}
            />
          ) : (
            <LoadingRows />
          )}
        </div>
      </PageBody>
    </>
  );
}

function OneConsumer({ consumer, tab }: { readonly consumer: Consumer; readonly tab: Tab }) {
  const t = useMessages(consumerMessages);
  const right = useMayWrite(consumer.managedBy, { group: consumer.resourceGroup });
  const navigate = useNavigate();
  const { name, enabled } = consumer;
  return (
    <>
      <PageHead
        title={name}
        beside={
          <span className="row g6 nowrap">
            <Moon phase={enabled ? "full" : "ring"} size={11} />
            <span className={enabled ? undefined : "dim"}>{t(enabled ? "enabled" : "disabled")}</span>
          </span>
        }
        actions={<ConsumerMenu consumer={consumer} onDeleted={() => void navigate({ to: "/consumers" })} />}
      />
      <nav className={classes["tabs"]} aria-label={t("tabs", { name })}>
        {tabs.map((each) => (
          <Link
            key={each}
            to="/consumers/$name/$tab"
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
          {consumer.managedBy === "file" && (
            <p className="note note-info">
              <Lock size={15} aria-hidden style={{ flex: "none" }} />
              {right.reason}
            </p>
          )}
          {!enabled && <p className="note">{t("disabledNote")}</p>}
          <Facts consumer={consumer} />
          <TabContent consumer={consumer} tab={tab} />
        </div>
      </PageBody>
    </>
  );
}

function TabContent({ consumer, tab }: { readonly consumer: Consumer; readonly tab: Tab }) {
  const right = useMayWrite(consumer.managedBy, { group: consumer.resourceGroup });
  const search: OwnerSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const { name } = consumer;
  const owner = consumerOwner(consumer);
  const show = (next: OwnerSearch, replace = false): void =>
    void navigate({ to: "/consumers/$name/$tab", params: { name, tab }, search: next, replace });
  switch (tab) {
    case "keys":
      return (
        <>
          <KeyList consumer={consumer} right={right} onIssue={() => show({ issue: "api-key" })} />
          {search.issue !== undefined && right.allowed && (
            <IssueKeyModal
              consumer={consumer}
              type={search.issue}
              onType={(issue) => show({ issue }, true)}
              onClose={() => show({}, true)}
            />
          )}
        </>
      );
    case "access":
      return (
        <AccessList
          owner={owner}
          searchText={search.q ?? ""}
          onSearch={(q) => show(q === "" ? {} : { q }, true)}
        />
      );
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
          consumers={[name]}
          span={search.span ?? usualSpan}
          onSpan={(span) => show({ span }, true)}
        />
      );
  }
}

function Facts({ consumer: { resourceGroup, groups, description } }: { readonly consumer: Consumer }) {
  const t = useMessages(consumerMessages);
  return (
    <dl className={classes["facts"]}>
      <Fact term={t("group")}>{resourceGroup}</Fact>
      <Fact term={t("groups")}>
        {groups.length === 0 ? t("noGroups") : <ObjectLinks kind="consumer-groups" names={groups} most={8} />}
      </Fact>
      {description !== "" && <Fact term={t("description")}>{description}</Fact>}
    </dl>
  );
}

function Fact({ term, children }: { readonly term: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt className="dim nowrap">{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
