// What checks of content found in an exchange, and what followed; never the text that was found.
import type { ExchangeRecord } from "../../../../src/control/routes/console-answers.ts";
import { formatCount } from "../../i18n/format.ts";
import { useMessages } from "../../i18n/language.tsx";
import type { Translate } from "../../i18n/messages.ts";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { exchangeMessages } from "./exchange-messages.ts";
import classes from "./exchange.module.css";

type Finding = ExchangeRecord["moderation"][number] & { readonly index: number };

export function ExchangeFindings({ record: { moderation } }: { readonly record: ExchangeRecord }) {
  const t = useMessages(exchangeMessages);
  if (moderation.length === 0) return null;
  return (
    <section>
      <div className={classes["sectionHead"]}>
        <h2>{t("findings")}</h2>
      </div>
      <DataTable
        label={t("findings")}
        rowHeight={31}
        columns={columnsOf(t)}
        rows={moderation.map((finding, index) => ({ ...finding, index }))}
        rowKey={({ index }) => String(index)}
      />
    </section>
  );
}

function columnsOf(t: Translate<(typeof exchangeMessages)["en"]>): Column<Finding>[] {
  return [
    { key: "check", head: t("check"), cell: ({ check }) => <span className="medium">{check}</span> },
    { key: "direction", head: t("direction"), cell: ({ direction }) => t(`in-${direction}`) },
    { key: "dimension", head: t("dimension"), wide: true, cell: ({ dimension }) => dimension || "—" },
    { key: "risk", head: t("risk"), cell: ({ risk }) => t(`risk-${risk}`) },
    { key: "label", head: t("label"), cell: ({ label }) => <span className="mono">{label}</span> },
    { key: "action", head: t("followed"), cell: ({ action }) => t(`did-${action}`) },
    {
      key: "count",
      head: t("times"),
      right: true,
      cell: ({ count }) => <span className="num">{formatCount(count)}</span>,
    },
  ];
}
