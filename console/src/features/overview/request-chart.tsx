// Requests over time as an area, those that failed on top; the same as a table. Knows no Model API.
import { useElementSize } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type {
  Buckets,
  TrafficCounts,
  TrafficWindow,
} from "../../../../src/control/routes/console-answers.ts";
import { formatCount, formatTime } from "../../i18n/format.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import type { Translate } from "../../i18n/messages.ts";
import { countTicks, shortCount, tickText, timeTicks } from "../../ui/chart/scale.ts";
import { overviewMessages } from "./overview-messages.ts";
import classes from "./overview.module.css";

type Counts = Pick<TrafficCounts, "series" | "streamSeries" | "failedSeries" | "requests" | "failed">;

const height = 290;
const margin = { top: 8, right: 4, bottom: 24, left: 38 };

/** Length of a column in words. */
export function stepText(stepMs: number, t: Translate<(typeof overviewMessages)["en"]>): string {
  const minutes = Math.round(stepMs / 60_000);
  if (minutes === 1) return t("minute");
  return minutes < 60 ? t("minutes", { n: minutes }) : t("hours", { n: minutes / 60 });
}

export function RequestChart({
  buckets,
  counts,
  span,
  window,
  group,
}: {
  readonly buckets: Buckets;
  readonly counts: Counts;
  /** Of the window, in words. */
  readonly span: string;
  readonly window: TrafficWindow;
  readonly group: string | undefined;
}) {
  const t = useMessages(overviewMessages);
  const [table, setTable] = useState(false);
  const { ref, width } = useElementSize();
  if (counts.requests === 0) {
    return (
      <section>
        <div className={classes["section"]}>
          <h2>{t("chart", { step: stepText(buckets.stepMs, t) })}</h2>
        </div>
        <p className="soft">{t("noTraffic")}</p>
      </section>
    );
  }
  return (
    <section>
      <div className={classes["section"]}>
        <h2>{t("chart", { step: stepText(buckets.stepMs, t) })}</h2>
        <span className="grow" />
        <Legend colour="var(--mg-c1)" text={t("stream")} />
        <Legend colour="var(--mg-c2)" text={t("nonStream")} />
        <Legend colour="var(--mg-bad)" text={t("failedWord")} />
        <button type="button" className={classes["quiet"]} onClick={() => setTable(!table)}>
          {t(table ? "asChart" : "asTable")}
        </button>
        <Link
          to="/observe/metrics"
          search={{ range: window, ...(group === undefined ? {} : { resourceGroup: [group] }) }}
          className={classes["quiet"]}
        >
          {t("toMetrics")}
        </Link>
      </div>
      <div ref={ref} style={{ minHeight: height }}>
        {table ? (
          <CountTable
            buckets={buckets}
            counts={counts}
            label={t("chart", { step: stepText(buckets.stepMs, t) })}
          />
        ) : (
          width > 0 && <Plot buckets={buckets} counts={counts} width={width} span={span} />
        )}
      </div>
    </section>
  );
}

function Legend({ colour, text }: { readonly colour: string; readonly text: string }) {
  return (
    <span className={classes["legend"]}>
      <i style={{ background: colour }} />
      {text}
    </span>
  );
}

interface PlotProps {
  readonly buckets: Buckets;
  readonly counts: Counts;
  readonly width: number;
  readonly span: string;
}

function Plot({ buckets, counts, width, span }: PlotProps) {
  const t = useMessages(overviewMessages);
  const { language } = useLanguage();
  const [at, setAt] = useState<number | null>(null);
  const ticks = countTicks(Math.max(...counts.series));
  const top = ticks.at(-1) ?? 1;
  const inner = { w: width - margin.left - margin.right, h: height - margin.top - margin.bottom };
  const range = { startMs: buckets.startMs, endMs: buckets.startMs + buckets.stepMs * buckets.count };
  const x = (ms: number): number =>
    margin.left + ((ms - range.startMs) / (range.endMs - range.startMs)) * inner.w;
  const y = (value: number): number => margin.top + inner.h - (value / top) * inner.h;
  const middle = (index: number): number => x(range.startMs + (index + 0.5) * buckets.stepMs);
  const points = (values: readonly number[]): string[] =>
    values.map((value, index) => `${middle(index).toFixed(1)} ${y(value).toFixed(1)}`);
  const line = (values: readonly number[]): string => points(values).join("L");
  const stream = counts.streamSeries;
  // What failed hangs from the top, whether it asked for a stream or not.
  const good = counts.series.map((value, index) => value - (counts.failedSeries[index] ?? 0));
  const last = middle(buckets.count - 1).toFixed(1);
  const first = middle(0).toFixed(1);
  const offsetMs = -new Date(range.endMs).getTimezoneOffset() * 60_000;
  const name = t("chartName", {
    n: counts.requests,
    span,
    most: Math.max(0, ...counts.series),
    failed: counts.failed,
  });
  const point = (clientX: number, left: number): void => {
    const index = Math.floor(((clientX - left - margin.left) / inner.w) * buckets.count);
    setAt(index >= 0 && index < buckets.count ? index : null);
  };
  return (
    <div className={classes["plot"]}>
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={name}
        onPointerMove={(event) => point(event.clientX, event.currentTarget.getBoundingClientRect().left)}
        onPointerLeave={() => setAt(null)}
      >
        {ticks.map((tick) => (
          <g key={tick}>
            <path
              d={`M${margin.left} ${y(tick)}H${width - margin.right}`}
              stroke={tick === 0 ? "var(--mg-line)" : "var(--mg-grid)"}
            />
            <text x={margin.left - 8} y={y(tick) + 4} textAnchor="end" className={classes["axis"]}>
              {shortCount(tick)}
            </text>
          </g>
        ))}
        {timeTicks(range, width < 500 ? 4 : 8, offsetMs).map((tick) => (
          <text
            key={tick}
            x={Math.min(x(tick), width - 18)}
            y={height - 6}
            textAnchor="middle"
            className={classes["axis"]}
          >
            {tickText(tick, range, language, offsetMs)}
          </text>
        ))}
        <path d={`M${first} ${y(0)}L${line(stream)}L${last} ${y(0)}z`} fill="var(--mg-c1)" opacity=".2" />
        <path
          d={`M${line(counts.series)}L${line(stream).split("L").toReversed().join("L")}z`}
          fill="var(--mg-c2)"
          opacity=".2"
        />
        {counts.failed > 0 && (
          <path
            d={`M${line(counts.series)}L${line(good).split("L").toReversed().join("L")}z`}
            fill="var(--mg-bad)"
            opacity=".75"
          />
        )}
        <Edge points={points(counts.series)} colour="var(--mg-c2)" />
        <Edge points={points(stream)} colour="var(--mg-c1)" />
        {at !== null && (
          <path d={`M${middle(at)} ${margin.top}V${y(0)}`} stroke="var(--mg-ink-3)" strokeDasharray="2 2" />
        )}
      </svg>
      {at !== null && (
        <div
          className={classes["reading"]}
          style={middle(at) > width / 2 ? { right: width - middle(at) + 8 } : { left: middle(at) + 8 }}
          aria-hidden
        >
          <b className="medium">
            {formatTime(new Date(range.startMs + at * buckets.stepMs), language, new Date(range.endMs))}
          </b>
          <span>
            {t("stream")} {formatCount(stream[at] ?? 0)}
          </span>
          <span>
            {t("nonStream")} {formatCount((counts.series[at] ?? 0) - (stream[at] ?? 0))}
          </span>
          <span>
            {t("failedWord")} {formatCount(counts.failedSeries[at] ?? 0)}
          </span>
        </div>
      )}
    </div>
  );
}

/** A line whose last piece is dashed, as the last column is still filling. */
function Edge({ points, colour }: { readonly points: readonly string[]; readonly colour: string }) {
  return (
    <g fill="none" stroke={colour} strokeWidth="1.7" strokeLinejoin="round">
      <path d={`M${points.slice(0, -1).join("L")}`} />
      <path d={`M${points.slice(-2).join("L")}`} strokeDasharray="3 3" />
    </g>
  );
}

function CountTable({
  buckets,
  counts,
  label,
}: {
  readonly buckets: Buckets;
  readonly counts: Counts;
  readonly label: string;
}) {
  const t = useMessages(overviewMessages);
  const { language } = useLanguage();
  const end = new Date(buckets.startMs + buckets.stepMs * buckets.count);
  const rows = counts.series
    .map((value, index) => ({
      ms: buckets.startMs + index * buckets.stepMs,
      value,
      stream: counts.streamSeries[index] ?? 0,
      failed: counts.failedSeries[index] ?? 0,
    }))
    .filter(({ value }) => value > 0)
    .toReversed();
  if (rows.length === 0) return <p className="dim">{t("noTraffic")}</p>;
  return (
    <div className={classes["scroll"]} tabIndex={0} role="region" aria-label={label}>
      <table className={classes["table"]}>
        <thead>
          <tr>
            <th scope="col">{t("from")}</th>
            <th scope="col" className="td-right">
              {t("requests")}
            </th>
            <th scope="col" className="td-right">
              {t("stream")}
            </th>
            <th scope="col" className="td-right">
              {t("failedWord")}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ ms, value, stream, failed }) => (
            <tr key={ms}>
              <td className="num">{formatTime(new Date(ms), language, end)}</td>
              <td className="num td-right">{formatCount(value)}</td>
              <td className="num td-right">{formatCount(stream)}</td>
              <td className={`num td-right ${failed > 0 ? "bad" : ""}`}>{formatCount(failed)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
