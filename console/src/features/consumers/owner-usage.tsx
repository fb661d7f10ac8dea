// What a consumer or the members of a group have used over a time, by model; and the ways to its logs and metrics.
import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { formatCount, formatMoney } from "../../i18n/format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { logQuery } from "../metrics/metrics-links.ts";
import classes from "./consumers.module.css";
import type { Owner } from "./owner.ts";
import { ownerUsageQuery, spanStart, type ModelUsage } from "./owner-calls.ts";
import { spans, type Span } from "./owner-search.ts";
import { ownerUsageMessages } from "./usage-messages.ts";

export const usualSpan: Span = "30d";

/** @param consumers whose exchanges these are, for the logs: the consumer, or the members */
export function OwnerUsage({
  owner,
  consumers,
  span,
  onSpan,
}: {
  readonly owner: Owner;
  readonly consumers: readonly string[];
  readonly span: Span;
  readonly onSpan: (span: Span) => void;
}) {
  const t = useMessages(ownerUsageMessages);
  const usage = useQuery(ownerUsageQuery(owner, span));
  return (
    <section className={classes["section"]} aria-labelledby="section-usage">
      <div className={classes["sectionHead"]}>
        <div>
          <h2 id="section-usage">{t("usage")}</h2>
          <p className="small dim">{t("usageHint")}</p>
        </div>
        <SegmentedControl
          aria-label={t("span")}
          value={span}
          data={spans.map((value) => ({ value, label: t(`s${value}`) }))}
          onChange={(value) => {
            const found = spans.find((each) => each === value);
            if (found !== undefined) onSpan(found);
          }}
        />
      </div>
      {usage.data === undefined ? (
        usage.isError ? (
          <ErrorPanel title={t("loadFailed")} error={usage.error} retry={() => void usage.refetch()} />
        ) : (
          <LoadingRows />
        )
      ) : (
        <ByModel models={usage.data.models} />
      )}
      {consumers.length > 0 && <Ways consumers={consumers} span={span} />}
    </section>
  );
}

function ByModel({ models }: { readonly models: readonly ModelUsage[] }) {
  const t = useMessages(ownerUsageMessages);
  if (models.length === 0) return <p className="soft">{t("none")}</p>;
  const sum = (pick: (row: ModelUsage) => number): number =>
    models.reduce((total, row) => total + pick(row), 0);
  const total: Row = {
    isTotal: true,
    model: t("total"),
    requests: sum(({ requests }) => requests),
    inputTokens: sum(({ inputTokens }) => inputTokens),
    outputTokens: sum(({ outputTokens }) => outputTokens),
    costUsd: sum(({ costUsd }) => costUsd),
  };
  const rows: Row[] = models.map((row) => ({ ...row, isTotal: false }));
  return (
    <DataTable
      label={t("usage")}
      columns={columnsOf(t)}
      rows={rows.length > 1 ? [...rows, total] : rows}
      rowKey={({ model, isTotal }) => (isTotal ? "total" : `model ${model}`)}
    />
  );
}

interface Row extends ModelUsage {
  readonly isTotal: boolean;
}

function columnsOf(
  t: ReturnType<typeof useMessages<(typeof ownerUsageMessages)["en"]>>,
): readonly Column<Row>[] {
  const count = (key: "requests" | "inputTokens" | "outputTokens", head: string): Column<Row> => ({
    key,
    head,
    right: true,
    cell: (row) => (
      <span className="num" title={String(row[key])}>
        {formatCount(row[key])}
      </span>
    ),
  });
  return [
    {
      key: "model",
      head: t("model"),
      cell: ({ model, isTotal }) => (
        <span className={isTotal ? "strong" : "mono"}>{model === "" ? t("noModel") : model}</span>
      ),
    },
    count("requests", t("requests")),
    count("inputTokens", t("input")),
    count("outputTokens", t("output")),
    {
      key: "cost",
      head: t("cost"),
      right: true,
      // Without a price nothing is known of what was paid.
      cell: ({ costUsd }) => <span className="num">{costUsd === 0 ? "—" : formatMoney(costUsd)}</span>,
    },
  ];
}

function Ways({ consumers, span }: { readonly consumers: readonly string[]; readonly span: Span }) {
  const t = useMessages(ownerUsageMessages);
  // As the page was opened: links do not change under the pointer.
  const [now] = useState(() => new Date());
  const times = { from: spanStart(span, now), to: now.getTime() };
  return (
    <p className="row g16 wrap">
      <Link className="link" to="/observe/logs" search={{ q: logQuery({ consumer: consumers }), ...times }}>
        {t("logs")}
      </Link>
      <Link className="link" to="/observe/metrics" search={{ consumer: [...consumers], ...times }}>
        {t("metrics")}
      </Link>
      <Link
        className="link"
        to="/observe/usage"
        search={{ by: ["api", "consumer"], consumer: [...consumers], ...times }}
      >
        {t("allUsage")}
      </Link>
    </p>
  );
}
