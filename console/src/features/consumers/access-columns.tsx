// The columns of the list of Model APIs that a consumer or group may call.
import { Switch } from "@mantine/core";
import { useState } from "react";
import type { ModelApi } from "../../api/resources.ts";
import { formatTime } from "../../i18n/format.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import type { Column } from "../../ui/data-table.tsx";
import { ObjectLink } from "../../ui/object-link.tsx";
import { RowButtons } from "../../ui/row-buttons.tsx";
import { useMayWrite } from "../../ui/use-may-write.ts";
import { accessMessages } from "./access-messages.ts";
import { grantsOf, type GrantTerms, type GrantView } from "./grants.ts";
import type { Owner } from "./owner.ts";

interface AccessActions {
  readonly owner: Owner;
  readonly busy: boolean;
  readonly onSwitch: (api: ModelApi, terms: GrantTerms | null) => void;
  readonly onEdit: (api: ModelApi) => void;
}

export function useAccessColumns(actions: AccessActions): readonly Column<ModelApi>[] {
  const t = useMessages(accessMessages);
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
      wide: true,
      cell: ({ auth }) => (
        <span className={auth.enabled ? undefined : "warn"}>{t(auth.enabled ? "asksYes" : "asksNo")}</span>
      ),
    },
    { key: "terms", head: t("terms"), cell: (api) => <TermsCell api={api} owner={actions.owner} /> },
    {
      key: "granted",
      head: t("granted"),
      right: true,
      cell: (api) => <AccessCell api={api} actions={actions} />,
    },
  ];
}

function TermsCell({ api, owner }: { readonly api: ModelApi; readonly owner: Owner }) {
  const views = grantsOf(api, owner);
  if (views.length === 0) return <span className="dim">—</span>;
  return (
    <div className="col">
      {views.map((view) => (
        <TermsLine key={`${view.by} ${view.group}`} view={view} />
      ))}
    </div>
  );
}

function TermsLine({ view }: { readonly view: GrantView }) {
  const t = useMessages(accessMessages);
  const { language } = useLanguage();
  const [now] = useState(() => new Date());
  const { by, group, expiresAt, models } = view;
  const isOver = expiresAt !== undefined && Date.parse(expiresAt) <= now.getTime();
  const time = expiresAt === undefined ? "" : formatTime(new Date(expiresAt), language, now);
  return (
    <span className="small">
      {by === "group" && (
        <>{t.rich("byGroup", { group: <ObjectLink kind="consumer-groups" name={group} /> })} · </>
      )}
      {models === undefined ? t("allModels") : <span className="mono">{models.join(", ")}</span>}
      {expiresAt !== undefined && (
        <span className={isOver ? "bad" : "dim"} title={expiresAt}>
          {" "}
          · {t(isOver ? "grantEnded" : "grantUntil", { time })}
        </span>
      )}
    </span>
  );
}

function AccessCell({ api, actions }: { readonly api: ModelApi; readonly actions: AccessActions }) {
  const t = useMessages(accessMessages);
  const right = useMayWrite(api.managedBy, { group: api.resourceGroup });
  const isOwn = grantsOf(api, actions.owner).some(({ by }) => by === "own");
  return (
    <span className="row g8" style={{ justifyContent: "flex-end" }} title={right.reason}>
      {isOwn && (
        <RowButtons
          actions={[
            {
              text: t("edit"),
              label: t("editOf", { api: api.name }),
              right,
              run: () => actions.onEdit(api),
            },
          ]}
        />
      )}
      <Switch
        aria-label={t("grantOf", { api: api.name })}
        checked={isOwn}
        disabled={!right.allowed || actions.busy}
        onChange={(event) => actions.onSwitch(api, event.currentTarget.checked ? {} : null)}
      />
    </span>
  );
}
