// What the gateway is and where: instance, addresses, nodes, and one's own account.
import { Button, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useOpenTool } from "../../app/shell/tool-state.tsx";
import type { StatusAnswer } from "../../../../src/control/routes/console-answers.ts";
import { heldBy, sessionQuery } from "../../api/session.ts";
import { statusQuery } from "../../api/state.ts";
import { formatAgo, formatCount } from "../../i18n/format.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import type { Translate } from "../../i18n/messages.ts";
import { CopyText } from "../../ui/copy.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { Moon } from "../../ui/moon.tsx";
import { useMayWrite } from "../../ui/use-may-write.ts";
import { RoleTags } from "../access/role-tags.tsx";
import { instanceQuery, saveRegion, type Instance } from "./settings-calls.ts";
import { settingsMessages } from "./settings-messages.ts";
import classes from "./settings.module.css";

export function GeneralSection() {
  const t = useMessages(settingsMessages);
  const status = useQuery(statusQuery);
  const instances = useQuery(instanceQuery);
  const instance = instances.data?.items[0];
  if (status.isPending) return <LoadingRows rows={6} />;
  if (status.data === undefined)
    return <ErrorPanel title={t("statusFailed")} error={status.error} retry={() => void status.refetch()} />;
  return (
    <>
      {status.data.configError !== null && (
        <div className="note note-bad">
          <div>
            <div className="medium">{t("configError")}</div>
            <div className={classes["wrapped"]}>{status.data.configError}</div>
          </div>
        </div>
      )}
      <section>
        <h2>{t("instance")}</h2>
        <p className="soft">{t("instanceText")}</p>
        {instance !== undefined && <InstanceForm key={instance.revision} instance={instance} />}
      </section>
      <Addresses status={status.data} />
      <Nodes status={status.data} now={new Date(status.dataUpdatedAt)} />
      <Account />
    </>
  );
}

function InstanceForm({ instance }: { readonly instance: Instance }) {
  const t = useMessages(settingsMessages);
  const client = useQueryClient();
  const right = useMayWrite(instance.managedBy, "everywhere");
  const [region, setRegion] = useState(instance.region);
  const save = useMutation({
    mutationFn: () => saveRegion(instance, region.trim()),
    onSuccess: (saved) => {
      notifications.show({ message: t("saved", { region: saved.region }) });
      return client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "session" });
    },
  });
  const tooLong = region.trim().length > 64;
  return (
    <form
      className={classes["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        if (!tooLong && !save.isPending) save.mutate();
      }}
    >
      <TextInput label={t("name")} value={instance.name} readOnly disabled />
      <TextInput
        label={t("region")}
        value={region}
        disabled={!right.allowed}
        description={right.reason === "" ? undefined : right.reason}
        error={tooLong ? t("regionLong") : null}
        onChange={(event) => setRegion(event.currentTarget.value)}
      />
      <Button
        type="submit"
        variant="filled"
        loading={save.isPending}
        disabled={!right.allowed || tooLong || region.trim() === instance.region}
      >
        {t("save")}
      </Button>
      {save.error !== null && (
        <div className={classes["whole"]}>
          <ErrorPanel title={t("saveFailed")} error={save.error} />
        </div>
      )}
    </form>
  );
}

function Addresses({ status }: { readonly status: StatusAnswer }) {
  const t = useMessages(settingsMessages);
  const { gateway } = status;
  return (
    <section>
      <h2>{t("addresses")}</h2>
      <dl className={classes["facts"]}>
        <dt>{t("gatewayUrl")}</dt>
        <dd>
          <CopyText text={gateway.url} label={t("gatewayUrl")} />
          <span className="small dim">{t("boundTo", { place: `${gateway.host}:${gateway.port}` })}</span>
        </dd>
        <dt>{t("adminUrl")}</dt>
        <dd>
          <CopyText text={`${location.origin}/api/v1`} label={t("adminUrl")} />
          <a className="small textlink" href="/api/v1/openapi.json" target="_blank" rel="noreferrer">
            {t("openApi")}
          </a>
        </dd>
      </dl>
    </section>
  );
}

function Nodes({ status, now }: { readonly status: StatusAnswer; readonly now: Date }) {
  const t = useMessages(settingsMessages);
  const { language } = useLanguage();
  const started = new Date(status.startedAt);
  return (
    <section>
      <h2>{t("nodes")}</h2>
      <dl className={classes["facts"]}>
        <dt>{t("version")}</dt>
        <dd>{status.version}</dd>
        <dt>{t("started")}</dt>
        <dd title={started.toISOString()}>{t("startedAgo", { time: formatAgo(started, language, now) })}</dd>
        <dt>{t("newest")}</dt>
        <dd className="num">{status.revision}</dd>
        <dt>{t("running")}</dt>
        <dd className="num">{formatCount(status.inFlight)}</dd>
      </dl>
      <DataTable
        label={t("nodes")}
        rows={status.nodes}
        rowKey={({ name }) => name}
        columns={nodeColumns(t)}
      />
    </section>
  );
}

function Account() {
  const t = useMessages(settingsMessages);
  const { data: session } = useQuery(sessionQuery);
  const open = useOpenTool();
  if (session === null || session === undefined) return null;
  return (
    <section>
      <h2>{t("account")}</h2>
      <p className="soft">{t.rich("accountText", { name: session.user.name })}</p>
      <RoleTags held={heldBy(session)} />
      <Button className={classes["start"]} onClick={() => open("password")}>
        {t("changePassword")}
      </Button>
    </section>
  );
}

function nodeColumns(t: Translate<(typeof settingsMessages)["en"]>): Column<StatusAnswer["nodes"][number]>[] {
  return [
    { key: "name", head: t("node"), cell: ({ name }) => <span className="mono">{name}</span> },
    {
      key: "state",
      head: t("state"),
      cell: ({ ready }) => (
        <span className="row g6">
          <Moon phase={ready ? "full" : "crescent"} size={10} />
          {t(ready ? "ready" : "notReady")}
        </span>
      ),
    },
    {
      key: "revision",
      head: t("revision"),
      right: true,
      cell: ({ revision }) => <span className="num">{revision ?? "—"}</span>,
    },
    {
      key: "workers",
      head: t("workers"),
      right: true,
      cell: ({ workers }) => <span className="num">{workers}</span>,
    },
  ];
}
