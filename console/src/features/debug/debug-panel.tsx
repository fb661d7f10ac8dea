// The debug panel: parameters at the left, the request and its answer in the middle, the wire at the right.
import { getRouteApi } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import type { Consumer, ModelApi, Service } from "../../api/resources.ts";
import { useMayWrite } from "../../ui/use-may-write.ts";
import { useMessages } from "../../i18n/language.tsx";
import { chatRequest, type JsonRequest } from "./chat-request.ts";
import type { Turn } from "./conversation-state.ts";
import { debugMessages } from "./debug-messages.ts";
import classes from "./debug-panel.module.css";
import type { DebugSearch } from "./debug-search.ts";
import type { StoredRun } from "./history.ts";
import { offeredModels } from "./model-hint.ts";
import { ChatPane } from "./panels/chat-pane.tsx";
import { DebugHead } from "./panels/debug-head.tsx";
import { Parameters } from "./panels/parameters.tsx";
import { RunFoot } from "./panels/run-foot.tsx";
import { readTab, SideTabs } from "./panels/side-tabs.tsx";
import { Tools } from "./panels/tools-menu.tsx";
import { requestForms, type RequestForm } from "./request-forms.ts";
import { pastRun, startRun, type Run } from "./run.ts";
import { isRunning } from "./run-view.ts";
import { readMessage } from "./settings.ts";
import { caseRequest, type Inputs } from "./use-cases/use-case-request.ts";
import { useConversation } from "./use-conversation.ts";
import { keepWhenOver, turnsOf, usePast } from "./use-past.ts";
import { useEscape } from "./use-escape.ts";
import { useReplay } from "./use-replay.ts";
import { useOptionalRunView } from "./use-run.ts";
import { useSettings } from "./use-settings.ts";

const UseCasePane = lazy(async () => ({
  default: (await import("./use-cases/use-case-pane.tsx")).UseCasePane,
}));

const route = getRouteApi("/app/model-apis/$name/debug");

interface Props {
  readonly api: ModelApi;
  readonly services: readonly Service[];
  readonly consumers: readonly Consumer[];
}

export function DebugPanel({ api, services, consumers }: Props) {
  const search = route.useSearch();
  const change = useSearchChange();
  const [stored, setSettings] = useSettings(api.name, search.run, (run) => change({ run }));
  const forms = requestForms(api);
  const form = forms.find(({ id }) => id === stored.form) ?? forms[0];
  if (form === undefined) return null;
  const settings = stored.model === "" ? { ...stored, model: offeredModels(api, services)[0] ?? "" } : stored;
  return <Panel {...{ api, services, consumers, forms, form, settings, setSettings }} />;
}

interface PanelProps extends Props {
  readonly forms: readonly RequestForm[];
  readonly form: RequestForm;
  readonly settings: ReturnType<typeof useSettings>[0];
  readonly setSettings: ReturnType<typeof useSettings>[1];
}

function Panel({ api, services, consumers, forms, form, settings, setSettings }: PanelProps) {
  const t = useMessages(debugMessages);
  const search = route.useSearch();
  const change = useSearchChange();
  const blocked = useBlocked(api);
  const [isUnfolded, setUnfolded] = useState(false);
  const [inputs, setInputs] = useState<Inputs>({});
  const [otherRun, setOtherRun] = useState<Run | null>(null);
  const start = (request: JsonRequest, text: string, turns: readonly Turn[]): Run => {
    const run = startRun(api.name, request, form.adapter);
    const kept = keepWhenOver(run, { settings, text, before: turns.map(({ id }) => id) });
    void kept.then(() => change({ past: run.id }));
    return run;
  };
  const conversation = useConversation(
    `moongate-debug-message:${api.name}`,
    (messages) => chatRequest(form, settings, messages),
    start,
  );
  const isChat = form.kind === "chat";
  const current = isChat ? conversation.run : otherRun;
  const view = useOptionalRunView(current);
  const request = isChat ? conversation.request : caseRequest(form, settings, inputs);
  useEscape(view !== null && isRunning(view), () => current?.stop());
  useSharedMessage(search.run, conversation.setDraft);
  const show = (run: StoredRun, turns: readonly Turn[]): void => {
    setSettings(run.settings);
    const isPastChat = forms.find(({ id }) => id === run.settings.form)?.kind ?? forms[0]?.kind;
    if (isPastChat === "chat") conversation.setTurns(turns);
    else setOtherRun(pastRun(run.view));
  };
  usePast(search.past, api.name, show);
  useReplay(search.replay, forms, settings, (taken) => {
    setSettings(taken.settings);
    if (taken.kind === "chat") conversation.setDraft(taken.text);
    if (taken.kind === "json") setInputs(taken.inputs);
  });
  const reopen = async (run: StoredRun): Promise<void> => {
    show(run, await turnsOf(run));
    change({ past: run.id, open: undefined });
  };
  return (
    <>
      <DebugHead
        api={api.name}
        consumer={settings.consumer}
        canRepeat={blocked === ""}
        onOpen={(open) => change({ open })}
      />
      {blocked !== "" && <p className={`note ${classes["blocked"]}`}>{blocked}</p>}
      <div className={classes["debug"]}>
        <section className={classes["parameters"]} aria-label={t("parameters")} tabIndex={0}>
          <button
            type="button"
            className={classes["fold"]}
            aria-expanded={isUnfolded}
            onClick={() => setUnfolded(!isUnfolded)}
          >
            <ChevronRight size={16} aria-hidden /> {t("parameters")}
          </button>
          <div className={classes["folded"]} data-open={isUnfolded || undefined}>
            <Parameters {...{ api, services, consumers, forms, form, settings }} onChange={setSettings} />
          </div>
        </section>
        <section className={classes["chat"]}>
          {isChat ? (
            <ChatPane conversation={conversation} view={view} blocked={blocked} />
          ) : (
            <Suspense fallback={null}>
              <UseCasePane
                key={form.id}
                {...{ api, form, settings, inputs, request, blocked }}
                shown={otherRun}
                onInputs={setInputs}
                submit={() => {
                  const run = start(request, "", []);
                  setOtherRun(run);
                  return run;
                }}
                ask={(asked) => {
                  const run = startRun(api.name, asked, null);
                  setOtherRun(run);
                  return run;
                }}
              />
            </Suspense>
          )}
          {!isChat && view !== null && <RunFoot view={view} />}
        </section>
        <SideTabs
          api={api}
          form={form}
          tab={readTab(search.tab)}
          request={isChat && conversation.draft === "" && view !== null ? view.request : request}
          view={view}
          onTab={(tab) => change({ tab })}
        />
      </div>
      <Tools
        open={search.open}
        api={api.name}
        settings={settings}
        message={conversation.draft}
        onSettings={setSettings}
        onRun={(run) => void reopen(run)}
        startAgain={() => startRun(api.name, current?.view().request ?? request, form.adapter)}
        onClose={() => change({ open: undefined })}
      />
    </>
  );
}

/** Changes the address in place. */
function useSearchChange(): (search: DebugSearch) => void {
  const navigate = route.useNavigate();
  return (fields) => void navigate({ search: (before) => ({ ...before, ...fields }), replace: true });
}

/** Why nothing can be sent; empty when it can. */
function useBlocked(api: ModelApi): string {
  const t = useMessages(debugMessages);
  const right = useMayWrite("api", { group: api.resourceGroup });
  if (!api.enabled) return t("disabled");
  return right.allowed ? "" : t("needsWrite");
}

/** A link may hold a message: it is put into the field once. */
function useSharedMessage(run: string | undefined, setDraft: (draft: string) => void): void {
  useEffect(() => {
    const message = readMessage(run);
    if (message !== "") setDraft(message);
    // Only what stood in the address at first.
    // oxlint-disable-next-line react/exhaustive-deps
  }, []);
}
