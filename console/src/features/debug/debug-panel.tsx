// The debug panel: parameters at the left, the conversation in the middle, what went over the wire at the right.
import { Button, SegmentedControl } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Columns2, UserCheck } from "lucide-react";
import { useEffect, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import type { Consumer, ModelApi, Service } from "../../api/resources.ts";
import { mayWrite, sessionQuery } from "../../api/session.ts";
import { formatDuration } from "../../i18n/format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { Moon } from "../../ui/moon.tsx";
import { PageHead } from "../../ui/page.tsx";
import { chatRequest } from "./chat-request.ts";
import { conversationMessages } from "./conversation-messages.ts";
import { debugMessages } from "./debug-messages.ts";
import classes from "./debug-panel.module.css";
import { offeredModels } from "./model-hint.ts";
import { panelMessages } from "./panel-messages.ts";
import { Composer } from "./panels/composer.tsx";
import { Conversation } from "./panels/conversation.tsx";
import { Parameters } from "./panels/parameters.tsx";
import { readTab, SideTabs } from "./panels/side-tabs.tsx";
import { TimingStrip } from "./panels/timing-strip.tsx";
import { requestForms } from "./request-forms.ts";
import { startRun } from "./run.ts";
import { isRunning, type RunView } from "./run-view.ts";
import { traceSentence } from "./trace-sentence.ts";
import { useConversation } from "./use-conversation.ts";
import { useOptionalRunView } from "./use-run.ts";
import { useSettings } from "./use-settings.ts";

const route = getRouteApi("/app/model-apis/$name/debug");

export function DebugPanel({
  api,
  services,
  consumers,
}: {
  readonly api: ModelApi;
  readonly services: readonly Service[];
  readonly consumers: readonly Consumer[];
}) {
  const t = useMessages(debugMessages);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const session = useQuery(sessionQuery);
  const [stored, setSettings] = useSettings(api.name, search.run, (run) => {
    void navigate({ search: (before) => ({ ...before, run }), replace: true });
  });
  const forms = requestForms(api);
  const form = forms.find(({ id }) => id === stored.form) ?? forms[0];
  const settings = stored.model === "" ? { ...stored, model: offeredModels(api, services)[0] ?? "" } : stored;
  const [isPlain, setPlain] = useState(false);
  const conversation = useConversation(
    (messages) =>
      form === undefined ? { method: "POST", path: "/", headers: {} } : chatRequest(form, settings, messages),
    (request) => startRun(api.name, request, form?.adapter ?? null),
  );
  const view = useOptionalRunView(conversation.run);
  const running = view !== null && isRunning(view);
  useEscape(running, () => conversation.run?.stop());
  if (form === undefined) return null;
  const blocked = !api.enabled
    ? t("disabled")
    : session.data && !mayWrite(session.data.user.role)
      ? t("needsWrite")
      : "";
  return (
    <>
      <Head api={api} consumer={settings.consumer} />
      {blocked !== "" && <p className={`note ${classes["blocked"]}`}>{blocked}</p>}
      <div className={classes["debug"]}>
        <section className={classes["parameters"]} aria-label={t("parameters")}>
          <Parameters {...{ api, services, consumers, forms, form, settings }} onChange={setSettings} />
        </section>
        <section className={classes["chat"]}>
          <ChatHead isPlain={isPlain} onPlain={setPlain} />
          <div className={classes["messages"]} data-scrolls tabIndex={0} role="log" aria-live="off">
            <Conversation
              turns={conversation.turns}
              isPlain={isPlain}
              onRegenerate={conversation.regenerate}
            />
          </div>
          {view !== null && <RunFoot view={view} />}
          <Composer
            draft={conversation.draft}
            isRunning={running}
            isFirst={conversation.turns.length === 0}
            blocked={blocked}
            onDraft={conversation.setDraft}
            onSend={conversation.send}
            onStop={() => conversation.run?.stop()}
            onEditLast={conversation.editLast}
            onClear={conversation.clear}
          />
        </section>
        <SideTabs
          api={api}
          form={form}
          tab={readTab(search.tab)}
          request={conversation.request}
          view={view}
          onTab={(tab) => void navigate({ search: (before) => ({ ...before, tab }), replace: true })}
        />
      </div>
    </>
  );
}

function Head({ api, consumer }: { readonly api: ModelApi; readonly consumer: string }) {
  const t = useMessages(debugMessages);
  return (
    <PageHead
      ruled
      documentTitle={t("documentTitle", { name: api.name })}
      title={
        <>
          {t("debug")} <span className={classes["name"]}>{api.name}</span>
        </>
      }
      beside={
        <span className="tag tag-pond">
          <UserCheck size={13} aria-hidden />
          {consumer === "" ? t("asAdmin") : t("asConsumer", { name: consumer })}
        </span>
      }
      actions={
        <Button
          leftSection={<Columns2 size={14} />}
          renderRoot={(props) => <Link to="/playground" search={{ columns: api.name }} {...props} />}
        >
          {t("compare")}
        </Button>
      }
    />
  );
}

function ChatHead({
  isPlain,
  onPlain,
}: {
  readonly isPlain: boolean;
  readonly onPlain: (isPlain: boolean) => void;
}) {
  const t = useMessages(conversationMessages);
  return (
    <div className={classes["chatHead"]}>
      <h2 className="grow">{t("returned")}</h2>
      <SegmentedControl
        aria-label={t("view")}
        value={isPlain ? "plain" : "rendered"}
        onChange={(value) => onPlain(value === "plain")}
        data={[
          { value: "rendered", label: t("rendered") },
          { value: "plain", label: t("plain") },
        ]}
      />
    </div>
  );
}

/** The sentence about the run and its figures; says to screen readers that it has ended. */
function RunFoot({ view }: { readonly view: RunView }) {
  const t = useMessages(conversationMessages);
  const words = useMessages(panelMessages);
  const { record, phase, status } = view;
  const isGood = phase === "done" && status < 400;
  return (
    <>
      <p className="sr-only" role="status">
        {isRunning(view)
          ? ""
          : isGood
            ? t("doneAnnounce", { time: formatDuration(view.elapsedMs) })
            : t("failedAnnounce")}
      </p>
      {record !== null && (record.attempts.length !== 1 || record.status >= 400) && (
        <div className={`note note-moon ${classes["sentence"]}`}>
          <Moon phase={isGood ? "live" : "struck"} size={12} />
          <span>{traceSentence(words, record)}</span>
        </div>
      )}
      <TimingStrip view={view} />
    </>
  );
}

/** Escape stops the run, unless a dialog or a list is open that it closes. */
function useEscape(isActive: boolean, stop: () => void): void {
  useEffect(() => {
    if (!isActive) return;
    const listen = (event: KeyboardEvent): void => {
      if (event.key !== "Escape" || document.querySelector("[role=dialog]") !== null) return;
      stop();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  });
}
