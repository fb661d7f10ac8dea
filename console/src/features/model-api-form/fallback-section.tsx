// What happens when the chosen target fails: the list of next targets, what counts as a failure, patience, retries.
import { Button, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Check, Plus } from "lucide-react";
import { lazy, Suspense } from "react";
import { trafficQuery } from "../../api/state.ts";
import { formatDuration } from "../../i18n/format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import {
  anyErrorTriggers,
  defaultTriggers,
  extraTriggers,
  newId,
  retryCauses,
  type Draft,
  type RetryCause,
  type Trigger,
} from "./draft.ts";
import classes from "./editors.module.css";
import { fallbackMessages } from "./fallback-messages.ts";
import { Field, GroupFault, useFieldNotes, useFormContext } from "./form-context.tsx";
import { FormSection } from "./form-sections.tsx";
import { NumberField } from "./number-field.tsx";
import { onlyService } from "./rules-editor.tsx";

/** What sorts rows is large, and a first draft has none. */
const FallbackSteps = lazy(async () => ({
  default: (await import("./fallback-steps.tsx")).FallbackSteps,
}));

export function FallbackSection() {
  const t = useMessages(fallbackMessages);
  const { draft, set, choices, readOnly } = useFormContext();
  const disabled = readOnly !== undefined;
  return (
    <FormSection
      id="fallback"
      title={t("fallback")}
      beside={
        <>
          <Switch
            aria-label={t("fallback")}
            checked={draft.fallbackOn}
            disabled={disabled}
            onChange={(event) => set({ fallbackOn: event.currentTarget.checked })}
          />
          <span className="small dim grow">{t("fallbackHint")}</span>
          <Button
            size="xs"
            leftSection={<Plus size={14} />}
            disabled={disabled || !draft.fallbackOn}
            onClick={() =>
              set({
                steps: [
                  ...draft.steps,
                  {
                    id: newId(),
                    service: onlyService(choices.shown),
                    model: "",
                    firstPacketTimeoutMs: undefined,
                  },
                ],
              })
            }
          >
            {t("addStep")}
          </Button>
        </>
      }
    >
      {draft.fallbackOn && (
        <>
          {draft.steps.length === 0 ? (
            <p className="small dim">{t("noSteps")}</p>
          ) : (
            <Suspense fallback={<LoadingRows rows={draft.steps.length} height={51} />}>
              <FallbackSteps />
            </Suspense>
          )}
          {draft.steps.length > 0 && <Triggers />}
        </>
      )}
      <FirstPacket />
      <Retries />
    </FormSection>
  );
}

function Chip({
  on,
  disabled,
  onClick,
  children,
}: {
  readonly on: boolean;
  readonly disabled: boolean;
  readonly onClick: () => void;
  readonly children: string;
}) {
  return (
    <button type="button" className="chip" aria-pressed={on} disabled={disabled} onClick={onClick}>
      {on && <Check size={13} aria-hidden />}
      {children}
    </button>
  );
}

function toggled<Item>(items: readonly Item[], item: Item): readonly Item[] {
  return items.includes(item) ? items.filter((other) => other !== item) : [...items, item];
}

function sameSet(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((item) => right.includes(item));
}

function Triggers() {
  const t = useMessages(fallbackMessages);
  const { draft, set, readOnly } = useFormContext();
  const disabled = readOnly !== undefined;
  const every: readonly Trigger[] = [...defaultTriggers, ...extraTriggers];
  return (
    <Field path="fallback.on">
      <div className="row wrap" style={{ marginBottom: 6 }}>
        <span className={classes["chipsLabel"]} id="triggers-label">
          {t("triggers")}
        </span>
        <span className="grow" />
        <Button
          variant="subtle"
          size="xs"
          disabled={disabled || sameSet(draft.triggers, defaultTriggers)}
          onClick={() => set({ triggers: defaultTriggers })}
        >
          {t("presetDefault")}
        </Button>
        <Button
          variant="subtle"
          size="xs"
          disabled={disabled || sameSet(draft.triggers, anyErrorTriggers)}
          onClick={() => set({ triggers: anyErrorTriggers })}
        >
          {t("presetAny")}
        </Button>
      </div>
      <div role="group" aria-labelledby="triggers-label" className={classes["chips"]}>
        {every.map((trigger) => (
          <Chip
            key={trigger}
            on={draft.triggers.includes(trigger)}
            disabled={disabled}
            onClick={() => set({ triggers: toggled(draft.triggers, trigger) })}
          >
            {t(trigger)}
          </Chip>
        ))}
      </div>
      <GroupFault path="fallback.on" />
    </Field>
  );
}

const timeouts = [0, 1_000, 3_000, 10_000] as const;
const timeoutWords = { 0: "off", 1_000: "s1", 3_000: "s3", 10_000: "s10" } as const;

function FirstPacket() {
  const t = useMessages(fallbackMessages);
  const { draft, set, readOnly } = useFormContext();
  const disabled = readOnly !== undefined;
  const notes = useFieldNotes("firstPacketTimeoutMs", t("firstPacketHint"));
  return (
    <Field path="firstPacketTimeoutMs">
      <div className={classes["facts"]}>
        <NumberField
          {...(notes.error === undefined ? {} : { error: notes.error })}
          label={t("firstPacket")}
          value={draft.firstPacketTimeoutMs}
          unit="ms"
          width={140}
          disabled={disabled}
          onChange={(value) => set({ firstPacketTimeoutMs: value ?? 0 })}
        />
        <div
          role="group"
          aria-label={t("firstPacket")}
          className={classes["chips"]}
          style={{ paddingBottom: 3 }}
        >
          {timeouts.map((ms) => (
            <Chip
              key={ms}
              on={draft.firstPacketTimeoutMs === ms}
              disabled={disabled}
              onClick={() => set({ firstPacketTimeoutMs: ms })}
            >
              {t(timeoutWords[ms])}
            </Chip>
          ))}
        </div>
        <Observed />
      </div>
      {notes.description !== undefined && (
        <p className="small dim" style={{ margin: "4px 0 0" }}>
          {notes.description}
        </p>
      )}
    </Field>
  );
}

/** What was measured: of this Model API where it has traffic, else of all together. */
function Observed() {
  const t = useMessages(fallbackMessages);
  const { editing } = useFormContext();
  const traffic = useQuery(trafficQuery("24h"));
  const own = traffic.data?.apis.find(({ api }) => api === editing)?.ttftP95Ms ?? null;
  const all = traffic.data?.total.ttftP95Ms ?? null;
  if (own === null && all === null) return null;
  return (
    <span className="small soft" style={{ paddingBottom: 8 }}>
      {own === null
        ? t("observedAll", { time: formatDuration(all ?? 0) })
        : t("observedOwn", { time: formatDuration(own) })}
    </span>
  );
}

function Retries() {
  const t = useMessages(fallbackMessages);
  const { draft, set, readOnly } = useFormContext();
  const disabled = readOnly !== undefined;
  const { retries } = draft;
  const change = (fields: Partial<Draft["retries"]>): void => set({ retries: { ...retries, ...fields } });
  return (
    <Field path="retries">
      <div className={classes["facts"]} style={{ marginBottom: 8 }}>
        <NumberField
          label={t("retries")}
          value={retries.max}
          width={140}
          disabled={disabled}
          onChange={(value) => change({ max: Math.min(10, value ?? 0) })}
        />
        <NumberField
          label={t("budget")}
          value={retries.budgetPercent}
          unit="%"
          width={140}
          disabled={disabled || retries.max === 0}
          onChange={(value) => change({ budgetPercent: Math.min(100, value ?? 0) })}
        />
      </div>
      {retries.max > 0 && (
        <div role="group" aria-label={t("retryOn")} className={classes["chips"]}>
          {retryCauses.map((cause: RetryCause) => (
            <Chip
              key={cause}
              on={retries.on.includes(cause)}
              disabled={disabled}
              onClick={() => change({ on: [...toggled(retries.on, cause)] })}
            >
              {t(cause)}
            </Chip>
          ))}
        </div>
      )}
      <p className="small dim" style={{ margin: "4px 0 0" }}>
        {t("retriesHint")}
      </p>
      <GroupFault path="retries" />
    </Field>
  );
}
