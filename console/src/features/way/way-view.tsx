// The Way: the path of requests through one Model API, as walls with gates; beside it the same in words.
import { useElementSize } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import type {
  StatusAnswer,
  TrafficWindow,
  WayAnswer,
  WayStepName,
} from "../../../../src/control/routes/console-answers.ts";
import { defaultRoutesQuery } from "../../api/state.ts";
import { formatDuration, formatTime } from "../../i18n/format.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import { WayBoxes } from "./way-boxes.tsx";
import { dotsAt, WayDrawing } from "./way-drawing.tsx";
import { tallLayout } from "./way-layout-tall.ts";
import { leastWideWidth, wideLayout } from "./way-layout.ts";
import { wayMessages } from "./way-messages.ts";
import { pictureOf, type WayApi, type WayPicture } from "./way-picture.ts";
import { GateTexts, ReplyTexts, ThreadTexts } from "./way-texts.tsx";
import { routeCount, sentenceOf, setAt, stepsInWords } from "./way-words.ts";
import classes from "./way.module.css";

/** @param way undefined while it is not known: the way is drawn without counts */
export function WayView({
  api,
  way,
  status,
  window,
}: {
  readonly api: WayApi;
  readonly way: WayAnswer | undefined;
  readonly status: StatusAnswer | undefined;
  readonly window: TrafficWindow;
}) {
  const t = useMessages(wayMessages);
  const { language } = useLanguage();
  const routes = useQuery(defaultRoutesQuery);
  const { ref, width } = useElementSize();
  const picture = pictureOf(api, way, status);
  const subs = subsOf(api, routeCount(api, routes.data?.items), t);
  const sentence = sentenceOf(picture, api.name, window, t);
  const overhead = picture.arrived === null ? null : (way?.overheadP50Ms ?? null);
  return (
    <figure className={classes["figure"]}>
      <div ref={ref} className={classes["measure"]}>
        {width > 0 && (
          <Canvas
            api={api.name}
            picture={picture}
            width={width}
            subs={subs}
            sentence={sentence}
            window={window}
            rate={way?.rate ?? 0}
          />
        )}
      </div>
      <figcaption className={classes["caption"]}>
        <span aria-hidden>{sentence}</span>
        {overhead !== null && `${t("between")}${t("overhead", { time: formatDuration(overhead) })}`}
        {way?.complete === false &&
          way.since !== null &&
          `${t("between")}${t("since", { time: formatTime(new Date(way.since), language, new Date(way.to)) })}`}
      </figcaption>
      <ol className="sr-only" aria-label={t("listName", { api: api.name })}>
        {stepsInWords(picture, subs, t).map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </figure>
  );
}

function Canvas({
  api,
  picture,
  width,
  subs,
  sentence,
  window,
  rate,
}: {
  readonly api: string;
  readonly picture: WayPicture;
  readonly width: number;
  readonly subs: Readonly<Record<WayStepName, string>>;
  readonly sentence: string;
  readonly window: TrafficWindow;
  readonly rate: number;
}) {
  const layout =
    width < leastWideWidth ? tallLayout(picture, Math.min(width, 460)) : wideLayout(picture, width);
  return (
    <div
      className={classes["canvas"]}
      style={{ width: layout.width, height: layout.height }}
      data-form={layout.form}
    >
      <WayDrawing
        layout={layout}
        picture={picture}
        name={sentence}
        dots={picture.arrived === null ? 0 : dotsAt(rate)}
      />
      <GateTexts api={api} window={window} layout={layout} picture={picture} subs={subs} />
      <ThreadTexts api={api} window={window} layout={layout} picture={picture} />
      <WayBoxes api={api} window={window} layout={layout} picture={picture} />
      <ReplyTexts api={api} window={window} layout={layout} picture={picture} />
    </div>
  );
}

function subsOf(
  api: WayApi,
  routes: number | null,
  t: Parameters<typeof setAt>[3],
): Readonly<Record<WayStepName, string>> {
  return {
    match: setAt("match", api, routes, t),
    authenticate: setAt("authenticate", api, routes, t),
    limit: setAt("limit", api, routes, t),
    moderate: setAt("moderate", api, routes, t),
    select: setAt("select", api, routes, t),
  };
}
