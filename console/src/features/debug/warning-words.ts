// What a warning of the record means, in words. Knows no record and draws nothing.
import type { Translate } from "../../i18n/messages.ts";
import type { panelMessages } from "./panel-messages.ts";

type Words = Translate<(typeof panelMessages)["en"]>;

const known = ["dropped", "clamped", "rewritten", "not-compared"] as const;

/** An action that this console does not know stands in the gateway's word, without a sentence. */
export function warningWords(t: Words, action: string): { readonly word: string; readonly sentence: string } {
  const name = known.find((each) => each === action);
  if (name === undefined) return { word: action, sentence: "—" };
  return { word: t(`warned-${name}`), sentence: t(`warned-${name}-means`) };
}
