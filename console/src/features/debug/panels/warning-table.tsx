// What could not be sent on as it came, one row a field, each with a sentence.
import type { ExchangeRecord } from "../../../../../src/control/routes/console-answers.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { warningWords } from "../warning-words.ts";
import { panelMessages } from "../panel-messages.ts";
import classes from "./side-tabs.module.css";

export function WarningTable({ record: { warnings } }: { readonly record: ExchangeRecord }) {
  const t = useMessages(panelMessages);
  if (warnings.length === 0) return null;
  return (
    <section>
      <h2>{t("warnings")}</h2>
      <p className="soft">{t("warningsText")}</p>
      <div className="table-scroll" tabIndex={0} role="region" aria-label={t("warnings")}>
        <table className="rows-34">
          <thead>
            <tr>
              <th scope="col">{t("warningField")}</th>
              <th scope="col">{t("warningAction")}</th>
              <th scope="col">{t("warningMeans")}</th>
            </tr>
          </thead>
          <tbody>
            {warnings.map(({ field, action }, index) => {
              const { word, sentence } = warningWords(t, action);
              return (
                <tr key={`${field} ${index}`}>
                  <td className={classes["wraps"]}>
                    {field === "*" ? t("warningMore") : <span className="mono">{field}</span>}
                  </td>
                  <td className="nowrap">{word}</td>
                  <td className={`soft ${classes["wraps"]}`}>{sentence}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
