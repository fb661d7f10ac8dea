// What few services need: protocols of their own, headers, timeouts, a cap of requests in flight.
import { ActionIcon, Button, Select, TextInput } from "@mantine/core";
import { Plus, Trash2 } from "lucide-react";
import { useMessages } from "../../i18n/language.tsx";
import classes from "./form.module.css";
import { NumberField } from "./number-field.tsx";
import { protocolLabels, type ServiceProtocol } from "./protocol-labels.ts";
import { keptStyle, SecretField } from "./secret-field.tsx";
import { nextId, timeoutFields, type HeaderDraft, type ProtocolDraft } from "./service-draft.ts";
import { serviceFormMessages } from "./service-form-messages.ts";
import { fieldId, type ServiceForm } from "./service-form-state.ts";

// The table has exactly the protocols as keys.
const protocols = Object.keys(protocolLabels) as ServiceProtocol[];

/** @param isOpen at first: something in it is set, or needed */
export function AdvancedSection({ form, isOpen }: { readonly form: ServiceForm; readonly isOpen: boolean }) {
  const t = useMessages(serviceFormMessages);
  const { draft } = form;
  return (
    <details className={classes["advanced"]} open={isOpen || undefined}>
      <summary>
        <h2>{t("advanced")}</h2> <span className="small dim">{t("advancedHint")}</span>
      </summary>
      <div style={{ paddingTop: 16 }}>
        {draft.provider !== "simulator" && <ProtocolList form={form} />}
        <HeaderList form={form} />
        <section className={classes["section"]} aria-labelledby="section-timeouts">
          <h3 id="section-timeouts">{t("timeouts")}</h3>
          <div className={classes["three"]}>
            {timeoutFields.map((field) => (
              <NumberField
                key={field}
                label={t(`timeout_${field}`)}
                unit="ms"
                value={draft.timeouts[field]}
                max={86_400_000}
                onChange={(value) => form.change({ timeouts: { ...draft.timeouts, [field]: value } })}
              />
            ))}
          </div>
          <div className={classes["two"]}>
            <NumberField
              label={t("maxInFlight")}
              unit={t("maxInFlightHint")}
              value={draft.maxInFlight}
              max={1_000_000}
              onChange={(maxInFlight) => form.change({ maxInFlight })}
            />
          </div>
          <p className="small dim">{t("healthNote")}</p>
        </section>
      </div>
    </details>
  );
}

function ProtocolList({ form }: { readonly form: ServiceForm }) {
  const t = useMessages(serviceFormMessages);
  const { draft, provider } = form;
  const list = provider.endpoints.map(({ protocol }) => protocolLabels[protocol]).join(", ");
  const error = form.errorOf("protocols");
  const change = (id: number, fields: Partial<ProtocolDraft>): void =>
    form.change({ protocols: draft.protocols.map((row) => (row.id === id ? { ...row, ...fields } : row)) });
  const free = protocols.find((each) => draft.protocols.every(({ protocol }) => protocol !== each));
  return (
    <section className={classes["section"]} aria-labelledby="section-protocols">
      <div>
        <h3 id="section-protocols">{t("protocols")}</h3>
        <p className="small dim">{list === "" ? t("protocolsNeeded") : t("protocolsHint", { list })}</p>
      </div>
      {draft.protocols.map(({ id, protocol, baseUrl }, index) => (
        <div key={id} className={classes["pairRow"]}>
          <Select
            id={fieldId(`protocols[${index}].protocol`)}
            label={t("protocol")}
            data={protocols.map((value) => ({ value, label: protocolLabels[value] }))}
            value={protocol}
            error={form.errorOf(`protocols[${index}].protocol`)}
            onChange={(value) =>
              change(id, { protocol: protocols.find((each) => each === value) ?? protocol })
            }
          />
          <TextInput
            id={fieldId(`protocols[${index}].baseUrl`)}
            label={t("protocolUrl")}
            value={baseUrl}
            error={form.errorOf(`protocols[${index}].baseUrl`)}
            placeholder={provider.endpoints.find((row) => row.protocol === protocol)?.baseUrl ?? "https://"}
            autoComplete="off"
            spellCheck={false}
            classNames={{ input: "mono" }}
            onBlur={() => form.touch(`protocols[${index}].baseUrl`)}
            onChange={(event) => change(id, { baseUrl: event.currentTarget.value })}
          />
          <RemoveRow
            name={protocolLabels[protocol]}
            onRemove={() => form.change({ protocols: draft.protocols.filter((row) => row.id !== id) })}
          />
        </div>
      ))}
      <div>
        <Button
          id={fieldId("protocols")}
          size="xs"
          leftSection={<Plus size={14} />}
          disabled={free === undefined}
          onClick={() =>
            free !== undefined &&
            form.change({
              protocols: [...draft.protocols, { id: nextId(draft.protocols), protocol: free, baseUrl: "" }],
            })
          }
        >
          {t("addProtocol")}
        </Button>
        {error !== undefined && <p className="small bad">{error}</p>}
      </div>
    </section>
  );
}

function HeaderList({ form }: { readonly form: ServiceForm }) {
  const t = useMessages(serviceFormMessages);
  const { draft } = form;
  const change = (id: number, fields: Partial<HeaderDraft>): void =>
    form.change({ headers: draft.headers.map((row) => (row.id === id ? { ...row, ...fields } : row)) });
  return (
    <section className={classes["section"]} aria-labelledby="section-headers">
      <div>
        <h3 id="section-headers">{t("headers")}</h3>
        <p className="small dim">{t("headersHint")}</p>
      </div>
      {draft.headers.map(({ id, name, secret }, index) => (
        <div key={id} className={classes["pairRow"]}>
          <TextInput
            id={fieldId(`headers[${index}].name`)}
            label={t("headerName")}
            value={name}
            readOnly={secret.typed === null}
            styles={secret.typed === null ? keptStyle : undefined}
            error={form.errorOf(`headers[${index}].name`)}
            maxLength={128}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            classNames={{ input: "mono" }}
            onBlur={() => form.touch(`headers[${index}].name`)}
            onChange={(event) => change(id, { name: event.currentTarget.value })}
          />
          <SecretField
            id={fieldId(`headers[${index}].value`)}
            label={t("headerValue")}
            name={name}
            secret={secret}
            error={form.errorOf(`headers[${index}].value`)}
            onBlur={() => form.touch(`headers[${index}].value`)}
            onChange={(next) => change(id, { secret: next })}
          />
          <RemoveRow
            name={name}
            onRemove={() => form.change({ headers: draft.headers.filter((row) => row.id !== id) })}
          />
        </div>
      ))}
      <div>
        <Button
          size="xs"
          leftSection={<Plus size={14} />}
          onClick={() =>
            form.change({
              headers: [
                ...draft.headers,
                { id: nextId(draft.headers), name: "", secret: { stored: undefined, typed: "" } },
              ],
            })
          }
        >
          {t("addHeader")}
        </Button>
      </div>
    </section>
  );
}

function RemoveRow({ name, onRemove }: { readonly name: string; readonly onRemove: () => void }) {
  const t = useMessages(serviceFormMessages);
  return (
    <div className={classes["rowEnd"]}>
      <ActionIcon variant="subtle" size={28} aria-label={t("removeOf", { name })} onClick={onRemove}>
        <Trash2 size={15} />
      </ActionIcon>
    </div>
  );
}
