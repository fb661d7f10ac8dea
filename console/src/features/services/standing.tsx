// State of a service or of its keys in a row: moon, word, until when and why.
import { useState } from "react";
import type { KeyStanding, ServiceStanding } from "../../../../src/control/routes/console-answers.ts";
import type { Service } from "../../api/resources.ts";
import { formatTime } from "../../i18n/format.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import { Moon } from "../../ui/moon.tsx";
import { standingMessages } from "./standing-messages.ts";
import { reasonTexts, standingPhases, standingWords } from "./service-standing.ts";

/** @param standing undefined while it is not known */
export function StandingMark({ standing }: { readonly standing: ServiceStanding | undefined }) {
  const t = useMessages(standingMessages);
  const { language } = useLanguage();
  // Only tells today from other days.
  const [now] = useState(() => new Date());
  if (standing === undefined) {
    return (
      <span className="row g6 dim" title={t("unknown")}>
        —
      </span>
    );
  }
  const word = t(standingWords[standing.standing]);
  const { until } = standing;
  return (
    <span className="row g6 nowrap">
      <Moon phase={standingPhases[standing.standing]} size={11} />
      <span className={standing.standing === "ready" ? undefined : "soft"}>
        {until === null ? word : t("until", { word, time: formatTime(new Date(until), language, now) })}
      </span>
    </span>
  );
}

/** Why it is not ready, with the models concerned; empty when ready. */
export function useStandingReason(service: Service, standing: ServiceStanding | undefined): string {
  const t = useMessages(standingMessages);
  if (standing === undefined || standing.standing === "ready") return "";
  if (standing.standing === "disabled") return service.enabled ? t("noKey") : t("reasonDisabled");
  const ofTargets = standing.targets
    .filter(({ model, reason }) => model !== "" && reason !== "")
    .map(({ model, reason }) => t("ofModel", { model, reason: reason === "" ? "" : t(reasonTexts[reason]) }));
  if (ofTargets.length > 0) return ofTargets.join(", ");
  return standing.reason === "" ? "" : t(reasonTexts[standing.reason]);
}

/** `3 keys, 1 resting`. */
export function KeysCount({
  service,
  standings,
}: {
  readonly service: Service;
  readonly standings: ReadonlyMap<string, KeyStanding>;
}) {
  const t = useMessages(standingMessages);
  const { apiKeys } = service;
  if (apiKeys.length === 0) return <span className="dim">{t("noKeys")}</span>;
  const states = apiKeys.map((key) => (key.enabled ? (standings.get(key.name)?.standing ?? "ready") : "off"));
  const count = (state: string): number => states.filter((each) => each === state).length;
  const parts = [
    { n: count("refused"), text: "keysRefused", className: "bad" },
    { n: count("resting"), text: "keysResting", className: "warn" },
    { n: count("off"), text: "keysOff", className: "dim" },
  ] as const;
  return (
    <span className="num nowrap">
      {t("keys", { n: apiKeys.length })}
      {parts
        .filter(({ n }) => n > 0)
        .map(({ n, text, className }) => (
          <span key={text}>
            {", "}
            <span className={className}>{t(text, { n })}</span>
          </span>
        ))}
    </span>
  );
}
