// A panel with a chart: title, unit, legend with values at the crosshair, the chart or its table, and its tools.
import { ActionIcon, Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Ellipsis } from "lucide-react";
import { useEffect, useId, useRef, useState, type ReactNode } from "react";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import { chartMessages } from "./chart-messages.ts";
import { timeOf, unitWord, type WordsContext } from "./chart-words.ts";
import classes from "./chart.module.css";
import { useCrosshairTime } from "./crosshair.tsx";
import { columnAt, csvOfPicture, extent, hasValues, type ChartPicture, type TimeRange } from "./picture.ts";
import { Plot } from "./plot.tsx";
import { axisOf, valueText } from "./values.ts";

export interface ChartPanelProps {
  readonly title: string;
  /** Beside the title, where the unit is more than what the axis says. */
  readonly unitText?: string;
  readonly picture: ChartPicture;
  readonly height?: number;
  readonly isUtc?: boolean;
  readonly band?: TimeRange | null;
  readonly onSelect?: (range: TimeRange | null) => void;
  /** The same for Prometheus. */
  readonly promQl?: string;
  /** Below the head, such as a sentence. */
  readonly note?: ReactNode;
}

export function ChartPanel(props: ChartPanelProps) {
  const { title, unitText, picture, height = 220, isUtc = false, promQl, note } = props;
  const t = useMessages(chartMessages);
  const id = useId();
  const [isTable, setTable] = useState(false);
  const [, most] = extent(picture.series.map(({ values }) => values)) ?? [0, 1];
  const axis =
    picture.heat === undefined
      ? axisOf(picture.unit, most).unit
      : axisOf("ms", Math.max(...picture.heat.map(({ upperMs }) => upperMs))).unit;
  const isEmpty = !hasValues(picture);
  return (
    <section aria-labelledby={id} className="col">
      <PanelHead
        id={id}
        title={title}
        unit={unitText ?? unitWord(axis, t)}
        legend={isEmpty || picture.heat !== undefined ? undefined : <Legend picture={picture} />}
        actions={
          <PanelTools
            title={title}
            isTable={isTable}
            onTable={isEmpty ? undefined : () => setTable(!isTable)}
            csv={() => csvOfPicture(picture, t("time"))}
            promQl={promQl}
          />
        }
      />
      {note}
      {isEmpty ? (
        <p className={classes["empty"]} style={{ height }}>
          {t("none")}
        </p>
      ) : isTable ? (
        <ValueTable picture={picture} title={title} height={height} isUtc={isUtc} />
      ) : (
        <Plot
          title={title}
          picture={picture}
          height={height}
          isUtc={isUtc}
          {...(props.band === undefined ? {} : { band: props.band })}
          {...(props.onSelect === undefined ? {} : { onSelect: props.onSelect })}
        />
      )}
    </section>
  );
}

export function PanelHead({
  id,
  title,
  unit = "",
  legend,
  actions,
}: {
  readonly id: string;
  readonly title: string;
  readonly unit?: string;
  readonly legend?: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <div className={classes["head"]}>
      <h2 id={id}>{title}</h2>
      {unit !== "" && <span className="small dim nowrap">{unit}</span>}
      {legend ?? <span className="grow" />}
      {actions}
    </div>
  );
}

/** @param onTable changes between chart and table; left out where there is only one */
export function PanelTools({
  title,
  isTable = false,
  onTable,
  csv,
  promQl,
}: {
  readonly title: string;
  readonly isTable?: boolean;
  readonly onTable?: (() => void) | undefined;
  readonly csv: () => string;
  readonly promQl?: string | undefined;
}) {
  const t = useMessages(chartMessages);
  const copy = async (text: string): Promise<void> => {
    await navigator.clipboard.writeText(text);
    notifications.show({ message: t("copied") });
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" size={26} aria-label={t("tools", { title })}>
          <Ellipsis size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {onTable !== undefined && (
          <Menu.Item onClick={onTable}>{t(isTable ? "asChart" : "asTable")}</Menu.Item>
        )}
        <Menu.Item onClick={() => saveFile(`${title}.csv`, csv())}>{t("csv")}</Menu.Item>
        {promQl !== undefined && <Menu.Item onClick={() => void copy(promQl)}>{t("promQl")}</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Hands a text to the browser as a file. */
export function saveFile(name: string, text: string): void {
  const link = document.createElement("a");
  // The mark at the front tells spreadsheets that it is UTF-8.
  link.href = URL.createObjectURL(new Blob(["\uFEFF", text], { type: "text/csv;charset=utf-8" }));
  link.download = name.replaceAll(/[\\/:*?"<>|]/gu, "-");
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function Legend({ picture }: { readonly picture: ChartPicture }) {
  const at = useCrosshairTime();
  const column = at === null ? null : columnAt(picture, at);
  const t = useMessages(chartMessages);
  const list = useReachedWhileLong();
  const isLine = picture.kind === "lines";
  const told = picture.series.filter(({ past }) => past !== true);
  return (
    <ul ref={list} className={classes["legend"]}>
      {told.map(({ key, name, colour, values, dashed }) => (
        <li key={key} title={name}>
          <Swatch colour={colour} line={isLine} dashed={dashed === true} />
          <span className="cut">{name}</span>
          {column !== null && <b className="strong">{valueText(values[column] ?? null, picture.unit)}</b>}
        </li>
      ))}
      {told.length < picture.series.length && (
        <li>
          <Swatch colour="ink-3" line dashed />
          {t("past")}
        </li>
      )}
    </ul>
  );
}

/** What scrolls can be reached by keyboard, and only that. */
function useReachedWhileLong() {
  const list = useRef<HTMLUListElement>(null);
  // After every rendering: values at the crosshair make it longer.
  useEffect(() => {
    const element = list.current;
    if (element === null) return;
    const look = (): void => {
      if (element.scrollHeight > element.clientHeight) element.setAttribute("tabindex", "0");
      else element.removeAttribute("tabindex");
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  });
  return list;
}

function Swatch({
  colour,
  line,
  dashed,
}: {
  readonly colour: string;
  readonly line: boolean;
  readonly dashed: boolean;
}) {
  const value = `var(--mg-${colour})`;
  return (
    <i
      className={classes["swatch"]}
      data-line={(line && !dashed) || undefined}
      data-dashed={dashed || undefined}
      style={dashed ? { borderColor: value } : { background: value }}
      aria-hidden
    />
  );
}

function ValueTable({
  picture,
  title,
  height,
  isUtc,
}: {
  readonly picture: ChartPicture;
  readonly title: string;
  readonly height: number;
  readonly isUtc: boolean;
}) {
  const t = useMessages(chartMessages);
  const { language } = useLanguage();
  const context: WordsContext = { t, language, isUtc };
  const lines =
    picture.heat === undefined
      ? picture.series.map(({ key, name, values }) => ({ key, name, values }))
      : picture.heat.map(({ upperMs, values }) => ({
          key: String(upperMs),
          name: t("upTo", { time: valueText(upperMs, "ms") }),
          values,
        }));
  const unit = picture.heat === undefined ? picture.unit : "count";
  const columns = Array.from({ length: picture.columns }, (_, column) => column)
    .filter((column) => lines.some(({ values }) => (values[column] ?? null) !== null))
    .toReversed();
  return (
    <div className={classes["scroll"]} style={{ height }} tabIndex={0} role="group" aria-label={title}>
      <table className={classes["table"]}>
        <thead>
          <tr>
            <th scope="col">{t("time")}</th>
            {lines.map(({ key, name }) => (
              <th key={key} scope="col" className="td-right">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {columns.map((column) => (
            <tr key={column}>
              <td className="num">{timeOf(picture, picture.startMs + column * picture.stepMs, context)}</td>
              {lines.map(({ key, values }) => (
                <td key={key} className="num td-right">
                  {valueText(values[column] ?? null, unit)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
