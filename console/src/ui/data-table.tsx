// A table of a list page: head, rows, keyboard moves (J, K), one link column. Knows no resource.
import { useEffect, useRef, useState, type ReactNode } from "react";
import { isTyping } from "./keyboard.ts";
import classes from "./data-table.module.css";

export interface Column<Row> {
  readonly key: string;
  /** Text of the head; empty for a column of icons or actions, then give `name`. */
  readonly head: ReactNode;
  /** For screen readers where the head is empty. */
  readonly name?: string;
  readonly right?: boolean;
  readonly width?: number | string;
  /** Left out below 640 px. */
  readonly wide?: boolean;
  /** Set on the column by which the rows are sorted. */
  readonly sorted?: "ascending" | "descending";
  readonly cell: (row: Row) => ReactNode;
}

/**
 * @param label what the table lists
 * @param onOpen Enter on the row that J and K have moved to
 * @param onKey other keys on that row, such as E for edit
 */
export function DataTable<Row>({
  label,
  columns,
  rows,
  rowKey,
  rowHeight = 44,
  onOpen,
  onKey,
}: {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly rowHeight?: 59 | 44 | 34 | 31;
  readonly onOpen?: (row: Row) => void;
  readonly onKey?: (key: string, row: Row) => void;
}) {
  const [current, setCurrent] = useState(-1);
  const body = useRef<HTMLTableSectionElement>(null);
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (isTyping(event) || event.metaKey || event.ctrlKey || event.altKey) return;
      const step = event.key === "j" ? 1 : event.key === "k" ? -1 : 0;
      if (step !== 0) {
        event.preventDefault();
        setCurrent((at) => Math.min(rows.length - 1, Math.max(0, at + step)));
        return;
      }
      const row = rows[current];
      if (row === undefined) return;
      if (event.key === "Enter" && document.activeElement === document.body) onOpen?.(row);
      else onKey?.(event.key, row);
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [rows, current, onOpen, onKey]);
  useEffect(() => {
    body.current?.rows[current]?.scrollIntoView({ block: "nearest" });
  }, [current]);
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={label}>
      <table className={classes["table"]} aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                aria-sort={column.sorted}
                style={{ width: column.width }}
                {...cellProps(column)}
              >
                {column.name === undefined ? column.head : <span className="sr-only">{column.name}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row, index) => (
            <tr key={rowKey(row)} data-current={index === current || undefined}>
              {columns.map((column) => (
                <td key={column.key} style={{ height: rowHeight }} {...cellProps(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function cellProps<Row>({ right, wide }: Column<Row>) {
  return { className: right === true ? "td-right" : undefined, "data-wide": wide === true || undefined };
}
