// The last runs of a Model API: open one again, or see what differs between two.
import "@mantine/core/styles/Drawer.layer.css";
import { Button, Checkbox, Drawer } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowLeft } from "lucide-react";
import { useState } from "react";
import { formatDuration, formatTime } from "../../../i18n/format.ts";
import { useLanguage, useMessages } from "../../../i18n/language.tsx";
import { Moon } from "../../../ui/moon.tsx";
import { forgetRuns, runsOf, type StoredRun } from "../history.ts";
import { factsOf } from "../run-facts.ts";
import { RunDiff } from "./run-diff.tsx";
import { toolsMessages } from "./tools-messages.ts";
import classes from "./tools.module.css";

export function RunsDrawer({
  api,
  onOpen,
  onClose,
}: {
  readonly api: string;
  readonly onOpen: (run: StoredRun) => void;
  readonly onClose: () => void;
}) {
  const t = useMessages(toolsMessages);
  const client = useQueryClient();
  const queryKey = ["debug-runs", api];
  const runs = useQuery({ queryKey, queryFn: () => runsOf(api), staleTime: 0, retry: false });
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [isDiff, setDiff] = useState(false);
  const items = runs.data ?? [];
  const [other, one] = items.filter(({ id }) => chosen.includes(id));
  const forget = async (): Promise<void> => {
    await forgetRuns(api);
    setChosen([]);
    await client.invalidateQueries({ queryKey });
  };
  return (
    <Drawer
      opened
      onClose={onClose}
      size={680}
      title={isDiff ? t("diffTitle") : t("runsTitle", { name: api })}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      {isDiff && one !== undefined && other !== undefined ? (
        <div className="col g16">
          <div>
            <Button size="xs" leftSection={<ArrowLeft size={14} />} onClick={() => setDiff(false)}>
              {t("back")}
            </Button>
          </div>
          <RunDiff one={one} other={other} />
        </div>
      ) : (
        <div className="col g12">
          <p className="soft">
            {runs.isError ? t("historyFailed") : items.length === 0 ? t("noRuns") : t("runsHelp")}
          </p>
          {items.length > 0 && (
            <>
              <div className="row g12">
                <Button size="xs" disabled={chosen.length !== 2} onClick={() => setDiff(true)}>
                  {t("compareTwo")}
                </Button>
                <span className="small dim grow">{chosen.length === 2 ? "" : t("chooseTwo")}</span>
                <Button size="xs" variant="subtle" onClick={() => void forget()}>
                  {t("forget")}
                </Button>
              </div>
              <RunTable
                runs={items}
                now={new Date(runs.dataUpdatedAt)}
                chosen={chosen}
                onChoose={setChosen}
                onOpen={onOpen}
              />
            </>
          )}
        </div>
      )}
    </Drawer>
  );
}

function RunTable({
  runs,
  now,
  chosen,
  onChoose,
  onOpen,
}: {
  readonly runs: readonly StoredRun[];
  readonly now: Date;
  readonly chosen: readonly string[];
  readonly onChoose: (chosen: readonly string[]) => void;
  readonly onOpen: (run: StoredRun) => void;
}) {
  const t = useMessages(toolsMessages);
  const { language } = useLanguage();
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={t("runsHelp")}>
      <table className="rows-34">
        <thead>
          <tr>
            <th scope="col">
              <span className="sr-only">{t("chooseTwo")}</span>
            </th>
            <th scope="col">{t("time")}</th>
            <th scope="col">{t("model")}</th>
            <th scope="col">{t("asked")}</th>
            <th scope="col">{t("result")}</th>
            <th scope="col" className="td-right">
              {t("ttft")}
            </th>
            <th scope="col" className="td-right">
              {t("elapsed")}
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => {
            const time = formatTime(new Date(run.startedAt), language, now);
            const isChosen = chosen.includes(run.id);
            const { ttftMs, elapsedMs } = factsOf(run.view);
            return (
              <tr key={run.id}>
                <td>
                  <Checkbox
                    aria-label={t("select", { time })}
                    checked={isChosen}
                    disabled={!isChosen && chosen.length === 2}
                    onChange={() =>
                      onChoose(isChosen ? chosen.filter((id) => id !== run.id) : [...chosen, run.id])
                    }
                  />
                </td>
                <td>
                  <button
                    type="button"
                    className={classes["open"]}
                    aria-label={t("open", { time })}
                    onClick={() => onOpen(run)}
                  >
                    {time}
                  </button>
                </td>
                <td className="mono">{run.settings.model}</td>
                <td className={`cut ${classes["asked"]}`} title={run.text}>
                  {run.text === "" ? run.view.request.path : run.text}
                </td>
                <td>
                  <Outcome run={run} />
                </td>
                <td className="td-right num">{ttftMs === null ? "—" : formatDuration(ttftMs)}</td>
                <td className="td-right num">{formatDuration(elapsedMs)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Outcome({ run: { view } }: { readonly run: StoredRun }) {
  const t = useMessages(toolsMessages);
  const isGood = view.phase === "done" && view.status < 400;
  const word = isGood ? t("answered") : view.phase === "stopped" ? t("stopped") : t("failed");
  return (
    <span className="row g6">
      <Moon phase={isGood ? "full" : view.phase === "stopped" ? "ring" : "struck"} size={10} />
      {word}
      {view.status >= 400 && <span className="num dim">{view.status}</span>}
    </span>
  );
}
