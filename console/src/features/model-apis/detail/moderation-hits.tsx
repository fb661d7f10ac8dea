// The newest exchanges of a Model API in which checks of content found something: filtered logs, counted by check.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { LogItem, LogPage } from "../../../../../src/control/routes/console-answers.ts";
import { callRaw, errorOf } from "../../../api/client.ts";
import { formatCount, formatTime } from "../../../i18n/format.ts";
import { useLanguage, useMessages } from "../../../i18n/language.tsx";
import type { Language, Translate } from "../../../i18n/messages.ts";
import { DataTable, type Column } from "../../../ui/data-table.tsx";
import { ErrorPanel } from "../../../ui/error-panel.tsx";
import { LoadingRows } from "../../../ui/loading.tsx";
import { hitMessages } from "./hit-messages.ts";

const dayMs = 86_400_000;
const shown = 5;
const actions = ["block", "mask", "observe", "error"] as const;

function hitsQuery(api: string) {
  return {
    queryKey: ["logs", "hits", api],
    queryFn: async ({ signal }: { signal: AbortSignal }): Promise<LogPage> => {
      const query = new URLSearchParams([
        ["api", api],
        ...actions.map((action) => ["moderation", action]),
        ["from", String(Date.now() - dayMs)],
        ["limit", String(shown)],
        ["facets", "moderationCheck"],
      ]);
      const response = await callRaw("GET", `/logs?${query.toString()}`, { signal });
      if (!response.ok) throw await errorOf(response);
      return response.json();
    },
  };
}

export function ModerationHits({ api }: { readonly api: string }) {
  const t = useMessages(hitMessages);
  const { language } = useLanguage();
  const hits = useQuery(hitsQuery(api));
  const now = new Date(hits.dataUpdatedAt);
  const counts = hits.data?.facets.find(({ field }) => field === "moderationCheck")?.values ?? [];
  return (
    <section aria-label={t("title")}>
      <div className="row wrap" style={{ marginBottom: 8 }}>
        <h3 className="medium grow" style={{ margin: 0, fontSize: 12.5 }}>
          {t("title")}
        </h3>
        <Link
          className="link small"
          to="/observe/logs"
          search={{ q: `api:${api} moderation:${actions.join(",")}`, range: "24h" }}
        >
          {t("all")}
        </Link>
      </div>
      {hits.data === undefined && !hits.isError && <LoadingRows rows={2} />}
      {hits.isError && (
        <ErrorPanel title={t("failed")} error={hits.error} retry={() => void hits.refetch()} />
      )}
      {hits.data?.items.length === 0 && <p className="small dim">{t("none")}</p>}
      {hits.data !== undefined && hits.data.items.length > 0 && (
        <>
          <p className="row wrap small" aria-label={t("counts")} style={{ margin: "0 0 8px" }}>
            {counts
              .filter(({ value }) => value !== "")
              .map(({ value, count }) => (
                <span key={value} className="tag">
                  {value} <b className="num">{formatCount(count)}</b>
                </span>
              ))}
          </p>
          <DataTable
            label={t("title")}
            rowHeight={34}
            rows={hits.data.items}
            rowKey={({ requestId }) => requestId}
            columns={hitColumns(t, language, now)}
          />
        </>
      )}
    </section>
  );
}

function hitColumns(
  t: Translate<(typeof hitMessages)["en"]>,
  language: Language,
  now: Date,
): Column<LogItem>[] {
  return [
    {
      key: "time",
      head: t("time"),
      cell: ({ time, requestId }) => (
        <Link className="link num nowrap" to="/observe/logs/$requestId" params={{ requestId }}>
          {formatTime(new Date(time), language, now)}
        </Link>
      ),
    },
    { key: "consumer", head: t("consumer"), cell: ({ consumer }) => consumer || t("unknown") },
    {
      key: "checks",
      head: t("checks"),
      cell: ({ moderation }) => [...new Set(moderation.map(({ check }) => check))].join(", "),
    },
    {
      key: "followed",
      head: t("followed"),
      cell: ({ moderation }) =>
        actions
          .filter((action) => moderation.some((finding) => finding.action === action))
          .map((action) => t(action))
          .join(", "),
    },
  ];
}
