// Up, down and remove of a row in a list that has an order; moves are told by name.
import { ActionIcon } from "@mantine/core";
import { ArrowDown, ArrowUp, X } from "lucide-react";
import { useEffect, useState } from "react";
import { useMessages } from "../../i18n/language.tsx";
import { moved } from "./draft.ts";
import classes from "./editors.module.css";
import { listMessages } from "./list-messages.ts";

interface Moved {
  readonly id: string;
  readonly direction: "up" | "down";
  readonly text: string;
}

/** Moves rows of a list and says so; the button that was pressed keeps the focus. */
export function useMover<Row extends { readonly id: string }>(
  rows: readonly Row[],
  onChange: (rows: readonly Row[]) => void,
  nameOf: (row: Row) => string,
) {
  const t = useMessages(listMessages);
  const [last, setLast] = useState<Moved>();
  useEffect(() => {
    if (last === undefined) return;
    const other = last.direction === "up" ? "down" : "up";
    const find = (direction: string): HTMLButtonElement | null =>
      document.querySelector(`#${direction}-${last.id}:not([disabled])`);
    (find(last.direction) ?? find(other))?.focus();
  }, [last]);
  const move = (index: number, direction: "up" | "down"): void => {
    const row = rows[index];
    const to = index + (direction === "up" ? -1 : 1);
    if (row === undefined || to < 0 || to >= rows.length) return;
    onChange(moved(rows, index, to));
    setLast({
      id: row.id,
      direction,
      text: t("movedTo", { name: nameOf(row), position: to + 1, count: rows.length }),
    });
  };
  const status = (
    <span className="sr-only" role="status">
      {last?.text ?? ""}
    </span>
  );
  return { move, status };
}

export function RowButtons({
  id,
  name,
  index,
  count,
  onMove,
  onRemove,
  disabled,
}: {
  readonly id: string;
  readonly name: string;
  readonly index: number;
  readonly count: number;
  /** Left out where the order means nothing. */
  readonly onMove?: (index: number, direction: "up" | "down") => void;
  readonly onRemove: () => void;
  readonly disabled: boolean;
}) {
  const t = useMessages(listMessages);
  return (
    <span className="row" style={{ gap: 0, flex: "none" }}>
      {onMove !== undefined && (
        <>
          <ActionIcon
            id={`up-${id}`}
            variant="subtle"
            size={26}
            className={classes["icon"] ?? ""}
            aria-label={t("up", { name })}
            disabled={disabled || index === 0}
            onClick={() => onMove(index, "up")}
          >
            <ArrowUp size={14} />
          </ActionIcon>
          <ActionIcon
            id={`down-${id}`}
            variant="subtle"
            size={26}
            className={classes["icon"] ?? ""}
            aria-label={t("down", { name })}
            disabled={disabled || index === count - 1}
            onClick={() => onMove(index, "down")}
          >
            <ArrowDown size={14} />
          </ActionIcon>
        </>
      )}
      <ActionIcon
        variant="subtle"
        size={26}
        aria-label={t("remove", { name })}
        disabled={disabled}
        onClick={onRemove}
      >
        <X size={14} />
      </ActionIcon>
    </span>
  );
}
