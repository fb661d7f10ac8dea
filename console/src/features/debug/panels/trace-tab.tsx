// Why the request went where it went: one sentence, its way, the decision with its candidates, every attempt.
import { useMessages } from "../../../i18n/language.tsx";
import { formatCount, formatDuration } from "../../../i18n/format.ts";
import type { GateState } from "../../../ui/gate.tsx";
import { Moon } from "../../../ui/moon.tsx";
import type { AttemptRecord, ExchangeRecord } from "../../../../../src/control/routes/console-answers.ts";
import { WaySmall } from "../../way/way-small.tsx";
import { panelMessages } from "../panel-messages.ts";
import type { RunView } from "../run-view.ts";
import { traceSentence, whyFailed } from "../trace-sentence.ts";
import classes from "./side-tabs.module.css";
import { Waterfall } from "./waterfall.tsx";

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
          <DecisionTable record={record} />
        </>
      )}
    </div>
  );
}

/** The way of this one request, as small gates on a line. */
function SmallWay({ record, hasAuth }: { readonly record: ExchangeRecord; readonly hasAuth: boolean }) {
  const t = useMessages(panelMessages);
  const credentialFault = ["invalid_credentials", "consumer_not_allowed"].includes(record.errorCode);
  const isMatched = record.route !== "";
  const isSelected = record.attempts.length > 0;
  const isOk = record.status < 400 && record.outcome === "ok";
  const after = (passedBefore: boolean, passed: boolean): GateState =>
    passedBefore ? (passed ? "passed" : "refused") : "unreached";
  const steps: readonly { readonly name: string; readonly state: GateState }[] = [
    { name: t("wayMatch"), state: isMatched ? "passed" : "refused" },
    { name: t("wayAuth"), state: hasAuth ? after(isMatched, !credentialFault) : "off" },
    { name: t("waySelect"), state: after(isMatched && !credentialFault, isSelected) },
    ...record.attempts.map((attempt): { name: string; state: GateState } => ({
      name: attempt.service,
      state: attempt.outcome === "ok" || attempt.outcome === "client_closed" ? "passed" : "refused",
    })),
    { name: t("wayReply"), state: after(isSelected, isOk) },
  ];
  return (
    <section>
      <WaySmall
        label={t("way")}
        steps={steps.map(({ name, state }, index) => ({ key: `${name} ${index}`, label: name, state }))}
      />
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
  return (
    <section>
      <h2>{t("attempts")}</h2>
      <div className="table-scroll" tabIndex={0} role="region" aria-label={t("attempts")}>
        <table className="rows-34">
          <thead>
            <tr>
              <th scope="col">{t("service")}</th>
              <th scope="col">{t("candidateModel")}</th>
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

function DecisionTable({ record: { decision } }: { readonly record: ExchangeRecord }) {
  const t = useMessages(panelMessages);
  if (decision === null) return null;
  return (
    <section>
      <h2>{t("decision")}</h2>
      <p className="soft">
        <span className="mono">{decision.mode}</span>
        {decision.reason === "" ? "" : ` · ${decision.reason}`}
      </p>
      <div className="table-scroll" tabIndex={0} role="region" aria-label={t("candidates")}>
        <table className="rows-34">
          <thead>
            <tr>
              <th scope="col">{t("service")}</th>
              <th scope="col">{t("candidateModel")}</th>
              <th scope="col" className="td-right">
                {t("ttft")}
              </th>
              <th scope="col">{t("candidateNote")}</th>
            </tr>
          </thead>
          <tbody>
            {decision.candidates.map((candidate, index) => (
              <tr key={`${candidate.service} ${index}`}>
                <td className="medium">{candidate.service}</td>
                <td className="mono">{candidate.model === "" ? t("passThrough") : candidate.model}</td>
                <td className="td-right num">
                  {candidate.ttftMs === undefined
                    ? "—"
                    : t("ms", { n: formatCount(Math.round(candidate.ttftMs)) })}
                </td>
                <td>{candidate.reason === "" ? "—" : candidate.reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
