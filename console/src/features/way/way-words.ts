// The Way in words: what is set at each step, why something was stopped, the sentence, and the list of steps. No markup.
import type { WayStepName, WayStop } from "../../../../src/control/routes/console-answers.ts";
import type { DefaultRoute } from "../../../../src/resources/default-routes.ts";
import { formatShare } from "../../i18n/format.ts";
import type { PlainKey, Translate } from "../../i18n/messages.ts";
import type { wayMessages } from "./way-messages.ts";
import type { PictureGate, PictureTarget, WayApi, WayPicture } from "./way-picture.ts";
import { stoppedAt } from "./way-shapes.ts";

type Words = Translate<(typeof wayMessages)["en"]>;
type Word = PlainKey<typeof wayMessages>;

const reasons: Readonly<Record<WayStop["code"], Word>> = {
  route_not_found: "stopRoute",
  method_not_allowed: "stopMethod",
  misdirected_request: "stopHost",
  head_too_large: "stopHead",
  upgrade_required: "stopUpgrade",
  shutting_down: "stopShutdown",
  invalid_credentials: "stopKey",
  consumer_not_allowed: "stopGrant",
  rate_limited: "stopLimit",
  quota_exceeded: "stopQuota",
  content_blocked: "stopContent",
  client_closed: "stopClient",
  invalid_request: "stopRequest",
  body_too_large: "stopRequest",
  request_timeout: "stopRequest",
  model_not_found: "stopModel",
  no_healthy_service: "stopTargets",
  overloaded: "stopBusy",
  upstream_error: "stopTargets",
  upstream_unreachable: "stopTargets",
  upstream_credentials: "stopTargets",
  upstream_timeout: "stopTargets",
  first_packet_timeout: "stopTargets",
  "": "stopOther",
};

/** Why something ended at a step, in two or three words. A code that a newer gateway sends is told as refused. */
export function stopReason(code: WayStop["code"], t: Words): string {
  return t(reasons[code] ?? "stopOther");
}

/** How many routes the API serves, aliases not counted. Null while the default routes are not known. */
export function routeCount(api: WayApi, rows: readonly DefaultRoute[] | undefined): number | null {
  if (rows === undefined) return null;
  const served = rows.filter(
    (row) =>
      row.useCase === api.useCase &&
      api.protocols.includes(row.protocol) &&
      !api.routes.disabled.includes(row.name) &&
      (row.beyondSeeds !== true || api.routes.enabled.includes(row.name)),
  );
  const hasModels = api.protocols.some((protocol) => protocol === "openai" || protocol === "anthropic");
  const models =
    hasModels && !api.routes.disabled.includes("models") && !served.some(({ name }) => name === "models");
  return served.length + (models ? 1 : 0) + api.routes.custom.length;
}

const modes = {
  single: "single",
  "by-model-name": "byModelName",
  "by-weight": "byWeight",
  "by-metrics": "byMetrics",
  intelligent: "intelligent",
} as const;

/** What is set at a step. */
export function setAt(step: WayStepName, api: WayApi, routes: number | null, t: Words): string {
  switch (step) {
    case "match":
      return routes === null ? "" : t("routes", { n: routes });
    case "authenticate":
      return api.auth.enabled ? t("apiKey") : t("off");
    case "limit":
      return api.rateLimits.length > 0 ? t("rules", { n: api.rateLimits.length }) : t("off");
    case "moderate": {
      const { enabled, request, response } = api.moderation;
      if (!enabled) return t("off");
      return t(request && response ? "both" : request ? "request" : "answer");
    }
    case "select":
      return t(modes[api.modelService.mode]);
  }
}

export function targetName(target: PictureTarget, t: Words): string {
  if (target.kind === "own") return t("ownName");
  return target.kind === "others" ? t("othersName", { n: target.folded }) : target.service;
}

const windows = {
  "15m": "quarter",
  "1h": "hour",
  "6h": "sixHours",
  "24h": "day",
  "7d": "week",
  "30d": "month",
} as const;

/** The whole picture as a few plain sentences. */
export function sentenceOf(picture: WayPicture, api: string, window: keyof typeof windows, t: Words): string {
  const named = { window: t(windows[window]), api };
  if (picture.arrived === null) return [t("sayNone", named), ...planSentences(picture, t)].join(t("between"));
  const stops = picture.gates.flatMap((gate) => {
    const n = stoppedAt(gate);
    const [first] = gate.stops;
    return first === undefined || n === 0
      ? []
      : [t("sayStop", { n, step: t(gate.step), reason: stopReason(first.code, t) })];
  });
  const chosen = picture.targets.filter((target) => (target.chosen ?? 0) > 0);
  const went = chosen.map((target) => sayTarget(target, t));
  const tried = picture.fallbacks.filter((fallback) => (fallback.tried ?? 0) > 0);
  const served = tried.map(({ service, served: good, tried: all }) =>
    t("sayFallback", { name: service, served: good, tried: all ?? 0 }),
  );
  return [
    t("sayArrived", { ...named, n: picture.arrived }),
    ...said(stops, (list) => t("sayStopped", { list }), t),
    ...said(went, (list) => t("sayChosen", { n: picture.gates.at(-1)?.passed ?? 0, list }), t),
    ...said(served, (list) => t("saySentOn", { n: picture.sentOn, list }), t),
    ...(picture.reply === null ? [] : [t("sayReply", { n: picture.reply.answered })]),
    ...(picture.reply === null || picture.reply.failed === 0
      ? []
      : [t("sayFailed", { n: picture.reply.failed })]),
  ].join(t("between"));
}

function said(parts: readonly string[], sentence: (list: string) => string, t: Words): string[] {
  return parts.length === 0 ? [] : [sentence(parts.join(t("and")))];
}

function sayTarget(target: PictureTarget, t: Words): string {
  const share = target.share === null ? "" : formatShare(target.share);
  if (target.kind === "own") return t("sayOwn", { share });
  if (target.kind === "others") return t("sayOthers", { n: target.folded, share });
  return t("sayTarget", { name: target.service, share });
}

/** What would happen to a request, while none has come. */
function planSentences(picture: WayPicture, t: Words): string[] {
  const steps = picture.gates.filter(({ on }) => on).map(({ step }) => t(step));
  const targets = picture.targets.map((target) => targetName(target, t));
  return [
    t("sayWay", { steps: steps.join(t("and")), targets: targets.join(t("or")) }),
    ...(picture.fallbacks.length === 0
      ? []
      : [t("sayThen", { list: picture.fallbacks.map(({ service }) => service).join(t("thenTo")) })]),
  ];
}

/** The picture as a list, for whoever does not see it. */
export function stepsInWords(
  picture: WayPicture,
  subs: Readonly<Record<WayStepName, string>>,
  t: Words,
): string[] {
  return [
    ...picture.gates.map((gate) => gateInWords(gate, subs[gate.step], t)),
    ...picture.targets.map((target) => {
      const name = targetName(target, t);
      const model = target.kind === "own" ? t("ownText") : (target.model ?? t("asRequested"));
      const { chosen, served, failed } = target;
      return chosen === null
        ? t("listTargetNone", { name, model })
        : t("listTarget", { name, model, n: chosen, served, failed });
    }),
    ...picture.fallbacks.map(({ service: name, model, tried, served }, index) => {
      const named = { at: index + 1, name, model: model ?? t("asRequested") };
      return tried === null ? t("listFallbackNone", named) : t("listFallback", { ...named, tried, served });
    }),
    picture.reply === null
      ? t("listReplyNone")
      : t("listReply", {
          n: picture.reply.answered,
          failed: picture.reply.failed,
          left: picture.reply.left,
        }),
  ];
}

function gateInWords(gate: PictureGate, sub: string, t: Words): string {
  const step = t(gate.step);
  const stops = gate.stops.map(({ status, code, count }) =>
    t("stepStopped", { n: count, status: String(status), reason: stopReason(code, t) }),
  );
  const head = !gate.on
    ? t("stepOff", { step })
    : gate.passed === null
      ? t("stepNone", { step, sub })
      : t("stepOn", { step, sub, n: gate.passed });
  return [head, ...stops].join("; ");
}
