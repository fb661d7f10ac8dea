// Tab Way: the requests' way through the Model API over a window, where clients call it, and its last exchanges.
import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { TrafficWindow } from "../../../../../src/control/routes/console-answers.ts";
import { statusQuery, wayQuery } from "../../../api/state.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { ErrorPanel } from "../../../ui/error-panel.tsx";
import { Moon } from "../../../ui/moon.tsx";
import { WayView } from "../../way/way-view.tsx";
import type { TabProps } from "./tab-props.ts";
import { detailMessages } from "./detail-messages.ts";
import classes from "./detail.module.css";
import { Endpoint } from "./endpoint.tsx";
import { LastExchanges } from "./last-exchanges.tsx";

const windows: readonly TrafficWindow[] = ["1h", "24h", "7d"];

export function WayTab({ api }: TabProps) {
  const t = useMessages(detailMessages);
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const window = windows.find((known) => known === search.window) ?? "24h";
  const status = useQuery(statusQuery);
  const way = useQuery(wayQuery(api.name, window));
  const setWindow = (next: string): void => {
    void navigate({
      to: "/model-apis/$name/$tab",
      params: { name: api.name, tab: "way" },
      search: { window: next },
      replace: true,
    });
  };
  return (
    <>
      <div className={classes["wayHead"]}>
        <h2>{t("wayThrough")}</h2>
        {way.data !== undefined && way.data.rate > 0 && (
          <span className="tag tag-moon">
            <Moon phase="live" size={9} />
            <span className="num">{t("live", { rate: way.data.rate.toFixed(1) })}</span>
          </span>
        )}
        <span className="grow" />
        <SegmentedControl
          aria-label={t("window")}
          value={window}
          onChange={setWindow}
          data={windows.map((value) => ({ value, label: value.replace(/(?=[hd])/u, " ") }))}
        />
      </div>
      {way.isError && (
        <ErrorPanel title={t("wayFailed")} error={way.error} retry={() => void way.refetch()} />
      )}
      <WayView api={api} way={way.data} status={status.data} window={window} />
      <div className={classes["under"]}>
        <Endpoint api={api} />
        <LastExchanges name={api.name} way={way.data} />
      </div>
    </>
  );
}
