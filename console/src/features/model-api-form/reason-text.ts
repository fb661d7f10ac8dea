// The gateway's reasons in the language of the console. Knows no page.
import type { Translate } from "../../i18n/messages.ts";
import type { explainMessages } from "./explain-messages.ts";
import { reasonOf } from "./explain-words.ts";

/** The gateway's own words where the console has no text for them. */
export function reasonText(reason: string, t: Translate<typeof explainMessages.en>): string {
  const known = reasonOf(reason);
  if (known === undefined) return reason;
  switch (known.key) {
    case "weight":
      return t("weight", known.values);
    case "rule":
      return t("rule", known.values);
    case "consumer":
      return t("consumer", known.values);
    case "noKey":
      return t("noKey", known.values);
    case "noGrant":
      return t("noGrant", known.values);
    default:
      return t(known.key);
  }
}
