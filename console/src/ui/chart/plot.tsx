// The drawing of a picture in the page: as wide as it may be, in the theme of the moment, with pointer and keyboard.
import { useElementSize } from "@mantine/hooks";
import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import { chartMessages } from "./chart-messages.ts";
import { chartSentence, columnWords, timeOf, valuesAt, type WordsContext } from "./chart-words.ts";
import classes from "./chart.module.css";
import { useCrosshair, useCrosshairTime } from "./crosshair.tsx";
import type { Drawn } from "./draw.ts";
import { usePalette } from "./palette.ts";
import { columnAt, readingsAt, wholeColumns, type ChartPicture, type TimeRange } from "./picture.ts";
import { valueText } from "./values.ts";

export interface PlotProps {
  readonly title: string;
  readonly picture: ChartPicture;
  readonly height: number;
  readonly isUtc: boolean;
  /** What is selected on all charts of the page. */
  readonly band?: TimeRange | null;
  /** Whole columns; null = nothing any more. */
  readonly onSelect?: (range: TimeRange | null) => void;
}

export function Plot(props: PlotProps) {
  const { title, picture, height, isUtc, band = null, onSelect } = props;
  const { language } = useLanguage();
  const t = useMessages(chartMessages);
  const { ref, width } = useElementSize();
  const host = useRef<HTMLDivElement>(null);
  const help = useId();
  const crosshair = useCrosshair();
  const [isNear, setNear] = useState(false);
  const context: WordsContext = { t, language, isUtc };
  useDrawing(host, props, width);
  const keys = useKeys(picture, onSelect);
  const at = useCrosshairTime();
  const column = at === null ? null : columnAt(picture, at);
  const read = picture.startMs + (column ?? picture.columns - 1) * picture.stepMs;
  const isBrushed = band !== null && band.toMs > picture.startMs;
  return (
    <div
      ref={ref}
      className={classes["plot"]}
      style={{ height }}
      role="slider"
      tabIndex={0}
      aria-label={chartSentence(title, picture, context)}
      aria-describedby={help}
      aria-valuemin={0}
      aria-valuemax={picture.columns - 1}
      aria-valuenow={column ?? picture.columns - 1}
      aria-valuetext={columnWords(picture, read, context)}
      data-brushed={isBrushed || undefined}
      onKeyDown={keys}
      onPointerEnter={() => setNear(true)}
      onPointerLeave={() => {
        setNear(false);
        crosshair.move(null);
      }}
      onFocus={() => setNear(true)}
      onBlur={() => setNear(false)}
    >
      <span id={help} className="sr-only">
        {t("keys")}
      </span>
      <div ref={host} aria-hidden />
      {isNear && column !== null && <ReadingBox picture={picture} column={column} context={context} />}
    </div>
  );
}

/** The values beside the crosshair, where the eye is. */
function ReadingBox({
  picture,
  column,
  context,
}: {
  readonly picture: ChartPicture;
  readonly column: number;
  readonly context: WordsContext;
}) {
  const isRight = column > picture.columns / 2;
  const share = ((column + 0.5) / picture.columns) * 100;
  const place = isRight
    ? { right: `${(100 - share) * 0.92 + 2}%` }
    : { left: `calc(${share * 0.92}% + 52px)` };
  return (
    <div className={classes["reading"]} style={place} aria-hidden>
      <span className="dim">{timeOf(picture, picture.startMs + column * picture.stepMs, context)}</span>
      {picture.heat === undefined ? (
        readingsAt(picture, column).map(({ key, name, value }) => (
          <span key={key} className={classes["readingRow"]}>
            <span className="cut">{name}</span>
            <b className="strong">{valueText(value, picture.unit)}</b>
          </span>
        ))
      ) : (
        <span>{valuesAt(picture, column, context.t)}</span>
      )}
    </div>
  );
}

/** Keeps the canvas in step with the picture, the width, the theme, the crosshair and the selection. */
function useDrawing(
  host: React.RefObject<HTMLDivElement | null>,
  { picture, height, isUtc, band = null, onSelect }: PlotProps,
  width: number,
): void {
  const { language } = useLanguage();
  const colour = usePalette();
  const crosshair = useCrosshair();
  const drawn = useRef<Drawn>(undefined);
  const select = useRef(onSelect);
  const shownBand = useRef(band);
  useEffect(() => {
    select.current = onSelect;
    shownBand.current = band;
    drawn.current?.setBand(band);
  }, [onSelect, band]);
  useEffect(() => {
    const element = host.current;
    if (element === null || width === 0) return;
    let isGone = false;
    void import("./draw.ts").then(({ draw }) => {
      if (isGone) return;
      const made = draw(element, picture, {
        width,
        height,
        language,
        isUtc,
        colour,
        onReady: () => {
          made.setBand(shownBand.current);
          made.setCrosshair(crosshair.read());
        },
        onMove: (ms) => crosshair.move(ms),
        onSelect: (range) => select.current?.(wholeColumns(picture, range)),
      });
      drawn.current = made;
    });
    const stop = crosshair.subscribe(() => drawn.current?.setCrosshair(crosshair.read()));
    return () => {
      isGone = true;
      stop();
      drawn.current?.destroy();
      drawn.current = undefined;
    };
  }, [host, picture, width, height, language, isUtc, colour, crosshair]);
}

const moves: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 };

/** Arrows move the crosshair; with Shift they select. */
function useKeys(
  picture: ChartPicture,
  onSelect: ((range: TimeRange | null) => void) | undefined,
): (event: KeyboardEvent) => void {
  const crosshair = useCrosshair();
  const anchor = useRef<number>(undefined);
  const { startMs, stepMs, columns } = picture;
  const timeOfColumn = (column: number): number => startMs + (column + 0.5) * stepMs;
  return (event) => {
    const at = crosshair.read();
    const current = (at === null ? null : columnAt(picture, at)) ?? columns - 1;
    if (event.key === "Escape") {
      anchor.current = undefined;
      crosshair.move(null);
      onSelect?.(null);
    } else if (event.key === "Enter" || event.key === " ") {
      const ms = timeOfColumn(current);
      onSelect?.(wholeColumns(picture, { fromMs: ms, toMs: ms }));
    } else {
      const target =
        event.key === "Home" ? 0 : event.key === "End" ? columns - 1 : current + (moves[event.key] ?? 0);
      const isMove = event.key in moves || event.key === "Home" || event.key === "End";
      if (!isMove) return;
      const column = Math.min(columns - 1, Math.max(0, at === null && event.key in moves ? current : target));
      anchor.current = event.shiftKey ? (anchor.current ?? current) : undefined;
      crosshair.move(timeOfColumn(column));
      if (anchor.current !== undefined) {
        const [from, to] = [Math.min(anchor.current, column), Math.max(anchor.current, column)];
        onSelect?.(wholeColumns(picture, { fromMs: timeOfColumn(from), toMs: timeOfColumn(to) }));
      }
    }
    event.preventDefault();
  };
}
