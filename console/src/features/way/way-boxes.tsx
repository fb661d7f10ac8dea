// The targets and fallback steps of the Way as boxes over the drawing. Places come from the layout.
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { ServiceStandingName, TrafficWindow } from "../../../../src/control/routes/console-answers.ts";
import { formatCount, formatDuration, formatShare } from "../../i18n/format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { Moon, type Phase } from "../../ui/moon.tsx";
import { LogsLink } from "./logs-link.tsx";
import { colourOf } from "./way-drawing.tsx";
import { wayMessages } from "./way-messages.ts";
import type { PictureFallback, PictureTarget, WayPicture } from "./way-picture.ts";
import type { Box, WayLayout } from "./way-shapes.ts";
import { targetName } from "./way-words.ts";
import classes from "./way.module.css";

const phases: Readonly<Record<ServiceStandingName, Phase>> = {
  ready: "full",
  trial: "crescent",
  ejected: "struck",
  resting: "half",
  refused: "struck",
  disabled: "ring",
};

export function WayBoxes({
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
  const failed = picture.targets.reduce((sum, target) => sum + target.failed, 0);
  const first = layout.fallbacks[0];
  return (
    <>
      {picture.targets.map((target, index) => {
        const box = layout.targets[index];
        return box === undefined ? null : (
          <TargetBox
            key={target.key}
            target={target}
            box={box}
            wide={layout.form === "wide"}
            {...{ api, window }}
          />
        );
      })}
      {layout.sentOn !== null && (
        <div className={classes["note"]} style={{ left: layout.sentOn.x, top: layout.sentOn.y }} aria-hidden>
          {t.rich("sentOn", { n: formatCount(picture.sentOn) })}
        </div>
      )}
      {layout.lost !== null && (
        <div
          className={classes["note"]}
          style={{ left: layout.lost.x - 60, width: 120, textAlign: "center", top: layout.lost.y + 6 }}
          aria-hidden
        >
          {t.rich("lost", { n: formatCount(failed) })}
        </div>
      )}
      {layout.form === "wide" && first !== undefined && (
        <div className={classes["order"]} style={{ left: first.x - 134, top: first.y + 4 }} aria-hidden>
          <b className="strong soft">{t("fallback")}</b>
          {picture.fallbacks.length > 1 && <span>{t("inOrder")}</span>}
        </div>
      )}
      {picture.fallbacks.map((fallback, index) => {
        const box = layout.fallbacks[index];
        return box === undefined ? null : (
          <FallbackBox
            key={fallback.key}
            fallback={fallback}
            at={index + 1}
            box={box}
            wide={layout.form === "wide"}
            {...{ api, window }}
          />
        );
      })}
    </>
  );
}

interface BoxProps {
  readonly box: Box;
  readonly wide: boolean;
  readonly api: string;
  readonly window: TrafficWindow;
}

/** A share that leads to the exchanges that the service served last. */
function ShareLink({
  api,
  window,
  service,
  children,
}: Pick<BoxProps, "api" | "window"> & { readonly service: string; readonly children: string }) {
  const t = useMessages(wayMessages);
  return (
    <LogsLink
      query={`api:${api} service:${service}`}
      window={window}
      label={t("showServed", { name: service })}
      className={classes["share"]}
    >
      {children}
    </LogsLink>
  );
}

function TargetBox({
  target,
  box,
  wide,
  api,
  window,
}: BoxProps & {
  readonly target: PictureTarget;
}) {
  const t = useMessages(wayMessages);
  const time = target.ttftP50Ms === null ? "" : formatDuration(target.ttftP50Ms);
  return (
    <Frame
      box={box}
      colour={colourOf(target.colour)}
      standing={target.standing}
      name={
        target.kind === "target" ? (
          <ServiceLink name={target.service} />
        ) : (
          <span>{targetName(target, t)}</span>
        )
      }
      share={
        target.share === null ? (
          "—"
        ) : target.kind === "target" && target.service !== "" ? (
          <ShareLink api={api} window={window} service={target.service}>
            {formatShare(target.share)}
          </ShareLink>
        ) : (
          formatShare(target.share)
        )
      }
      model={target.kind === "target" ? target.model : null}
      below={
        target.kind === "own" ? t("ownText") : target.kind === "others" ? t("othersText") : t("asRequested")
      }
      right={
        target.kind === "target" ? (
          <Standing standing={target.standing}>{wide && time !== "" ? t("ttft", { time }) : time}</Standing>
        ) : (
          formatCount(target.chosen ?? 0)
        )
      }
    />
  );
}

function FallbackBox({
  fallback,
  at,
  box,
  wide,
  api,
  window,
}: BoxProps & {
  readonly fallback: PictureFallback;
  readonly at: number;
}) {
  const t = useMessages(wayMessages);
  const { tried, served } = fallback;
  const counts =
    tried === null || tried === 0 ? "" : wide ? t("ofTried", { served, tried }) : formatCount(served);
  return (
    <Frame
      box={box}
      number={at}
      standing={fallback.standing}
      name={<ServiceLink name={fallback.service} />}
      share={
        tried === null || tried === 0 ? (
          "—"
        ) : (
          <ShareLink api={api} window={window} service={fallback.service}>
            {formatShare(served / tried)}
          </ShareLink>
        )
      }
      model={fallback.model}
      below={t("asRequested")}
      right={<Standing standing={fallback.standing}>{counts}</Standing>}
    />
  );
}

function ServiceLink({ name }: { readonly name: string }) {
  return (
    <Link to="/services/$name" params={{ name }} className="cut" title={name}>
      {name}
    </Link>
  );
}

/** What keeps the target from being used stands where else its time does. */
function Standing({
  standing,
  children,
}: {
  readonly standing: ServiceStandingName | null;
  readonly children: ReactNode;
}) {
  const t = useMessages(wayMessages);
  if (standing === null || standing === "ready") return children;
  const bad = standing === "ejected" || standing === "refused";
  return <span className={bad ? "bad" : standing === "resting" ? "warn" : undefined}>{t(standing)}</span>;
}

function Frame({
  box,
  colour,
  number,
  standing,
  name,
  share,
  model,
  below,
  right,
}: {
  readonly box: Box;
  readonly colour?: string;
  readonly number?: number;
  readonly standing: ServiceStandingName | null;
  readonly name: ReactNode;
  readonly share: ReactNode;
  readonly model: string | null;
  /** In place of a model's name. */
  readonly below: string;
  readonly right: ReactNode;
}) {
  return (
    <div className={classes["box"]} style={{ left: box.x, top: box.y, width: box.w, height: box.h }}>
      {colour !== undefined && <i className={classes["edge"]} style={{ background: colour }} />}
      <div className={classes["line"]}>
        {number !== undefined && (
          <b className="strong num" aria-hidden>
            {number}
          </b>
        )}
        {standing !== null && <Moon phase={phases[standing]} size={11} />}
        <span className={`${classes["service"]} cut grow`}>{name}</span>
        <b className={classes["share"]}>{share}</b>
      </div>
      <div className={classes["line"]} aria-hidden>
        <span
          className={`${model === null ? "" : "mono"} ${classes["model"]} cut grow`}
          title={model ?? below}
        >
          {model ?? below}
        </span>
        <span className="nowrap">{right}</span>
      </div>
    </div>
  );
}
