// How the gateway stands and what it did lately, on one page; before that, the way to the first answer.
import { ActionIcon, SegmentedControl, Tooltip } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { RotateCw } from "lucide-react";
import type { TrafficWindow } from "../../../../src/control/routes/console-answers.ts";
import { listQuery } from "../../api/resources.ts";
import { statusQuery, trafficQuery } from "../../api/state.ts";
import { formatTime } from "../../i18n/format.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { Moon } from "../../ui/moon.tsx";
import { PageBody, PageHead } from "../../ui/page.tsx";
import { NeedsAttention } from "./attention.tsx";
import { Figures } from "./figures.tsx";
import { FirstRun } from "./first-run.tsx";
import { overviewMessages } from "./overview-messages.ts";
import classes from "./overview.module.css";
import { TokensByModel, TopApis } from "./rankings.tsx";
import { RequestChart } from "./request-chart.tsx";

const route = getRouteApi("/app/overview");
const windows = [
  ["1h", "hour"],
  ["24h", "day"],
  ["7d", "week"],
] as const;

export function OverviewPage() {
  const t = useMessages(overviewMessages);
  const search = route.useSearch();
  const [window, word] = windows.find(([value]) => value === search.window) ?? windows[1];
  const status = useQuery(statusQuery);
  const apis = useQuery(listQuery("model-apis"));
  return (
    <>
      <PageHead
        title={t("title")}
        beside={
          status.data !== undefined &&
          status.data.inFlight > 0 && (
            <span className="tag tag-moon num">
              <Moon phase="live" size={8} />
              {t("running", { n: status.data.inFlight })}
            </span>
          )
        }
        actions={<Tools window={window} />}
      />
      <PageBody>
        <FirstRun apis={apis.data?.items} />
        <Traffic window={window} span={t(word)} />
      </PageBody>
    </>
  );
}

function Tools({ window }: { readonly window: TrafficWindow }) {
  const t = useMessages(overviewMessages);
  const navigate = route.useNavigate();
  const client = useQueryClient();
  return (
    <>
      <SegmentedControl
        aria-label={t("window")}
        value={window}
        data={windows.map(([value, word]) => ({ value, label: t(word) }))}
        onChange={(value) => void navigate({ search: { window: value }, replace: true })}
      />
      <Tooltip label={t("refresh")}>
        <ActionIcon
          variant="default"
          size={30}
          aria-label={t("refresh")}
          onClick={() =>
            void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "session" })
          }
        >
          <RotateCw size={15} strokeWidth={1.75} />
        </ActionIcon>
      </Tooltip>
    </>
  );
}

function Traffic({ window, span }: { readonly window: TrafficWindow; readonly span: string }) {
  const t = useMessages(overviewMessages);
  const { language } = useLanguage();
  const traffic = useQuery(trafficQuery(window));
  const status = useQuery(statusQuery);
  const apis = useQuery(listQuery("model-apis"));
  const attention = status.data !== undefined && (
    <NeedsAttention status={status.data} now={new Date(status.dataUpdatedAt)} />
  );
  if (traffic.isPending) return <LoadingRows rows={8} height={52} />;
  if (traffic.data === undefined) {
    return (
      <div className={classes["two"]}>
        <ErrorPanel title={t("trafficFailed")} error={traffic.error} retry={() => void traffic.refetch()} />
        {attention}
      </div>
    );
  }
  const { buckets, total, complete, since, to } = traffic.data;
  const names = apis.data === undefined ? undefined : new Set(apis.data.items.map(({ name }) => name));
  return (
    <>
      <Figures traffic={traffic.data} />
      <div className={classes["two"]}>
        <RequestChart buckets={buckets} counts={total} span={span} />
        {attention}
      </div>
      <div className={classes["three"]}>
        <TopApis traffic={traffic.data} names={names} />
        <TokensByModel traffic={traffic.data} />
      </div>
      {!complete && since !== null && (
        <p className="tiny dim">
          {t("since", { time: formatTime(new Date(since), language, new Date(to)) })}
        </p>
      )}
    </>
  );
}
