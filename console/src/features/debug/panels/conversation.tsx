// The conversation: what was asked and what came back, growing while it comes.
import { Button } from "@mantine/core";
import { RotateCcw } from "lucide-react";
import { memo, useEffect, useLayoutEffect, useRef } from "react";
import { formatDuration } from "../../../i18n/format.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { Gate } from "../../../ui/gate.tsx";
import { conversationMessages } from "../conversation-messages.ts";
import type { Turn } from "../conversation-state.ts";
import { headerOf, isRunning, type RunView } from "../run-view.ts";
import { useRunView } from "../use-run.ts";
import { AnswerParts } from "./answer-parts.tsx";
import { RunFailure } from "./run-failure.tsx";
import classes from "./conversation.module.css";

export function Conversation({
  turns,
  isPlain,
  hasNames = true,
  onRegenerate,
}: {
  readonly turns: readonly Turn[];
  readonly isPlain: boolean;
  /** Whether models and services are named. */
  readonly hasNames?: boolean;
  readonly onRegenerate: () => void;
}) {
  const t = useMessages(conversationMessages);
  if (turns.length === 0) {
    return (
      <div className={classes["empty"]}>
        <Gate state="unreached" size={56} />
        <h2>{t("emptyTitle")}</h2>
        <p className="soft">{t("empty")}</p>
      </div>
    );
  }
  return turns.map((turn, index) => (
    <TurnView
      key={turn.id}
      turn={turn}
      isPlain={isPlain}
      hasNames={hasNames}
      {...(index === turns.length - 1 ? { onRegenerate } : {})}
    />
  ));
}

const TurnView = memo(function TurnView({
  turn,
  isPlain,
  hasNames,
  onRegenerate,
}: {
  readonly turn: Turn;
  readonly isPlain: boolean;
  readonly hasNames: boolean;
  readonly onRegenerate?: () => void;
}) {
  const t = useMessages(conversationMessages);
  const view = useRunView(turn.run);
  const { answer } = view;
  const running = isRunning(view);
  const end = useRef<HTMLDivElement>(null);
  // Follows the text as long as the reader stands at the end.
  useLayoutEffect(() => {
    if (onRegenerate !== undefined) followEnd(end.current?.closest<HTMLElement>("[data-scrolls]"));
  });
  useEffect(() => {
    if (onRegenerate !== undefined) end.current?.scrollIntoView({ block: "nearest" });
  }, [onRegenerate]);
  return (
    <article className={classes["turn"]}>
      <p className={classes["asked"]}>{turn.text}</p>
      {hasNames && (
        <div className={`row small dim ${classes["who"]}`}>
          <Gate size={18} />
          <span className="medium" style={{ color: "var(--mg-ink)" }}>
            {view.record?.model || answer.model || headerOf(view, "x-moongate-model") || t("noModel")}
          </span>
          <Served view={view} />
        </div>
      )}
      <AnswerParts answer={answer} isPlain={isPlain} live={running} />
      {running && view.firstMs === null && (
        <p className="dim">
          {t("waiting")} <span className="num">{formatDuration(view.elapsedMs)}</span>
          <span className="caret" aria-hidden />
        </p>
      )}
      <Ending view={view} />
      {!running && onRegenerate !== undefined && (
        <Button size="xs" variant="subtle" leftSection={<RotateCcw size={14} />} onClick={onRegenerate}>
          {t("regenerate")}
        </Button>
      )}
      <div ref={end} />
    </article>
  );
});

/** Scrolls a list to its end unless the reader has left it. */
export function followEnd(list: HTMLElement | null | undefined): void {
  if (list === null || list === undefined) return;
  const distance = list.scrollHeight - list.scrollTop - list.clientHeight;
  if (distance < 160) list.scrollTop = list.scrollHeight;
}

function Served({ view }: { readonly view: RunView }) {
  const t = useMessages(conversationMessages);
  const service = view.record?.service || headerOf(view, "x-moongate-service");
  if (service === "") return null;
  const attempts = view.record?.attempts.length ?? Number(headerOf(view, "x-moongate-attempts") || 1);
  return (
    <span>
      {attempts > 1 ? t("byAttempt", { service, attempt: attempts, attempts }) : t("by", { service })}
    </span>
  );
}

function Ending({ view }: { readonly view: RunView }) {
  const t = useMessages(conversationMessages);
  const { phase, answer, status } = view;
  if (phase === "stopped") return <p className="dim">{t("stopped")}</p>;
  if (phase === "failed" || (phase === "done" && (status >= 400 || answer.error !== null))) {
    return <RunFailure view={view} />;
  }
  if (phase !== "done") return null;
  if (answer.finish === "length" || answer.finish === "max_tokens" || answer.finish === "MAX_TOKENS") {
    return <p className="small warn">{t("finishLength")}</p>;
  }
  if (answer.finish === "content_filter") return <p className="small warn">{t("finishFilter")}</p>;
  const isEmpty = answer.text === "" && answer.tools.length === 0 && answer.images.length === 0;
  return isEmpty && answer.refusal === "" ? <p className="dim">{t("emptyAnswer")}</p> : null;
}
