// The figures of the window in one strip, each against the time before: only what was measured, a dash where nothing was.
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { TrafficAnswer } from "../../../../src/control/routes/console-answers.ts";
import { formatCount, formatDuration, formatMoney, formatShare } from "../../i18n/format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { SparkLine } from "../../ui/spark-line.tsx";
import { countChange, durationChange, pointChange, relativeChange, type Change } from "./changes.ts";
import { overviewMessages } from "./overview-messages.ts";
import classes from "./overview.module.css";

export function Figures({ traffic }: { readonly traffic: TrafficAnswer }) {
  const t = useMessages(overviewMessages);
  const { total, previous } = traffic;
  const none = total.requests === 0;
  const hasCost = total.costUsd > 0;
  const isNew = none || previous === null || previous.requests === 0;
  const before = isNew ? null : previous;
  return (
    <dl className={classes["figures"]}>
      <Figure
        name={t("requests")}
        value={formatCount(total.requests)}
        title={String(total.requests)}
        change={before === null ? null : relativeChange(total.requests, before.requests)}
        below={none ? "" : t("streamed", { share: formatShare(total.stream / total.requests) })}
        spark={none ? null : <SparkLine values={total.series} name={t("requests")} />}
      />
      <Figure
        name={t("success")}
        {...shareOf(total.succeeded, total.requests, 2)}
        change={
          before === null
            ? null
            : pointChange(total.succeeded / total.requests, before.succeeded / before.requests, "more")
        }
        below={none ? "" : t("failed", { n: total.failed })}
        bad={total.failed > 0}
        spark={
          total.failed > 0 ? (
            <SparkLine values={total.failedSeries} name={t("failedWord")} colour="var(--mg-bad)" />
          ) : null
        }
      />
      <Figure
        name={t("ttft")}
        {...timesOf(total.ttftP50Ms, total.ttftP95Ms)}
        change={before === null ? null : durationChange(total.ttftP50Ms, before.ttftP50Ms)}
        below={total.durationP95Ms === null ? "" : t("total", { time: formatDuration(total.durationP95Ms) })}
      />
      <Figure
        name={t("tokens")}
        value={none ? "—" : `${formatCount(total.inputTokens)} / ${formatCount(total.outputTokens)}`}
        title={`${total.inputTokens} / ${total.outputTokens}`}
        change={
          before === null
            ? null
            : relativeChange(total.inputTokens + total.outputTokens, before.inputTokens + before.outputTokens)
        }
        below={
          total.overheadP50Ms === null ? "" : t("overhead", { time: formatDuration(total.overheadP50Ms) })
        }
      />
      <Figure
        name={t("cost")}
        value={hasCost ? formatMoney(total.costUsd) : "—"}
        title={String(total.costUsd)}
        change={before === null ? null : relativeChange(total.costUsd, before.costUsd)}
        below={
          !hasCost && !none ? (
            <Link to="/settings/$section" params={{ section: "prices" }} className="textlink">
              {t("noCost")}
            </Link>
          ) : (
            ""
          )
        }
      />
      <Figure
        name={t("fallback")}
        {...shareOf(total.fallbacks, total.requests, 2)}
        change={
          before === null
            ? null
            : pointChange(total.fallbacks / total.requests, before.fallbacks / before.requests, "less")
        }
        below={none ? "" : t("wentOn", { n: total.fallbacks })}
      />
      {total.limited > 0 && <Figure name={t("limited")} value={formatCount(total.limited)} below="" />}
      {(total.blocked > 0 || (before?.blocked ?? 0) > 0) && (
        <Figure
          name={t("blocked")}
          value={formatCount(total.blocked)}
          change={before === null ? null : countChange(total.blocked, before.blocked, "none")}
          below=""
        />
      )}
    </dl>
  );
}

function shareOf(part: number, all: number, places: number): { value: string; unit?: string } {
  if (all === 0) return { value: "—" };
  return { value: formatShare(part / all, places).replace(" %", ""), unit: "%" };
}

/** Both in the unit of the larger one, so that it stands once. */
function timesOf(first: number | null, second: number | null): { value: string; unit?: string } {
  if (first === null || second === null) return { value: first === null ? "—" : formatDuration(first) };
  if (second >= 1_000)
    return { value: `${(first / 1_000).toFixed(2)} / ${(second / 1_000).toFixed(2)}`, unit: "s" };
  return {
    value: `${first.toFixed(first < 10 ? 2 : 0)} / ${second.toFixed(second < 10 ? 2 : 0)}`,
    unit: "ms",
  };
}

const verdictClasses = { better: "ok", worse: "bad", same: "dim" } as const;

function Figure({
  name,
  value,
  unit,
  title,
  change = null,
  below,
  bad = false,
  spark,
}: {
  readonly name: string;
  readonly value: string;
  readonly unit?: string;
  readonly title?: string;
  readonly change?: Change | null;
  readonly below: ReactNode;
  readonly bad?: boolean;
  readonly spark?: ReactNode;
}) {
  const t = useMessages(overviewMessages);
  return (
    <div>
      <dt className="small soft">{name}</dt>
      <dd>
        <span className={classes["value"]} title={title}>
          {value}
          {unit !== undefined && <span className={classes["unit"]}> {unit}</span>}
        </span>
        <span className={classes["below"]}>
          {change !== null && (
            <span
              className={`tiny num nowrap ${verdictClasses[change.verdict]}`}
              title={t("before", { change: change.text })}
            >
              {change.text}
            </span>
          )}
          <span className={`tiny num ${bad ? "bad" : "dim"}`}>{below}</span>
          {spark}
        </span>
      </dd>
    </div>
  );
}
