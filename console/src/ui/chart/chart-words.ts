// What a chart says in words: its name, the values of a column, the length of a column. Pure.
import type { Language, Translate } from "../../i18n/messages.ts";
import type { chartMessages } from "./chart-messages.ts";
import { columnAt, endOf, extent, heatAt, readingsAt, type ChartPicture } from "./picture.ts";
import { momentText, offsetOf } from "./scale.ts";
import { valueText, type AxisUnit } from "./values.ts";

export type ChartWords = Translate<(typeof chartMessages)["en"]>;

export interface WordsContext {
  readonly t: ChartWords;
  readonly language: Language;
  readonly isUtc: boolean;
}

const mostNamed = 5;

/** A time of a picture, exact to its columns. */
export function timeOf(picture: ChartPicture, ms: number, { language, isUtc }: WordsContext): string {
  const endMs = endOf(picture);
  return momentText(ms, { endMs: endMs - 1, stepMs: picture.stepMs }, language, offsetOf(endMs, isUtc));
}

/** The whole picture as a sentence. */
export function chartSentence(title: string, picture: ChartPicture, context: WordsContext): string {
  const { t } = context;
  return t("sentence", {
    title,
    from: timeOf(picture, picture.startMs, context),
    to: timeOf(picture, endOf(picture), context),
    values: picture.heat === undefined ? seriesWords(picture, t) : heatWords(picture, t),
  });
}

function seriesWords({ series, unit }: ChartPicture, t: ChartWords): string {
  const measured = series.flatMap(({ name, values, dashed }) => {
    const found = dashed === true ? null : extent([values]);
    if (found === null) return [];
    const [least, most] = [valueText(found[0], unit), valueText(found[1], unit)];
    return [least === most ? t("always", { name, value: most }) : t("between", { name, least, most })];
  });
  if (measured.length === 0) return t("nothing");
  const rest = measured.length - mostNamed;
  const named = measured.slice(0, mostNamed).join(t("join"));
  return rest > 0 ? `${named}${t("join")}${t("more", { n: rest })}` : named;
}

function heatWords({ heat = [], columns }: ChartPicture, t: ChartWords): string {
  const sums = heat.map(({ upperMs, values }) => ({
    upperMs,
    values: [values.slice(0, columns).reduce<number>((sum, value) => sum + (value ?? 0), 0)],
  }));
  const found = heatAt(sums, 0);
  if (found === null) return t("nothing");
  return t("heatBetween", { n: found.count, most: valueText(found.mostAt, "ms") });
}

/** The values at a moment. */
export function columnWords(picture: ChartPicture, ms: number, context: WordsContext): string {
  const { t } = context;
  const column = columnAt(picture, ms);
  if (column === null) return "";
  return t("column", {
    time: timeOf(picture, picture.startMs + column * picture.stepMs, context),
    values: valuesAt(picture, column, t),
  });
}

/** The values of a column, without its time. */
export function valuesAt(picture: ChartPicture, column: number, t: ChartWords): string {
  if (picture.heat === undefined) {
    return readingsAt(picture, column)
      .map(({ name, value }) => `${name} ${valueText(value, picture.unit)}`)
      .join(t("join"));
  }
  const found = heatAt(picture.heat, column);
  return found === null
    ? t("nothing")
    : t("heatColumn", { n: found.count, most: valueText(found.mostAt, "ms") });
}

const unitKeys = { s: "seconds", ms: "milliseconds", percent: "percent", usd: "usd" } as const;

/** Beside a title; empty where the title says it. */
export function unitWord(unit: AxisUnit, t: ChartWords): string {
  return unit === "none" ? "" : t(unitKeys[unit]);
}

/** Length of a column. */
export function stepWord(stepMs: number, t: ChartWords): string {
  const seconds = stepMs / 1_000;
  if (seconds % 86_400 === 0) return t("stepDays", { n: seconds / 86_400 });
  if (seconds % 3_600 === 0) return t("stepHours", { n: seconds / 3_600 });
  if (seconds % 60 === 0) return t("stepMinutes", { n: seconds / 60 });
  return t("stepSeconds", { n: seconds });
}
