// What other settings would have done with recent requests: one sentence, and a pair of bars for each model.
import type { PreviewAnswer } from "../../../../src/control/routing/routing-answers.ts";
import { formatMoney, formatShare } from "../../i18n/format.ts";
import { useMessages } from "../../i18n/language.tsx";
import type { Translate } from "../../i18n/messages.ts";
import { chartColour } from "../model-api-form/weights-editor.tsx";
import { changeText, withBounds } from "./learning/point-text.ts";
import { previewMessages } from "./preview-messages.ts";
import classes from "./routing.module.css";

type Words = Translate<(typeof previewMessages)["en"]>;

export function ReplayPreview({ preview }: { readonly preview: PreviewAnswer }) {
  const t = useMessages(previewMessages);
  const { requests, changed, unused, costUsd, basis } = preview;
  if (requests === 0)
    return (
      <p className="small soft" style={{ margin: 0 }}>
        {t("none")} {unused.undecided > 0 && t("undecided", { n: unused.undecided })}
      </p>
    );
  return (
    <>
      <p style={{ margin: 0 }} role="status">
        {sentenceOf(preview, t)}
      </p>
      <Bars preview={preview} />
      <p className="tiny dim" style={{ margin: 0 }}>
        {[
          t("based", { n: requests, changed }),
          t(`basis-${basis}`),
          ...(unused.undecided > 0 ? [t("undecided", { n: unused.undecided })] : []),
          ...(unused.unanswered > 0 ? [t("unanswered", { n: unused.unanswered })] : []),
          t("costText", {
            now: formatMoney(costUsd.now, { estimated: true }),
            after: formatMoney(costUsd.next, { estimated: true }),
          }),
        ].join(" ")}
      </p>
    </>
  );
}

const spokenMost = 2;

/** Such as `62 % to qwen-flash; cost −48 %, expected quality −0.6 ± 0.9.` */
function sentenceOf({ models, costUsd, quality, changed }: PreviewAnswer, t: Words): string {
  const shares = models
    .filter(({ next }) => next > 0)
    .toSorted((one, other) => other.next - one.next)
    .slice(0, spokenMost)
    .map(({ model, next }) => t("toModel", { share: formatShare(next, 0), model }))
    .join(t("listComma"));
  const worth = changed === 0 ? t("same") : withBounds(quality);
  const cost = changed === 0 ? t("same") : changeText(costUsd.now, costUsd.next);
  return cost === undefined
    ? t("sentenceNoCost", { shares, quality: worth })
    : t("sentence", { shares, cost, quality: worth });
}

function Bars({ preview: { models } }: { readonly preview: PreviewAnswer }) {
  const t = useMessages(previewMessages);
  const shown = models.filter(({ now, next }) => now > 0 || next > 0);
  const width = (share: number): string => `${(share * 100).toFixed(1)}%`;
  return (
    <ul className={classes["shares"]} aria-label={t("bars")}>
      {shown.map(({ model, now, next }, index) => {
        const text = t("barOf", { model, now: formatShare(now, 0), after: formatShare(next, 0) });
        return (
          <li key={model} title={text}>
            <span className="mono cut">{model}</span>
            <span className={classes["track"]} aria-hidden>
              <i data-before style={{ width: width(now), background: chartColour(index) }} />
              <i style={{ width: width(next), background: chartColour(index) }} />
            </span>
            <span className="num small nowrap right">
              <span className="dim">
                <span className="sr-only">{t("now")} </span>
                {formatShare(now, 0)}
              </span>{" "}
              →<span className="sr-only"> {t("draft")}</span> {formatShare(next, 0)}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
