// The list of exchanges: dense rows of one height, of which only those in view are drawn. Moves by J and K.
import { Link } from "@tanstack/react-router";
import { memo, useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from "react";
import type { LogItem } from "../../../../src/control/routes/console-answers.ts";
import { formatClock, formatTime } from "../../i18n/format.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import { isTyping } from "../../ui/keyboard.ts";
import { Moon } from "../../ui/moon.tsx";
import type { CellTools, LogColumn } from "./log-columns.tsx";
import { phaseOf } from "./log-words.ts";
import { logsMessages } from "./logs-messages.ts";
import classes from "./logs.module.css";

declare module "@tanstack/react-router" {
  interface HistoryState {
    /** An exchange was opened from the list: going back closes it. */
    openedHere?: boolean;
  }
}

const rowHeight = 35;
/** Rows drawn beyond the view, above and below. */
const spare = 12;

export const listId = "exchange-list";
export const rowLinkId = (requestId: string): string => `exchange-${requestId}`;

/**
 * @param selected request id of the open exchange
 * @param now when the rows were read: times of another day bear their date
 * @param onMove J and K while an exchange is open: shows the next one
 * @param onScroll told whether the reader has left the top
 */
export function LogTable({
  rows,
  columns,
  selected,
  now,
  onMove,
  onScroll,
  children,
}: {
  readonly rows: readonly LogItem[];
  readonly columns: readonly LogColumn[];
  readonly selected: string | undefined;
  readonly now: number;
  readonly onMove: (requestId: string) => void;
  readonly onScroll: (isAway: boolean) => void;
  /** Stands below the rows and scrolls with them. */
  readonly children: ReactNode;
}) {
  const t = useMessages(logsMessages);
  const frame = useRef<HTMLDivElement>(null);
  const { first, last, measure } = useView(frame, rows.length);
  const [moved, setMoved] = useState<string | undefined>(undefined);
  const current = selected ?? moved;
  const tools = useCellTools(now);
  useKeys(rows, current, (requestId) => {
    setMoved(requestId);
    reveal(frame.current, rows, requestId);
    if (selected !== undefined) onMove(requestId);
  });
  return (
    <div
      ref={frame}
      id={listId}
      className={classes["scroll"]}
      tabIndex={0}
      role="region"
      aria-label={t("exchanges")}
      onScroll={(event) => {
        measure();
        onScroll(event.currentTarget.scrollTop > rowHeight);
      }}
    >
      <table className={classes["table"]} aria-label={t("exchanges")} aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            <th scope="col">
              <span className="sr-only">{t("status")}</span>
            </th>
            {columns.map(({ key, head, right, wide }) => (
              <th
                key={key}
                scope="col"
                className={right === true ? "td-right" : undefined}
                data-wide={wide === true || undefined}
              >
                {t(head)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {first > 0 && <Gap rows={first} columns={columns.length + 1} />}
          {rows.slice(first, last).map((item, index) => (
            <Row
              key={item.requestId}
              item={item}
              columns={columns}
              tools={tools}
              index={first + index + 2}
              isCurrent={item.requestId === current}
              isOpen={item.requestId === selected}
              isBeside={selected !== undefined}
            />
          ))}
          {last < rows.length && <Gap rows={rows.length - last} columns={columns.length + 1} />}
        </tbody>
      </table>
      {children}
    </div>
  );
}

/** In place of rows that are out of view. */
function Gap({ rows, columns }: { readonly rows: number; readonly columns: number }) {
  return (
    <tr aria-hidden>
      <td colSpan={columns} style={{ height: rows * rowHeight, padding: 0, border: 0 }}>
        {" "}
      </td>
    </tr>
  );
}

const Row = memo(function Row({
  item,
  columns,
  tools,
  index,
  isCurrent,
  isOpen,
  isBeside,
}: {
  readonly item: LogItem;
  readonly columns: readonly LogColumn[];
  readonly tools: CellTools;
  readonly index: number;
  readonly isCurrent: boolean;
  readonly isOpen: boolean;
  /** Whether an exchange is open already. */
  readonly isBeside: boolean;
}) {
  const { t, timeText } = tools;
  const phase = phaseOf(item);
  const status = item.status === 0 ? "—" : String(item.status);
  return (
    <tr aria-rowindex={index} data-current={isCurrent || undefined} data-open={isOpen || undefined}>
      <td className={classes["status"]}>
        <Link
          id={rowLinkId(item.requestId)}
          from="/observe/logs"
          to="/observe/logs"
          search={(before) => ({ ...before, log: item.requestId })}
          // Closing goes back to the list; from one exchange to the next there is no step.
          state={(before) => (isBeside ? before : { openedHere: true })}
          replace={isBeside}
          className={`row g6 ${classes["open"]}`}
          aria-current={isOpen || undefined}
          aria-label={`${t("openExchange", { status, time: timeText(item.time), api: item.api })}, ${t(`phase_${phase}` as PhaseKey)}`}
          title={item.errorCode || undefined}
        >
          <Moon phase={phase} size={10} />
          <span className={`num ${phase === "struck" ? "bad medium" : ""}`}>{status}</span>
        </Link>
      </td>
      {columns.map(({ key, right, wide, cell }) => (
        <td
          key={key}
          className={right === true ? "td-right" : undefined}
          data-wide={wide === true || undefined}
        >
          {cell(item, tools)}
        </td>
      ))}
    </tr>
  );
});
// Of the signs of a state only these four come about here.
type PhaseKey = "phase_full" | "phase_half" | "phase_struck" | "phase_ring";

/** @param now decides which rows are of today */
function useCellTools(now: number): CellTools {
  const t = useMessages(logsMessages);
  const { language } = useLanguage();
  const day = new Date(now).toDateString();
  return useMemo(() => {
    const today = new Date(day);
    return {
      t,
      timeText: (text) => {
        const time = new Date(text);
        return time.toDateString() === day
          ? formatClock(time, true)
          : `${formatTime(time, language, today)}${formatClock(time).slice(5)}`;
      },
    };
  }, [t, language, day]);
}

/** Which rows are in view. */
function useView(frame: React.RefObject<HTMLDivElement | null>, count: number) {
  const [view, setView] = useState({ top: 0, height: 900 });
  const measure = (): void => {
    const element = frame.current;
    if (element === null) return;
    const { scrollTop: top, clientHeight: height } = element;
    // A step of several rows, so that not every pixel draws anew.
    const step = Math.floor(top / (rowHeight * 4)) * rowHeight * 4;
    setView((before) => (before.top === step && before.height === height ? before : { top: step, height }));
  };
  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
    // The observer outlives every draw.
    // oxlint-disable-next-line react/exhaustive-deps
  }, []);
  const first = Math.max(0, Math.min(Math.floor(view.top / rowHeight) - spare, count - 1));
  const last = Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + spare + 4);
  return { first: count === 0 ? 0 : first, last, measure };
}

function reveal(frame: HTMLElement | null, rows: readonly LogItem[], requestId: string): void {
  const index = rows.findIndex((row) => row.requestId === requestId);
  if (frame === null || index === -1) return;
  const top = index * rowHeight;
  // The head stays in view above the rows.
  if (top < frame.scrollTop) frame.scrollTop = top;
  else if (top + 2 * rowHeight > frame.scrollTop + frame.clientHeight)
    frame.scrollTop = top + 2 * rowHeight - frame.clientHeight;
}

/** J and K, unless somebody writes. Enter opens the row that they have come to. */
function useKeys(
  rows: readonly LogItem[],
  current: string | undefined,
  move: (requestId: string) => void,
): void {
  const latest = useRef({ rows, current, move });
  useEffect(() => {
    latest.current = { rows, current, move };
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (isTyping(event) || event.metaKey || event.ctrlKey || event.altKey) return;
      const { rows: list, current: at, move: goTo } = latest.current;
      const step = event.key === "j" ? 1 : event.key === "k" ? -1 : 0;
      if (step !== 0) {
        event.preventDefault();
        const index = list.findIndex(({ requestId }) => requestId === at);
        const next = list[Math.min(list.length - 1, Math.max(0, index + step))];
        if (next !== undefined) goTo(next.requestId);
      } else if (event.key === "Enter" && document.activeElement === document.body && at !== undefined) {
        document.getElementById(rowLinkId(at))?.click();
      }
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}
