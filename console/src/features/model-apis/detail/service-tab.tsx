// Tab Model service: how targets are chosen, how each stands now, and what follows when one fails. Read only.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Pencil } from "lucide-react";
import type { ModelApi } from "../../../api/resources.ts";
import { statusQuery } from "../../../api/state.ts";
import { formatCount, formatShare } from "../../../i18n/format.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { DataTable, type Column } from "../../../ui/data-table.tsx";
import { Moon, type Phase } from "../../../ui/moon.tsx";
import { standingOf, type TargetState } from "../api-facts.ts";
import { ShareBar } from "../api-list-columns.tsx";
import { ExplainPanel } from "../../model-api-form/explain-panel.tsx";
import type { TabProps } from "./tab-props.ts";
import classes from "./detail.module.css";
import { serviceMessages } from "./service-messages.ts";
import { targetRows, type TargetRow } from "./target-rows.ts";

export function ServiceTab({ api }: TabProps) {
  const t = useMessages(serviceMessages);
  const { modelService } = api;
  const columns = useTargetColumns(modelService.mode);
  const weights = modelService.mode === "by-weight" ? modelService.targets.map(({ weight }) => weight) : [];
  return (
    <div className={classes["split"]}>
      <div className={classes["section"]}>
        <div className="row" style={{ marginBottom: 4 }}>
          <h2>{t(modelService.mode)}</h2>
          <span className="grow" />
          <Button
            leftSection={<Pencil size={15} strokeWidth={1.75} />}
            renderRoot={(root) => (
              <Link to="/model-apis/$name/edit" params={{ name: api.name }} hash="service" {...root} />
            )}
          >
            {t("edit")}
          </Button>
        </div>
        <p className="soft" style={{ marginBottom: 12 }}>
          <ModeText api={api} />
        </p>
        {weights.length > 1 && (
          <div style={{ marginBottom: 8 }}>
            <ShareBar weights={weights} />
          </div>
        )}
        <DataTable
          label={t("targets")}
          columns={columns}
          rows={targetRows(modelService)}
          rowKey={({ key }) => key}
        />
        {modelService.mode === "by-model-name" && modelService.default === undefined && (
          <p className="small dim" style={{ marginTop: 8 }}>
            {t("noDefault")}
          </p>
        )}
        <Fallback api={api} />
      </div>
      <ExplainPanel key={api.name} api={api} />
    </div>
  );
}

function ModeText({ api: { modelService } }: { readonly api: ModelApi }) {
  const t = useMessages(serviceMessages);
  switch (modelService.mode) {
    case "by-metrics":
      return t("by-metricsText", {
        goal: t(modelService.goal),
        share: formatShare(modelService.maxShare, 0),
      });
    case "intelligent":
      return t("intelligentText", {
        profile: t(`profile-${modelService.profile}`),
        model: modelService.default?.model ?? t("bestQuality"),
      });
    case "single":
      return t("singleText");
    case "by-model-name":
      return t("by-model-nameText");
    case "by-weight":
      return t("by-weightText");
  }
}

function useTargetColumns(mode: ModelApi["modelService"]["mode"]): Column<TargetRow>[] {
  const t = useMessages(serviceMessages);
  const all: (Column<TargetRow> & { readonly only?: typeof mode })[] = [
    {
      key: "pattern",
      only: "by-model-name",
      head: t("pattern"),
      cell: ({ pattern }) =>
        pattern === undefined ? (
          <span className="dim">{t("noRule")}</span>
        ) : (
          <span className="mono">{pattern}</span>
        ),
    },
    { key: "service", head: t("service"), cell: ({ service }) => <ServiceLink name={service} /> },
    { key: "model", head: t("model"), cell: ({ model }) => <ModelText model={model} /> },
    {
      key: "share",
      only: "by-weight",
      head: t("share"),
      right: true,
      cell: ({ share }) => <span className="num">{share === undefined ? "—" : formatShare(share)}</span>,
    },
    { key: "standing", head: t("standing"), cell: (row) => <Standing target={row} /> },
  ];
  return all.filter(({ only }) => only === undefined || only === mode);
}

function ServiceLink({ name }: { readonly name: string }) {
  return (
    <Link className="link" to="/services/$name" params={{ name }}>
      {name}
    </Link>
  );
}

function ModelText({ model }: { readonly model: string | undefined }) {
  const t = useMessages(serviceMessages);
  return model === undefined ? (
    <span className="dim">{t("asRequested")}</span>
  ) : (
    <span className="mono">{model}</span>
  );
}

const phases: Readonly<Record<TargetState, Phase>> = {
  ready: "full",
  trial: "crescent",
  ejected: "struck",
  resting: "half",
  refused: "struck",
  disabled: "ring",
  unknown: "ring",
};

/** Moon and word of how a target stands now. */
function Standing({ target }: { readonly target: { service: string; model: string | undefined } }) {
  const t = useMessages(serviceMessages);
  const { data: status } = useQuery(statusQuery);
  const state = standingOf(target, status?.services);
  const service = status?.services.find(({ name }) => name === target.service);
  const own = service?.targets.find(({ model }) => model === (target.model ?? ""));
  const until = own?.until ?? (state === "ready" ? null : (service?.until ?? null));
  return (
    <span className="row g6 nowrap">
      <Moon phase={phases[state]} size={11} />
      <span>{t(state)}</span>
      {until !== null && (
        <time className="dim num" dateTime={until} title={until}>
          {t("until", { time: new Date(until).toLocaleTimeString("en", { hour12: false }) })}
        </time>
      )}
    </span>
  );
}

function Fallback({ api }: { readonly api: ModelApi }) {
  const t = useMessages(serviceMessages);
  const { fallback, retries, firstPacketTimeoutMs } = api;
  const columns = useFallbackColumns(firstPacketTimeoutMs);
  return (
    <section style={{ marginTop: 24 }}>
      <h2>{t("fallback")}</h2>
      {!fallback.enabled && <p className="soft">{t("fallbackOff")}</p>}
      {fallback.enabled && fallback.targets.length === 0 && <p className="soft">{t("fallbackNone")}</p>}
      {fallback.enabled && fallback.targets.length > 0 && (
        <>
          <p className="soft" style={{ marginBottom: 8 }}>
            {t("order")}
          </p>
          <DataTable
            label={t("fallback")}
            columns={columns}
            rows={fallback.targets.map((target, index) => ({
              key: String(index),
              position: index + 1,
              service: target.service,
              model: target.model,
              timeoutMs: target.firstPacketTimeoutMs,
            }))}
            rowKey={({ key }) => key}
          />
        </>
      )}
      <dl className={classes["facts"]} style={{ marginTop: 16 }}>
        {fallback.enabled && fallback.targets.length > 0 && (
          <>
            <dt>{t("triggers")}</dt>
            <dd className="mono">{fallback.on.join(", ") || "—"}</dd>
          </>
        )}
        <dt>{t("firstPacket")}</dt>
        <dd className="num">
          {firstPacketTimeoutMs === 0 ? t("firstPacketOff") : `${formatCount(firstPacketTimeoutMs)} ms`}
        </dd>
        <dt>{t("retries")}</dt>
        <dd>
          {retries.max === 0
            ? t("retriesOff")
            : t("retriesText", { n: retries.max, budget: retries.budgetPercent, on: retries.on.join(", ") })}
        </dd>
      </dl>
    </section>
  );
}

interface FallbackRow {
  readonly key: string;
  readonly position: number;
  readonly service: string;
  readonly model: string | undefined;
  readonly timeoutMs: number | undefined;
}

function useFallbackColumns(usualTimeoutMs: number): Column<FallbackRow>[] {
  const t = useMessages(serviceMessages);
  const timeoutText = (ms: number): string => (ms === 0 ? t("firstPacketOff") : `${formatCount(ms)} ms`);
  return [
    {
      key: "position",
      head: "#",
      width: 36,
      cell: ({ position }) => <span className="num">{position}</span>,
    },
    { key: "service", head: t("service"), cell: ({ service }) => <ServiceLink name={service} /> },
    { key: "model", head: t("model"), cell: ({ model }) => <ModelText model={model} /> },
    {
      key: "timeout",
      head: t("timeout"),
      right: true,
      wide: true,
      cell: ({ timeoutMs }) => (
        <span className={`num ${timeoutMs === undefined ? "dim" : ""}`}>
          {timeoutText(timeoutMs ?? usualTimeoutMs)}
        </span>
      ),
    },
    { key: "standing", head: t("standing"), cell: (row) => <Standing target={row} /> },
  ];
}
