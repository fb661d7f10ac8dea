// Which routes clients get: the default ones, extra ones that are off at first, and routes of one's own.
import { Button, MultiSelect, Select, TextInput } from "@mantine/core";
import { Plus } from "lucide-react";
import { useMessages } from "../../i18n/language.tsx";
import { newId, type CustomRoute, type CustomRouteDraft } from "./draft.ts";
import classes from "./editors.module.css";
import { Field, inputOrder, useFieldNotes, useFormContext } from "./form-context.tsx";
import { FormSection } from "./form-sections.tsx";
import { policyMessages } from "./policy-messages.ts";
import { RouteChecks } from "./preview.tsx";
import { protocolName } from "./protocol-names.ts";
import { RowButtons } from "./row-buttons.tsx";

const methods: readonly CustomRoute["methods"][number][] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

export function RoutesSection() {
  const t = useMessages(policyMessages);
  const { draft, set, readOnly } = useFormContext();
  const { customRoutes } = draft;
  return (
    <FormSection id="routes" title={t("routes")} hint={t("routesHint")}>
      <Field path="routes.disabled">
        <RouteChecks extra={false} />
      </Field>
      <Field path="routes.enabled">
        <details open={draft.enabledRoutes.length > 0}>
          <summary className="medium" style={{ cursor: "pointer", marginBottom: 8 }}>
            {t("extraRoutes")}
          </summary>
          <RouteChecks extra />
        </details>
      </Field>
      <Field path="routes.custom" className={classes["head"]}>
        <h3>{t("customRoutes")}</h3>
        <span className="small dim grow">{t("customHint")}</span>
        <Button
          size="xs"
          leftSection={<Plus size={14} />}
          disabled={readOnly !== undefined}
          onClick={() => {
            const route: CustomRoute = {
              name: `route-${customRoutes.length + 1}`,
              path: "/",
              methods: ["POST"],
            };
            set({ customRoutes: [...customRoutes, { id: newId(), route }] });
          }}
        >
          {t("addRoute")}
        </Button>
      </Field>
      {customRoutes.length > 0 && (
        <ul className={classes["rows"]}>
          {customRoutes.map((row, index) => (
            <CustomRow key={row.id} row={row} index={index} />
          ))}
        </ul>
      )}
    </FormSection>
  );
}

function CustomRow({ row, index }: { readonly row: CustomRouteDraft; readonly index: number }) {
  const t = useMessages(policyMessages);
  const { draft, set, readOnly } = useFormContext();
  const path = `routes.custom[${index}]`;
  const { route } = row;
  const disabled = readOnly !== undefined;
  const prefix = t("customRoute", { n: index + 1 });
  const change = (fields: Partial<CustomRoute>): void =>
    set({
      customRoutes: draft.customRoutes.map((other) =>
        other.id === row.id ? { ...other, route: { ...route, ...fields } } : other,
      ),
    });
  const name = useFieldNotes(`${path}.name`);
  const at = useFieldNotes(`${path}.path`);
  const taken = useFieldNotes(`${path}.methods`);
  const match = useFieldNotes(`${path}.match`);
  const protocol = useFieldNotes(`${path}.protocol`);
  return (
    <li className={classes["row"]}>
      <div className={classes["targetLine"]}>
        <div className={classes["customFields"]}>
          <Field path={`${path}.name`}>
            <TextInput
              {...name}
              label={t("routeName")}
              aria-label={`${prefix}: ${t("routeName")}`}
              value={route.name}
              maxLength={64}
              disabled={disabled}
              onChange={(event) => change({ name: event.currentTarget.value })}
            />
          </Field>
          <Field path={`${path}.path`}>
            <TextInput
              {...at}
              label={t("routePath")}
              aria-label={`${prefix}: ${t("routePath")}`}
              value={route.path}
              classNames={{ input: classes["mono"] ?? "" }}
              disabled={disabled}
              onChange={(event) => change({ path: event.currentTarget.value })}
            />
          </Field>
          <Field path={`${path}.methods`}>
            <MultiSelect
              {...taken}
              inputWrapperOrder={inputOrder}
              label={t("routeMethods")}
              aria-label={`${prefix}: ${t("routeMethods")}`}
              data={[...methods]}
              value={[...route.methods]}
              disabled={disabled}
              comboboxProps={{ shadow: "none" }}
              onChange={(values) => change({ methods: methods.filter((method) => values.includes(method)) })}
            />
          </Field>
          <Field path={`${path}.match`}>
            <Select
              {...match}
              label={t("routeMatch")}
              aria-label={`${prefix}: ${t("routeMatch")}`}
              data={[
                { value: "auto", label: t("matchAuto") },
                { value: "exact", label: t("matchExact") },
                { value: "template", label: t("matchTemplate") },
                { value: "prefix", label: t("matchPrefix") },
              ]}
              value={route.match ?? "auto"}
              disabled={disabled}
              onChange={(value) =>
                change({
                  match: value === "exact" || value === "template" || value === "prefix" ? value : undefined,
                })
              }
            />
          </Field>
          {draft.protocols.length > 1 && (
            <Field path={`${path}.protocol`}>
              <Select
                {...protocol}
                label={t("routeProtocol")}
                aria-label={`${prefix}: ${t("routeProtocol")}`}
                data={draft.protocols.map((value) => ({ value, label: protocolName(value) }))}
                value={route.protocol ?? draft.protocols[0] ?? null}
                disabled={disabled}
                onChange={(value) => change({ protocol: draft.protocols.find((one) => one === value) })}
              />
            </Field>
          )}
        </div>
        <RowButtons
          id={row.id}
          name={route.name}
          index={index}
          count={draft.customRoutes.length}
          onRemove={() => set({ customRoutes: draft.customRoutes.filter(({ id }) => id !== row.id) })}
          disabled={disabled}
        />
      </div>
    </li>
  );
}
