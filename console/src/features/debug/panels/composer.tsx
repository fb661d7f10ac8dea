// Where the next message is written: Enter sends, Shift and Enter break the line, arrow up takes the last one back.
import { Button, Textarea } from "@mantine/core";
import { Eraser, Play, Square } from "lucide-react";
import { useMessages } from "../../../i18n/language.tsx";
import { conversationMessages } from "../conversation-messages.ts";
import classes from "./conversation.module.css";

export function Composer({
  draft,
  isRunning,
  isFirst,
  blocked,
  onDraft,
  onSend,
  onStop,
  onEditLast,
  onClear,
}: {
  readonly draft: string;
  readonly isRunning: boolean;
  readonly isFirst: boolean;
  /** Why nothing can be sent; empty when it can. */
  readonly blocked: string;
  readonly onDraft: (draft: string) => void;
  readonly onSend: () => void;
  readonly onStop: () => void;
  readonly onEditLast: () => void;
  readonly onClear: () => void;
}) {
  const t = useMessages(conversationMessages);
  const ready = draft.trim() !== "" && !isRunning && blocked === "";
  return (
    <form
      className={classes["composer"]}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onSend();
      }}
    >
      <Textarea
        className="grow"
        aria-label={t("message")}
        placeholder={t(isFirst ? "messagePlaceholder" : "nextPlaceholder")}
        autosize
        minRows={1}
        maxRows={8}
        value={draft}
        onChange={(event) => onDraft(event.currentTarget.value)}
        onKeyDown={(event) => {
          // While an input method is composing, Enter takes its proposal.
          if (event.nativeEvent.isComposing) return;
          if (event.key === "Enter" && !event.shiftKey) {
            event.preventDefault();
            if (ready) onSend();
          } else if (event.key === "ArrowUp" && draft === "" && !isRunning) {
            event.preventDefault();
            onEditLast();
          }
        }}
      />
      {!isFirst && !isRunning && (
        <Button variant="subtle" h={36} leftSection={<Eraser size={14} />} onClick={onClear}>
          {t("clear")}
        </Button>
      )}
      {isRunning ? (
        <Button
          variant="outline"
          color="red"
          h={36}
          leftSection={<Square size={12} fill="currentColor" />}
          rightSection={<kbd>Esc</kbd>}
          onClick={onStop}
        >
          {t("stop")}
        </Button>
      ) : (
        <Button
          type="submit"
          variant="filled"
          h={36}
          leftSection={<Play size={14} />}
          disabled={!ready}
          title={blocked}
        >
          {t("send")}
        </Button>
      )}
    </form>
  );
}
