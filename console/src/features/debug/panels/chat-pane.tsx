// The middle of the panel for a chat: the conversation, its figures, and where the next message is written.
import { SegmentedControl } from "@mantine/core";
import { useLayoutEffect, useRef, useState } from "react";
import { useMessages } from "../../../i18n/language.tsx";
import { conversationMessages } from "../conversation-messages.ts";
import classes from "../debug-panel.module.css";
import { isRunning, type RunView } from "../run-view.ts";
import type { ConversationTools } from "../use-conversation.ts";
import { Composer } from "./composer.tsx";
import { Conversation, followEnd } from "./conversation.tsx";
import { RunFoot } from "./run-foot.tsx";

export function ChatPane({
  conversation,
  view,
  blocked,
}: {
  readonly conversation: ConversationTools;
  readonly view: RunView | null;
  readonly blocked: string;
}) {
  const t = useMessages(conversationMessages);
  const [isPlain, setPlain] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  // What stands below it grows when a run ends: the end of the answer stays in sight.
  useLayoutEffect(() => followEnd(list.current));
  return (
    <>
      <div className={classes["chatHead"]}>
        <h2 className="grow">{t("returned")}</h2>
        <SegmentedControl
          aria-label={t("view")}
          value={isPlain ? "plain" : "rendered"}
          onChange={(value) => setPlain(value === "plain")}
          data={[
            { value: "rendered", label: t("rendered") },
            { value: "plain", label: t("plain") },
          ]}
        />
      </div>
      <div
        className={classes["messages"]}
        data-scrolls
        ref={list}
        tabIndex={0}
        role="region"
        aria-label={t("returned")}
      >
        <Conversation turns={conversation.turns} isPlain={isPlain} onRegenerate={conversation.regenerate} />
      </div>
      {view !== null && <RunFoot view={view} />}
      <Composer
        draft={conversation.draft}
        isRunning={view !== null && isRunning(view)}
        isFirst={conversation.turns.length === 0}
        blocked={blocked}
        onDraft={conversation.setDraft}
        onSend={conversation.send}
        onStop={() => conversation.run?.stop()}
        onEditLast={conversation.editLast}
        onClear={conversation.clear}
      />
    </>
  );
}
