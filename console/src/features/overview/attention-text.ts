// What the gateway says needs attention, in a sentence with what to do. No markup.
import type {
  Attention,
  MetricUnit,
  StandingReason,
} from "../../../../src/control/routes/console-answers.ts";
import { formatTime } from "../../i18n/format.ts";
import type { Language, PlainKey, Translate } from "../../i18n/messages.ts";
import { valueText } from "../../ui/chart/values.ts";
import type { Phase } from "../../ui/moon.tsx";
import type { overviewMessages } from "./overview-messages.ts";

type Words = Translate<(typeof overviewMessages)["en"]>;

const reasons: Readonly<Partial<Record<StandingReason, PlainKey<typeof overviewMessages>>>> = {
  "upstream-5xx": "reason5xx",
  "upstream-429": "reason429",
  rate_limit: "reason429",
  "upstream-credentials": "reasonCredentials",
  credentials: "reasonCredentials",
  "upstream-4xx": "reason4xx",
  "upstream-any-4xx": "reason4xx",
  "network-error": "reasonNetwork",
  timeout: "reasonTimeout",
  "first-packet-timeout": "reasonFirstPacket",
  "error-in-200": "reasonError",
  "empty-answer": "reasonEmpty",
};

function reasonText(reason: string, t: Words): string {
  const known = Object.entries(reasons).find(([code]) => code === reason);
  return t(known?.[1] ?? "reasonOther");
}

/** @param now for times of today */
export function attentionText({ code, params }: Attention, t: Words, language: Language, now: Date): string {
  const until = params["until"] ?? "";
  const time = until === "" ? "—" : formatTime(new Date(until), language, now);
  const key = params["key"] ?? "";
  switch (code) {
    case "target_ejected": {
      const reason = reasonText(params["reason"] ?? "", t);
      const model = params["model"] ?? "";
      return model === "" ? t("ejected", { reason, time }) : t("ejectedModel", { model, reason, time });
    }
    case "service_resting":
      return t("serviceResting", { time });
    case "service_refused":
      return t("serviceRefused");
    case "key_refused":
      return t("keyRefused", { key });
    case "key_resting":
      return t("keyResting", { key, time });
    case "alert_firing":
      return t("alertFiring", { value: alertValue(params) });
    case "sink_failing":
      return t("sinkFailing", { message: params["message"] ?? "" });
    case "config_error":
      return params["message"] ?? "";
  }
}

/** The value of an alert's metric in its unit. */
function alertValue(params: Attention["params"]): string {
  const unit = units.find((each) => each === params["unit"]);
  const value = params["value"] ?? "";
  return value === "" || unit === undefined ? value || "—" : valueText(Number(value), unit);
}

const units = [
  "count",
  "perSecond",
  "share",
  "ms",
  "tokens",
  "tokensPerSecond",
  "usd",
] as const satisfies readonly MetricUnit[];

const phases: Readonly<Record<Attention["code"], Phase>> = {
  target_ejected: "struck",
  service_resting: "half",
  service_refused: "struck",
  key_refused: "struck",
  key_resting: "half",
  alert_firing: "struck",
  sink_failing: "struck",
  config_error: "struck",
};

export function attentionPhase({ code }: Attention): Phase {
  return phases[code];
}
