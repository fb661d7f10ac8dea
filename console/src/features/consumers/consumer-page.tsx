// One consumer: its keys, what it may call, and its details.
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Lock } from "lucide-react";
import { objectQuery, type Consumer } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { Moon } from "../../ui/moon.tsx";
import { PageBody, PageHead } from "../../ui/page.tsx";
import { useMayWrite } from "../../ui/use-may-write.ts";
import { AccessList } from "./access-list.tsx";
import { ConsumerMenu } from "./consumer-menu.tsx";
import { consumerMessages } from "./consumer-messages.ts";
import { IssueKeyModal } from "./issue-key-modal.tsx";
import { KeyList } from "./key-list.tsx";

export function ConsumerPage() {
  const t = useMessages(consumerMessages);
  const { name } = useParams({ from: "/app/consumers/$name" });
  const consumer = useQuery(objectQuery("consumers", name));
  if (consumer.data !== undefined) return <OneConsumer key={name} consumer={consumer.data} />;
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

function OneConsumer({ consumer }: { readonly consumer: Consumer }) {
  const t = useMessages(consumerMessages);
  const right = useMayWrite(consumer.managedBy, { group: consumer.resourceGroup });
  const { issue } = useSearch({ from: "/app/consumers/$name" });
  const navigate = useNavigate({ from: "/consumers/$name" });
  const { name, description, enabled, resourceGroup, groups } = consumer;
  return (
    <>
      <PageHead
        title={name}
        ruled
        beside={
          <span className="row g6 nowrap">
            <Moon phase={enabled ? "full" : "ring"} size={11} />
            <span className={enabled ? undefined : "dim"}>{t(enabled ? "enabled" : "disabled")}</span>
          </span>
        }
        actions={<ConsumerMenu consumer={consumer} onDeleted={() => void navigate({ to: "/consumers" })} />}
      />
      <PageBody>
        <div className="col g24" style={{ maxWidth: 880, paddingTop: 20 }}>
          {consumer.managedBy === "file" && (
            <p className="note note-info">
              <Lock size={15} aria-hidden style={{ flex: "none" }} />
              {right.reason}
            </p>
          )}
          {!enabled && <p className="note">{t("disabledNote")}</p>}
          <dl className="row g24 wrap small" style={{ margin: 0, rowGap: 4 }}>
            <Fact term={t("group")}>{resourceGroup}</Fact>
            <Fact term={t("groups")}>{groups.length === 0 ? t("noGroups") : groups.join(", ")}</Fact>
            {description !== "" && <Fact term={t("description")}>{description}</Fact>}
          </dl>
          <KeyList
            consumer={consumer}
            right={right}
            onIssue={() => void navigate({ search: { issue: true } })}
          />
          <AccessList consumer={consumer} />
        </div>
      </PageBody>
      {issue === true && right.allowed && (
        <IssueKeyModal consumer={consumer} onClose={() => void navigate({ search: {}, replace: true })} />
      )}
    </>
  );
}

function Fact({ term, children }: { readonly term: string; readonly children: string }) {
  return (
    <div className="row g6">
      <dt className="dim nowrap">{term}</dt>
      <dd style={{ margin: 0, overflowWrap: "anywhere" }}>{children}</dd>
    </div>
  );
}
