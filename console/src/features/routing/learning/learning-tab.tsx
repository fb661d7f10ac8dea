// What a Model API has learnt: a prompt to try, labels, the curve, versions, the judge job. The state is one request.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { RoutingState } from "../../../../../src/control/routing/routing-answers.ts";
import type { ModelApi } from "../../../api/resources.ts";
import { formatCount, formatDuration, formatTime } from "../../../i18n/format.ts";
import { useLanguage, useMessages } from "../../../i18n/language.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { ErrorPanel } from "../../../ui/error-panel.tsx";
import { LoadingRows } from "../../../ui/loading.tsx";
import { useMayWrite } from "../../../ui/use-may-write.ts";
import { TestBox } from "../test-box.tsx";
import { JudgeSection } from "./judge-section.tsx";
import { LabelSection } from "./label-section.tsx";
import { routingQuery, useLearningAct } from "./learning-calls.ts";
import { LearningCurve } from "./learning-curve.tsx";
import classes from "./learning.module.css";
import { learningMessages } from "./learning-messages.ts";
import { withBounds } from "./point-text.ts";
import { VersionSection } from "./version-section.tsx";

export function LearningTab({ api }: { readonly api: ModelApi }) {
  const t = useMessages(learningMessages);
  const { modelService } = api;
  if (modelService.mode !== "intelligent")
    return (
      <EmptyState
        title={t("otherMode", { name: api.name })}
        actions={
          <Button
            variant="filled"
            renderRoot={(props) => (
              <Link to="/model-apis/$name/edit" params={{ name: api.name }} hash="service" {...props} />
            )}
          >
            {t("toMode")}
          </Button>
        }
      >
        {t("otherModeText")}
      </EmptyState>
    );
  return (
    <div className={classes["page"]}>
      <TestBox name={api.name} needs={api.protocols.includes("openai")} />
      <Learning api={api} candidates={[...new Set(modelService.candidates.map(({ model }) => model))]} />
    </div>
  );
}

function Learning({ api, candidates }: { readonly api: ModelApi; readonly candidates: readonly string[] }) {
  const t = useMessages(learningMessages);
  const state = useQuery(routingQuery(api.name));
  const right = useMayWrite("api", { group: api.resourceGroup });
  const locked = right.allowed ? undefined : right.reason;
  if (state.data === undefined)
    return state.isError ? (
      <ErrorPanel title={t("failed")} error={state.error} retry={() => void state.refetch()} />
    ) : (
      <LoadingRows rows={6} />
    );
  return (
    <>
      <Summary api={api} state={state.data} locked={locked} />
      <LabelSection api={api.name} labels={state.data.labels} candidates={candidates} locked={locked} />
      <section aria-label={t("curve")}>
        <div className={classes["head"]}>
          <h2>{t("curve")}</h2>
          <p className="small dim">{t("curveHint")}</p>
        </div>
        <LearningCurve curve={state.data.lastRun?.curve ?? []} />
      </section>
      <VersionSection api={api.name} state={state.data} locked={locked} />
      <JudgeSection api={api} candidates={candidates} locked={locked} />
    </>
  );
}

/** What is in use, and the training that runs or ran last. */
function Summary({
  api,
  state,
  locked,
}: {
  readonly api: ModelApi;
  readonly state: RoutingState;
  readonly locked: string | undefined;
}) {
  const t = useMessages(learningMessages);
  const { language } = useLanguage();
  const act = useLearningAct(api.name);
  const [now] = useState(() => new Date());
  const time = (text: string): string => formatTime(new Date(text), language, now);
  const { published, running, lastRun } = state;
  const used = state.versions.find(({ version }) => version === published.version);
  const made = state.versions.find(({ version }) => version === lastRun?.version);
  const why = locked ?? (state.labels.total === 0 ? t("noLabels") : undefined);
  return (
    <section aria-label={t("train")}>
      {!state.learns && (
        <p className="soft" style={{ margin: "0 0 8px" }}>
          {t("off")}{" "}
          <Link className="link" to="/model-apis/$name/edit" params={{ name: api.name }} hash="service">
            {t("toSettings")}
          </Link>
        </p>
      )}
      <div className="row wrap g12">
        <p style={{ margin: 0, flex: "1 1 260px" }}>
          {published.version === 0
            ? t("noneInUse")
            : t("inUse", {
                n: String(published.version),
                labels: formatCount(used?.labels ?? 0),
                time: published.at === null ? "—" : time(published.at),
              })}
        </p>
        <Button
          loading={act.isPending || running !== null}
          disabled={why !== undefined}
          title={why ?? t("trainHint")}
          onClick={() => act.mutate({ act: "train" })}
        >
          {t("train")}
        </Button>
      </div>
      <p className="small soft" role="status" style={{ margin: "4px 0 0" }}>
        {running !== null
          ? t("training", { time: time(running.since), name: running.by })
          : lastRun !== null && (
              <>
                {t("lastRun", {
                  time: time(lastRun.at),
                  name: lastRun.by,
                  took: formatDuration(lastRun.tookMs),
                })}
                {made === undefined ? (
                  <span lang="en">{lastRun.result}</span>
                ) : (
                  t("madeVersion", {
                    n: String(made.version),
                    verdict: t(made.verdict),
                    utility: withBounds(made.overCurrent.utility),
                  })
                )}
              </>
            )}
      </p>
      {act.isError && <ErrorPanel title={t("actFailed")} error={act.error} />}
    </section>
  );
}
