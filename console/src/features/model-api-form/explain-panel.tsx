// Explain: what the gateway would do with a request, and why, without sending it.
import { Autocomplete, Button, Select, Switch, Textarea, TextInput } from "@mantine/core";
import { useClipboard, useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Check, Copy, Play } from "lucide-react";
import { useState } from "react";
import { call } from "../../api/client.ts";
import { listQuery, type ModelApi } from "../../api/resources.ts";
import { statusQuery } from "../../api/state.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { defaultSettings, writeSettings } from "../debug/settings.ts";
import { askedCall, callsOf, type Explanation, type Question } from "./explain-call.ts";
import { explainMessages } from "./explain-messages.ts";
import { ExplainResult } from "./explain-result.tsx";
import classes from "./explain.module.css";
import { curlOf, pathBelow } from "./sample-call.ts";

const askDelayMs = 300;

/** @param hint over the question, such as that it is about the saved object */
export function ExplainPanel({ api, hint }: { readonly api: ModelApi; readonly hint?: string }) {
  const t = useMessages(explainMessages);
  const [question, setQuestion] = useState<Question>(() => ({
    call: 0,
    domain: api.domains[0] ?? "*",
    model: firstModel(api),
    stream: true,
    prompt: "",
    key: "",
    headers: "",
  }));
  const asked = askedCall(api, question);
  const [settled] = useDebouncedValue(JSON.stringify(asked ?? null), askDelayMs);
  const answer = useQuery({
    queryKey: ["model-apis", "explain", api.name, api.revision, settled],
    queryFn: ({ signal }) =>
      call<Explanation>("POST", `/model-apis/${encodeURIComponent(api.name)}/explain`, {
        body: settled,
        contentType: "application/json",
        signal,
      }),
    enabled: settled !== "null",
    retry: false,
    placeholderData: keepPreviousData,
  });
  return (
    <section aria-label={t("explain")} className="col g12">
      <div className="row">
        <h2>{t("explain")}</h2>
        <span className="grow" />
        <span className="tag">{t("noUpstream")}</span>
      </div>
      {hint !== undefined && <p className="small dim">{hint}</p>}
      <QuestionFields api={api} question={question} onChange={setQuestion} />
      {answer.isPending && settled !== "null" && <LoadingRows rows={4} />}
      {answer.isError && (
        <ErrorPanel title={t("failed")} error={answer.error} retry={() => void answer.refetch()} />
      )}
      {answer.data !== undefined && !answer.isError && asked !== undefined && (
        <ExplainResult api={api} explanation={answer.data} asked={asked} />
      )}
      <Actions api={api} question={question} />
    </section>
  );
}

/** A name that the first request could carry: the rule's, or what a target is named. */
function firstModel(api: ModelApi): string {
  const { modelService } = api;
  if (modelService.mode === "by-model-name")
    return modelService.rules[0]?.pattern.replaceAll(/[?*]/gu, "") ?? "";
  return "";
}

function QuestionFields({
  api,
  question,
  onChange,
}: {
  readonly api: ModelApi;
  readonly question: Question;
  readonly onChange: (question: Question) => void;
}) {
  const t = useMessages(explainMessages);
  const services = useQuery(listQuery("services"));
  const models = new Set(services.data?.items.flatMap((service) => service.models.map(({ name }) => name)));
  const set = (change: Partial<Question>): void => onChange({ ...question, ...change });
  return (
    <div className={classes["question"]}>
      <Select
        label={t("call")}
        className={classes["whole"] ?? ""}
        data={callsOf(api).map(({ method, route }, index) => ({
          value: String(index),
          label: `${method} ${pathBelow(api.basePath, route.path)}`,
        }))}
        value={String(question.call)}
        searchable
        onChange={(value) => set({ call: Number(value ?? 0) })}
      />
      <Autocomplete
        label={t("model")}
        data={[...models]}
        limit={50}
        value={question.model}
        comboboxProps={{ shadow: "none" }}
        onChange={(model) => set({ model })}
      />
      <div>
        <label className={classes["label"]} htmlFor="explain-stream">
          {t("stream")}
        </label>
        <div className={classes["switch"]}>
          <Switch
            id="explain-stream"
            checked={question.stream}
            onChange={(event) => set({ stream: event.currentTarget.checked })}
          />
        </div>
      </div>
      {api.modelService.mode === "intelligent" && (
        <Textarea
          label={t("prompt")}
          description={t("promptHint")}
          inputWrapperOrder={["label", "input", "error", "description"]}
          className={classes["whole"] ?? ""}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={20_000}
          value={question.prompt}
          onChange={(event) => set({ prompt: event.currentTarget.value })}
        />
      )}
      {api.domains.length > 1 && (
        <Select
          label={t("domain")}
          className={classes["whole"] ?? ""}
          data={[...api.domains]}
          value={question.domain}
          onChange={(domain) => set({ domain: domain ?? "*" })}
        />
      )}
      {api.auth.enabled && (
        <TextInput
          label={t("key")}
          className={classes["whole"] ?? ""}
          description={t("keyHint")}
          type="password"
          autoComplete="off"
          value={question.key}
          onChange={(event) => set({ key: event.currentTarget.value })}
        />
      )}
      <details className={classes["whole"]}>
        <summary className="small dim" style={{ cursor: "pointer" }}>
          {t("headers")}
        </summary>
        <Textarea
          aria-label={t("headers")}
          placeholder={t("headersHint")}
          rows={2}
          mt={6}
          value={question.headers}
          spellCheck={false}
          onChange={(event) => set({ headers: event.currentTarget.value })}
        />
      </details>
    </div>
  );
}

function Actions({ api, question }: { readonly api: ModelApi; readonly question: Question }) {
  const t = useMessages(explainMessages);
  const clipboard = useClipboard({ timeout: 1_500 });
  const status = useQuery(statusQuery);
  // A key is never put on the clipboard: the command names a variable in its place.
  const asked = askedCall(api, { ...question, key: "" });
  const { model, stream } = question;
  const domain = question.domain === api.domains[0] ? "" : question.domain;
  const run = writeSettings({ ...defaultSettings, model, stream, domain }, false);
  const copy = (): void => {
    if (asked === undefined) return;
    clipboard.copy(
      curlOf({
        gatewayUrl: status.data?.gateway.url ?? "http://127.0.0.1:8080",
        domain: question.domain,
        method: asked.method,
        path: asked.path,
        body: asked.body,
        key: api.auth.enabled,
        stream: question.stream && asked.body !== undefined,
      }),
    );
  };
  return (
    <div className="row wrap">
      <Button
        size="xs"
        leftSection={clipboard.copied ? <Check size={14} /> : <Copy size={14} />}
        disabled={asked === undefined}
        onClick={copy}
      >
        {t(clipboard.copied ? "copied" : "copyCurl")}
      </Button>
      <Button
        size="xs"
        leftSection={<Play size={14} />}
        renderRoot={(props) => (
          <Link
            to="/model-apis/$name/debug"
            params={{ name: api.name }}
            search={run === "" ? {} : { run }}
            {...props}
          />
        )}
      >
        {t("sendForReal")}
      </Button>
    </div>
  );
}
