// How attempts at each service went over time, one cell per column: colour and hatching, and the share in words.
import type { ReactNode } from "react";
import { formatShare } from "../../i18n/format.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import { Moon } from "../moon.tsx";
import { chartMessages } from "./chart-messages.ts";
import { timeOf, type WordsContext } from "./chart-words.ts";
import classes from "./chart.module.css";
import { healthOf, type HealthRow, type HealthState } from "./health.ts";
import type { ChartPicture } from "./picture.ts";

const words = { up: "healthy", some: "degraded", down: "down", idle: "idle" } as const;

export function HealthLegend() {
  const t = useMessages(chartMessages);
  return (
    <ul className={classes["legend"]}>
      <li>
        <Moon phase="full" size={10} />
        {t("healthy")}
      </li>
      <li>
        <Moon phase="half" size={10} />
        {t("degraded")}
      </li>
      <li>
        <Moon phase="struck" size={10} />
        {t("down")}
      </li>
      <li>
        <Moon phase="ring" size={10} />
        {t("idle")}
      </li>
    </ul>
  );
}

/** @param picture of the columns' times @param link makes the name a way to its service */
export function HealthCells({
  picture,
  rows,
  isUtc,
  link,
}: {
  readonly picture: ChartPicture;
  readonly rows: readonly HealthRow[];
  readonly isUtc: boolean;
  readonly link: (service: string) => ReactNode;
}) {
  const t = useMessages(chartMessages);
  const { language } = useLanguage();
  const context: WordsContext = { t, language, isUtc };
  const titleOf = (column: number, state: HealthState): string =>
    t("healthCell", {
      time: timeOf(picture, picture.startMs + column * picture.stepMs, context),
      state: t(words[state]),
    });
  return (
    <ul className={classes["health"]}>
      {rows.map((row) => {
        const { share, attempts, states } = healthOf(row);
        const text = share === null ? "—" : formatShare(share, 1);
        return (
          <li key={row.service}>
            <span className={`cut ${classes["healthName"]}`} title={row.service}>
              {link(row.service)}
            </span>
            <span
              className={classes["cells"]}
              role="img"
              aria-label={t("healthName", { name: row.service, share: text, n: attempts })}
            >
              {states.map((state, column) => (
                <i key={column} data-state={state} title={titleOf(column, state)} />
              ))}
            </span>
            <span
              className={`num ${classes["healthShare"]} ${share !== null && share < 0.9 ? "bad" : "soft"}`}
              aria-hidden
            >
              {text}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
