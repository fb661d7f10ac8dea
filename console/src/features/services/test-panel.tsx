// The panel that runs the test of a service and shows what came of it. Knows neither form nor list around it.
import { Button } from "@mantine/core";
import { Play, Square } from "lucide-react";
import { useEffect, useRef, type ReactNode } from "react";
import type { ServiceTestReport } from "../../../../src/control/routes/try-out.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { Moon } from "../../ui/moon.tsx";
import { useMayWrite } from "../../ui/use-may-write.ts";
import { testMessages } from "./test-messages.ts";
import { TestKeys, TestSteps, useTestSentence } from "./test-report.tsx";
import { useServiceTest, type TestSubject } from "./use-service-test.ts";

export interface TestPanelProps {
  readonly subject: TestSubject;
  /** Runs at once, as somebody has just asked for it. */
  readonly autoStart?: boolean;
  /** Why it cannot be run now. */
  readonly blocked?: string | undefined;
  /** Under a report: what can be done with it. */
  readonly renderAfter?: (report: ServiceTestReport) => ReactNode;
}

export function TestPanel({ subject, autoStart = false, blocked, renderAfter }: TestPanelProps) {
  const t = useMessages(testMessages);
  const right = useMayWrite();
  const { test, stop } = useServiceTest();
  const started = useRef(false);
  useEffect(() => {
    if (!autoStart || started.current) return;
    started.current = true;
    test.mutate(subject);
  }, [autoStart, subject, test]);
  useEffect(() => stop, [stop]);
  const report = test.isPending ? undefined : test.data;
  const sentence = useTestSentence(report);
  const wasStopped = test.error instanceof DOMException && test.error.name === "AbortError";
  const isOutdated = report !== undefined && JSON.stringify(test.variables) !== JSON.stringify(subject);
  const reason = right.allowed ? blocked : right.reason;
  return (
    <div className="col g12">
      <div aria-live="polite" className="col g4">
        {test.isPending && (
          <p className="row g8 soft">
            <Moon phase="live" size={11} />
            {t("running")}
          </p>
        )}
        {report !== undefined && (
          <p className="row g8 reading" style={{ alignItems: "flex-start" }}>
            <span style={{ lineHeight: "22px" }}>
              <Moon phase={report.ok ? "full" : "struck"} size={12} />
            </span>
            {sentence}
          </p>
        )}
        {wasStopped && <p className="soft">{t("stopped")}</p>}
        {report === undefined && !test.isPending && !wasStopped && <p className="soft">{t("intro")}</p>}
        {isOutdated && <p className="small dim">{t("stale")}</p>}
      </div>
      {test.error !== null && !wasStopped && <ErrorPanel title={t("failed")} error={test.error} />}
      <TestSteps report={report} />
      {report !== undefined && <TestKeys report={report} />}
      {report !== undefined && renderAfter?.(report)}
      <div className="row wrap">
        {test.isPending ? (
          <Button leftSection={<Square size={13} />} onClick={stop}>
            {t("stop")}
          </Button>
        ) : (
          <Button
            leftSection={<Play size={14} />}
            disabled={reason !== undefined && reason !== ""}
            aria-describedby={reason === undefined || reason === "" ? undefined : "test-blocked"}
            onClick={() => test.mutate(subject)}
          >
            {t(report === undefined ? "run" : "again")}
          </Button>
        )}
        {reason !== undefined && reason !== "" && (
          <span id="test-blocked" className="small dim">
            {reason}
          </span>
        )}
      </div>
    </div>
  );
}
