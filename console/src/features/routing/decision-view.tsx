// What mode intelligent decided for one request: a sentence, what was found out about the prompt, the models side by side.
import { Moon } from "../../ui/moon.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { formatCount, formatDuration, formatMoney, formatShare } from "../../i18n/format.ts";
import { useMessages } from "../../i18n/language.tsx";
import type { Translate } from "../../i18n/messages.ts";
import { decisionMessages } from "./decision-messages.ts";
import {
  excludedText,
  modelRows,
  type Decided,
  type DecidedModel,
  type RoutingRecord,
} from "./decision-words.ts";
import { domainLabel, domainMessages } from "./domain-words.ts";
import classes from "./routing.module.css";

type Words = Translate<(typeof decisionMessages)["en"]>;

/** From here on a domain counts. */
const sureFrom = 0.6;

export function DecisionView({ decided }: { readonly decided: Decided }) {
  const t = useMessages(decisionMessages);
  const { routing } = decided;
  return (
    <section aria-label={t("title")} className="col g8">
      <p style={{ margin: 0 }}>{whyText(routing, t)}</p>
      <Facts routing={routing} />
      <DataTable
        label={t("candidates")}
        rowHeight={34}
        rows={modelRows(decided)}
        rowKey={({ model }) => model}
        columns={columnsOf(t)}
      />
    </section>
  );
}

function whyText({ choice, evidence }: RoutingRecord, t: Words) {
  const model = <b className="strong mono">{choice.model}</b>;
  if (choice.model === "") return t("why-none");
  if (choice.reason === "rule") return t.rich("why-rule", { model, rule: evidence.rule?.name ?? "—" });
  if (choice.reason === "best")
    return choice.margin > 0
      ? t.rich("why-best", { model, margin: <span className="num">{inPoints(choice.margin)}</span> })
      : t.rich("why-bestAlone", { model });
  return t.rich(`why-${choice.reason}`, { model });
}

/** Quality and utility are told as points of 100. */
function inPoints(value: number): string {
  return (value * 100).toFixed(1);
}

function Facts({ routing: { evidence, router } }: { readonly routing: RoutingRecord }) {
  const t = useMessages(decisionMessages);
  const d = useMessages(domainMessages);
  const { prompt } = evidence;
  const [first, ...others] = prompt.domains;
  const hasLabels = evidence.models.some(({ learnt }) => learnt !== undefined);
  const spoken = ({ name, probability }: { name: string; probability: number }): string =>
    `${domainLabel(name, d)} ${formatShare(probability, 0)}`;
  const isSure = first !== undefined && first.probability >= sureFrom;
  return (
    <dl className={classes["facts"]}>
      <dt>{t("domain")}</dt>
      <dd>
        {first === undefined ? d("general") : isSure ? spoken(first) : t("unsure", { domain: d("general") })}{" "}
        <span className="dim">
          {[
            t(`source-${prompt.source}`),
            ...(isSure || first === undefined
              ? others.length > 0 && prompt.source !== "rule"
                ? [t("next", { domains: others.map(spoken).join(", ") })]
                : []
              : [[first, ...others].map(spoken).join(", ")]),
          ].join(" · ")}
        </span>
      </dd>
      <dt>{t("language")}</dt>
      <dd>{prompt.language === undefined ? t("noLanguage") : t(prompt.language)}</dd>
      <dt>{t("complexity")}</dt>
      <dd className="num">{t("complexityOf", { n: Math.round(prompt.complexity * 100) })}</dd>
      <dt>{t("familiarity")}</dt>
      <dd>{hasLabels ? t("familiarityOf", { share: formatShare(prompt.familiarity, 0) }) : t("noLabels")}</dd>
      <dt>{t("profile")}</dt>
      <dd>
        {t(evidence.profile)}{" "}
        <span className="dim num">
          {t("weights", {
            cost: String(evidence.costWeight),
            latency: String(evidence.latencyWeight),
            drop: String(Math.round(evidence.maxQualityDrop * 1_000) / 10),
          })}
        </span>
      </dd>
      <dt>{t("router")}</dt>
      <dd className="mono dim">{router}</dd>
    </dl>
  );
}

function columnsOf(t: Words): Column<DecidedModel>[] {
  const points = (value: number | undefined): string => (value === undefined ? "—" : inPoints(value));
  return [
    {
      key: "model",
      head: t("model"),
      cell: ({ model, isChosen }) => (
        <span className="row g6 nowrap">
          <Moon phase={isChosen ? "full" : "ring"} size={10} />
          <span className={isChosen ? "mono strong" : "mono"}>{model}</span>
        </span>
      ),
    },
    {
      key: "quality",
      head: t("quality"),
      right: true,
      cell: ({ quality, labels }) => (
        <span className="num" title={labels > 0 ? t("labels", { n: formatCount(labels) }) : undefined}>
          {points(quality)}
        </span>
      ),
    },
    {
      key: "cost",
      head: t("cost"),
      right: true,
      cell: ({ costUsd }) => <span className="num nowrap">{formatMoney(costUsd, { estimated: true })}</span>,
    },
    {
      key: "latency",
      head: t("latency"),
      right: true,
      cell: ({ latencyMs }) => <span className="num nowrap">{formatDuration(latencyMs)}</span>,
    },
    {
      key: "utility",
      head: <span title={t("utilityHint")}>{t("utility")}</span>,
      right: true,
      cell: ({ utility, isChosen }) => (
        <span className={isChosen ? "num strong" : "num"}>{points(utility)}</span>
      ),
    },
    { key: "note", head: t("note"), cell: (row) => <span className="small">{noteOf(row, t)}</span> },
  ];
}

function noteOf({ isChosen, isDefault, isPrevious, excluded }: DecidedModel, t: Words): string {
  const notes = [
    ...(isChosen ? [t("chosen")] : []),
    ...(excluded === "" ? [] : [t("leftOut", { reason: excludedText(excluded, t) })]),
    ...(isDefault ? [t("default")] : []),
    ...(isPrevious ? [t("previous")] : []),
  ];
  return notes.length === 0 ? "—" : notes.join(" · ");
}
