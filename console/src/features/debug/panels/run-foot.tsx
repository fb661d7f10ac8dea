// Below a conversation: the sentence about the last run, its figures, and for screen readers that it has ended.
import { formatDuration } from "../../../i18n/format.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { Moon } from "../../../ui/moon.tsx";
import { conversationMessages } from "../conversation-messages.ts";
import classes from "../debug-panel.module.css";
import { panelMessages } from "../panel-messages.ts";
import { isRunning, type RunView } from "../run-view.ts";
import { traceSentence } from "../trace-sentence.ts";
import { TimingStrip } from "./timing-strip.tsx";

export function RunFoot({ view }: { readonly view: RunView }) {
  const t = useMessages(conversationMessages);
  const words = useMessages(panelMessages);
  const { record, phase, status } = view;
  const isGood = phase === "done" && status < 400;
  const time = formatDuration(view.elapsedMs);
  return (
    <>
      <p className="sr-only" role="status">
        {isRunning(view) ? "" : isGood ? t("doneAnnounce", { time }) : t("failedAnnounce")}
      </p>
      {record !== null && (record.attempts.length !== 1 || record.status >= 400) && (
        <div className={`note note-moon ${classes["sentence"]}`}>
          <Moon phase={isGood ? "live" : phase === "stopped" ? "ring" : "struck"} size={12} />
          <span>{traceSentence(words, record)}</span>
        </div>
      )}
      <TimingStrip view={view} />
    </>
  );
}
