// How a service stands, as a moon and words: from the gateway's state, which knows only the node that answers.
import type {
  KeyStanding,
  ServiceStanding,
  ServiceStandingName,
  StandingReason,
} from "../../../../src/control/routes/console-answers.ts";
import type { Phase } from "../../ui/moon.tsx";
import type { PlainKey } from "../../i18n/messages.ts";
import type { standingMessages } from "./standing-messages.ts";

type StandingText = PlainKey<typeof standingMessages>;

export const standingNames = ["ready", "trial", "ejected", "resting", "refused", "disabled"] as const;

export const standingPhases: Readonly<Record<ServiceStandingName, Phase>> = {
  ready: "full",
  trial: "crescent",
  ejected: "struck",
  resting: "half",
  refused: "struck",
  disabled: "ring",
};

export const standingWords: Readonly<Record<ServiceStandingName, StandingText>> = {
  ready: "ready",
  trial: "trial",
  ejected: "ejected",
  resting: "resting",
  refused: "refused",
  disabled: "disabled",
};

export const reasonTexts: Readonly<Record<Exclude<StandingReason, "">, StandingText>> = {
  disabled: "reasonDisabled",
  rate_limit: "reasonRateLimit",
  credentials: "reasonCredentials",
  "upstream-5xx": "reason5xx",
  "upstream-429": "reason429",
  "upstream-credentials": "reasonCredentials",
  "upstream-4xx": "reason4xx",
  "upstream-any-4xx": "reason4xx",
  "network-error": "reasonNetwork",
  timeout: "reasonTimeout",
  "first-packet-timeout": "reasonFirstPacket",
  "error-in-200": "reasonErrorIn200",
  "empty-answer": "reasonEmpty",
};

/** What a service's row says of its state; undefined while the state is not known. */
export function standingOf(
  service: { readonly name: string; readonly enabled: boolean },
  standings: readonly ServiceStanding[] | undefined,
): ServiceStanding | undefined {
  const known = standings?.find(({ name }) => name === service.name);
  if (service.enabled || known?.standing === "disabled") return known;
  return {
    name: service.name,
    standing: "disabled",
    reason: "disabled",
    until: null,
    inFlight: 0,
    targets: [],
  };
}

/** Keys of one service that are left alone now, by name. */
export function keyStandingsOf(
  service: string,
  keys: readonly KeyStanding[] | undefined,
): ReadonlyMap<string, KeyStanding> {
  return new Map((keys ?? []).filter((key) => key.service === service).map((key) => [key.key, key]));
}
