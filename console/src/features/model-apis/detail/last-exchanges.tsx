// The newest exchanges of a Model API, one line each: what was asked, who served it, how long it took.
import { ActionIcon, Tooltip } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { RotateCcw } from "lucide-react";
import type { ExchangeSummary, WayAnswer } from "../../../../../src/control/routes/console-answers.ts";
import { formatDuration, formatTime } from "../../../i18n/format.ts";
import { useLanguage, useMessages } from "../../../i18n/language.tsx";
import { DataTable, type Column } from "../../../ui/data-table.tsx";
import { LoadingRows } from "../../../ui/loading.tsx";
import { Moon, type Phase } from "../../../ui/moon.tsx";
import { detailMessages } from "./detail-messages.ts";

function phaseOf({ status, servedBy, outcome }: ExchangeSummary): Phase {
  if (outcome !== "ok" || status >= 400) return "struck";
  return servedBy.length > 1 ? "half" : "full";
}

function useExchangeColumns(name: string, way: WayAnswer | undefined): Column<ExchangeSummary>[] {
  const t = useMessages(detailMessages);
  const { language } = useLanguage();
  const timeText = (time: string): string => formatTime(new Date(time), language, new Date(way?.to ?? time));
  return [
    {
      key: "time",
      head: t("time"),
      cell: ({ time, requestId }) => (
        <Link
          to="/observe/logs/$requestId"
          params={{ requestId }}
          className="num textlink nowrap"
          title={time}
        >
          {timeText(time)}
        </Link>
      ),
    },
    {
      key: "status",
      head: t("status"),
      cell: (exchange) => (
        <span className="row g6 nowrap" title={exchange.errorCode || undefined}>
          <Moon phase={phaseOf(exchange)} size={10} />
          <span className={`num ${phaseOf(exchange) === "struck" ? "bad" : ""}`}>{exchange.status}</span>
        </span>
      ),
    },
    {
      key: "asked",
      head: t("asked"),
      cell: ({ requestedModel }) => <span className="mono">{requestedModel || "—"}</span>,
    },
    {
      key: "served",
      head: t("servedBy"),
      wide: true,
      cell: ({ servedBy }) =>
        servedBy.length === 0 ? (
          <span className="dim">—</span>
        ) : (
          <span>{servedBy.map(({ service }) => service).join(" › ")}</span>
        ),
    },
    {
      key: "attempts",
      head: t("attempts"),
      right: true,
      wide: true,
      cell: ({ attempts, errorCode }) => (
        <span className="num soft">{attempts > 0 ? attempts : errorCode || "—"}</span>
      ),
    },
    {
      key: "ttft",
      head: t("ttft"),
      right: true,
      wide: true,
      cell: ({ ttftMs }) => <span className="num">{ttftMs === null ? "—" : formatDuration(ttftMs)}</span>,
    },
    {
      key: "total",
      head: t("total"),
      right: true,
      cell: ({ durationMs }) => <span className="num nowrap">{formatDuration(durationMs)}</span>,
    },
    {
      key: "replay",
      head: "",
      name: t("inDebug"),
      right: true,
      width: 34,
      cell: ({ requestId, time }) => (
        <Replay api={name} requestId={requestId} label={`${t("inDebug")}, ${timeText(time)}`} />
      ),
    },
  ];
}

export function LastExchanges({ name, way }: { readonly name: string; readonly way: WayAnswer | undefined }) {
  const t = useMessages(detailMessages);
  const columns = useExchangeColumns(name, way);
  const exchanges = way?.lastExchanges;
  return (
    <section style={{ minWidth: 0 }}>
      <div className="row g12 wrap">
        <h2>{t("exchanges")}</h2>
        <Link to="/observe/logs" search={{ q: `api:${name}`, range: "24h" }} className="small textlink">
          {t("allExchanges")}
        </Link>
      </div>
      {exchanges === undefined && <LoadingRows rows={5} height={34} />}
      {exchanges?.length === 0 && (
        <p className="dim" style={{ padding: "12px 0" }}>
          {t("noExchanges")}
        </p>
      )}
      {exchanges !== undefined && exchanges.length > 0 && (
        <DataTable
          label={t("exchanges")}
          columns={columns}
          rows={exchanges}
          rowKey={({ requestId }) => requestId}
          rowHeight={34}
        />
      )}
    </section>
  );
}

function Replay({
  api,
  requestId,
  label,
}: {
  readonly api: string;
  readonly requestId: string;
  readonly label: string;
}) {
  const t = useMessages(detailMessages);
  return (
    <Tooltip label={t("inDebug")}>
      <ActionIcon
        variant="subtle"
        size={26}
        aria-label={label}
        renderRoot={(root) => (
          <Link
            to="/model-apis/$name/debug"
            params={{ name: api }}
            search={{ replay: requestId }}
            {...root}
          />
        )}
      >
        <RotateCcw size={14} strokeWidth={1.75} />
      </ActionIcon>
    </Tooltip>
  );
}
