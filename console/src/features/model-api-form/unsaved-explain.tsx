// What stands in the place of explain while there is nothing that the gateway could explain yet.
import { useMessages } from "../../i18n/language.tsx";
import { explainMessages } from "./explain-messages.ts";
import classes from "./form.module.css";

export function UnsavedExplain() {
  const t = useMessages(explainMessages);
  return <p className={classes["sentence"]}>{t("unsaved")}</p>;
}
