// The judge job: what it is asked for, how far it is, what came of it.
import { Button, MultiSelect, TextInput } from "@mantine/core";
import "@mantine/core/styles/Pill.layer.css";
import "@mantine/core/styles/PillsInput.layer.css";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { JudgeState } from "../../../../../src/control/routing/judge/judge-state.ts";
import type { ModelApi } from "../../../api/resources.ts";
import { formatCount, formatMoney, formatTime } from "../../../i18n/format.ts";
import { useLanguage, useMessages } from "../../../i18n/language.tsx";
import { DataTable, type Column } from "../../../ui/data-table.tsx";
import { ErrorPanel } from "../../../ui/error-panel.tsx";
import { Moon, type Phase } from "../../../ui/moon.tsx";
import { judgeQuery, useLearningAct } from "./learning-calls.ts";
import classes from "./learning.module.css";
import { learningMessages } from "./learning-messages.ts";

const phases: Readonly<Record<JudgeState["state"], Phase>> = {
  running: "live",
  done: "full",
  cancelled: "ring",
  budget: "half",
  failed: "struck",
  interrupted: "half",
};

export function JudgeSection({
  api,
  candidates,
  locked,
}: {
  readonly api: ModelApi;
  readonly candidates: readonly string[];
  readonly locked: string | undefined;
}) {
  const t = useMessages(learningMessages);
  const job = useQuery(judgeQuery(api.name));
  const { modelService, monitoring } = api;
  const learning = modelService.mode === "intelligent" ? modelService.learning : undefined;
  const why =
    locked ??
    (learning?.judge === undefined || !learning.enabled
      ? t("judgeNone")
      : monitoring.recordRequestContent
        ? undefined
        : t("judgeNoContent"));
  const isRunning = job.data?.state === "running";
  return (
    <section aria-label={t("judgeJob")}>
      <div className={classes["head"]}>
        <h2>{t("judgeJob")}</h2>
        <p className="small dim">{t("judgeHint")}</p>
      </div>
      {job.isError && (
        <ErrorPanel title={t("jobFailed")} error={job.error} retry={() => void job.refetch()} />
      )}
      {job.data !== undefined && job.data.state !== null && (
        <JobState api={api.name} job={job.data} locked={locked} />
      )}
      {!isRunning && <Order api={api.name} candidates={candidates} why={why} />}
    </section>
  );
}

function Order({
  api,
  candidates,
  why,
}: {
  readonly api: string;
  readonly candidates: readonly string[];
  readonly why: string | undefined;
}) {
  const t = useMessages(learningMessages);
  const act = useLearningAct(api);
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [limit, setLimit] = useState("100");
  const [budget, setBudget] = useState("1");
  const [models, setModels] = useState<readonly string[]>(candidates.slice(0, 4));
  const moment = (text: string): string | undefined =>
    text === "" ? undefined : new Date(text).toISOString();
  const order = {
    from: moment(from),
    to: moment(to),
    limit: Math.min(1_000, Math.max(1, Number(limit) || 100)),
    models,
    ...(budget === "" ? {} : { maxCostUsd: Number(budget) }),
  };
  return (
    <form
      className="col g12"
      onSubmit={(event) => {
        event.preventDefault();
        if (why === undefined)
          act.mutate(
            { act: "judge", order },
            { onSuccess: () => notifications.show({ message: t("started") }) },
          );
      }}
    >
      <div className={classes["order"]}>
        <TextInput
          type="datetime-local"
          label={t("judgeFrom")}
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput
          type="datetime-local"
          label={t("judgeTo")}
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        <TextInput
          label={t("judgeLimit")}
          inputMode="numeric"
          value={limit}
          onChange={(event) => setLimit(event.currentTarget.value.replaceAll(/\D/gu, "").slice(0, 4))}
        />
        <TextInput
          label={t("judgeBudget")}
          description={t("judgeBudgetHint")}
          inputWrapperOrder={["label", "input", "error", "description"]}
          inputMode="decimal"
          value={budget}
          onChange={(event) => setBudget(event.currentTarget.value.replaceAll(/[^\d.]/gu, "").slice(0, 8))}
        />
      </div>
      <MultiSelect
        label={t("judgeModels")}
        description={t("judgeModelsHint")}
        inputWrapperOrder={["label", "input", "error", "description"]}
        data={[...candidates]}
        value={[...models]}
        maxValues={4}
        comboboxProps={{ shadow: "none" }}
        onChange={(chosen) => setModels(chosen)}
      />
      {act.isError && <ErrorPanel title={t("actFailed")} error={act.error} />}
      <div className="row wrap">
        <Button
          type="submit"
          loading={act.isPending}
          disabled={why !== undefined || models.length < 2}
          title={why}
        >
          {t("start")}
        </Button>
        {why !== undefined && <span className="small dim">{why}</span>}
      </div>
    </form>
  );
}

function JobState({
  api,
  job,
  locked,
}: {
  readonly api: string;
  readonly job: JudgeState;
  readonly locked: string | undefined;
}) {
  const t = useMessages(learningMessages);
  const { language } = useLanguage();
  const [now] = useState(() => new Date());
  const act = useLearningAct(api);
  const skipped = Object.entries(job.skipped);
  return (
    <div className="col g8" style={{ marginBottom: 16 }}>
      <div className="row wrap g12" role="status">
        <span className="row g6 medium nowrap">
          <Moon phase={phases[job.state]} size={11} />
          {t(`job-${job.state}`)}
        </span>
        <span>
          {t("jobText", {
            judged: job.judged,
            looked: formatCount(job.looked),
            labels: job.labels,
            requests: job.requests,
            cost: formatMoney(job.costUsd, { estimated: true }),
          })}
        </span>
        <span className="small dim">
          {t("jobBy", { time: formatTime(new Date(job.startedAt), language, now), name: job.by })}
        </span>
        {job.state === "running" && (
          <Button
            size="xs"
            disabled={locked !== undefined}
            title={locked}
            loading={act.isPending}
            onClick={() => act.mutate({ act: "cancel" })}
          >
            {t("cancel")}
          </Button>
        )}
      </div>
      {job.message !== "" && (
        <p className="small soft" style={{ margin: 0 }}>
          <span lang="en">{job.message}</span>
        </p>
      )}
      {act.isError && <ErrorPanel title={t("actFailed")} error={act.error} />}
      {job.models.length > 0 && (
        <DataTable
          label={t("resultTable")}
          rowHeight={34}
          rows={job.models}
          rowKey={({ model }) => model}
          columns={resultColumns(t)}
        />
      )}
      {skipped.length > 0 && (
        <p className="small dim" style={{ margin: 0 }}>
          {t("skipped")}:{" "}
          {skipped.map(([reason, count]) => `${skipText(reason, t)} ${formatCount(count)}`).join(" · ")}
        </p>
      )}
    </div>
  );
}

type Words = ReturnType<typeof useMessages<typeof learningMessages.en>>;

function resultColumns(t: Words): Column<JudgeState["models"][number]>[] {
  return [
    { key: "model", head: t("model"), cell: ({ model }) => <span className="mono">{model}</span> },
    ...(["won", "lost", "tied"] as const).map((name) => ({
      key: name,
      head: t(name),
      right: true,
      cell: (row: JudgeState["models"][number]) => <span className="num">{formatCount(row[name])}</span>,
    })),
  ];
}

/** A reason of a newer gateway stands as it is. */
function skipText(reason: string, t: Words): string {
  const key = `skip-${reason}`;
  return Object.hasOwn(learningMessages.en, key) ? t(key as "skip-cut") : reason;
}
