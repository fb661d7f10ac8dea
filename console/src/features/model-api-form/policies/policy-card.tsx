// A policy as a card: switch, name, what it comes to in one line, the word where it stands; its fields once it is open.
import { Switch } from "@mantine/core";
import { ArrowLeftRight, ChevronDown, ChevronUp } from "lucide-react";
import { lazy, Suspense, type ComponentType, type ReactNode } from "react";
import { useMessages } from "../../../i18n/language.tsx";
import { LoadingRows } from "../../../ui/loading.tsx";
import { Moon } from "../../../ui/moon.tsx";
import type { Draft } from "../draft.ts";
import { isWithin } from "../faults.ts";
import { Field, GroupFault, useFormContext } from "../form-context.tsx";
import { cardMessages } from "./card-messages.ts";
import { useOpenCard } from "./open-card.ts";
import classes from "./policies.module.css";
import { bareNames, isBare, type BareName, type CardName, type PolicyName } from "./policy-draft.ts";
import { statePhases, useSummaryTexts } from "./policy-look.ts";
import { policyState } from "./policy-states.ts";
import { policySummary } from "./policy-summary.ts";

/** Fields of the resource that a card holds. */
export const cardFields: Readonly<Record<CardName, readonly string[]>> = {
  ipAccess: ["ipAccess"],
  auth: ["auth"],
  transform: ["transform"],
  shaping: ["prompt", "parameters"],
  rateLimits: ["rateLimits"],
  moderation: ["moderation"],
  cache: ["cache"],
  cors: ["cors"],
  translation: ["translation", "images"],
};

const bodies: Readonly<Record<CardName, ComponentType>> = {
  ipAccess: lazy(async () => ({ default: (await import("./card-bodies.ts")).AddressesBody })),
  auth: lazy(async () => ({ default: (await import("./card-bodies.ts")).AuthBody })),
  transform: lazy(async () => ({ default: (await import("./card-bodies.ts")).TransformBody })),
  shaping: lazy(async () => ({ default: (await import("./card-bodies.ts")).ShapingBody })),
  rateLimits: lazy(async () => ({ default: (await import("./card-bodies.ts")).LimitsBody })),
  moderation: lazy(async () => ({ default: (await import("./card-bodies.ts")).ModerationBody })),
  cache: lazy(async () => ({ default: (await import("./card-bodies.ts")).CacheBody })),
  cors: lazy(async () => ({ default: (await import("./card-bodies.ts")).CorsBody })),
  translation: lazy(async () => ({ default: (await import("./card-bodies.ts")).TranslationBody })),
};

function isBareName(name: CardName): name is BareName {
  return bareNames.some((bare) => bare === name);
}

export function isSwitchedOn(draft: Draft, name: PolicyName): boolean {
  if (isBareName(name)) return !draft.paused.includes(name);
  if (name === "auth") return draft.authOn;
  if (name === "moderation") return draft.moderation.enabled;
  return name === "cache" ? draft.cache.enabled : draft.cors.enabled;
}

export function switched(draft: Draft, name: PolicyName, on: boolean): Partial<Draft> {
  if (isBareName(name)) {
    const others = draft.paused.filter((each) => each !== name);
    return { paused: on ? others : [...others, name] };
  }
  if (name === "auth") return { authOn: on };
  if (name === "moderation") return { moderation: { ...draft.moderation, enabled: on } };
  return name === "cache"
    ? { cache: { ...draft.cache, enabled: on } }
    : { cors: { ...draft.cors, enabled: on } };
}

export function PolicyCard({
  name,
  heading = "h3",
  children,
}: {
  readonly name: CardName;
  readonly heading?: "h2" | "h3";
  /** Under its fields, such as what came of it. */
  readonly children?: ReactNode;
}) {
  const t = useMessages(cardMessages);
  const texts = useSummaryTexts();
  const { draft, shown } = useFormContext();
  const { card, show } = useOpenCard();
  const faults = shown.filter(({ path }) => cardFields[name].some((field) => isWithin(path, field)));
  const isOpen = card === name || faults.length > 0;
  const Body = bodies[name];
  const Title = heading;
  const bodyId = `card-${name}`;
  return (
    <Field path={cardFields[name][0] ?? name}>
      <div className={classes["card"]} data-wrong={faults.length > 0 || undefined} data-card={name}>
        <div className={classes["head"]}>
          {name === "translation" ? (
            <ArrowLeftRight size={16} className={classes["always"] ?? ""} aria-hidden />
          ) : (
            <PolicySwitch name={name} />
          )}
          <Title className={classes["title"]}>
            <button
              type="button"
              className={classes["toggle"]}
              aria-expanded={isOpen}
              aria-controls={isOpen ? bodyId : undefined}
              onClick={() => show(isOpen ? undefined : name)}
            >
              <span>{t(name)}</span>
              <span className={classes["summary"]}>
                {faults.length > 0 ? (
                  <span className="bad">{t("needsLook", { n: faults.length })}</span>
                ) : (
                  policySummary(draft, name, texts)
                )}
              </span>
            </button>
          </Title>
          {name === "translation" ? <span /> : <StateWord name={name} />}
          <span className="dim" aria-hidden>
            {isOpen ? <ChevronUp size={15} /> : <ChevronDown size={15} />}
          </span>
        </div>
        {isOpen && (
          <div className={classes["body"]} id={bodyId}>
            <p className={`small ${classes["help"]}`}>
              {t(`${name}-help`)}
              {isBareName(name) && isSwitchedOn(draft, name) && isBare(draft, name) && ` ${t("emptyHint")}`}
            </p>
            {isBareName(name) && !isSwitchedOn(draft, name) && !isBare(draft, name) && (
              <p className="small warn">{t("pausedHint")}</p>
            )}
            <Suspense fallback={<LoadingRows rows={3} />}>
              <Body />
              {children}
            </Suspense>
            {cardFields[name].map((field) => (
              <GroupFault key={field} path={field} />
            ))}
          </div>
        )}
      </div>
    </Field>
  );
}

function PolicySwitch({ name }: { readonly name: PolicyName }) {
  const t = useMessages(cardMessages);
  const { draft, set, readOnly } = useFormContext();
  const { show } = useOpenCard();
  return (
    <Switch
      aria-label={name === "auth" ? t("auth") : t("switchOf", { name: t(name) })}
      checked={isSwitchedOn(draft, name)}
      disabled={readOnly !== undefined}
      onChange={(event) => {
        const on = event.currentTarget.checked;
        set(switched(draft, name, on));
        if (on) show(name);
      }}
    />
  );
}

function StateWord({ name }: { readonly name: PolicyName }) {
  const t = useMessages(cardMessages);
  const { draft } = useFormContext();
  const state = policyState(draft, name);
  return (
    <span className="row g6 small nowrap">
      <Moon phase={statePhases[state]} size={11} />
      {t(state)}
    </span>
  );
}
