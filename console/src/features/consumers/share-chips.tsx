// Shares of a limit as chips that are pressed or not, and a field for another one.
import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useMessages } from "../../i18n/language.tsx";
import classes from "./consumers.module.css";
import { toggledShare, usualShares } from "./quota-draft.ts";
import { quotaMessages } from "./quota-messages.ts";

/** @param shares in percent */
export function ShareChips({
  legend,
  shares,
  fault,
  onChange,
}: {
  readonly legend: string;
  readonly shares: readonly number[];
  readonly fault: string | undefined;
  readonly onChange: (shares: readonly number[]) => void;
}) {
  const t = useMessages(quotaMessages);
  const [typed, setTyped] = useState("");
  const wanted = Number(typed);
  const fits = typed !== "" && wanted > 0 && wanted <= 100 && !shares.includes(wanted) && shares.length < 10;
  const offered = [...new Set([...usualShares, ...shares])].toSorted((left, right) => left - right);
  const add = (): void => {
    if (!fits) return;
    onChange(toggledShare(shares, wanted));
    setTyped("");
  };
  return (
    <fieldset className={classes["group"]}>
      <legend>{legend}</legend>
      <div className="row wrap g6">
        {offered.map((percent) => (
          <button
            key={percent}
            type="button"
            className="chip num"
            aria-pressed={shares.includes(percent)}
            disabled={!shares.includes(percent) && shares.length >= 10}
            onClick={() => onChange(toggledShare(shares, percent))}
          >
            {percent} %
          </button>
        ))}
        <TextInput
          size="xs"
          w={64}
          inputMode="decimal"
          aria-label={t("warnAtAdd")}
          placeholder="%"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value.replaceAll(/[^\d.]/gu, "").slice(0, 5))}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            // Enter in a field of a form sends it.
            event.preventDefault();
            add();
          }}
        />
        <Button size="xs" disabled={!fits} onClick={add}>
          {t("addShare")}
        </Button>
      </div>
      <p className={fault === undefined ? "small dim" : "small bad"}>{fault ?? t("warnAtHint")}</p>
    </fieldset>
  );
}
