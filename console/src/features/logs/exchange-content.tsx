// What was recorded of an exchange: as a conversation, as it stood on the wire, or why there is nothing. Everything is text.
import { Link } from "@tanstack/react-router";
import { useRef, type KeyboardEvent, type ReactNode } from "react";
import type { LogRecordAnswer } from "../../../../src/control/routes/console-answers.ts";
import { formatBytes } from "../../i18n/format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { CopyButton } from "../../ui/copy.tsx";
import { prettyJson } from "../debug/json.ts";
import { AnswerParts } from "../debug/panels/answer-parts.tsx";
import { answerOf, messagesOf } from "./conversation-of.ts";
import { exchangeMessages } from "./exchange-messages.ts";
import classes from "./exchange.module.css";

const tabs = ["conversation", "request", "answer", "headers"] as const;
type Tab = (typeof tabs)[number];

/** Colouring more than this would hold the page up. */
const mostColoured = 60_000;

export function ExchangeContent({
  record,
  tab: wanted,
  onTab,
}: {
  readonly record: LogRecordAnswer;
  readonly tab: string | undefined;
  readonly onTab: (tab: string | undefined) => void;
}) {
  const t = useMessages(exchangeMessages);
  const list = useRef<HTMLDivElement>(null);
  const tab: Tab = tabs.find((name) => name === wanted) ?? "conversation";
  const show = (next: Tab): void => onTab(next === "conversation" ? undefined : next);
  const move = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length] ?? "conversation";
    show(next);
    list.current?.querySelector<HTMLElement>(`[data-tab=${next}]`)?.focus();
  };
  return (
    <section>
      <div
        role="tablist"
        aria-label={t("content")}
        tabIndex={-1}
        className={classes["tabs"]}
        ref={list}
        onKeyDown={move}
      >
        {tabs.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            data-tab={name}
            id={`exchange-tab-${name}`}
            aria-selected={name === tab}
            aria-controls="exchange-tab-panel"
            tabIndex={name === tab ? 0 : -1}
            onClick={() => show(name)}
          >
            {t(name)}
          </button>
        ))}
      </div>
      <div
        role="tabpanel"
        id="exchange-tab-panel"
        aria-labelledby={`exchange-tab-${tab}`}
        tabIndex={0}
        className={classes["tabPanel"]}
      >
        {tab === "headers" ? (
          <p className="soft">{t("headersText")}</p>
        ) : (
          <Recorded record={record} tab={tab} />
        )}
      </div>
    </section>
  );
}

function Recorded({ record, tab }: { readonly record: LogRecordAnswer; readonly tab: Tab }) {
  const t = useMessages(exchangeMessages);
  const { requestContent: request, responseContent: answer } = record;
  if (record.contentHidden && record.recorded) return <p className="soft">{t("contentHidden")}</p>;
  if (request === undefined && answer === undefined) return <WhyNothing record={record} />;
  if (tab === "conversation")
    return <Conversation request={request ?? ""} answer={answer ?? ""} protocol={record.protocol} />;
  const text = tab === "request" ? request : answer;
  if (text === undefined)
    return <p className="soft">{t(tab === "request" ? "requestNotRecorded" : "answerNotRecorded")}</p>;
  return <RawText text={text} label={t(tab)} />;
}

function WhyNothing({ record: { api, recorded } }: { readonly record: LogRecordAnswer }) {
  const t = useMessages(exchangeMessages);
  if (recorded) return <p className="soft">{t("contentGone")}</p>;
  return (
    <div className="soft">
      <p>
        {t("notRecorded")} {api === "" ? t("notRecordedNoApi") : t("notRecordedText", { api })}
      </p>
      {api !== "" && (
        <Link to="/model-apis/$name/edit" params={{ name: api }} hash="monitoring" className="textlink">
          {t("toSwitch")}
        </Link>
      )}
    </div>
  );
}

function Conversation({
  request,
  answer: response,
  protocol,
}: {
  readonly request: string;
  readonly answer: string;
  readonly protocol: string;
}) {
  const t = useMessages(exchangeMessages);
  const said = messagesOf(request);
  const answer = answerOf(response, protocol);
  if (said.length === 0 && answer === null) return <p className="soft">{t("notReadable")}</p>;
  const roles: Readonly<Record<string, string>> = {
    system: t("system"),
    user: t("user"),
    assistant: t("assistant"),
    developer: t("developer"),
    tool: t("tool"),
    input: t("input"),
  };
  return (
    <div className={classes["conversation"]}>
      {said.map(({ role, text }, index) => (
        <Message key={index} who={roles[role] ?? role}>
          <div className={classes["said"]}>{text}</div>
        </Message>
      ))}
      <Message who={t("answered")}>
        {answer === null ? (
          <p className="dim">{response === "" ? t("noAnswerYet") : t("notReadable")}</p>
        ) : (
          <>
            <AnswerParts answer={answer} isPlain={false} live={false} />
            {answer.error !== null && (
              <p className="bad" style={{ overflowWrap: "anywhere" }}>
                {[answer.error.code, answer.error.message].filter(Boolean).join(": ")}
              </p>
            )}
          </>
        )}
      </Message>
    </div>
  );
}

function Message({ who, children }: { readonly who: string; readonly children: ReactNode }) {
  return (
    <section aria-label={who}>
      <div className="tiny dim">{who}</div>
      {children}
    </section>
  );
}

function RawText({ text, label }: { readonly text: string; readonly label: string }) {
  const shown = prettyJson(text);
  if (shown.length <= mostColoured) return <CodeBlock code={shown} label={label} maxHeight={420} />;
  return (
    <div>
      <div className="row g8 small dim">
        {formatBytes(text.length)}
        <CopyButton text={text} label={label} />
      </div>
      <pre className={classes["raw"]} tabIndex={0} role="region" aria-label={label}>
        {shown}
      </pre>
    </div>
  );
}
