// Which Model APIs a consumer may call, given and taken back in place: the grant stands in the Model API.
import { Switch } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { listQuery, useChange, type Consumer, type ModelApi } from "../../api/resources.ts";
import { formatTime } from "../../i18n/format.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { ListSearch } from "../../ui/list-search.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { ObjectLink } from "../../ui/object-link.tsx";
import { useMayWrite } from "../../ui/use-may-write.ts";
import { grantOf, grantsWith } from "./grants.ts";
import { keyMessages } from "./key-messages.ts";

const searchFrom = 8;

export function AccessList({ consumer }: { readonly consumer: Consumer }) {
  const t = useMessages(keyMessages);
  const apis = useQuery(listQuery("model-apis"));
  const change = useChange("model-apis");
  const [text, setText] = useState("");
  const failedApi = change.variables !== undefined && "name" in change.variables ? change.variables.name : "";
  const items = apis.data?.items ?? [];
  const shown = items.filter(({ name }) => name.toLowerCase().includes(text.trim().toLowerCase()));
  const setGrant = (api: ModelApi, isGranted: boolean): void =>
    change.mutate(
      {
        action: "patch",
        name: api.name,
        revision: api.revision,
        body: { auth: { grants: grantsWith(api, consumer.name, isGranted) } },
      },
      {
        onSuccess: () =>
          notifications.show({
            message: t(isGranted ? "granted_done" : "revoked_done", {
              consumer: consumer.name,
              api: api.name,
            }),
          }),
        onError: () => void apis.refetch(),
      },
    );
  const columns = useAccessColumns(consumer, change.isPending, setGrant);
  return (
    <section aria-labelledby="section-access" className="col g8">
      <div className="row g12 wrap">
        <div className="grow" style={{ minWidth: 240 }}>
          <h2 id="section-access">{t("access")}</h2>
          <p className="small dim">{t("accessHint")}</p>
        </div>
        {items.length >= searchFrom && (
          <ListSearch label={t("searchApis")} value={text} onChange={setText} width={220} />
        )}
      </div>
      {change.error !== null && (
        <ErrorPanel title={t("grantFailed", { api: failedApi })} error={change.error} />
      )}
      {apis.data === undefined ? (
        <LoadingRows />
      ) : items.length === 0 || shown.length === 0 ? (
        <p className="soft">{t(items.length === 0 ? "noApis" : "noHits")}</p>
      ) : (
        <DataTable label={t("access")} rows={shown} rowKey={({ name }) => name} columns={columns} />
      )}
    </section>
  );
}

function useAccessColumns(
  consumer: Consumer,
  busy: boolean,
  onChange: (api: ModelApi, isGranted: boolean) => void,
): readonly Column<ModelApi>[] {
  const t = useMessages(keyMessages);
  return [
    {
      key: "api",
      head: t("api"),
      cell: ({ name }) => <ObjectLink kind="model-apis" name={name} />,
    },
    {
      key: "entry",
      head: t("entry"),
      wide: true,
      cell: ({ domains, basePath }) => <span className="mono dim">{`${domains[0] ?? ""}${basePath}`}</span>,
    },
    {
      key: "asks",
      head: t("asks"),
      cell: ({ auth }) => (
        <span className={auth.enabled ? undefined : "warn"}>{t(auth.enabled ? "asksYes" : "asksNo")}</span>
      ),
    },
    {
      key: "granted",
      head: t("granted"),
      right: true,
      cell: (api) => (
        <AccessCell
          api={api}
          consumer={consumer}
          busy={busy}
          onChange={(isGranted) => onChange(api, isGranted)}
        />
      ),
    },
  ];
}

function AccessCell({
  api,
  consumer,
  busy,
  onChange,
}: {
  readonly api: ModelApi;
  readonly consumer: Consumer;
  readonly busy: boolean;
  readonly onChange: (isGranted: boolean) => void;
}) {
  const t = useMessages(keyMessages);
  const { language } = useLanguage();
  const [now] = useState(() => new Date());
  const right = useMayWrite(api.managedBy, { group: api.resourceGroup });
  const grant = grantOf(api, consumer);
  const notes = [
    grant?.by === "group" ? t("byGroup", { group: grant.group }) : "",
    grant?.expiresAt === undefined
      ? ""
      : t("grantUntil", { time: formatTime(new Date(grant.expiresAt), language, now) }),
  ].filter((note) => note !== "");
  return (
    <span className="row g8" style={{ justifyContent: "flex-end" }} title={right.reason}>
      {notes.length > 0 && <span className="small dim">{notes.join(" · ")}</span>}
      <Switch
        aria-label={t("grantOf", { api: api.name })}
        checked={grant !== undefined}
        disabled={!right.allowed || busy || grant?.by === "group"}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </span>
  );
}
