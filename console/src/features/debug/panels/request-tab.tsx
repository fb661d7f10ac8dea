// The request as it goes to the data plane: line and body.
import { useMessages } from "../../../i18n/language.tsx";
import { CodeBlock } from "../../../ui/code-block.tsx";
import type { JsonRequest } from "../chat-request.ts";
import { panelMessages } from "../panel-messages.ts";
import classes from "./side-tabs.module.css";

export function RequestTab({ request }: { readonly request: JsonRequest }) {
  const t = useMessages(panelMessages);
  return (
    <div className={classes["pad"]}>
      <CodeBlock code={`${request.method} ${request.path}`} label={t("requestLine")} />
      {request.body === undefined ? (
        <p className="dim">{t("noBody")}</p>
      ) : (
        <CodeBlock code={JSON.stringify(request.body, null, 2)} label={t("body")} />
      )}
    </div>
  );
}
