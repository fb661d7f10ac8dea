// The fields of an alert: what is watched, when it fires, who is told.
import { ActionIcon, Button, Select, TextInput } from "@mantine/core";
import { Plus, Trash2 } from "lucide-react";
import { useMessages } from "../../i18n/language.tsx";
import { NumberField } from "../services/number-field.tsx";
import {
  comparisons,
  dimensions,
  isWebhook,
  nextDimension,
  nextId,
  type AlertDraft,
  type AlertFault,
  type FilterDraft,
  type NotifyDraft,
} from "./alert-draft.ts";
import { alertMessages } from "./alert-messages.ts";
import { alertMetricNames, alertMetrics } from "./alert-metrics.ts";
import { signOf, type AlertWords } from "./alert-words.ts";
import classes from "./alerts.module.css";

export interface AlertFieldsProps {
  readonly draft: AlertDraft;
  readonly faults: ReadonlySet<AlertFault>;
  readonly isNew: boolean;
  readonly disabled: boolean;
  readonly onChange: (values: Partial<AlertDraft>) => void;
}

export function AlertFields(props: AlertFieldsProps) {
  const t = useMessages(alertMessages);
  const { draft, faults, isNew, onChange } = props;
  return (
    <fieldset disabled={props.disabled} className={classes["form"]} style={{ border: 0, padding: 0 }}>
      <legend className="sr-only">{t("what")}</legend>
      {isNew && (
        <TextInput
          label={t("name")}
          description={faults.has("name") ? undefined : t("nameHint")}
          error={faults.has("name") ? t("nameProblem") : undefined}
          value={draft.name}
          maxLength={64}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
      )}
      <Watched {...props} />
      <Condition {...props} />
      <Told {...props} />
    </fieldset>
  );
}

function Watched({ draft, faults, disabled, onChange }: AlertFieldsProps) {
  const t = useMessages(alertMessages);
  const { metric, filters } = draft;
  const replace = (filter: FilterDraft): void =>
    onChange({ filters: filters.map((each) => (each.id === filter.id ? filter : each)) });
  const next = nextDimension(filters);
  return (
    <section aria-labelledby="alert-what">
      <h2 id="alert-what">{t("what")}</h2>
      <Select
        label={t("metric")}
        value={metric}
        disabled={disabled}
        searchable
        data={alertMetricNames.map((value) => ({ value, label: t(alertMetrics[value].word) }))}
        onChange={(value) => {
          const found = alertMetricNames.find((each) => each === value);
          if (found !== undefined) onChange({ metric: found });
        }}
      />
      {filters.map((filter, index) => (
        <div key={filter.id} className={classes["line"]}>
          <Select
            label={t("dimension")}
            value={filter.dimension}
            disabled={disabled}
            data={dimensions.map((value) => ({ value, label: t(`d_${value}`) }))}
            onChange={(value) => {
              const found = dimensions.find((each) => each === value);
              if (found !== undefined) replace({ ...filter, dimension: found });
            }}
          />
          <TextInput
            label={t("value")}
            value={filter.value}
            error={faults.has("value") && filter.value.trim() === "" ? t("valueProblem") : undefined}
            onChange={(event) => replace({ ...filter, value: event.currentTarget.value })}
          />
          <ActionIcon
            variant="subtle"
            size={34}
            aria-label={t("removeFilter", { n: index + 1 })}
            onClick={() => onChange({ filters: filters.filter(({ id }) => id !== filter.id) })}
          >
            <Trash2 size={15} />
          </ActionIcon>
        </div>
      ))}
      {filters.length > 0 && <p className="small dim">{t("valueHint")}</p>}
      {next !== undefined && (
        <div>
          <Button
            size="xs"
            leftSection={<Plus size={14} />}
            onClick={() =>
              onChange({ filters: [...filters, { id: nextId(filters), dimension: next, value: "" }] })
            }
          >
            {t("addFilter")}
          </Button>
        </div>
      )}
    </section>
  );
}

/** What the threshold is counted in. */
export function unitText(metric: AlertDraft["metric"], t: AlertWords): string {
  switch (alertMetrics[metric].unit) {
    case "share":
      return t("percent");
    case "ms":
      return t("milliseconds");
    case "usd":
      return t("usd");
    case "tokens":
      return t("tokensUnit");
    case "tokensPerSecond":
      return t("tokensPerSecond");
    case "perSecond":
      return t("perSecond");
    case "count":
      return t("countUnit");
  }
}

function Condition({ draft, faults, disabled, onChange }: AlertFieldsProps) {
  const t = useMessages(alertMessages);
  return (
    <section aria-labelledby="alert-when">
      <h2 id="alert-when">{t("condition")}</h2>
      <div className={classes["condition"]}>
        <Select
          label={t("comparison")}
          value={draft.op}
          disabled={disabled}
          data={comparisons.map((value) => ({ value, label: signOf(value) }))}
          onChange={(value) => {
            const found = comparisons.find((each) => each === value);
            if (found !== undefined) onChange({ op: found });
          }}
        />
        <NumberField
          label={t("threshold")}
          unit={faults.has("threshold") ? t("thresholdProblem") : unitText(draft.metric, t)}
          value={draft.threshold}
          whole={false}
          onChange={(threshold) => onChange({ threshold })}
        />
        <NumberField
          label={t("forTime")}
          unit={t("secondsUnit")}
          value={draft.forSeconds}
          max={86_400}
          onChange={(forSeconds) => onChange({ forSeconds })}
        />
      </div>
      <p className="small dim">{t("forHint")}</p>
    </section>
  );
}

const mostWebhooks = 10;

function Told({ draft: { notify }, faults, onChange }: AlertFieldsProps) {
  const t = useMessages(alertMessages);
  const replace = (item: NotifyDraft): void =>
    onChange({ notify: notify.map((each) => (each.id === item.id ? item : each)) });
  return (
    <section aria-labelledby="alert-whom">
      <h2 id="alert-whom">{t("whom")}</h2>
      <p className="small dim">{t(notify.length === 0 ? "nobody" : "webhookHint")}</p>
      {notify.map((item, index) => (
        <div key={item.id} className={classes["line"]} style={{ alignItems: "start" }}>
          <TextInput
            label={t("webhook", { n: index + 1 })}
            type="url"
            placeholder="https://"
            value={item.webhook}
            error={faults.has("webhook") && !isWebhook(item.webhook) ? t("webhookProblem") : undefined}
            onChange={(event) => replace({ ...item, webhook: event.currentTarget.value })}
          />
          <Secret item={item} index={index} onChange={replace} />
          <ActionIcon
            variant="subtle"
            size={34}
            style={{ marginTop: 23 }}
            aria-label={t("removeWebhook", { n: index + 1 })}
            onClick={() => onChange({ notify: notify.filter(({ id }) => id !== item.id) })}
          >
            <Trash2 size={15} />
          </ActionIcon>
        </div>
      ))}
      {notify.length < mostWebhooks && (
        <div>
          <Button
            size="xs"
            leftSection={<Plus size={14} />}
            onClick={() =>
              onChange({
                notify: [...notify, { id: nextId(notify), webhook: "", stored: undefined, typed: "" }],
              })
            }
          >
            {t("addWebhook")}
          </Button>
        </div>
      )}
    </section>
  );
}

function hintOf(stored: unknown): string | null {
  if (typeof stored !== "object" || stored === null || !("hint" in stored)) return null;
  return typeof stored.hint === "string" ? stored.hint : null;
}

function Secret({
  item,
  index,
  onChange,
}: {
  readonly item: NotifyDraft;
  readonly index: number;
  readonly onChange: (item: NotifyDraft) => void;
}) {
  const t = useMessages(alertMessages);
  if (item.typed === null) {
    const hint = hintOf(item.stored);
    return (
      <div>
        <div className="medium" style={{ fontSize: 12.5, lineHeight: "18px", marginBottom: 5 }}>
          {t("secret")}
        </div>
        <div className="row" style={{ minHeight: 34 }}>
          <span className="soft cut">
            {hint === null ? t("secretStoredPlain") : t("secretStored", { hint })}
          </span>
          <Button
            size="xs"
            aria-label={t("replaceSecret", { n: index + 1 })}
            onClick={() => onChange({ ...item, typed: "" })}
          >
            {t("replace")}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <div>
      <TextInput
        type="password"
        label={t("secret")}
        description={t("secretHint")}
        value={item.typed}
        autoComplete="new-password"
        spellCheck={false}
        onChange={(event) => onChange({ ...item, typed: event.currentTarget.value })}
      />
      {item.stored !== undefined && (
        <button type="button" className="textlink small" onClick={() => onChange({ ...item, typed: null })}>
          {t("keepSecret")}
        </button>
      )}
    </div>
  );
}
