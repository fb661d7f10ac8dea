// The middle of the panel for requests that are no chat: fields, the button that sends, and what came back.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Play, Square } from "lucide-react";
import { useState } from "react";
import type { ModelApi } from "../../../api/resources.ts";
import { statusQuery } from "../../../api/state.ts";
import { formatDuration } from "../../../i18n/format.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { CodeBlock } from "../../../ui/code-block.tsx";
import { Moon } from "../../../ui/moon.tsx";
import type { JsonRequest } from "../chat-request.ts";
import { AnswerImage } from "../markdown/inline.tsx";
import { RunFailure } from "../panels/run-failure.tsx";
import { callableRoutes, type RequestForm } from "../request-forms.ts";
import type { Run } from "../run.ts";
import { isRunning } from "../run-view.ts";
import type { Settings } from "../settings.ts";
import { useOptionalRunView } from "../use-run.ts";
import { BlobPlayer } from "./blob-player.tsx";
import { UseCaseFields } from "./use-case-fields.tsx";
import { caseMessages } from "./use-case-messages.ts";
import { isComplete, type Inputs } from "./use-case-request.ts";
import { UseCaseResult } from "./use-case-results.tsx";
import classes from "./use-case.module.css";
import { useTask, type FollowedTask } from "./use-task.ts";

interface Props {
  readonly api: ModelApi;
  readonly form: RequestForm;
  readonly settings: Settings;
  readonly inputs: Inputs;
  readonly onInputs: (inputs: Inputs) => void;
  readonly request: JsonRequest;
  readonly blocked: string;
  /** The run of the moment: the one submitted, one that asks for its task, or one of the past. */
  readonly shown: Run | null;
  readonly submit: () => Run;
  /** Sends a further request about what was submitted. */
  readonly ask: (request: JsonRequest) => Run;
}

export function UseCasePane({
  api,
  form,
  settings,
  inputs,
  onInputs,
  request,
  blocked,
  shown,
  submit,
  ask,
}: Props) {
  const t = useMessages(caseMessages);
  const [submitted, setSubmitted] = useState<Run | null>(null);
  const view = useOptionalRunView(submitted ?? shown);
  const followed = useTask(submitted, form, settings, ask);
  const running = view !== null && isRunning(view);
  const route =
    form.kind === "json" ? callableRoutes(api).find(({ path }) => path === inputs["path"]) : undefined;
  const isSocket = route?.websocket === true;
  const ready = isComplete(form, inputs) && blocked === "" && !running && !isSocket;
  return (
    <div className={classes["pane"]}>
      <form
        className="col g12"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) setSubmitted(submit());
        }}
      >
        <UseCaseFields api={api} form={form} inputs={inputs} onInputs={onInputs} />
        {isSocket && <SocketNote path={request.path} />}
        <div className="row g12">
          {running ? (
            <Button
              variant="outline"
              color="red"
              leftSection={<Square size={12} fill="currentColor" />}
              rightSection={<kbd>Esc</kbd>}
              onClick={() => (submitted ?? shown)?.stop()}
            >
              {t("stop")}
            </Button>
          ) : (
            <Button
              type="submit"
              variant="filled"
              leftSection={<Play size={14} />}
              disabled={!ready}
              title={blocked}
            >
              {t("send")}
            </Button>
          )}
        </div>
      </form>
      <div className={classes["result"]}>
        {view === null && <p className="dim">{t("empty")}</p>}
        {view !== null && (view.phase === "failed" || view.status >= 400) && <RunFailure view={view} />}
        {followed !== null && <TaskProgress followed={followed} />}
        {view !== null && view.phase === "done" && view.status < 400 && followed === null && (
          <UseCaseResult form={form} view={view} />
        )}
      </div>
    </div>
  );
}

function SocketNote({ path }: { readonly path: string }) {
  const t = useMessages(caseMessages);
  const status = useQuery(statusQuery);
  const address = (status.data?.gateway.url ?? "").replace(/^http/u, "ws") + path;
  return (
    <section className="col g8">
      <h3>{t("socketTitle")}</h3>
      <p className="soft">{t("socket")}</p>
      <CodeBlock code={`npx wscat -c '${address}'`} label={t("socketTitle")} />
    </section>
  );
}

function TaskProgress({ followed: { task, asks, elapsedMs, video } }: { readonly followed: FollowedTask }) {
  const t = useMessages(caseMessages);
  return (
    <section className="col g12" aria-live="polite">
      <div className="row g8 wrap">
        <Moon phase={task.hasFailed ? "struck" : task.isOver ? "full" : "crescent"} size={12} />
        <b className="mono">{task.state}</b>
        {task.progress !== null && <span className="num">{t("progress", { n: task.progress })}</span>}
        <span className="dim num">{t("polled", { n: asks, time: formatDuration(elapsedMs) })}</span>
      </div>
      <p className="mono dim">{t("task", { id: task.id })}</p>
      {task.hasFailed && <p className="bad">{t("taskFailed")}</p>}
      {task.urls.map((url) => (
        <p key={url}>
          <AnswerImage address={url} alt="" />
        </p>
      ))}
      {video !== null && <BlobPlayer blob={video} name={`${task.id}.mp4`} />}
    </section>
  );
}
