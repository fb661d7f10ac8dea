// Tab Policies: those that are edited here as cards, then what is set elsewhere, each with a link to where.
import { Link } from "@tanstack/react-router";
import { Fragment, type ReactNode } from "react";
import type { ModelApi } from "../../../api/resources.ts";
import { formatBytes, formatCount } from "../../../i18n/format.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { Moon } from "../../../ui/moon.tsx";
import type { TabProps } from "./tab-props.ts";
import { PolicyCards } from "./policy-cards.tsx";
import classes from "./detail.module.css";
import { policiesMessages } from "./policies-messages.ts";

type Fact = readonly [name: string, value: ReactNode];

export function PoliciesTab({ api }: TabProps) {
  const t = useMessages(policiesMessages);
  return (
    <div className={classes["section"]}>
      <PolicyCards api={api} />
      <h2 style={{ margin: "28px 0 12px" }}>{t("elsewhere")}</h2>
      <Monitoring api={api} />
      <Retries api={api} />
    </div>
  );
}

/** @param section of the form where it is set */
function Card({
  api,
  title,
  text,
  section,
  facts,
}: {
  readonly api: ModelApi;
  readonly title: string;
  readonly text: string;
  readonly section: string;
  readonly facts: readonly Fact[];
}) {
  const t = useMessages(policiesMessages);
  const link = {
    className: "link",
    "aria-label": t("editOf", { name: title }),
    children: t("edit"),
  };
  return (
    <section className={`panel ${classes["card"]}`} aria-label={title}>
      <div className={classes["cardHead"]}>
        <h2>{title}</h2>
        <span className="dim small cut">{text}</span>
        <span className="grow" />
        <Link to="/model-apis/$name/edit" params={{ name: api.name }} hash={section} {...link} />
      </div>
      <dl className={classes["facts"]}>
        {facts.map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
      </dl>
    </section>
  );
}

function OnOff({ on }: { readonly on: boolean }) {
  const t = useMessages(policiesMessages);
  return (
    <span className="row g6">
      <Moon phase={on ? "full" : "ring"} size={11} />
      {t(on ? "on" : "off")}
    </span>
  );
}

function Monitoring({ api }: TabProps) {
  const t = useMessages(policiesMessages);
  const { monitoring } = api;
  const recorded = monitoring.recordRequestContent || monitoring.recordResponseContent;
  const facts: Fact[] = [
    [t("metrics"), <OnOff key="metrics" on={monitoring.metrics} />],
    [t("logs"), <OnOff key="logs" on={monitoring.logs} />],
    [t("traces"), <OnOff key="traces" on={monitoring.traces} />],
    [t("requestContent"), <OnOff key="request" on={monitoring.recordRequestContent} />],
    [t("responseContent"), <OnOff key="response" on={monitoring.recordResponseContent} />],
    ...(recorded ? recordingFacts(monitoring, t) : []),
    [t("exposeHeaders"), <OnOff key="headers" on={monitoring.exposeHeaders} />],
  ];
  return (
    <Card api={api} title={t("monitoring")} text={t("monitoringText")} section="monitoring" facts={facts} />
  );
}

function recordingFacts(
  { recordMaxBytes, redact }: TabProps["api"]["monitoring"],
  t: (name: "recordMax" | "maskSecrets" | "maskPersonal" | "maskPatterns") => string,
): Fact[] {
  const { secrets, personalData, patterns } = redact;
  return [
    [t("recordMax"), formatBytes(recordMaxBytes)],
    [t("maskSecrets"), <OnOff key="secrets" on={secrets} />],
    [t("maskPersonal"), <OnOff key="personal" on={personalData} />],
    ...(patterns.length === 0
      ? []
      : [
          [
            t("maskPatterns"),
            <span key="patterns" className="mono">
              {patterns.join("  ")}
            </span>,
          ] as const,
        ]),
  ];
}

function Retries({ api }: TabProps) {
  const t = useMessages(policiesMessages);
  const { max, on, budgetPercent } = api.retries;
  const facts: Fact[] = [[t("retriesMax"), max === 0 ? t("off") : formatCount(max)]];
  if (max > 0) {
    facts.push([
      t("retriesOn"),
      <span key="on" className="mono">
        {on.join(", ") || "—"}
      </span>,
    ]);
    facts.push([t("budget"), `${budgetPercent} %`]);
  }
  return <Card api={api} title={t("retries")} text={t("retriesText")} section="fallback" facts={facts} />;
}
