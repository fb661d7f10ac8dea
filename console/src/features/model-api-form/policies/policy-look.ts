// How the state of a policy is drawn, and the texts that sum policies up. Knows no card.
import { useLanguage, useMessages } from "../../../i18n/language.tsx";
import type { Phase } from "../../../ui/moon.tsx";
import { cardMessages } from "./card-messages.ts";
import { limitMessages } from "./limit-messages.ts";
import type { PolicyState } from "./policy-states.ts";

export const statePhases: Readonly<Record<PolicyState, Phase>> = {
  on: "full",
  dryRun: "half",
  off: "ring",
  nobody: "struck",
};

/** The texts that sums of policies are written with. */
export function useSummaryTexts() {
  const card = useMessages(cardMessages);
  const limit = useMessages(limitMessages);
  const { language } = useLanguage();
  return { card, limit, comma: language === "zh" ? "、" : ", " };
}
