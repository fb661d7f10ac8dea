// One model of a service: a line, and the fields under it while it is edited.
import { ActionIcon, Button, TextInput } from "@mantine/core";
import { Pencil, Trash2 } from "lucide-react";
import { formatCount } from "../../i18n/format.ts";
import { useMessages } from "../../i18n/language.tsx";
import classes from "./form.module.css";
import { NumberField } from "./number-field.tsx";
import { knownModel, priceFields, type ModelDraft, type NumberText } from "./service-draft.ts";
import { serviceFormMessages } from "./service-form-messages.ts";
import { fieldId, type ServiceForm } from "./service-form-state.ts";

export function ModelRow({
  form,
  model,
  index,
  isOpen,
  onToggle,
  onChange,
  onRemove,
}: {
  readonly form: ServiceForm;
  readonly model: ModelDraft;
  readonly index: number;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  readonly onChange: (model: ModelDraft) => void;
  readonly onRemove: () => void;
}) {
  const t = useMessages(serviceFormMessages);
  const name = model.name === "" ? t("unnamedModel") : model.name;
  const error = form.errorOf(`models[${index}].name`);
  return (
    <li className={classes["model"]}>
      <div className={classes["modelLine"]}>
        <span className="mono cut" title={name} style={{ flex: "0 1 auto" }}>
          {name}
        </span>
        {error !== undefined && !isOpen && <span className="small bad nowrap">{error}</span>}
        <span className="grow" />
        <ModelFacts model={model} known={knownModel(model.name, form.provider)} />
        <ActionIcon
          variant="subtle"
          size={26}
          aria-expanded={isOpen}
          aria-label={t("editModel", { name })}
          onClick={onToggle}
        >
          <Pencil size={14} />
        </ActionIcon>
        <ActionIcon variant="subtle" size={26} aria-label={t("removeOf", { name })} onClick={onRemove}>
          <Trash2 size={14} />
        </ActionIcon>
      </div>
      {isOpen && (
        <ModelFields form={form} model={model} index={index} onChange={onChange} onDone={onToggle} />
      )}
    </li>
  );
}

/** @param known what holds where nothing is typed */
function ModelFacts({
  model,
  known,
}: {
  readonly model: ModelDraft;
  readonly known: ReturnType<typeof knownModel>;
}) {
  const isTyped = priceFields.some((field) => (model.price[field] ?? "") !== "");
  const price: ModelDraft["price"] = isTyped ? model.price : knownPrice(known);
  const { contextWindow } = model;
  const t = useMessages(serviceFormMessages);
  const money = (value: NumberText | undefined): string | undefined =>
    value === undefined || value === "" ? undefined : `$ ${value}`;
  const input = money(price.input);
  const output = money(price.output);
  const others = priceFields.filter(
    (field) => field !== "input" && field !== "output" && money(price[field]) !== undefined,
  );
  const origin = isTyped || known?.price === undefined ? undefined : t("priceOf", { date: known.date });
  const facts = [
    contextWindow === "" ? undefined : `${formatCount(contextWindow)} ${t("contextWindowUnit")}`,
    input === undefined ? undefined : t("priceIn", { price: input }),
    output === undefined ? undefined : t("priceOut", { price: output }),
    input === undefined && output === undefined && others.length === 0 ? t("noPrice") : undefined,
    origin,
  ].filter((fact) => fact !== undefined);
  return (
    <span className="dim small num cut" title={origin === undefined ? undefined : known?.source}>
      {facts.join(" · ")}
    </span>
  );
}

function knownPrice(known: ReturnType<typeof knownModel>): ModelDraft["price"] {
  return Object.fromEntries(
    priceFields.flatMap((field) => {
      const value = known?.price?.[field];
      return value === undefined ? [] : [[field, value]];
    }),
  );
}

function ModelFields({
  form,
  model,
  index,
  onChange,
  onDone,
}: {
  readonly form: ServiceForm;
  readonly model: ModelDraft;
  readonly index: number;
  readonly onChange: (model: ModelDraft) => void;
  readonly onDone: () => void;
}) {
  const t = useMessages(serviceFormMessages);
  const path = `models[${index}].name`;
  const known = knownModel(model.name, form.provider);
  return (
    <div className={classes["modelEdit"]}>
      <div className={classes["two"]}>
        <TextInput
          id={fieldId(path)}
          label={t("modelName")}
          value={model.name}
          error={form.errorOf(path)}
          maxLength={256}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          classNames={{ input: "mono" }}
          autoFocus={model.name === ""}
          onBlur={() => form.touch(path)}
          onChange={(event) => onChange({ ...model, name: event.currentTarget.value })}
        />
        <NumberField
          label={t("contextWindow")}
          unit={t("contextWindowUnit")}
          value={model.contextWindow}
          onChange={(contextWindow) => onChange({ ...model, contextWindow })}
        />
      </div>
      <fieldset className={classes["fields"]}>
        <legend className="small dim" style={{ marginBottom: 6 }}>
          {t("priceHead")}
        </legend>
        {known?.price !== undefined && (
          <p className="small dim" style={{ marginBottom: 6 }}>
            {t("priceKnown", { date: known.date, source: known.source })}
          </p>
        )}
        <div className={classes["prices"]}>
          {priceFields.map((field) => (
            <NumberField
              key={field}
              label={t(`price_${field}`)}
              value={model.price[field] ?? ""}
              placeholder={known?.price?.[field]?.toString()}
              whole={false}
              onChange={(value) => onChange({ ...model, price: { ...model.price, [field]: value } })}
            />
          ))}
        </div>
      </fieldset>
      <div>
        <Button size="xs" onClick={onDone}>
          {t("doneModel")}
        </Button>
      </div>
    </div>
  );
}
