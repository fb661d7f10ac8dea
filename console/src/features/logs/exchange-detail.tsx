// One exchange from top to bottom: what happened as a sentence, its way, its attempts, its content, its figures.
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import type { ExchangeRecord, LogRecordAnswer } from "../../../../src/control/routes/console-answers.ts";
import { formatDuration } from "../../i18n/format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { ApiError } from "../../api/client.ts";
import { DecisionTable } from "../debug/panels/decision-table.tsx";
import { WarningTable } from "../debug/panels/warning-table.tsx";
import { panelMessages } from "../debug/panel-messages.ts";
import { traceSentence } from "../debug/trace-sentence.ts";
import { recordWay } from "../way/record-way.ts";
import { WaySmall } from "../way/way-small.tsx";
import { ExchangeAttempts } from "./exchange-attempts.tsx";
import { ExchangeFacts } from "./exchange-facts.tsx";
import { ExchangeFindings } from "./exchange-findings.tsx";
import { ExchangeFeedback } from "./exchange-feedback.tsx";
import { exchangeMessages } from "./exchange-messages.ts";
import { ExchangeUsage } from "./exchange-usage.tsx";
import classes from "./exchange.module.css";
import { logDetailQuery } from "./log-calls.ts";
import type { FieldWord } from "./query-fields.ts";

const ExchangeContent = lazy(async () => ({
  default: (await import("./exchange-content.tsx")).ExchangeContent,
}));

interface DetailProps {
  readonly tab: string | undefined;
  readonly onTab: (tab: string | undefined) => void;
  readonly onFilter: (word: FieldWord, value: string, not: boolean) => void;
}

export function ExchangeDetail({ requestId, ...props }: DetailProps & { readonly requestId: string }) {
  const t = useMessages(exchangeMessages);
  const detail = useQuery(logDetailQuery(requestId));
  if (detail.data !== undefined) return <Found record={detail.data} {...props} />;
  if (!detail.isError) return <LoadingRows rows={8} height={34} />;
  if (detail.error instanceof ApiError && detail.error.status === 404) {
    return (
      <div className={classes["gone"]} role="status">
        <h2>{t("gone")}</h2>
        <p className="mono dim" style={{ overflowWrap: "anywhere" }}>
          {requestId}
        </p>
        <p className="soft">{t("goneText")}</p>
      </div>
    );
  }
  return <ErrorPanel title={t("loadFailed")} error={detail.error} retry={() => void detail.refetch()} />;
}

function Found({ record, tab, onTab, onFilter }: DetailProps & { readonly record: LogRecordAnswer }) {
  const p = useMessages(panelMessages);
  return (
    <div className={classes["detail"]}>
      <p className="reading">{traceSentence(p, record)}</p>
      <RecordWay record={record} />
      <ExchangeAttempts record={record} />
      <Suspense fallback={<LoadingRows rows={3} height={34} />}>
        <ExchangeContent record={record} tab={tab} onTab={onTab} />
      </Suspense>
      <ExchangeUsage record={record} />
      <ExchangeFacts record={record} onFilter={onFilter} />
      <ExchangeFindings record={record} />
      <WarningTable record={record} />
      <DecisionTable record={record} />
      <ExchangeFeedback key={record.requestId} requestId={record.requestId} feedback={record.feedback} />
    </div>
  );
}

/** Whether somebody was asked who he is can be told from a consumer alone: a record names no switches. */
function RecordWay({ record }: { readonly record: ExchangeRecord }) {
  const t = useMessages(exchangeMessages);
  const steps = recordWay(record, record.consumer !== "", false).map((step, index) => ({
    key: `${step.name} ${index}`,
    label: step.name === "attempt" ? t("attemptN", { n: step.index + 1 }) : t(step.name),
    state: step.state,
    ...(step.name === "attempt" ? { detail: formatDuration(step.attempt.durationMs) } : {}),
    ...(step.name === "reply" && record.status !== 0 ? { detail: String(record.status) } : {}),
  }));
  return <WaySmall label={t("way")} steps={steps} />;
}
