// What a model has said: reasoning folded, text rendered or plain, refusal, calls of tools, pictures. Nothing is fetched for it.
import { ChevronRight, Wrench } from "lucide-react";
import { lazy, Suspense } from "react";
import { useMessages } from "../../../i18n/language.tsx";
import { CodeBlock } from "../../../ui/code-block.tsx";
import type { Answer } from "../answer.ts";
import { conversationMessages } from "../conversation-messages.ts";
import { prettyJson } from "../json.ts";
import { AnswerImage } from "../markdown/inline.tsx";
import classes from "./conversation.module.css";

/** Fetched when the panel opens, so that it is there before the first text; until then the text stands plain. */
const markdownPart = import("../markdown/markdown.tsx");
const Markdown = lazy(async () => ({ default: (await markdownPart).Markdown }));

export function AnswerParts({
  answer,
  isPlain,
  live,
}: {
  readonly answer: Answer;
  readonly isPlain: boolean;
  readonly live: boolean;
}) {
  const t = useMessages(conversationMessages);
  return (
    <>
      {answer.reasoning !== "" && (
        <details className={classes["reasoning"]}>
          <summary>
            <ChevronRight size={14} aria-hidden /> {t("reasoning")}
          </summary>
          <div className={classes["plain"]}>{answer.reasoning}</div>
        </details>
      )}
      {answer.text !== "" &&
        (isPlain ? (
          <div className={classes["plain"]}>{answer.text}</div>
        ) : (
          <Suspense fallback={<div className={classes["plain"]}>{answer.text}</div>}>
            <Markdown text={answer.text} live={live} />
          </Suspense>
        ))}
      {answer.refusal !== "" && (
        <div className="note note-bad">
          <div>
            <b>{t("refusal")}</b>
            <p>{answer.refusal}</p>
          </div>
        </div>
      )}
      {answer.tools.map((tool) => (
        <section key={tool.key} className={classes["tool"]} aria-label={`${t("toolCall")} ${tool.name}`}>
          <div className="row g6">
            <Wrench size={14} aria-hidden />
            <span className="dim">{t("toolCall")}</span>
            <b className="mono">{tool.name}</b>
          </div>
          <CodeBlock code={prettyJson(tool.input)} label={t("toolInput")} maxHeight={240} />
        </section>
      ))}
      {answer.images.map((address) => (
        <p key={address.slice(0, 200)}>
          <AnswerImage address={address} alt="" />
        </p>
      ))}
    </>
  );
}
