// What an alert that is not saved would have done: its metric over past data, the threshold, and when it would have fired.
import { SegmentedControl } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { AlertPreviewAnswer } from "../../../../src/control/routes/console-answers.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ChartPanel } from "../../ui/chart/chart-panel.tsx";
import type { ChartPicture } from "../../ui/chart/picture.ts";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { previewQuery } from "./alert-calls.ts";
import { ruleOf, type AlertDraft } from "./alert-draft.ts";
import { alertMessages } from "./alert-messages.ts";
import { alertMetrics } from "./alert-metrics.ts";
import { ruleSentence } from "./alert-words.ts";
import classes from "./alerts.module.css";

const hourMs = 3_600_000;
const spans = { "1h": hourMs, "6h": 6 * hourMs, "24h": 24 * hourMs, "7d": 7 * 24 * hourMs } as const;
type SpanName = keyof typeof spans;
// The table has these keys and no others.
const spanNames = Object.keys(spans) as readonly SpanName[];

const patienceMs = 350;
/** As many windows as a preview may have. */
const mostColumns = 2_000;

export function AlertPreview({ draft }: { readonly draft: AlertDraft }) {
  const t = useMessages(alertMessages);
  const [wanted, setSpan] = useState<SpanName>("6h");
  const text = JSON.stringify(ruleOf(draft));
  const [settled] = useDebouncedValue(text, patienceMs);
  const rule = useMemo((): ReturnType<typeof ruleOf> => JSON.parse(settled), [settled]);
  const windowMs = Math.max(1, Math.ceil((rule?.forSeconds ?? 0) / 60)) * 60_000;
  const span = Math.min(spans[wanted], mostColumns * windowMs);
  const preview = useQuery(previewQuery(rule, span));
  return (
    <aside className={classes["preview"]} aria-labelledby="alert-preview">
      <div className="row g12 wrap" style={{ marginBottom: 6 }}>
        <h2 id="alert-preview">{t("preview")}</h2>
        <span className="grow" />
        <SegmentedControl
          aria-label={t("previewSpan")}
          value={wanted}
          data={spanNames.map((value) => ({ value, label: t(`span${value}`) }))}
          onChange={(value) => setSpan(spanNames.find((each) => each === value) ?? "6h")}
        />
      </div>
      {rule !== null && <p className="soft">{ruleSentence(rule, t)}</p>}
      {preview.isError ? (
        <ErrorPanel title={t("previewFailed")} error={preview.error} retry={() => void preview.refetch()} />
      ) : preview.data === undefined ? (
        rule !== null && <LoadingRows rows={4} />
      ) : (
        <Outcome answer={preview.data} draft={draft} />
      )}
    </aside>
  );
}

function Outcome({ answer, draft }: { readonly answer: AlertPreviewAnswer; readonly draft: AlertDraft }) {
  const t = useMessages(alertMessages);
  const title = t(alertMetrics[draft.metric].word);
  const picture = useMemo(() => pictureOf(answer, title), [answer, title]);
  const endMs = answer.startMs + answer.stepMs * answer.values.length;
  const minutes =
    answer.firings.reduce((sum, { fromMs, toMs }) => sum + ((toMs ?? endMs) - fromMs), 0) / 60_000;
  return (
    <>
      <p className="medium" role="status" style={{ margin: "6px 0 10px" }}>
        {answer.firings.length === 0
          ? t("firedNever")
          : t("fired", { n: answer.firings.length, minutes: Math.round(minutes) })}
        {answer.firings.at(-1)?.toMs === null && t("firesNow")}
      </p>
      <ChartPanel title={title} picture={picture} height={230} />
      {!answer.complete && <p className="tiny dim">{t("previewShort")}</p>}
    </>
  );
}

function pictureOf(
  { unit, startMs, stepMs, values, threshold, firings }: AlertPreviewAnswer,
  name: string,
): ChartPicture {
  const endMs = startMs + stepMs * values.length;
  return {
    kind: "lines",
    unit,
    startMs,
    stepMs,
    columns: values.length,
    series: [{ key: "value", name, colour: "c1", values }],
    threshold,
    fired: firings.map(({ fromMs, toMs }) => ({ fromMs, toMs: toMs ?? endMs })),
  };
}
