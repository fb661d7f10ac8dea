// The fields of a quota: what is counted, how much in which period, who is told.
import { ActionIcon, Button, SegmentedControl, Select, Switch, TextInput } from "@mantine/core";
import { Plus, Trash2 } from "lucide-react";
import { useMemo } from "react";
import { useMessages } from "../../i18n/language.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { NumberField } from "../services/number-field.tsx";
import classes from "./consumers.module.css";
import { faultAt } from "./field-faults.ts";
import type { QuotaDraft, QuotaField, WebhookDraft } from "./quota-draft.ts";
import { quotaMessages } from "./quota-messages.ts";
import { ShareChips } from "./share-chips.tsx";

export interface QuotaFieldsProps {
  readonly draft: QuotaDraft;
  readonly isNew: boolean;
  readonly problems: ReadonlySet<QuotaField>;
  /** Of the control plane, by path. */
  readonly faults: ReadonlyMap<string, string>;
  readonly onChange: (values: Partial<QuotaDraft>) => void;
}

export function QuotaFields(props: QuotaFieldsProps) {
  const t = useMessages(quotaMessages);
  const { draft, isNew, problems, faults, onChange } = props;
  const nameProblem = problems.has("name")
    ? t("nameProblem")
    : problems.has("taken")
      ? t("nameTaken")
      : faultAt(faults, "name");
  return (
    <>
      {isNew && (
        <TextInput
          data-autofocus
          label={t("name")}
          description={nameProblem === undefined ? t("nameHint") : undefined}
          error={nameProblem}
          value={draft.name}
          maxLength={64}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
      )}
      <Amount {...props} />
      <Period {...props} />
      <ShareChips
        legend={t("warnAt")}
        shares={draft.warnAt}
        onChange={(warnAt) => onChange({ warnAt })}
        fault={faultAt(faults, "warnAt")}
      />
      <Webhooks {...props} />
      <Switch
        label={t("dryRun")}
        description={t("dryRunHint")}
        checked={draft.dryRun}
        onChange={(event) => onChange({ dryRun: event.currentTarget.checked })}
      />
      {!isNew && (
        <Switch
          label={t("enabled")}
          description={t("enabledHint")}
          checked={draft.enabled}
          onChange={(event) => onChange({ enabled: event.currentTarget.checked })}
        />
      )}
    </>
  );
}

function Amount({ draft, problems, faults, onChange }: QuotaFieldsProps) {
  const t = useMessages(quotaMessages);
  const isCost = draft.metric === "cost";
  return (
    <div className={classes["two"]}>
      <fieldset className={classes["group"]}>
        <legend>{t("metric")}</legend>
        <SegmentedControl
          aria-label={t("metric")}
          value={draft.metric}
          data={[
            { value: "tokens", label: t("tokens") },
            { value: "cost", label: t("cost") },
          ]}
          onChange={(value) => onChange({ metric: value === "cost" ? "cost" : "tokens" })}
        />
        <p className="small dim">{t(isCost ? "metricHintCost" : "metricHintTokens")}</p>
      </fieldset>
      <div>
        <NumberField
          label={t(isCost ? "limitCost" : "limitTokens")}
          value={draft.limit}
          whole={!isCost}
          onChange={(limit) => onChange({ limit })}
        />
        <Fault text={problems.has("limit") ? t("limitProblem") : faultAt(faults, "limit")} />
      </div>
    </div>
  );
}

/** Of fields whose part has no place for it. */
function Fault({ text }: { readonly text: string | undefined }) {
  return text === undefined ? null : (
    <p className="small bad" role="alert">
      {text}
    </p>
  );
}

const periods = [
  ["day", "day"],
  ["week", "week"],
  ["month", "month"],
  ["days", "ownPeriod"],
] as const;

function Period({ draft, isNew, problems, faults, onChange }: QuotaFieldsProps) {
  const t = useMessages(quotaMessages);
  const zones = useMemo(
    () => [...new Set(["UTC", draft.timeZone, ...Intl.supportedValuesOf("timeZone")])],
    [draft.timeZone],
  );
  return (
    <>
      <fieldset className={classes["group"]}>
        <legend>{t("period")}</legend>
        <SegmentedControl
          aria-label={t("period")}
          value={draft.period}
          data={periods.map(([value, word]) => ({ value, label: t(word) }))}
          onChange={(value) => {
            const found = periods.find(([each]) => each === value);
            if (found !== undefined) onChange({ period: found[0] });
          }}
        />
        <Fault text={faultAt(faults, "period")} />
      </fieldset>
      {draft.period === "days" && (
        <div className={classes["two"]}>
          <div>
            <NumberField
              label={t("days")}
              value={draft.days}
              max={3650}
              onChange={(days) => onChange({ days })}
            />
            <Fault text={problems.has("days") ? t("daysProblem") : undefined} />
          </div>
          <TextInput
            type="date"
            label={t("from")}
            description={t("fromHint")}
            error={problems.has("from") ? t("from") : undefined}
            value={draft.from}
            onChange={(event) => onChange({ from: event.currentTarget.value })}
          />
        </div>
      )}
      <Select
        searchable
        limit={80}
        label={t("zone")}
        description={isNew ? t("zoneHint") : `${t("zoneHint")} ${t("anew")}`}
        error={faultAt(faults, "timeZone")}
        data={zones}
        value={draft.timeZone}
        onChange={(timeZone) => timeZone !== null && onChange({ timeZone })}
      />
    </>
  );
}

function Webhooks({ draft, problems, faults, onChange }: QuotaFieldsProps) {
  const t = useMessages(quotaMessages);
  const { notify } = draft;
  const add = (): void =>
    onChange({
      notify: [
        ...notify,
        { id: Math.max(-1, ...notify.map(({ id }) => id)) + 1, webhook: "", kept: undefined, secret: "" },
      ],
    });
  return (
    <fieldset className={classes["group"]}>
      <legend>{t("notify")}</legend>
      <p className="small dim">{t("notifyHint")}</p>
      {notify.map((hook, index) => (
        <Webhook
          key={hook.id}
          hook={hook}
          number={index + 1}
          error={
            problems.has(`webhook${hook.id}`) ? t("webhookProblem") : faultAt(faults, `notify[${index}]`)
          }
          onChange={(next) => onChange({ notify: notify.with(index, next) })}
          onRemove={() => onChange({ notify: notify.toSpliced(index, 1) })}
        />
      ))}
      {notify.length < 10 && (
        <div>
          <Button size="xs" leftSection={<Plus size={14} />} onClick={add}>
            {t("addWebhook")}
          </Button>
        </div>
      )}
    </fieldset>
  );
}

function Webhook({
  hook,
  number,
  error,
  onChange,
  onRemove,
}: {
  readonly hook: WebhookDraft;
  readonly number: number;
  readonly error: string | undefined;
  readonly onChange: (hook: WebhookDraft) => void;
  readonly onRemove: () => void;
}) {
  const t = useMessages(quotaMessages);
  const ui = useMessages(uiMessages);
  return (
    <div className={classes["webhook"]}>
      <TextInput
        type="url"
        label={t("webhook")}
        value={hook.webhook}
        error={error}
        placeholder="https://"
        spellCheck={false}
        onChange={(event) => onChange({ ...hook, webhook: event.currentTarget.value })}
      />
      <TextInput
        type="password"
        label={
          <>
            {t("secret")} <span className="dim">({ui("optional")})</span>
          </>
        }
        value={hook.secret}
        placeholder={hook.kept === undefined ? t("secretHint") : t("secretKept")}
        autoComplete="new-password"
        onChange={(event) => onChange({ ...hook, secret: event.currentTarget.value })}
      />
      <ActionIcon
        variant="subtle"
        size={34}
        aria-label={t("removeWebhook", { n: number })}
        onClick={onRemove}
      >
        <Trash2 size={15} />
      </ActionIcon>
    </div>
  );
}
