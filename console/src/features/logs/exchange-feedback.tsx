// What somebody thinks of an answer: a thumb and some words, kept with the record.
import { Button, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ThumbsDown, ThumbsUp } from "lucide-react";
import { useState } from "react";
import type { LogFeedback } from "../../../../src/control/routes/console-answers.ts";
import { useMayWrite } from "../../ui/use-may-write.ts";
import { formatTime } from "../../i18n/format.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { exchangeMessages } from "./exchange-messages.ts";
import classes from "./exchange.module.css";
import { logDetailQuery, sendFeedback } from "./log-calls.ts";

type Score = LogFeedback["score"];

export function ExchangeFeedback({
  requestId,
  feedback,
}: {
  readonly requestId: string;
  readonly feedback: LogFeedback | null;
}) {
  const t = useMessages(exchangeMessages);
  const { language } = useLanguage();
  const client = useQueryClient();
  const [now] = useState(() => new Date());
  const isAllowed = useMayWrite().allowed;
  const [comment, setComment] = useState(feedback?.comment ?? "");
  const [chosen, setChosen] = useState<Score>(feedback?.score ?? 0);
  const save = useMutation({
    mutationFn: (score: Score) =>
      sendFeedback(requestId, { score, comment: score === 0 ? "" : comment.trim() }),
    onSuccess: (_answer, score) => {
      notifications.show({ message: t("savedFeedback") });
      if (score === 0) setComment("");
      return client.invalidateQueries({ queryKey: logDetailQuery(requestId).queryKey });
    },
  });
  const choose = (score: Score): void => {
    setChosen(score);
    save.mutate(score);
  };
  return (
    <section>
      <div className={classes["sectionHead"]}>
        <h2>{t("feedback")}</h2>
      </div>
      <div className="row g8 wrap">
        {([1, -1] as const).map((score) => (
          <Button
            key={score}
            aria-pressed={chosen === score}
            disabled={!isAllowed}
            title={isAllowed ? undefined : t("feedbackRole")}
            variant={chosen === score ? "light" : "default"}
            leftSection={score === 1 ? <ThumbsUp size={14} /> : <ThumbsDown size={14} />}
            onClick={() => choose(chosen === score ? 0 : score)}
          >
            {t(score === 1 ? "good" : "bad")}
          </Button>
        ))}
        {feedback !== null && feedback.score !== 0 && (
          <span className="small dim">
            {t("feedbackBy", {
              name: feedback.by.replace(/^user:/u, ""),
              time: formatTime(new Date(feedback.at), language, now),
            })}
          </span>
        )}
      </div>
      {chosen !== 0 && (
        <form
          className="row g8"
          style={{ alignItems: "flex-end", paddingTop: 8 }}
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate(chosen);
          }}
        >
          <Textarea
            className="grow"
            label={t("comment")}
            placeholder={t("commentHint")}
            autosize
            minRows={1}
            maxRows={6}
            maxLength={2_000}
            disabled={!isAllowed}
            value={comment}
            onChange={(event) => setComment(event.currentTarget.value)}
          />
          <Button
            type="submit"
            loading={save.isPending}
            disabled={!isAllowed || comment === (feedback?.comment ?? "")}
          >
            {t("saveFeedback")}
          </Button>
        </form>
      )}
      {save.error !== null && <ErrorPanel title={t("feedbackFailed")} error={save.error} />}
    </section>
  );
}
