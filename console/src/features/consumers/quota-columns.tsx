// The columns of the list of quotas.
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import type { Column } from "../../ui/data-table.tsx";
import { ObjectLink } from "../../ui/object-link.tsx";
import { RowButtons } from "../../ui/row-buttons.tsx";
import type { WriteRight } from "../../ui/use-may-write.ts";
import { QuotaBar, QuotaStanding } from "./quota-bar.tsx";
import { quotaMessages } from "./quota-messages.ts";
import type { QuotaRow } from "./quota-rows.ts";
import { amountText, periodText, zonedTime } from "./quota-words.ts";

interface Actions {
  readonly onEdit: (row: QuotaRow) => void;
  readonly onReset: (row: QuotaRow) => void;
  readonly onDelete: (row: QuotaRow) => void;
}

export function useQuotaColumns(right: WriteRight, actions: Actions): readonly Column<QuotaRow>[] {
  const t = useMessages(quotaMessages);
  return [
    { key: "name", head: t("quota"), cell: (row) => <NameCell row={row} /> },
    { key: "used", head: t("used"), width: 240, cell: (row) => <UsedCell row={row} /> },
    {
      key: "state",
      head: t("state"),
      cell: ({ state, enabled, set }) => (
        <QuotaStanding state={state?.state} enabled={enabled} dryRun={set.dryRun} />
      ),
    },
    { key: "resets", head: t("resets"), wide: true, cell: (row) => <ResetCell row={row} /> },
    {
      key: "actions",
      head: t("actions"),
      right: true,
      cell: (row) =>
        row.group === undefined && (
          <RowButtons
            actions={[
              {
                text: t("edit"),
                label: t("editOf", { name: row.name }),
                right,
                run: () => actions.onEdit(row),
              },
            ]}
            menuLabel={t("more", { name: row.name })}
            menu={[
              ...(row.enabled ? [{ text: t("reset"), right, run: () => actions.onReset(row) }] : []),
              { text: t("delete"), right, run: () => actions.onDelete(row) },
            ]}
          />
        ),
    },
  ];
}

function NameCell({ row: { name, group, set } }: { readonly row: QuotaRow }) {
  const t = useMessages(quotaMessages);
  return (
    <div>
      <div className="strong">{name}</div>
      <div className="small dim">
        {amountText(set.metric, set.limit)} {set.metric === "tokens" ? t("tokensUnit") : ""}{" "}
        {periodText(set.period, t)}
      </div>
      {group !== undefined && (
        <div className="small dim">
          {t.rich("ofGroup", { group: <ObjectLink kind="consumer-groups" name={group} /> })}
        </div>
      )}
    </div>
  );
}

function UsedCell({ row: { state } }: { readonly row: QuotaRow }) {
  const t = useMessages(quotaMessages);
  if (state === undefined) return <span className="dim">—</span>;
  const { metric, used, limit, reserved } = state;
  return (
    <div className="col g4">
      <QuotaBar quota={state} />
      <span className="small num">
        {t("usedOf", { used: amountText(metric, used), limit: amountText(metric, limit) })}
        {reserved > 0 && (
          <span className="dim"> · {t("reserved", { amount: amountText(metric, reserved) })}</span>
        )}
      </span>
    </div>
  );
}

function ResetCell({ row: { state, set } }: { readonly row: QuotaRow }) {
  const t = useMessages(quotaMessages);
  const { language } = useLanguage();
  if (state === undefined) return <span className="dim">—</span>;
  return (
    <time className="num" dateTime={state.resetsAt} title={state.resetsAt}>
      {t("resetsAt", { time: zonedTime(state.resetsAt, set.timeZone, language), zone: set.timeZone })}
    </time>
  );
}
