// Why a run failed: status, code, who said it, its words as text, what to do, and the id to ask for.
import { Link } from "@tanstack/react-router";
import { ApiError } from "../../../api/client.ts";
import { useLanguage, useMessages } from "../../../i18n/language.tsx";
import { CopyText } from "../../../ui/copy.tsx";
import { ErrorPanel } from "../../../ui/error-panel.tsx";
import { Moon } from "../../../ui/moon.tsx";
import { conversationMessages } from "../conversation-messages.ts";
import { textAt, parseJson } from "../json.ts";
import { remedyOf } from "../remedies.ts";
import { speakerOf } from "../run-facts.ts";
import { headerOf, type RunView } from "../run-view.ts";
import classes from "./conversation.module.css";

export function RunFailure({ view }: { readonly view: RunView }) {
  const t = useMessages(conversationMessages);
  const { language } = useLanguage();
  const { status, answer, record, error, phase, requestId } = view;
  if (phase === "failed" && (status === 0 || error instanceof ApiError)) {
    return <ErrorPanel title={t(status === 0 ? "notSent" : "brokeOff")} error={error} />;
  }
  const body = parseJson(view.body);
  const code = record?.errorCode || answer.error?.code || textAt(body, "error", "code");
  const message = answer.error?.message ?? (textAt(body, "error", "message") || view.body.slice(0, 2_000));
  const service = record?.service || headerOf(view, "x-moongate-service");
  const speaker = speakerOf(view);
  const remedy = remedyOf(code, language);
  return (
    <div className={`panel ${classes["failure"]}`} role="alert">
      <span className={classes["sign"]}>
        <Moon phase="struck" size={14} />
      </span>
      <div className="grow">
        <h3>
          {status >= 400 ? (
            <span className="num">{status}</span>
          ) : (
            t(phase === "failed" ? "brokeOff" : "errorInAnswer")
          )}{" "}
          {code !== "" && <span className="mono">{code}</span>}
          <span className={classes["said"]}>
            {speaker === "upstream"
              ? t("saidUpstream", { service })
              : t(speaker === "client" ? "saidClient" : "saidGateway")}
          </span>
        </h3>
        {message !== "" && <p className={classes["message"]}>{message}</p>}
        {remedy !== undefined && <p className="soft">{remedy}</p>}
        {requestId !== "" && (
          <span className="row g12 wrap">
            <CopyText text={requestId} label={t("requestId")} />
            <Link to="/observe/logs/$requestId" params={{ requestId }} className="textlink small">
              {t("inLogs")}
            </Link>
          </span>
        )}
      </div>
    </div>
  );
}
