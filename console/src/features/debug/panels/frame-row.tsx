// One row of the raw output at its place in the list.
import { formatCount, formatDuration } from "../../../i18n/format.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { colourCode } from "../../../ui/code-block.tsx";
import { Moon } from "../../../ui/moon.tsx";
import { panelMessages } from "../panel-messages.ts";
import { frameLine, type RawRow } from "../raw-rows.ts";
import { whyFailed } from "../trace-sentence.ts";
import classes from "./side-tabs.module.css";

/** As much of a frame as a line can show. */
const lineLength = 160;

export function FrameRow({
  row,
  top,
  isSelected,
  onSelect,
}: {
  readonly row: RawRow;
  readonly top: number;
  readonly isSelected: boolean;
  readonly onSelect: (key: string) => void;
}) {
  const t = useMessages(panelMessages);
  if (row.kind === "first") {
    return (
      <div className={`${classes["row"]} ${classes["markFirst"]}`} style={{ top }} role="presentation">
        <Moon phase="live" size={9} />
        {t("firstData")}
      </div>
    );
  }
  if (row.kind === "attempt") {
    const { attempt, number, endMs } = row;
    const isOk = attempt.outcome === "ok" || attempt.outcome === "client_closed";
    return (
      <div className={`${classes["row"]} ${classes["mark"]}`} style={{ top }} role="presentation">
        <Moon phase={isOk ? "full" : "struck"} size={9} />
        <span className="cut">
          {isOk
            ? t("attemptOk", { n: number, service: attempt.service })
            : t("attemptFailed", {
                n: number,
                service: attempt.service,
                reason: whyFailed(t, attempt),
                at: formatDuration(endMs),
              })}
        </span>
      </div>
    );
  }
  const { frame, key } = row;
  return (
    // Keys belong to the list, which moves the selection.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      className={classes["row"]}
      style={{ top }}
      role="option"
      id={`debug-${key.replace(" ", "-")}`}
      aria-selected={isSelected}
      onClick={() => onSelect(key)}
    >
      <span className={`num ${classes["offset"]}`}>+ {formatCount(Math.round(frame.offsetMs))}</span>
      <span className={classes["data"]}>
        {colourCode(frameLine(frame).slice(0, lineLength)).map(({ text, kind }, index) => (
          <span key={index} className={kind}>
            {text}
          </span>
        ))}
      </span>
      <span className="num dim">{formatCount(frame.bytes)}</span>
    </div>
  );
}
