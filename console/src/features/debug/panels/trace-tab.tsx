// Why the request went where it went: one sentence, its way, the decision with its candidates, every attempt, and what
// somebody thinks of the answer.
import { lazy, Suspense } from "react";
import { useMessages } from "../../../i18n/language.tsx";
import { formatDuration } from "../../../i18n/format.ts";
import { Moon } from "../../../ui/moon.tsx";
import type { AttemptRecord, ExchangeRecord } from "../../../../../src/control/routes/console-answers.ts";
import { protocolPair } from "../../model-api-form/protocol-names.ts";
import { recordWay } from "../../way/record-way.ts";
import { WaySmall } from "../../way/way-small.tsx";
import { panelMessages } from "../panel-messages.ts";
import type { RunView } from "../run-view.ts";
import { traceSentence, whyFailed } from "../trace-sentence.ts";
import { DecisionTable } from "./decision-table.tsx";
import classes from "./side-tabs.module.css";
import { WarningTable } from "./warning-table.tsx";
import { Waterfall } from "./waterfall.tsx";

const ExchangeFeedback = lazy(async () => ({
  default: (await import("../../logs/exchange-feedback.tsx")).ExchangeFeedback,
}));

export function TraceTab({ view, hasAuth }: { readonly view: RunView | null; readonly hasAuth: boolean }) {
  const t = useMessages(panelMessages);
  if (view === null) return <p className={`dim ${classes["pad"]}`}>{t("noRunTrace")}</p>;
  const { record, recordState } = view;
  return (
    <div className={classes["pad"]}>
      {record === null ? (
        <p className="dim" role="status">
          {recordState === "missing" ? t("recordMissing") : t("recordWaiting")}
        </p>
      ) : (
        <p className="reading">{traceSentence(t, record)}</p>
      )}
      <div className={classes["timing"]} style={{ padding: 0 }}>
        <Waterfall view={view} />
      </div>
      {record !== null && (
        <>
          <SmallWay record={record} hasAuth={hasAuth} />
          <Attempts record={record} />
          <WarningTable record={record} />
          <DecisionTable record={record} />
          <Suspense fallback={null}>
            <ExchangeFeedback key={record.requestId} requestId={record.requestId} feedback={null} />
          </Suspense>
        </>
      )}
    </div>
  );
}

/** The way of this one request, as small gates on a line. */
function SmallWay({ record, hasAuth }: { readonly record: ExchangeRecord; readonly hasAuth: boolean }) {
  const t = useMessages(panelMessages);
  const words = {
    match: t("wayMatch"),
    auth: t("wayAuth"),
    limit: t("wayLimit"),
    moderate: t("wayModerate"),
    cache: t("wayCache"),
    select: t("waySelect"),
    reply: t("wayReply"),
  };
  const steps = recordWay(record, hasAuth, false).map((step, index) => ({
    key: `${step.name} ${index}`,
    label: step.name === "attempt" ? step.attempt.service : words[step.name],
    state: step.state,
  }));
  return (
    <section>
      <WaySmall label={t("way")} steps={steps} />
    </section>
  );
}

function Attempts({ record }: { readonly record: ExchangeRecord }) {
  const t = useMessages(panelMessages);
  if (record.attempts.length === 0) return null;
  const next = {
    retry: "then_retry",
    fallback: "then_fallback",
    "next-key": "then_next_key",
    none: "then_none",
  } as const;
  const isTranslated = record.attempts.some(({ protocol }) => protocol !== undefined);
  return (
    <section>
      <h2>{t("attempts")}</h2>
      <div className="table-scroll" tabIndex={0} role="region" aria-label={t("attempts")}>
        <table className="rows-34">
          <thead>
            <tr>
              <th scope="col">{t("service")}</th>
              <th scope="col">{t("candidateModel")}</th>
              {isTranslated && <th scope="col">{t("sentIn")}</th>}
              <th scope="col">{t("outcome")}</th>
              <th scope="col" className="td-right">
                {t("ttft")}
              </th>
              <th scope="col">{t("nextAction")}</th>
            </tr>
          </thead>
          <tbody>
            {record.attempts.map((attempt, index) => (
              <tr key={`${attempt.startedAt} ${index}`}>
                <td className="medium">{attempt.service}</td>
                <td className="mono">{attempt.model === "" ? t("passThrough") : attempt.model}</td>
                {isTranslated && (
                  <td className="nowrap">
                    {attempt.protocol === undefined
                      ? t("asItCame")
                      : protocolPair({ from: record.protocol, to: attempt.protocol })}
                  </td>
                )}
                <td className={classes["wraps"]}>
                  <span className="row g6">
                    <AttemptOutcome attempt={attempt} />
                  </span>
                </td>
                <td className="td-right num">
                  {attempt.ttftMs === null ? "—" : formatDuration(attempt.ttftMs)}
                </td>
                <td>{t(next[attempt.nextAction])}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function AttemptOutcome({ attempt }: { readonly attempt: AttemptRecord }) {
  const t = useMessages(panelMessages);
  const { outcome } = attempt;
  return (
    <>
      <Moon phase={outcome === "ok" ? "full" : outcome === "client_closed" ? "ring" : "struck"} size={10} />
      {outcome === "ok" ? t("ok") : outcome === "client_closed" ? t("clientLeft") : whyFailed(t, attempt)}
    </>
  );
}
