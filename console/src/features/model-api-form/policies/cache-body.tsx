// How answers are reused: comparison, time, size, who shares them.
import { Autocomplete, Select } from "@mantine/core";
import { TriangleAlert } from "lucide-react";
import { useMessages } from "../../../i18n/language.tsx";
import { Field, inputOrder, useFieldNotes, useFormContext } from "../form-context.tsx";
import { cacheMessages } from "./cache-messages.ts";
import { DecimalPart } from "./decimal-part.tsx";
import { ChoicePart, NumberPart } from "./parts.tsx";
import classes from "./policies.module.css";
import type { PolicyDraft } from "./policy-draft.ts";

type Cache = PolicyDraft["cache"];
type Semantic = NonNullable<Cache["semantic"]>;

const modes = ["exact", "semantic"] as const;
const scopes = ["consumer", "api"] as const;
const fresh: Semantic = { service: "", model: "", threshold: 0.95 };
const bytesOfKilobyte = 1_024;

export function CacheBody() {
  const t = useMessages(cacheMessages);
  const { draft, set } = useFormContext();
  const { cache } = draft;
  const change = (fields: Partial<Cache>): void => set({ cache: { ...cache, ...fields } });
  return (
    <>
      <div className={classes["two"]}>
        <ChoicePart
          path="cache.mode"
          label={t("mode")}
          hint={t(`${cache.mode}Hint`)}
          value={cache.mode}
          options={modes.map((mode) => ({ value: mode, label: t(mode) }))}
          onChange={(mode) =>
            change(mode === "semantic" ? { mode, semantic: cache.semantic ?? fresh } : { mode })
          }
        />
        <ChoicePart
          path="cache.scope"
          label={t("scope")}
          {...(cache.scope === "consumer" && draft.authOn ? { hint: t("consumerHint") } : {})}
          value={cache.scope}
          options={scopes.map((scope) => ({ value: scope, label: t(scope) }))}
          onChange={(scope) => change({ scope })}
        />
      </div>
      {(cache.scope === "api" || !draft.authOn) && (
        <div className="note">
          <TriangleAlert size={16} aria-hidden />
          <span className="grow">{t(cache.scope === "api" ? "apiWarning" : "noConsumers")}</span>
        </div>
      )}
      {cache.mode === "semantic" && (
        <Comparison semantic={cache.semantic ?? fresh} onChange={(semantic) => change({ semantic })} />
      )}
      <div className={classes["two"]}>
        <NumberPart
          path="cache.ttlSeconds"
          label={t("ttl")}
          hint={t("ttlHint")}
          unit="s"
          value={cache.ttlSeconds}
          onChange={(value) => change({ ttlSeconds: value ?? 0 })}
        />
        <NumberPart
          path="cache.maxEntryBytes"
          label={t("size")}
          hint={t("sizeHint")}
          unit="KiB"
          value={Math.round(cache.maxEntryBytes / bytesOfKilobyte)}
          onChange={(value) => change({ maxEntryBytes: (value ?? 0) * bytesOfKilobyte })}
        />
      </div>
    </>
  );
}

function Comparison({
  semantic,
  onChange,
}: {
  readonly semantic: Semantic;
  readonly onChange: (semantic: Semantic) => void;
}) {
  const t = useMessages(cacheMessages);
  return (
    <>
      <ServiceAndModel
        path="cache.semantic"
        labels={{ service: t("service"), model: t("model"), choose: t("choose") }}
        service={semantic.service}
        model={semantic.model}
        onChange={(change) => onChange({ ...semantic, ...change })}
      />
      <DecimalPart
        path="cache.semantic.threshold"
        label={t("threshold")}
        hint={t("thresholdHint")}
        value={semantic.threshold}
        onChange={(threshold) => onChange({ ...semantic, threshold: threshold ?? 0 })}
      />
    </>
  );
}

/** Any service, as one that judges or compares need not speak the protocols of the Model API. */
export function ServiceAndModel({
  path,
  labels,
  service,
  model,
  onChange,
}: {
  readonly path: string;
  readonly labels: { readonly service: string; readonly model: string; readonly choose: string };
  readonly service: string;
  readonly model: string;
  readonly onChange: (change: { readonly service?: string; readonly model?: string }) => void;
}) {
  const { choices, readOnly } = useFormContext();
  const serviceNotes = useFieldNotes(`${path}.service`);
  const modelNotes = useFieldNotes(`${path}.model`);
  const all = [...choices.shown.map((choice) => choice.service), ...choices.hidden];
  const known = all.find(({ name }) => name === service);
  const names = all.map(({ name }) => name);
  return (
    <div className={classes["two"]}>
      <Field path={`${path}.service`}>
        <Select
          {...serviceNotes}
          label={labels.service}
          placeholder={labels.choose}
          data={service === "" || names.includes(service) ? names : [...names, service]}
          value={service === "" ? null : service}
          searchable
          disabled={readOnly !== undefined}
          onChange={(chosen) => onChange({ service: chosen ?? "" })}
        />
      </Field>
      <Field path={`${path}.model`}>
        <Autocomplete
          {...modelNotes}
          inputWrapperOrder={inputOrder}
          label={labels.model}
          data={(known?.models ?? []).map(({ name }) => name)}
          value={model}
          limit={50}
          disabled={readOnly !== undefined}
          classNames={{ input: "mono" }}
          spellCheck={false}
          autoComplete="off"
          comboboxProps={{ shadow: "none" }}
          onChange={(typed) => onChange({ model: typed })}
        />
      </Field>
    </div>
  );
}
