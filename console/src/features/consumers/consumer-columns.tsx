// The columns of the list of consumers.
import { Checkbox, Switch } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Lock } from "lucide-react";
import { useState } from "react";
import type { Consumer } from "../../api/resources.ts";
import { formatMoney } from "../../i18n/format.ts";
import { useMessages } from "../../i18n/language.tsx";
import type { Column } from "../../ui/data-table.tsx";
import { Moon } from "../../ui/moon.tsx";
import { ObjectLinks } from "../../ui/object-link.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { useMayWrite } from "../../ui/use-may-write.ts";
import { ConsumerMenu } from "./consumer-menu.tsx";
import { consumerMessages } from "./consumer-messages.ts";
import type { ConsumerRow } from "./consumer-rows.ts";
import { hasEnded } from "./credentials.ts";
import { typeWords } from "./issue-key-modal.tsx";
import { keyMessages } from "./key-messages.ts";
import { QuotaBar } from "./quota-bar.tsx";
import { quotaMessages } from "./quota-messages.ts";
import { amountText } from "./quota-words.ts";
import { useSwitchConsumer } from "./use-switch-consumer.tsx";

interface Selection {
  readonly selected: readonly string[];
  readonly onSelect: (names: readonly string[]) => void;
}

export function useConsumerColumns({ selected, onSelect }: Selection): readonly Column<ConsumerRow>[] {
  const t = useMessages(consumerMessages);
  return [
    {
      key: "select",
      head: "",
      name: t("select"),
      width: 30,
      wide: true,
      cell: ({ name }) => (
        <Checkbox
          aria-label={t("selectOf", { name })}
          checked={selected.includes(name)}
          onChange={(event) =>
            onSelect(
              event.currentTarget.checked ? [...selected, name] : selected.filter((each) => each !== name),
            )
          }
        />
      ),
    },
    { key: "name", head: t("name"), cell: ({ consumer }) => <NameCell consumer={consumer} /> },
    { key: "status", head: t("status"), cell: ({ consumer }) => <StatusCell consumer={consumer} /> },
    { key: "keys", head: t("keys"), wide: true, cell: ({ consumer }) => <KeysCell consumer={consumer} /> },
    { key: "access", head: t("access"), wide: true, cell: (row) => <AccessCell row={row} /> },
    { key: "quota", head: t("quota"), wide: true, width: 150, cell: (row) => <QuotaCell row={row} /> },
    {
      key: "groups",
      head: t("groups"),
      wide: true,
      cell: ({ consumer: { groups } }) =>
        groups.length === 0 ? (
          <span className="dim">{t("noGroups")}</span>
        ) : (
          <ObjectLinks kind="consumer-groups" names={groups} most={2} />
        ),
    },
    { key: "usage", head: t("usage24h"), right: true, wide: true, cell: (row) => <UsageCell row={row} /> },
    {
      key: "group",
      head: t("group"),
      wide: true,
      cell: ({ consumer }) => <span className="soft">{consumer.resourceGroup}</span>,
    },
    {
      key: "actions",
      head: t("actions"),
      right: true,
      cell: ({ consumer }) => <ConsumerMenu consumer={consumer} withSwitch={false} />,
    },
  ];
}

function NameCell({ consumer }: { readonly consumer: Consumer }) {
  const ui = useMessages(uiMessages);
  const { name, description, managedBy } = consumer;
  return (
    <div style={{ maxWidth: "min(240px, 38vw)" }}>
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

function StatusCell({ consumer }: { readonly consumer: Consumer }) {
  const t = useMessages(consumerMessages);
  const right = useMayWrite(consumer.managedBy, { group: consumer.resourceGroup });
  const { enabled, name } = consumer;
  const { toggle, failure } = useSwitchConsumer(consumer);
  return (
    <span className="row g8 nowrap" title={right.reason}>
      <Switch
        aria-label={t("statusOf", { name })}
        checked={enabled}
        disabled={!right.allowed}
        onChange={toggle}
      />
      <Moon phase={enabled ? "full" : "ring"} size={11} label={t(enabled ? "enabled" : "disabled")} />
      {failure}
    </span>
  );
}

function KeysCell({ consumer: { credentials } }: { readonly consumer: Consumer }) {
  const t = useMessages(consumerMessages);
  const keys = useMessages(keyMessages);
  const [now] = useState(() => Date.now());
  if (credentials.length === 0) return <span className="dim nowrap">{t("noKeys")}</span>;
  const ended = credentials.filter((credential) => hasEnded(credential, now)).length;
  const types = [...new Set(credentials.map(({ type }) => type))];
  return (
    <div>
      <div className="num nowrap">
        {t("keysCount", { n: credentials.length })}
        {ended > 0 && <span className="dim">{`, ${t("ended", { n: ended })}`}</span>}
      </div>
      <div className="small dim nowrap">{types.map((type) => keys(typeWords[type])).join(", ")}</div>
    </div>
  );
}

function AccessCell({ row: { apis } }: { readonly row: ConsumerRow }) {
  const t = useMessages(consumerMessages);
  if (apis.length === 0) return <span className="dim nowrap">{t("noAccess")}</span>;
  return <ObjectLinks kind="model-apis" names={apis} most={2} />;
}

function QuotaCell({ row: { quota } }: { readonly row: ConsumerRow }) {
  const t = useMessages(consumerMessages);
  const words = useMessages(quotaMessages);
  if (quota === undefined) return <span className="dim">—</span>;
  if (quota === null) return <span className="dim nowrap">{t("noQuota")}</span>;
  const { metric, used, limit, name, owner } = quota;
  const ofGroup = owner.kind === "consumer" ? "" : ` (${owner.name})`;
  return (
    <div className="col g4" title={`${name}${ofGroup}`}>
      <QuotaBar quota={quota} />
      <span className={`small num nowrap ${quota.state === "exhausted" ? "bad" : "dim"}`}>
        {words("usedOf", { used: amountText(metric, used), limit: amountText(metric, limit) })}
      </span>
    </div>
  );
}

function UsageCell({ row: { usage } }: { readonly row: ConsumerRow }) {
  const t = useMessages(consumerMessages);
  if (usage === undefined) return <span className="dim">—</span>;
  const tokens = usage.inputTokens + usage.outputTokens;
  return (
    <div className="num nowrap">
      <div title={String(tokens)}>{t("tokens", { n: tokens })}</div>
      <div className="small dim">
        {t("requests", { n: usage.requests })}
        {usage.costUsd > 0 && ` · ${formatMoney(usage.costUsd)}`}
      </div>
    </div>
  );
}
