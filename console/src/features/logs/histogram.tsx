// Exchanges over time: succeeded, refused and failed, stacked. A part of it can be taken as the new span: by pointer or by keys.
import { useId, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import type { LogHistogram } from "../../../../src/control/routes/console-answers.ts";
import { formatTime } from "../../i18n/format.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import {
  columnAt,
  columnsOf,
  countBetween,
  highest,
  spanBetween,
  totalOf,
  type Column,
} from "./histogram-scale.ts";
import classes from "./histogram.module.css";
import { logsMessages } from "./logs-messages.ts";
import type { Bounds } from "./time-range.ts";

interface Brush {
  readonly from: number;
  readonly to: number;
}

const height = 52;

export function Histogram({
  histogram,
  bounds,
  onSpan,
}: {
  readonly histogram: LogHistogram;
  readonly bounds: Bounds;
  readonly onSpan: (span: Bounds) => void;
}) {
  const t = useMessages(logsMessages);
  const help = useId();
  const columns = columnsOf(histogram);
  const [brush, setBrush] = useState<Brush | null>(null);
  const [cursor, setCursor] = useState(columns.length - 1);
  const timeText = useTimeText(bounds);
  const show = (wanted: Brush | null): void => {
    const span = wanted === null ? undefined : spanBetween(columns, wanted.from, wanted.to, bounds);
    setBrush(null);
    if (span !== undefined) onSpan(span);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      const next = Math.min(columns.length - 1, Math.max(0, cursor + step));
      setCursor(next);
      setBrush(event.shiftKey ? { from: brush?.from ?? cursor, to: next } : null);
    } else if (event.key === "Enter") {
      event.preventDefault();
      show(brush ?? { from: cursor, to: cursor });
    } else if (event.key === "Escape" && brush !== null) {
      event.stopPropagation();
      setBrush(null);
    }
  };
  const words = useColumnWords(columns, timeText);
  return (
    <div className={classes["frame"]}>
      <Legend columns={columns} />
      <div
        className={classes["plot"]}
        role="slider"
        tabIndex={0}
        aria-label={t("histogram")}
        aria-describedby={help}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, columns.length - 1)}
        aria-valuenow={Math.min(cursor, columns.length - 1)}
        aria-valuetext={brush === null ? words.column(cursor) : words.selection(brush)}
        onKeyDown={onKeyDown}
        {...useDrag(columns.length, brush, setBrush, show)}
      >
        <Bars columns={columns} brush={brush} cursor={cursor} title={words.column} />
        {brush !== null && (
          <div className={`small ${classes["said"]}`} aria-hidden>
            {t("showSelection", { n: countBetween(columns, brush.from, brush.to) })}
          </div>
        )}
      </div>
      <p id={help} className="sr-only">
        {t("histogramHelp")}
      </p>
      <div className={`tiny dim num ${classes["axis"]}`} aria-hidden>
        {[0, 0.25, 0.5, 0.75, 1].map((share) => (
          <span key={share}>{timeText(bounds.fromMs + share * (bounds.toMs - bounds.fromMs))}</span>
        ))}
      </div>
    </div>
  );
}

const parts = ["succeeded", "refused", "failed"] as const;
type Part = (typeof parts)[number];
const partColours: Readonly<Record<Part, string>> = {
  succeeded: "var(--mg-rest)",
  refused: "var(--mg-warn-mark)",
  failed: "var(--mg-bad)",
};
const partWords = { succeeded: "partSucceeded", refused: "partRefused", failed: "partFailed" } as const;

/** From the ground up; each stands on those before it. */
function stackOf(column: Column, heightOf: (count: number) => number) {
  let top = height;
  return parts
    .filter((part) => column[part] > 0)
    .map((part) => {
      const tall = heightOf(column[part]);
      top -= tall;
      return { part, top, tall };
    });
}

/** What the colours mean, of those that are there. */
function Legend({ columns }: { readonly columns: readonly Column[] }) {
  const t = useMessages(logsMessages);
  return (
    <div className={`tiny dim ${classes["legend"]}`}>
      {parts
        .filter((part) => part === "succeeded" || columns.some((column) => column[part] > 0))
        .map((part) => (
          <span key={part} className="row g6">
            <i style={{ background: partColours[part] }} aria-hidden />
            {t(partWords[part])}
          </span>
        ))}
    </div>
  );
}

/** Times of the axis: with the day where the span is longer than one. */
function useTimeText(bounds: Bounds): (ms: number) => string {
  const { language } = useLanguage();
  const isShort = bounds.toMs - bounds.fromMs <= 26 * 3_600_000;
  return (ms) => {
    const text = formatTime(
      new Date(ms),
      language,
      isShort ? new Date(ms) : new Date(bounds.toMs + 86_400_000),
    );
    return isShort && bounds.toMs - bounds.fromMs > 1_800_000 ? text.slice(0, 5) : text;
  };
}

function useColumnWords(columns: readonly Column[], timeText: (ms: number) => string) {
  const t = useMessages(logsMessages);
  return {
    column: (index: number): string => {
      const column = columns[index];
      if (column === undefined) return "";
      return t("columnValue", {
        from: timeText(column.startMs),
        to: timeText(column.endMs),
        n: totalOf(column),
        refused: column.refused,
        failed: column.failed,
      });
    },
    selection: ({ from, to }: Brush): string =>
      t("selection", {
        from: timeText(columns[Math.min(from, to)]?.startMs ?? 0),
        to: timeText(columns[Math.max(from, to)]?.endMs ?? 0),
        n: countBetween(columns, from, to),
      }),
  };
}

/** A selection by pointer; a press without a move takes one column. */
function useDrag(
  count: number,
  brush: Brush | null,
  setBrush: (brush: Brush | null) => void,
  show: (brush: Brush | null) => void,
) {
  const start = useRef<number | null>(null);
  const indexOf = (event: PointerEvent<HTMLElement>): number => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return columnAt((event.clientX - left) / width, count);
  };
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      start.current = indexOf(event);
      setBrush({ from: start.current, to: start.current });
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (start.current !== null) setBrush({ from: start.current, to: indexOf(event) });
    },
    onPointerUp: () => {
      if (start.current === null) return;
      start.current = null;
      show(brush);
    },
    onPointerCancel: () => {
      start.current = null;
      setBrush(null);
    },
  };
}

function Bars({
  columns,
  brush,
  cursor,
  title,
}: {
  readonly columns: readonly Column[];
  readonly brush: Brush | null;
  readonly cursor: number;
  readonly title: (index: number) => string;
}) {
  const top = highest(columns);
  const width = columns.length * 10;
  const y = (count: number): number => (count === 0 ? 0 : Math.max(1.5, (count / top) * (height - 4)));
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden
      className={classes["bars"]}
    >
      {brush !== null && (
        <rect
          x={Math.min(brush.from, brush.to) * 10}
          width={(Math.abs(brush.to - brush.from) + 1) * 10}
          y="0"
          height={height}
          fill="var(--mg-pond)"
          opacity="0.18"
        />
      )}
      {columns.map((column, index) => (
        <g key={column.startMs}>
          <title>{title(index)}</title>
          <rect x={index * 10} y="0" width="10" height={height} fill="transparent" />
          {stackOf(column, y).map(({ part, top: partTop, tall }) => (
            <rect key={part} x={index * 10} width="8.6" y={partTop} height={tall} fill={partColours[part]} />
          ))}
          {index === cursor && (
            <rect className={classes["cursor"]} x={index * 10} width="8.6" y={height - 2} height="2" />
          )}
        </g>
      ))}
    </svg>
  );
}
