// Why the targets of an exchange were tried in this order: the decision and its candidates.
import type { ExchangeRecord } from "../../../../../src/control/routes/console-answers.ts";
import { formatCount } from "../../../i18n/format.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { explainMessages } from "../../model-api-form/explain-messages.ts";
import { reasonOf } from "../../model-api-form/explain-words.ts";
import { reasonText } from "../../model-api-form/reason-text.ts";
import { DecisionView } from "../../routing/decision-view.tsx";
import { panelMessages } from "../panel-messages.ts";

type Decision = NonNullable<ExchangeRecord["decision"]>;

export function DecisionTable({ record: { decision } }: { readonly record: ExchangeRecord }) {
  const t = useMessages(panelMessages);
  if (decision === null) return null;
  return (
    <section>
      <h2>{t("decision")}</h2>
      <p className="soft">
        <span className="mono">{decision.mode}</span>
        {/* What chose a model is told below, in the language of the console. */}
        {decision.reason !== "" && decision.routing === undefined && (
          <>
            {" · "}
            <Reason text={decision.reason} />
          </>
        )}
      </p>
      {decision.routing !== undefined && (
        <div style={{ margin: "8px 0 12px" }}>
          <DecisionView decided={{ routing: decision.routing, candidates: decision.candidates }} />
        </div>
      )}
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
            {compared(decision).map((candidate, index) => (
              <tr key={`${candidate.service} ${index}`}>
                <td className="medium">{candidate.service}</td>
                <td className="mono">{candidate.model === "" ? t("passThrough") : candidate.model}</td>
                <td className="td-right num">
                  {candidate.ttftMs === undefined
                    ? "—"
                    : t("ms", { n: formatCount(Math.round(candidate.ttftMs)) })}
                </td>
                <td>
                  {candidate.reason === "" || decision.routing !== undefined ? (
                    "—"
                  ) : (
                    <Reason text={candidate.reason} />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** Targets that were compared by their speed: of mode intelligent those of the model that was chosen. */
function compared({ candidates, routing }: Decision): Decision["candidates"] {
  return routing === undefined
    ? candidates
    : candidates.filter(({ model }) => model === routing.choice.model);
}

/** In the language of the console, or marked as the gateway's own words. */
function Reason({ text }: { readonly text: string }) {
  const t = useMessages(explainMessages);
  return reasonOf(text) === undefined ? <span lang="en">{text}</span> : reasonText(text, t);
}
