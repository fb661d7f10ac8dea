// The instance at the foot of the navigation: how it stands, and in a popover what it is made of.
import { Popover } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Box } from "lucide-react";
import type { StatusAnswer } from "../../../../src/control/routes/console-answers.ts";
import { statusQuery } from "../../api/state.ts";
import { formatAgo } from "../../i18n/format.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import { Moon } from "../../ui/moon.tsx";
import { shellMessages } from "./shell-messages.ts";
import classes from "./shell.module.css";

export function InstanceMenu() {
  const t = useMessages(shellMessages);
  const { data, dataUpdatedAt } = useQuery(statusQuery);
  if (data === undefined) return <div className={classes["instance"]} style={{ height: 51 }} />;
  const ready = data.nodes.filter((node) => node.ready && node.revision === data.revision).length;
  const text = data.ready
    ? t("revisionOn", { revision: String(data.revision), ready, total: data.nodes.length })
    : t("notReady", { revision: String(data.revision) });
  return (
    <div className={classes["foot"]}>
      <Popover position="top-start" width={280} trapFocus returnFocus>
        <Popover.Target>
          <button type="button" className={classes["instance"]} title={text}>
            <span className={classes["cube"]}>
              <Box size={15} strokeWidth={1.75} aria-hidden />
            </span>
            <span className="grow">
              <span className="medium cut" style={{ display: "block", lineHeight: "17px" }}>
                <span className="sr-only">{t("instance")} </span>
                {data.instance.name}
              </span>
              <span className="tiny dim cut" style={{ display: "block" }}>
                {data.instance.region}
              </span>
            </span>
            <span className="tag num tiny">
              <Moon phase={data.ready ? "full" : "crescent"} size={8} label={text} />
              {data.revision}
            </span>
          </button>
        </Popover.Target>
        <Popover.Dropdown aria-label={t("instance")}>
          <InstanceFacts status={data} now={new Date(dataUpdatedAt)} text={text} />
        </Popover.Dropdown>
      </Popover>
    </div>
  );
}

function InstanceFacts({
  status,
  now,
  text,
}: {
  readonly status: StatusAnswer;
  readonly now: Date;
  readonly text: string;
}) {
  const t = useMessages(shellMessages);
  const { language } = useLanguage();
  const { instance, version, nodes, startedAt } = status;
  return (
    <div className="col g8">
      <div>
        <div className="strong">{instance.name}</div>
        <div className="small dim">{instance.region}</div>
      </div>
      <p className="row g6 small">
        <Moon phase={status.ready ? "full" : "crescent"} size={10} />
        {text}
      </p>
      <ul className={classes["nodes"]}>
        {nodes.map((node) => (
          <li key={node.name}>
            <span className="row g6">
              <Moon
                phase={node.ready ? "full" : "crescent"}
                size={10}
                label={t(node.ready ? "nodeReady" : "nodeWaits")}
              />
              <span className="mono cut" title={node.name}>
                {node.name}
              </span>
            </span>
            <span className="small dim">
              {t("nodeFacts", {
                revision: node.revision === null ? "—" : String(node.revision),
                workers: node.workers,
              })}
            </span>
          </li>
        ))}
      </ul>
      <p className="small dim">
        {t("version", { version })} ·{" "}
        {t("startedAgo", { time: formatAgo(new Date(startedAt), language, now) })}
      </p>
      <p className="small dim">{t("oneInstance")}</p>
      <Link to="/settings/$section" params={{ section: "general" }} className="small textlink">
        {t("instanceSettings")}
      </Link>
    </div>
  );
}
