// The members of a consumer group, added and removed in place: each consumer says itself to which groups it belongs.
import { Button, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { listQuery, useChange, type Consumer } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { ListSearch } from "../../ui/list-search.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { Moon } from "../../ui/moon.tsx";
import { ObjectLink } from "../../ui/object-link.tsx";
import { RowButtons } from "../../ui/row-buttons.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { reaches, useMayWrite, useReach } from "../../ui/use-may-write.ts";
import classes from "../consumers/consumers.module.css";
import { dayUsageQuery } from "../consumers/owner-calls.ts";
import { showUndo } from "../model-apis/detail/undo-notice.tsx";
import { consumerGroupMessages } from "./consumer-group-messages.ts";
import { groupsWith, membersOf } from "./members.ts";

const searchFrom = 8;

export function MemberList({
  group,
  searchText,
  onSearch,
}: {
  readonly group: string;
  readonly searchText: string;
  readonly onSearch: (text: string) => void;
}) {
  const t = useMessages(consumerGroupMessages);
  const consumers = useQuery(listQuery("consumers"));
  const { set, error, busy } = useMembership(group);
  const members = membersOf(consumers.data?.items ?? [], group);
  const wanted = searchText.trim().toLowerCase();
  const shown = members.filter(({ name, description }) =>
    `${name}\n${description}`.toLowerCase().includes(wanted),
  );
  const columns = useMemberColumns((consumer) => set(consumer, false));
  return (
    <section className={classes["section"]} aria-labelledby="section-members">
      <div className={classes["sectionHead"]}>
        <div>
          <h2 id="section-members">{t("members")}</h2>
          <p className="small dim">{t("membersHint")}</p>
        </div>
        {(members.length >= searchFrom || searchText !== "") && (
          <ListSearch label={t("searchMembers")} value={searchText} onChange={onSearch} width={200} />
        )}
      </div>
      <AddMember
        group={group}
        consumers={consumers.data?.items}
        busy={busy}
        onAdd={(consumer) => set(consumer, true)}
      />
      {error !== null && <ErrorPanel title={t("memberFailed")} error={error} />}
      {consumers.data === undefined ? (
        consumers.isError ? (
          <ErrorPanel
            title={t("loadFailed")}
            error={consumers.error}
            retry={() => void consumers.refetch()}
          />
        ) : (
          <LoadingRows />
        )
      ) : shown.length === 0 ? (
        <p className="soft">{t(members.length === 0 ? "membersNone" : "noMemberHits")}</p>
      ) : (
        <DataTable label={t("members")} columns={columns} rows={shown} rowKey={({ name }) => name} />
      )}
    </section>
  );
}

/** Puts a consumer into the group or takes it out; the notice takes that back. */
function useMembership(group: string) {
  const t = useMessages(consumerGroupMessages);
  const ui = useMessages(uiMessages);
  const change = useChange("consumers");
  const patch = (consumer: Consumer, isMember: boolean) => ({
    action: "patch" as const,
    name: consumer.name,
    revision: consumer.revision,
    body: { groups: groupsWith(consumer, group, isMember) },
  });
  const set = (consumer: Consumer, isMember: boolean): void =>
    change.mutate(patch(consumer, isMember), {
      onSuccess: (saved) =>
        showUndo(
          {
            text: t(isMember ? "memberAdded" : "memberRemoved", { consumer: saved.name, group }),
            undo: t("undo"),
            close: ui("close"),
          },
          () => change.mutate(patch(saved, !isMember)),
        ),
    });
  return { set, error: change.error, busy: change.isPending };
}

function AddMember({
  group,
  consumers,
  busy,
  onAdd,
}: {
  readonly group: string;
  readonly consumers: readonly Consumer[] | undefined;
  readonly busy: boolean;
  readonly onAdd: (consumer: Consumer) => void;
}) {
  const t = useMessages(consumerGroupMessages);
  const right = useMayWrite();
  const reach = useReach("write");
  const [chosen, setChosen] = useState<string | null>(null);
  const choices = (consumers ?? []).filter(
    ({ groups, managedBy, resourceGroup }) =>
      managedBy === "api" && !groups.includes(group) && reaches(reach, { group: resourceGroup }),
  );
  const consumer = choices.find(({ name }) => name === chosen);
  return (
    <form
      className="row g8 wrap"
      style={{ alignItems: "flex-end" }}
      onSubmit={(event) => {
        event.preventDefault();
        if (consumer === undefined || busy) return;
        onAdd(consumer);
        setChosen(null);
      }}
    >
      <Select
        searchable
        limit={80}
        label={t("addMember")}
        placeholder={choices.length === 0 && consumers !== undefined ? t("allMembers") : t("chooseMember")}
        data={choices.map(({ name }) => name)}
        value={consumer?.name ?? null}
        disabled={!right.allowed || choices.length === 0}
        title={right.reason}
        style={{ width: 260 }}
        onChange={setChosen}
      />
      <Button
        type="submit"
        leftSection={<Plus size={14} />}
        disabled={!right.allowed || consumer === undefined}
        loading={busy}
        title={right.reason}
      >
        {t("add1")}
      </Button>
    </form>
  );
}

function useMemberColumns(onRemove: (consumer: Consumer) => void): readonly Column<Consumer>[] {
  const t = useMessages(consumerGroupMessages);
  return [
    {
      key: "name",
      head: t("consumer"),
      cell: ({ name }) => <ObjectLink kind="consumers" name={name} />,
    },
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
      key: "usage",
      head: t("usage24h"),
      right: true,
      wide: true,
      cell: ({ name }) => <UsageCell consumer={name} />,
    },
    {
      key: "actions",
      head: t("actions"),
      right: true,
      cell: (consumer) => <RemoveCell consumer={consumer} onRemove={onRemove} />,
    },
  ];
}

function UsageCell({ consumer }: { readonly consumer: string }) {
  const t = useMessages(consumerGroupMessages);
  const { data } = useQuery(dayUsageQuery);
  const row = data?.items.find(({ labels }) => labels.consumer === consumer);
  if (row === undefined) return <span className="dim">—</span>;
  return <span className="num">{t("tokens", { n: row.inputTokens + row.outputTokens })}</span>;
}

function RemoveCell({
  consumer,
  onRemove,
}: {
  readonly consumer: Consumer;
  readonly onRemove: (consumer: Consumer) => void;
}) {
  const t = useMessages(consumerGroupMessages);
  const right = useMayWrite(consumer.managedBy, { group: consumer.resourceGroup });
  return (
    <RowButtons
      actions={[
        {
          text: t("remove"),
          label: t("removeOf", { name: consumer.name }),
          right,
          run: () => onRemove(consumer),
        },
      ]}
    />
  );
}
