// The fields of a sink by its type. Knows the draft, no call.
import "@mantine/core/styles/NumberInput.layer.css";
import { Button, Checkbox, NumberInput, Select, Switch, TextInput } from "@mantine/core";
import { Plus, Trash2 } from "lucide-react";
import { useMessages } from "../../../i18n/language.tsx";
import { formatCount } from "../../../i18n/format.ts";
import { SecretField } from "../../services/secret-field.tsx";
import { deliveryMessages } from "./delivery-messages.ts";
import { numberLimits, signals, type SinkDraft, type SinkFault, type SinkField } from "./sink-draft.ts";

export interface FieldProps {
  readonly draft: SinkDraft;
  readonly change: (fields: Partial<SinkDraft>) => void;
  /** What to say at a field; undefined while nothing is wrong, or nobody has tried to save. */
  readonly faultOf: (field: SinkField) => SinkFault | undefined;
}

export function SinkFields(props: FieldProps) {
  switch (props.draft.type) {
    case "otlp":
      return <OtlpFields {...props} />;
    case "sls":
      return <SlsFields {...props} />;
    case "webhook":
      return <WebhookFields {...props} />;
    case "file":
      return <FileFields {...props} />;
  }
}

type TextName = "address" | "project" | "logstore" | "accessKeyId" | "region" | "path";

function TextField({
  draft,
  change,
  faultOf,
  field,
  label,
  hint,
}: FieldProps & { readonly field: TextName; readonly label: string; readonly hint?: string }) {
  const t = useMessages(deliveryMessages);
  const fault = faultOf(field);
  return (
    <TextInput
      label={label}
      description={hint}
      value={draft[field]}
      error={fault === undefined ? null : faultText(t, fault)}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => change({ [field]: event.currentTarget.value })}
    />
  );
}

type Words = ReturnType<typeof useMessages<(typeof deliveryMessages)["en"]>>;

/** Of the faults of numbers each field says its own limits. */
export function faultText(t: Words, fault: SinkFault): string {
  return fault === "numberBad" ? "" : t(fault);
}

export function NumberOf({
  draft,
  change,
  faultOf,
  field,
  label,
}: FieldProps & { readonly field: keyof typeof numberLimits; readonly label: string }) {
  const t = useMessages(deliveryMessages);
  const [from, to] = numberLimits[field];
  return (
    <NumberInput
      label={label}
      value={draft[field]}
      allowNegative={false}
      allowDecimal={field === "maxMib"}
      thousandSeparator=","
      hideControls
      error={
        faultOf(field) === undefined ? null : t("numberBad", { from: formatCount(from), to: formatCount(to) })
      }
      onChange={(value) => change({ [field]: typeof value === "number" ? value : "" })}
    />
  );
}

function OtlpFields(props: FieldProps) {
  const t = useMessages(deliveryMessages);
  const { draft, change, faultOf } = props;
  const fault = faultOf("signals");
  return (
    <>
      <TextField {...props} field="address" label={t("endpointOtlp")} hint={t("endpointOtlpHint")} />
      <Checkbox.Group
        label={t("signals")}
        value={[...draft.signals]}
        error={fault === undefined ? null : faultText(t, fault)}
        onChange={(values) => change({ signals: signals.filter((signal) => values.includes(signal)) })}
      >
        <div className="row g16" style={{ padding: "4px 0" }}>
          {signals.map((signal) => (
            <Checkbox key={signal} value={signal} label={t(signal)} />
          ))}
        </div>
      </Checkbox.Group>
      <Headers {...props} />
    </>
  );
}

function Headers({ draft, change, faultOf }: FieldProps) {
  const t = useMessages(deliveryMessages);
  const { headers } = draft;
  const add = (): void =>
    change({
      headers: [
        ...headers,
        { id: `new ${headers.length} ${Date.now()}`, name: "", value: { stored: undefined, typed: "" } },
      ],
    });
  return (
    <fieldset className="col g8" style={{ border: 0, padding: 0 }}>
      <legend className="medium" style={{ fontSize: 12.5, padding: 0 }}>
        {t("headers")}
      </legend>
      <p className="small dim">{t("headersHint")}</p>
      {headers.map((header, index) => {
        const fault = faultOf(`headers.${index}`);
        return (
          <div key={header.id} className="row g8" style={{ alignItems: "flex-start" }}>
            <TextInput
              label={t("headerName")}
              value={header.name}
              disabled={header.value.typed === null}
              error={fault === undefined ? null : faultText(t, fault)}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) =>
                change({ headers: headers.with(index, { ...header, name: event.currentTarget.value }) })
              }
            />
            <div className="grow">
              <SecretField
                id={`header-${header.id}`}
                label={t("headerValue")}
                name={header.name}
                secret={header.value}
                error={undefined}
                onBlur={() => undefined}
                onChange={(value) => change({ headers: headers.with(index, { ...header, value }) })}
              />
            </div>
            <Button
              variant="subtle"
              style={{ marginTop: 23 }}
              aria-label={t("removeHeader", { name: header.name })}
              onClick={() => change({ headers: headers.toSpliced(index, 1) })}
            >
              <Trash2 size={14} aria-hidden />
            </Button>
          </div>
        );
      })}
      <div>
        <Button size="xs" leftSection={<Plus size={13} />} onClick={add}>
          {t("addHeader")}
        </Button>
      </div>
    </fieldset>
  );
}

function SlsFields(props: FieldProps) {
  const t = useMessages(deliveryMessages);
  const { draft, change, faultOf } = props;
  const fault = faultOf("accessKeySecret");
  return (
    <>
      <TextField {...props} field="address" label={t("endpointSls")} hint={t("endpointSlsHint")} />
      <TextField {...props} field="project" label={t("project")} />
      <TextField {...props} field="logstore" label={t("logstore")} />
      <TextField {...props} field="accessKeyId" label={t("accessKeyId")} />
      <SecretField
        id="sink-access-key-secret"
        label={t("accessKeySecret")}
        name={t("accessKeySecret")}
        secret={draft.accessKeySecret}
        error={fault === undefined ? undefined : faultText(t, fault)}
        onBlur={() => undefined}
        onChange={(accessKeySecret) => change({ accessKeySecret })}
      />
      <TextField {...props} field="region" label={t("region")} hint={t("regionHint")} />
      <Select
        label={t("signature")}
        value={draft.signatureVersion}
        data={[
          { value: "auto", label: t("signatureAuto") },
          { value: "v4", label: "v4" },
          { value: "v1", label: "v1" },
        ]}
        onChange={(value) => change({ signatureVersion: value === "v1" || value === "v4" ? value : "auto" })}
      />
      <Select
        label={t("fieldNames")}
        value={draft.fieldNames}
        data={[
          { value: "moongate", label: t("fieldsMoongate") },
          { value: "original", label: t("fieldsOriginal") },
        ]}
        onChange={(value) => change({ fieldNames: value === "original" ? "original" : "moongate" })}
      />
    </>
  );
}

function WebhookFields(props: FieldProps) {
  const t = useMessages(deliveryMessages);
  const { draft, change } = props;
  return (
    <>
      <TextField {...props} field="address" label={t("url")} />
      <div>
        <SecretField
          id="sink-secret"
          label={t("secret")}
          name={t("secret")}
          secret={draft.secret}
          error={undefined}
          onBlur={() => undefined}
          onChange={(secret) => change({ secret })}
        />
        <p className="small dim">{t("secretHint")}</p>
      </div>
    </>
  );
}

function FileFields(props: FieldProps) {
  const t = useMessages(deliveryMessages);
  return (
    <>
      <TextField {...props} field="path" label={t("path")} hint={t("pathHint")} />
      <NumberOf {...props} field="maxMib" label={t("maxMib")} />
      <NumberOf {...props} field="keep" label={t("keep")} />
    </>
  );
}

export function CommonFields(props: FieldProps) {
  const t = useMessages(deliveryMessages);
  const { draft, change } = props;
  return (
    <>
      <NumberOf {...props} field="flushIntervalMs" label={t("flush")} />
      <Switch
        label={t("includeContent")}
        description={t("includeContentHint")}
        styles={{ label: { fontSize: 13, paddingInlineStart: 8 }, description: { paddingInlineStart: 8 } }}
        checked={draft.includeContent}
        onChange={(event) => change({ includeContent: event.currentTarget.checked })}
      />
    </>
  );
}
