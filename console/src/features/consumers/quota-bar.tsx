// How much of a quota is used and held, as a bar with its sentence; and its state as moon and word.
import type { QuotaState, QuotaStateName } from "../../../../src/control/quotas/quota-answers.ts";
import { formatShare } from "../../i18n/format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { Moon } from "../../ui/moon.tsx";
import classes from "./consumers.module.css";
import { quotaMessages } from "./quota-messages.ts";
import { amountText, quotaPhase, reservedShare, usedShare } from "./quota-words.ts";

type Shown = Pick<QuotaState, "metric" | "used" | "reserved" | "limit" | "state">;

export function QuotaBar({ quota }: { readonly quota: Shown }) {
  const t = useMessages(quotaMessages);
  const { metric, used, limit, reserved, state } = quota;
  const share = usedShare(quota);
  const values = { used: amountText(metric, used), limit: amountText(metric, limit) };
  const held = reserved > 0 ? t("reserved", { amount: amountText(metric, reserved) }) : "";
  const label = t("barLabel", { ...values, share: formatShare(share) });
  return (
    <span
      className={`bar ${classes["quotaBar"]}`}
      role="img"
      aria-label={held === "" ? label : `${label}. ${held}`}
      title={held === "" ? label : `${label}. ${held}`}
    >
      <span data-state={state} style={{ width: `${share * 100}%` }} />
      {reserved > 0 && <span data-held style={{ width: `${reservedShare(quota) * 100}%` }} />}
    </span>
  );
}

/** @param state undefined while it is not known */
export function QuotaStanding({
  state,
  dryRun,
  enabled = true,
}: {
  readonly state: QuotaStateName | undefined;
  readonly dryRun: boolean;
  readonly enabled?: boolean;
}) {
  const t = useMessages(quotaMessages);
  const word = !enabled ? "off" : (state ?? "notKnown");
  return (
    <span className="row g6 nowrap">
      {word === "notKnown" ? (
        <span title={t("notKnown")}>—</span>
      ) : (
        <>
          <Moon phase={word === "off" ? "ring" : quotaPhase({ state: word, dryRun })} size={11} />
          <span className={word === "off" ? "dim" : undefined}>{t(word)}</span>
        </>
      )}
      {dryRun && (
        <span className="tag" title={t("dryRunTitle")}>
          {t("dryRunTag")}
        </span>
      )}
    </span>
  );
}
