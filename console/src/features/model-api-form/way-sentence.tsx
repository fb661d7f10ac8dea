// The way of a draft's requests as one plain sentence.
import { Fragment, type ReactNode } from "react";
import { formatCount, formatShare } from "../../i18n/format.ts";
import { useMessages } from "../../i18n/language.tsx";
import type { Draft, TargetDraft } from "./draft.ts";
import { spokenOf, type SpokenTarget } from "./sentence.ts";
import { sentenceMessages } from "./sentence-messages.ts";

type Words = ReturnType<typeof useMessages<typeof sentenceMessages.en>>;

export function WaySentence({ draft }: { readonly draft: Draft }) {
  const t = useMessages(sentenceMessages);
  const spoken = spokenOf(draft);
  const address = <b className="strong mono">{spoken.address}</b>;
  const open =
    spoken.mode === "by-model-name" && spoken.fallThrough === undefined && spoken.targets.length > 0;
  return (
    <>
      {spoken.targets.length === 0 && spoken.fallThrough === undefined
        ? t.rich("nowhere", { address })
        : t.rich("goes", { address, targets: targetsText(spoken, t) })}
      {t("gap")}
      {open && t("unmatched") + t("gap")}
      {fallbackText(spoken, t)}
    </>
  );
}

function targetsText(spoken: ReturnType<typeof spokenOf>, t: Words): ReactNode {
  const { mode, targets, fallThrough } = spoken;
  if (spoken.routing !== undefined) {
    const { models, profile } = spoken.routing;
    const values = { n: models, profile: t(profile) };
    const model = <span className="mono">{spoken.routing.default}</span>;
    return spoken.routing.default === ""
      ? t.rich("fittingBest", values)
      : t.rich("fitting", { ...values, model });
  }
  if (mode === "by-metrics" && targets.length > 1)
    return t.rich("bestOf", {
      targets: joined(
        targets.map((target) => one(target, t)),
        t("listOr"),
      ),
    });
  const parts = targets.map((target) => one(target, t));
  if (fallThrough !== undefined && fallThrough.service !== "")
    parts.push(t.rich("anyOther", { target: named(fallThrough, t) }));
  return joined(parts, t("listComma"));
}

function one(target: SpokenTarget, t: Words): ReactNode {
  const name = named(target, t);
  if (target.share !== undefined)
    return t.rich("withShare", { target: name, share: formatShare(target.share, 0) });
  if (target.pattern !== undefined)
    return t.rich("forPattern", {
      pattern: <span className="mono">{target.pattern || "…"}</span>,
      target: name,
    });
  return name;
}

function named({ service, model }: TargetDraft, t: Words): ReactNode {
  const name = <b className="strong">{service}</b>;
  return model === ""
    ? name
    : t.rich("asModel", { service: name, model: <span className="mono">{model}</span> });
}

function joined(parts: readonly ReactNode[], comma: string): ReactNode {
  return parts.map((part, index) => (
    <Fragment key={index}>
      {index > 0 && comma}
      {part}
    </Fragment>
  ));
}

function fallbackText(spoken: ReturnType<typeof spokenOf>, t: Words): ReactNode {
  const ms = <b className="strong num">{formatCount(spoken.firstPacketTimeoutMs)} ms</b>;
  if (spoken.fallback.length === 0)
    return spoken.firstPacketTimeoutMs === 0 ? t("noFallback") : t.rich("timeoutAlone", { ms });
  const targets = joined(
    spoken.fallback.map((step) => named(step, t)),
    t("listThen"),
  );
  return spoken.firstPacketTimeoutMs === 0
    ? t.rich("fallback", { targets })
    : t.rich("fallbackTimeout", { ms, targets });
}
