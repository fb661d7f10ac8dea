// How values of a metric are written: exactly at the crosshair and in tables, shortly at the axis. Pure.
import type { MetricUnit } from "../../../../src/control/routes/console-answers.ts";
import { formatCount, formatDuration, formatMoney, formatShare } from "../../i18n/format.ts";
import { shortCount } from "./scale.ts";

const decimals = (value: number): string =>
  value.toLocaleString("en", { maximumFractionDigits: Math.abs(value) < 1 ? 3 : 2 });

const finest = { maximumSignificantDigits: 2, maximumFractionDigits: 9 };

/** With its unit where the number alone would not say it; a dash for what was not measured. */
export function valueText(value: number | null, unit: MetricUnit): string {
  if (value === null) return "—";
  switch (unit) {
    case "ms":
      return formatDuration(value);
    case "share":
      return formatShare(value, 2);
    case "usd":
      return formatMoney(value);
    case "perSecond":
    case "tokensPerSecond":
      return decimals(value);
    case "count":
    case "tokens":
      return formatCount(value);
  }
}

/** Names the text of the unit beside a title. */
export type AxisUnit = "s" | "ms" | "percent" | "usd" | "none";

export interface Axis {
  readonly unit: AxisUnit;
  /** Of a tick, without the unit. */
  readonly text: (value: number) => string;
}

/** The axis that suits values up to `largest`. */
export function axisOf(unit: MetricUnit, largest: number): Axis {
  if (unit === "ms")
    return largest >= 1_000
      ? { unit: "s", text: (value) => decimals(value / 1_000) }
      : { unit: "ms", text: decimals };
  if (unit === "share") return { unit: "percent", text: (value) => decimals(value * 100) };
  if (unit === "usd")
    return { unit: "usd", text: largest < 0.01 ? (value) => value.toLocaleString("en", finest) : decimals };
  return { unit: "none", text: (value) => (value >= 10_000 ? shortCount(value) : decimals(value)) };
}
