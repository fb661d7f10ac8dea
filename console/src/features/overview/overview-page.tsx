// How the gateway stands and what it did lately, on one page; before that, the way to the first answer.
import { ActionIcon, SegmentedControl, Select, Tooltip } from "@mantine/core";
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
  ["6h", "sixHours"],
  ["24h", "day"],
  ["7d", "week"],
  ["30d", "month"],
] as const;
const usualWindow = windows[2];

export function OverviewPage() {
  const t = useMessages(overviewMessages);
  const search = route.useSearch();
  const [window, word] = windows.find(([value]) => value === search.window) ?? usualWindow;
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
        actions={<Tools window={window} group={search.group} />}
      />
      <PageBody>
        <FirstRun apis={apis.data?.items} />
        <Traffic window={window} group={search.group} span={t(word)} />
      </PageBody>
    </>
  );
}

function Tools({ window, group }: { readonly window: TrafficWindow; readonly group: string | undefined }) {
  const t = useMessages(overviewMessages);
  const navigate = route.useNavigate();
  const client = useQueryClient();
  const groups = useQuery(listQuery("resource-groups"));
  const names = [
    ...new Set([
      ...(groups.data?.items ?? []).map(({ name }) => name),
      ...(group === undefined ? [] : [group]),
    ]),
  ];
  return (
    <>
      {names.length > 1 && (
        <Select
          size="xs"
          w={180}
          aria-label={t("group")}
          value={group ?? ""}
          data={[
            { value: "", label: t("allGroups") },
            ...names.map((name) => ({ value: name, label: name })),
          ]}
          onChange={(value) =>
            void navigate({
              search: (before) => ({ ...before, group: value === "" || value === null ? undefined : value }),
              replace: true,
            })
          }
        />
      )}
      <SegmentedControl
        aria-label={t("window")}
        value={window}
        data={windows.map(([value, word]) => ({ value, label: t(word) }))}
        onChange={(value) =>
          void navigate({ search: (before) => ({ ...before, window: value }), replace: true })
        }
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

function Traffic({
  window,
  group,
  span,
}: {
  readonly window: TrafficWindow;
  readonly group: string | undefined;
  readonly span: string;
}) {
  const t = useMessages(overviewMessages);
  const { language } = useLanguage();
  const traffic = useQuery(trafficQuery(window, group));
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
        <RequestChart buckets={buckets} counts={total} span={span} window={window} group={group} />
        {attention}
      </div>
      <div className={classes["three"]}>
        <TopApis traffic={traffic.data} names={names} group={group} />
        <TokensByModel traffic={traffic.data} group={group} />
      </div>
      {!complete && since !== null && (
        <p className="tiny dim">
          {t("since", { time: formatTime(new Date(since), language, new Date(to)) })}
        </p>
      )}
    </>
  );
}
