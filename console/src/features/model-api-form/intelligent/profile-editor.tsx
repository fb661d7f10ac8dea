// What matters most: three stops from quality to economy, and speed as a choice beside them.
import { useId } from "react";
import { useMessages } from "../../../i18n/language.tsx";
import editors from "../editors.module.css";
import { Field, GroupFault, useFormContext } from "../form-context.tsx";
import { PartsHead } from "./known-parts.tsx";
import classes from "./intelligent.module.css";
import { profileMessages } from "./profile-messages.ts";

const stops = ["quality", "balanced", "cheap"] as const;

export function ProfileEditor() {
  const t = useMessages(profileMessages);
  const { draft, set, readOnly } = useFormContext();
  const help = useId();
  const { routing } = draft;
  const { profile } = routing;
  const disabled = readOnly !== undefined;
  const choose = (next: typeof profile): void => set({ routing: { ...routing, profile: next } });
  const at = stops.findIndex((stop) => stop === profile);
  return (
    <Field path="modelService.profile" className="col g8">
      <PartsHead heading="h3" title={t("profile")} />
      <div className={classes["profile"]}>
        <div>
          <input
            type="range"
            className={editors["range"]}
            min={0}
            max={2}
            step={1}
            // With speed chosen no stop is: the slider waits in its middle.
            value={at === -1 ? 1 : at}
            disabled={disabled}
            aria-label={t("profile")}
            aria-valuetext={t(profile)}
            aria-describedby={help}
            onChange={(event) => choose(stops[Number(event.currentTarget.value)] ?? "balanced")}
          />
          <div className={classes["stops"]}>
            {stops.map((stop) => (
              <button
                key={stop}
                type="button"
                // The slider is the control for keys and readers; these are places to point at.
                tabIndex={-1}
                aria-hidden
                data-on={stop === profile || undefined}
                disabled={disabled}
                onClick={() => choose(stop)}
              >
                {t(stop)}
              </button>
            ))}
          </div>
        </div>
        <button
          type="button"
          className="chip"
          aria-pressed={profile === "fast"}
          disabled={disabled}
          onClick={() => choose(profile === "fast" ? "balanced" : "fast")}
        >
          {t("fast")}
        </button>
      </div>
      <p id={help} className="small soft" style={{ margin: 0 }} aria-live="polite">
        {t(`${profile}-help`)} <span className="dim">{t("namesHint")}</span>
      </p>
      <GroupFault path="modelService.profile" />
    </Field>
  );
}
