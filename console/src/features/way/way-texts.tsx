// The words on the Way, each at its place over the drawing: names as links, counts, what is set. Places come from the layout.
import { Link } from "@tanstack/react-router";
import type { CSSProperties, ReactNode } from "react";
import type { TrafficWindow, WayStepName } from "../../../../src/control/routes/console-answers.ts";
import { formatCount, formatDuration } from "../../i18n/format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { LogsLink, stopQuery } from "./logs-link.tsx";
import { wayMessages } from "./way-messages.ts";
import type { PictureGate, WayPicture } from "./way-picture.ts";
import { stoppedAt, type WayLayout } from "./way-shapes.ts";
import { stopReason } from "./way-words.ts";
import classes from "./way.module.css";

const tabs: Readonly<Record<WayStepName, string>> = {
  match: "routes",
  authenticate: "access",
  limit: "policies",
  moderate: "policies",
  select: "service",
};

interface GateProps {
  readonly api: string;
  readonly window: TrafficWindow;
  readonly layout: WayLayout;
  readonly picture: WayPicture;
  readonly subs: Readonly<Record<WayStepName, string>>;
}

export function GateTexts({ api, window, layout, picture, subs }: GateProps) {
  return picture.gates.map((gate, index) => {
    const at = layout.gates[index];
    if (at === undefined) return null;
    return layout.form === "wide" ? (
      <WideGate key={gate.step} api={api} gate={gate} sub={subs[gate.step]} x={at.x} width={layout.gap - 4} />
    ) : (
      <TallGate key={gate.step} api={api} window={window} gate={gate} sub={subs[gate.step]} y={at.y} />
    );
  });
}

interface GateTextProps {
  readonly api: string;
  readonly gate: PictureGate;
  readonly sub: string;
}

function WideGate({
  api,
  gate,
  sub,
  x,
  width,
}: GateTextProps & { readonly x: number; readonly width: number }) {
  const place = { left: x - width / 2, width };
  return (
    <>
      <div className={classes["above"]} style={place}>
        <GateLink api={api} step={gate.step} />
        <span className={classes["sub"]} aria-hidden title={sub}>
          {sub}
        </span>
      </div>
      {(gate.on || stoppedAt(gate) > 0) && (
        <div className={classes["below"]} style={place} aria-hidden>
          <Count value={gate.passed} />
          {gate.medianMs !== null && <span className={classes["sub"]}>{formatDuration(gate.medianMs)}</span>}
        </div>
      )}
    </>
  );
}

function TallGate({
  api,
  window,
  gate,
  sub,
  y,
}: GateTextProps & { readonly window: TrafficWindow; readonly y: number }) {
  const t = useMessages(wayMessages);
  const [first] = gate.stops;
  const stopped = stoppedAt(gate);
  const statuses = [...new Set(gate.stops.map(({ status }) => status))].join(", ");
  return (
    <>
      <div className={classes["beside"]} style={{ top: y - 26 }}>
        <GateLink api={api} step={gate.step} />
        {(gate.on || stopped > 0) && (
          <span aria-hidden>
            <Count value={gate.passed} />
          </span>
        )}
      </div>
      <div className={classes["beside"]} style={{ top: y + 6 }}>
        <span className={classes["sub"]} aria-hidden>
          {sub}
        </span>
        {stopped > 0 && first !== undefined && (
          <LogsLink
            query={
              gate.stops.length === 1
                ? stopQuery(api, first)
                : `api:${api} status:${statuses.replaceAll(" ", "")} attempts:0`
            }
            window={window}
            label={t("showStoppedHere", { n: stopped, statuses })}
            className={`${classes["sub"]} ${classes["stop"]}`}
          >
            <b className="bad strong">−{formatCount(stopped)}</b> {statuses}
          </LogsLink>
        )}
      </div>
    </>
  );
}

function GateLink({ api, step }: { readonly api: string; readonly step: WayStepName }) {
  const t = useMessages(wayMessages);
  return (
    <Link to="/model-apis/$name/$tab" params={{ name: api, tab: tabs[step] }} className={classes["name"]}>
      {t(step)}
    </Link>
  );
}

function Count({ value }: { readonly value: number | null }) {
  return (
    <b className={classes["count"]} title={value === null ? undefined : String(value)}>
      {value === null ? "—" : formatCount(value)}
    </b>
  );
}

/** What hangs under the red threads: count, status, reason; each leads to its exchanges. */
export function ThreadTexts({
  api,
  window,
  layout,
  picture,
}: {
  readonly api: string;
  readonly window: TrafficWindow;
  readonly layout: WayLayout;
  readonly picture: WayPicture;
}) {
  const t = useMessages(wayMessages);
  return layout.threads.map(({ gate, end }) => {
    const stops = picture.gates[gate]?.stops ?? [];
    const width = layout.gap - 4;
    return (
      <div
        key={gate}
        className={classes["stops"]}
        style={{ left: Math.max(0, end.x - width / 2), top: end.y + 8, width }}
      >
        {stops.slice(0, 2).map(({ status, code, count }) => (
          <LogsLink
            key={`${status} ${code}`}
            query={stopQuery(api, { status, code })}
            window={window}
            label={t("showStopped", { n: count, status: String(status), reason: stopReason(code, t) })}
            className={classes["stop"]}
          >
            <b className="bad strong">{formatCount(count)}</b> {status}
            <span className={classes["sub"]}>{stopReason(code, t)}</span>
          </LogsLink>
        ))}
        {stops.length > 2 && (
          <span className={classes["sub"]}>{t("moreReasons", { n: stops.length - 2 })}</span>
        )}
      </div>
    );
  });
}

export function ReplyTexts({
  api,
  window,
  layout,
  picture,
}: {
  readonly api: string;
  readonly window: TrafficWindow;
  readonly layout: WayLayout;
  readonly picture: WayPicture;
}) {
  const t = useMessages(wayMessages);
  const { reply } = picture;
  const total =
    reply === null || reply.p95TotalMs === null ? "" : t("p95", { time: formatDuration(reply.p95TotalMs) });
  const failed =
    reply === null || reply.failed === 0 ? null : (
      <LogsLink
        query={`api:${api} outcome:upstream_error,timeout,truncated`}
        window={window}
        label={t("showFailed", { n: reply.failed })}
        className={`${classes["sub"]} ${classes["failedLink"]} bad`}
      >
        {t("failedCount", { n: reply.failed })}
      </LogsLink>
    );
  const { x, y } = layout.reply;
  if (layout.form === "wide") {
    const place: CSSProperties = { left: x - 66, width: 132 };
    return (
      <>
        <div className={classes["above"]} style={place} aria-hidden>
          <span className={classes["name"]}>{t("reply")}</span>
          <span className={classes["sub"]}>{total}</span>
        </div>
        <div className={classes["below"]} style={place}>
          <span aria-hidden>
            <Count value={reply?.answered ?? null} />
          </span>
          {failed}
        </div>
      </>
    );
  }
  const place = (top: number): CSSProperties => ({ top, left: 0, right: layout.width - x + 44 });
  const line = (top: number, left: ReactNode, right: ReactNode) => (
    <div className={classes["beside"]} style={place(top)}>
      <span aria-hidden>{left}</span>
      {right}
    </div>
  );
  return (
    <>
      {line(
        y - 26,
        <span className={classes["name"]}>{t("reply")}</span>,
        <span aria-hidden>
          <Count value={reply?.answered ?? null} />
        </span>,
      )}
      {line(y + 6, <span className={classes["sub"]}>{total}</span>, failed)}
    </>
  );
}
