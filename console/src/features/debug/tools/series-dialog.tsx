// Sends the same request ten times, one after the other, and tells percentiles and who served.
import { Button, Modal } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { formatDuration } from "../../../i18n/format.ts";
import { useMessages } from "../../../i18n/language.tsx";
import type { Run } from "../run.ts";
import type { RunView } from "../run-view.ts";
import { percentile, seriesFigures } from "../series.ts";
import { toolsMessages } from "./tools-messages.ts";
import classes from "./tools.module.css";

const runsInAll = 10;

export function SeriesDialog({
  start,
  onClose,
}: {
  readonly start: () => Run;
  readonly onClose: () => void;
}) {
  const t = useMessages(toolsMessages);
  const [views, setViews] = useState<readonly RunView[]>([]);
  const [isRunning, setRunning] = useState(false);
  const current = useRef<{ run: Run | null; stopped: boolean }>({ run: null, stopped: false });
  const stop = (): void => {
    current.current.stopped = true;
    current.current.run?.stop();
  };
  // Whoever closes the dialog stops the series.
  useEffect(() => {
    const state = current.current;
    return () => {
      state.stopped = true;
      state.run?.stop();
    };
  }, []);
  const begin = async (): Promise<void> => {
    current.current.stopped = false;
    setViews([]);
    setRunning(true);
    const done: RunView[] = [];
    while (done.length < runsInAll) {
      const run = start();
      current.current.run = run;
      const view = await run.ended;
      if (current.current.stopped) break;
      done.push(view);
      setViews([...done]);
    }
    setRunning(false);
  };
  const figures = seriesFigures(views);
  const time = (values: readonly number[], share: number): string => {
    const value = percentile(values, share);
    return value === null ? "—" : formatDuration(value);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("seriesTitle")}
      size={480}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <div className="col g16">
        <p className="soft">{t("seriesHelp")}</p>
        <div className="row g12">
          {isRunning ? (
            <Button variant="outline" color="red" onClick={stop}>
              {t("seriesStop")}
            </Button>
          ) : (
            <Button variant="filled" data-autofocus onClick={() => void begin()}>
              {t("seriesStart")}
            </Button>
          )}
          <span className="num dim" role="status">
            {t("seriesProgress", { done: views.length, all: runsInAll })}
          </span>
        </div>
        {views.length > 0 && (
          <>
            <dl className={classes["figures"]}>
              <Figure label={t("p50")} value={time(figures.ttft, 0.5)} />
              <Figure label={t("p95")} value={time(figures.ttft, 0.95)} />
              <Figure label={t("p50All")} value={time(figures.elapsed, 0.5)} />
              <Figure label={t("p95All")} value={time(figures.elapsed, 0.95)} />
              <Figure label={t("errors")} value={String(figures.errors)} />
            </dl>
            <table className="rows-34">
              <thead>
                <tr>
                  <th scope="col">{t("servedBy")}</th>
                  <th scope="col" className="td-right">
                    {t("served")}
                  </th>
                </tr>
              </thead>
              <tbody>
                {figures.served.map(([service, runs]) => (
                  <tr key={service}>
                    <td>{service}</td>
                    <td className="td-right num">{runs}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </>
        )}
      </div>
    </Modal>
  );
}

function Figure({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div>
      <dt className="tiny dim">{label}</dt>
      <dd className="num">{value}</dd>
    </div>
  );
}
