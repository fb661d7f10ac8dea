// One number of the request: whether it is sent, its slider and its field. Knows its range, no request.
import { Checkbox } from "@mantine/core";
import { useState } from "react";
import { formatCount } from "../../../i18n/format.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { debugMessages } from "../debug-messages.ts";
import { clampDial, type Dial, type DialRange } from "../settings.ts";
import classes from "./parameters.module.css";

export function DialField({
  name,
  dial,
  range,
  hint = "",
  onChange,
}: {
  readonly name: string;
  readonly dial: Dial;
  readonly range: DialRange;
  readonly hint?: string;
  readonly onChange: (dial: Dial) => void;
}) {
  const t = useMessages(debugMessages);
  const [typed, setTyped] = useState<string>();
  const commit = (): void => {
    if (typed === undefined) return;
    const value = Number(typed.replaceAll(",", ""));
    if (typed.trim() !== "" && Number.isFinite(value)) onChange({ ...dial, value: clampDial(value, range) });
    setTyped(undefined);
  };
  const share = range.max === range.min ? 0 : ((dial.value - range.min) / (range.max - range.min)) * 100;
  return (
    <div className={classes["dial"]}>
      <div className="row">
        <Checkbox
          checked={dial.send}
          aria-label={t("sendDial", { name })}
          onChange={(event) => onChange({ ...dial, send: event.currentTarget.checked })}
        />
        <span className="mono grow">{name}</span>
        <input
          className={classes["number"]}
          inputMode="decimal"
          aria-label={name}
          disabled={!dial.send}
          value={typed ?? formatCount(dial.value)}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onBlur={commit}
          onKeyDown={(event) => {
            if (event.key === "Enter") commit();
          }}
        />
      </div>
      <div className={classes["slider"]}>
        <span className={classes["track"]} aria-hidden>
          <i style={{ width: dial.send ? `${share}%` : 0 }} />
        </span>
        <input
          type="range"
          className={classes["range"]}
          min={range.min}
          max={range.max}
          step={range.step}
          disabled={!dial.send}
          value={dial.value}
          aria-label={name}
          aria-valuetext={formatCount(dial.value)}
          onChange={(event) =>
            onChange({ ...dial, value: clampDial(Number(event.currentTarget.value), range) })
          }
        />
      </div>
      <div className={`row tiny dim ${classes["ends"]}`}>
        <span>{formatCount(range.min)}</span>
        <span>{hint}</span>
        <span>{formatCount(range.max)}</span>
      </div>
    </div>
  );
}
