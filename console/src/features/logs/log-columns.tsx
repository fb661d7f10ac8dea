// The columns of the list: what stands in each cell, and which are shown until somebody chooses others.
import type { ReactNode } from "react";
import type { LogItem } from "../../../../src/control/routes/console-answers.ts";
import { formatCount, formatMoney } from "../../i18n/format.ts";
import type { PlainKey, Translate } from "../../i18n/messages.ts";
import { isFailed, speedOf } from "./log-words.ts";
import type { logsMessages } from "./logs-messages.ts";

type Words = Translate<(typeof logsMessages)["en"]>;

/** What a cell may need beside the record. */
export interface CellTools {
  readonly t: Words;
  readonly timeText: (time: string) => string;
}

export interface LogColumn {
  readonly key: string;
  readonly head: PlainKey<typeof logsMessages>;
  readonly right?: boolean;
  /** Left out on a phone. */
  readonly wide?: boolean;
  readonly cell: (item: LogItem, tools: CellTools) => ReactNode;
}

const nothing = <span className="dim">—</span>;

function word(text: string, className?: string): ReactNode {
  if (text === "") return nothing;
  return (
    <span className={className} title={text}>
      {text}
    </span>
  );
}

/** Seconds with two places: the head says the unit. */
function seconds(ms: number | null): ReactNode {
  return ms === null ? nothing : <span className="num">{(ms / 1_000).toFixed(2)}</span>;
}

function model({ requestedModel, model: sent }: LogItem, { t }: CellTools): ReactNode {
  const shown = sent === "" ? requestedModel : sent;
  if (shown === "") return nothing;
  const isOther = requestedModel !== "" && sent !== "" && requestedModel !== sent;
  return (
    <span
      className="mono cut"
      title={isOther ? `${shown} · ${t("asked", { model: requestedModel })}` : shown}
    >
      {isOther ? (
        <>
          <span className="dim">{requestedModel} › </span>
          {shown}
        </>
      ) : (
        shown
      )}
    </span>
  );
}

function service({ service: served, attempts }: LogItem, { t }: CellTools): ReactNode {
  if (served === "" && attempts.length === 0) return nothing;
  const services = attempts.map((attempt) => attempt.service).join(" › ");
  return (
    <span className="row g6">
      <span className="cut" title={served}>
        {served === "" ? attempts.at(-1)?.service : served}
      </span>
      {attempts.length > 1 && (
        <span className="tag num" title={t("attempts", { n: attempts.length, services })}>
          ×{attempts.length}
        </span>
      )}
    </span>
  );
}

function tokens({ usage }: LogItem, { t }: CellTools): ReactNode {
  if (usage === null) return nothing;
  const notes = [
    ...(usage.estimated ? [t("estimated")] : []),
    ...(usage.cachedInputTokens > 0 ? [t("cachedTokens", { n: usage.cachedInputTokens })] : []),
  ];
  return (
    <span className="num soft" title={notes.length === 0 ? undefined : notes.join(" · ")}>
      {usage.estimated ? "~ " : ""}
      {formatCount(usage.inputTokens)} / {formatCount(usage.outputTokens)}
    </span>
  );
}

/** Checks that found something, with what followed where it acted. */
function moderation({ moderation: found }: LogItem): ReactNode {
  const texts = found.map(({ check, action }) => `${check} ${action}`);
  return word([...new Set(texts)].join(", "), "cut");
}

/** Status stands before them, always: it is the link. */
export const logColumns: readonly LogColumn[] = [
  {
    key: "time",
    head: "col_time",
    cell: ({ time }, { timeText }) => (
      <span className="num soft" title={time}>
        {timeText(time)}
      </span>
    ),
  },
  { key: "api", head: "col_api", cell: ({ api }) => word(api, "cut") },
  { key: "route", head: "col_route", wide: true, cell: ({ route }) => word(route, "soft cut") },
  { key: "model", head: "col_model", wide: true, cell: model },
  { key: "service", head: "col_service", wide: true, cell: service },
  { key: "consumer", head: "col_consumer", wide: true, cell: ({ consumer }) => word(consumer, "cut") },
  { key: "group", head: "col_group", wide: true, cell: ({ resourceGroup }) => word(resourceGroup, "cut") },
  { key: "protocol", head: "col_protocol", wide: true, cell: ({ protocol }) => word(protocol) },
  {
    key: "stream",
    head: "col_stream",
    wide: true,
    cell: ({ stream }, { t }) => <span className="soft">{t(stream ? "yes" : "no")}</span>,
  },
  { key: "ttft", head: "col_ttft", right: true, wide: true, cell: ({ ttftMs }) => seconds(ttftMs) },
  { key: "total", head: "col_total", right: true, cell: ({ durationMs }) => seconds(durationMs) },
  {
    key: "speed",
    head: "col_speed",
    right: true,
    wide: true,
    cell: (item) => {
      const speed = speedOf(item);
      return speed === null ? nothing : <span className="num">{speed.toFixed(1)}</span>;
    },
  },
  { key: "tokens", head: "col_tokens", right: true, wide: true, cell: tokens },
  {
    key: "cost",
    head: "col_cost",
    right: true,
    wide: true,
    cell: ({ costUsd, usage }) =>
      costUsd === null ? (
        nothing
      ) : (
        <span className="num">{formatMoney(costUsd, { estimated: usage?.estimated === true })}</span>
      ),
  },
  {
    key: "error",
    head: "col_error",
    wide: true,
    cell: (item) => {
      const text = item.errorCode || (isFailed(item) ? (item.attempts.at(-1)?.reason ?? "") : "");
      return word(text, "mono");
    },
  },
  { key: "limit", head: "col_limit", wide: true, cell: ({ rateLimit }) => word(rateLimit, "cut") },
  { key: "moderation", head: "col_moderation", wide: true, cell: moderation },
  {
    key: "cache",
    head: "col_cache",
    wide: true,
    cell: ({ cache }) => (cache === "skip" ? nothing : <span className="soft">{cache}</span>),
  },
  {
    key: "saved",
    head: "col_saved",
    right: true,
    wide: true,
    cell: ({ saved }) =>
      saved === undefined ? (
        nothing
      ) : (
        <span className="num">{formatCount(saved.inputTokens + saved.outputTokens)}</span>
      ),
  },
  {
    key: "warnings",
    head: "col_warnings",
    wide: true,
    cell: ({ warnings }) => word(warnings.map(({ field, action }) => `${field} ${action}`).join(", "), "cut"),
  },
  { key: "ip", head: "col_ip", wide: true, cell: ({ clientIp }) => word(clientIp, "mono") },
  {
    key: "trace",
    head: "col_trace",
    wide: true,
    cell: ({ traceId }) => (
      <span className="mono dim" title={traceId}>
        {traceId === "" ? "—" : `${traceId.slice(0, 8)}…`}
      </span>
    ),
  },
];

export const usualColumns: readonly string[] = ["time", "api", "model", "service", "ttft", "total", "tokens"];
