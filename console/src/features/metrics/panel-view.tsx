// One panel of the metrics: its chart, its table of values, or the cells of target health.
import { Link } from "@tanstack/react-router";
import { useId, type ReactNode } from "react";
import { formatMoney, formatShare } from "../../i18n/format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ChartPanel, PanelHead, PanelTools } from "../../ui/chart/chart-panel.tsx";
import { chartMessages } from "../../ui/chart/chart-messages.ts";
import { stepWord } from "../../ui/chart/chart-words.ts";
import { HealthCells, HealthLegend } from "../../ui/chart/health-cells.tsx";
import { mergedHealth } from "../../ui/chart/health.ts";
import { csvOf, type ChartMark, type ChartPicture, type TimeRange } from "../../ui/chart/picture.ts";
import { valueText } from "../../ui/chart/values.ts";
import { metricsMessages } from "./metrics-messages.ts";
import type { FilterName } from "./metrics-search.ts";
import classes from "./metrics.module.css";
import type { Panel, PanelContent, PanelContext } from "./panel.ts";

export interface PanelViewProps {
  readonly panel: Panel;
  readonly context: PanelContext;
  readonly content: PanelContent;
  readonly promQl: string | undefined;
  readonly marks: readonly ChartMark[];
  readonly isUtc: boolean;
  readonly band: TimeRange | null;
  readonly onSelect: (range: TimeRange | null) => void;
  readonly onFilter: (name: FilterName, value: string) => void;
}

const sizes = { 2: "two", 3: "three", 6: "six" } as const;

export function PanelView(props: PanelViewProps) {
  return (
    <div className={classes[sizes[props.panel.size]]}>
      <Content {...props} />
    </div>
  );
}

function Content(props: PanelViewProps) {
  const { panel, context, content, isUtc } = props;
  const t = useMessages(metricsMessages);
  const words = useMessages(chartMessages);
  const title = t(panel.title);
  if (content.type === "chart") {
    const step = stepWord(context.columns.stepMs, words);
    const unit =
      panel.unit === undefined
        ? {}
        : { unitText: panel.unit === "perStep" ? t("perStep", { step }) : t(panel.unit) };
    return (
      <ChartPanel
        title={title}
        {...unit}
        picture={content.picture}
        height={panel.size === 3 ? 224 : 190}
        isUtc={isUtc}
        band={props.band}
        onSelect={props.onSelect}
        {...(props.promQl === undefined ? {} : { promQl: props.promQl })}
        {...(panel.isCost === true ? { note: <Forecast picture={content.picture} /> } : {})}
      />
    );
  }
  if (content.type === "health") return <Health {...props} title={title} rows={content.rows} />;
  return <Ranking title={title} content={content} onFilter={props.onFilter} promQl={props.promQl} />;
}

const monthMs = 30 * 24 * 3_600_000;

/** What it costs in a month at the pace of the shown time. */
function Forecast({ picture }: { readonly picture: ChartPicture }) {
  const t = useMessages(metricsMessages);
  const cost = picture.series
    .filter(({ dashed }) => dashed !== true)
    .reduce((sum, { values }) => sum + values.reduce<number>((all, value) => all + (value ?? 0), 0), 0);
  if (cost === 0) {
    return (
      <p className="small dim">
        {t("noCost")}{" "}
        <Link to="/settings/$section" params={{ section: "prices" }} className="textlink">
          {t("setPrices")}
        </Link>
      </p>
    );
  }
  const month = (cost * monthMs) / (picture.columns * picture.stepMs);
  return (
    <p className="small soft num">
      {t("forecast", {
        cost: formatMoney(cost),
        month: formatMoney(month, { estimated: true }),
      })}
    </p>
  );
}

const mostCells = 60;

function Health({
  title,
  rows,
  context,
  isUtc,
}: PanelViewProps & {
  readonly title: string;
  readonly rows: Extract<PanelContent, { type: "health" }>["rows"];
}) {
  const words = useMessages(chartMessages);
  const id = useId();
  const { columns, stepMs, startMs } = context.columns;
  const factor = Math.ceil(columns / mostCells);
  const cells = Math.ceil(columns / factor);
  const picture: ChartPicture = {
    kind: "lines",
    unit: "count",
    series: [],
    startMs,
    stepMs: stepMs * factor,
    columns: cells,
  };
  const csv = (): string =>
    csvOf(
      [words("time"), ...rows.flatMap(({ service }) => [`${service} attempts`, `${service} failed`])],
      Array.from({ length: columns }, (_, column) => [
        new Date(startMs + column * stepMs).toISOString(),
        ...rows.flatMap(({ attempts, failed }) => [attempts[column] ?? null, failed[column] ?? null]),
      ]),
    );
  return (
    <section aria-labelledby={id}>
      <PanelHead
        id={id}
        title={title}
        unit={words("healthEach", { step: stepWord(stepMs * factor, words) })}
        legend={<HealthLegend />}
        actions={<PanelTools title={title} csv={csv} />}
      />
      {rows.length === 0 ? (
        <p className="dim">{words("none")}</p>
      ) : (
        <HealthCells
          picture={picture}
          rows={rows.map((row) => mergedHealth(row, factor))}
          isUtc={isUtc}
          link={serviceLink}
        />
      )}
    </section>
  );
}

function serviceLink(name: string): ReactNode {
  return (
    <Link to="/services/$name" params={{ name }} className="soft">
      {name}
    </Link>
  );
}

function Ranking({
  title,
  content,
  onFilter,
  promQl,
}: {
  readonly title: string;
  readonly content: Extract<PanelContent, { type: "ranking" }>;
  readonly onFilter: PanelViewProps["onFilter"];
  readonly promQl: string | undefined;
}) {
  const t = useMessages(metricsMessages);
  const words = useMessages(chartMessages);
  const id = useId();
  const { columns, dimension } = content;
  const rows = content.rows.filter(({ cells }) => (cells[0] ?? 0) > 0);
  const heads = columns.map(({ word }) => t(word));
  const csv = (): string =>
    csvOf(
      [t("cName"), ...heads],
      rows.map(({ name, cells }) => [name, ...cells]),
    );
  return (
    <section aria-labelledby={id}>
      <PanelHead id={id} title={title} actions={<PanelTools title={title} csv={csv} promQl={promQl} />} />
      {rows.length === 0 ? (
        <p className="dim">{words("none")}</p>
      ) : (
        <div className={classes["scroll"]} tabIndex={0} role="group" aria-label={title}>
          <table className={classes["ranking"]}>
            <thead>
              <tr>
                <th scope="col">{t("cName")}</th>
                {heads.map((head) => (
                  <th key={head} scope="col" className="td-right">
                    {head}
                  </th>
                ))}
                <th scope="col">{t("cShare")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ key, name, filter, cells, share, colour }) => (
                <tr key={key}>
                  <td className={classes["name"]} title={name}>
                    {filter === null ? (
                      name
                    ) : (
                      <button
                        type="button"
                        className="link"
                        aria-label={t("filterBy", { name })}
                        onClick={() => onFilter(dimension, filter)}
                      >
                        {name}
                      </button>
                    )}
                  </td>
                  {cells.map((cell, index) => (
                    <td key={heads[index]} className="num td-right">
                      {valueText(cell, columns[index]?.unit ?? "count")}
                    </td>
                  ))}
                  <td className={classes["share"]} aria-label={formatShare(share, 0)}>
                    <span className="row g8">
                      <span className="bar grow" aria-hidden>
                        <i style={{ width: `${share * 100}%`, background: `var(--mg-${colour})` }} />
                      </span>
                      <span className="num dim tiny" style={{ width: 40, textAlign: "right" }}>
                        {formatShare(share, 0)}
                      </span>
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
