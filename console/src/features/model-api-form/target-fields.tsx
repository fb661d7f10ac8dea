// A service and the model to ask of it: the two inputs of every target, in every mode and in fallback.
import { Autocomplete, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ServiceStandingName } from "../../../../src/control/routes/console-answers.ts";
import { statusQuery } from "../../api/state.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import { Moon, type Phase } from "../../ui/moon.tsx";
import type { TargetDraft } from "./draft.ts";
import type { Choice } from "./eligible.ts";
import { Field, inputOrder, useFieldNotes, useFormContext } from "./form-context.tsx";
import classes from "./form.module.css";
import { protocolList, protocolPair } from "./protocol-names.ts";
import { serviceMessages } from "./service-messages.ts";

export const standingPhases: Readonly<Record<ServiceStandingName, Phase>> = {
  ready: "full",
  trial: "crescent",
  ejected: "struck",
  resting: "half",
  refused: "struck",
  disabled: "ring",
};

/** Standing of each service by its name; what the gateway has not heard of yet is ready. */
export function useStandings(): (service: string) => ServiceStandingName {
  const { data } = useQuery(statusQuery);
  const standings = new Map(data?.services.map(({ name, standing }) => [name, standing]));
  return (service) => standings.get(service) ?? "ready";
}

/**
 * @param path of the target in the resource
 * @param bare labels are for screen readers alone, as in a table
 * @param name of the row, for labels that would repeat
 * @param mustName the model is named here: none is passed through
 */
export function TargetFields({
  target,
  path,
  onChange,
  bare = false,
  name,
  mustName = false,
}: {
  readonly target: TargetDraft;
  readonly path: string;
  readonly onChange: (change: Partial<TargetDraft>) => void;
  readonly bare?: boolean;
  readonly name?: string | undefined;
  readonly mustName?: boolean;
}) {
  return (
    <div className={classes["target"]}>
      <Field path={`${path}.service`}>
        <ServiceSelect target={target} path={path} onChange={onChange} bare={bare} name={name} />
      </Field>
      <Field path={`${path}.model`}>
        <ModelInput
          target={target}
          path={path}
          onChange={onChange}
          bare={bare}
          name={name}
          mustName={mustName}
        />
      </Field>
    </div>
  );
}

interface InputProps {
  readonly target: TargetDraft;
  readonly path: string;
  readonly onChange: (change: Partial<TargetDraft>) => void;
  readonly bare: boolean;
  readonly name: string | undefined;
}

/** A label above the input, or a name for screen readers alone. */
function labelOf(bare: boolean, text: string, row: string | undefined) {
  return bare ? { "aria-label": row === undefined ? text : `${row}: ${text}` } : { label: text };
}

function ServiceSelect({ target, path, onChange, bare, name }: InputProps) {
  const t = useMessages(serviceMessages);
  const { choices, readOnly } = useFormContext();
  const standingOf = useStandings();
  const { language } = useLanguage();
  const chosen = choices.shown.find(({ service }) => service.name === target.service);
  const pairs = (chosen?.translated ?? []).map(protocolPair).join(language === "zh" ? "、" : ", ");
  const notes = useFieldNotes(
    `${path}.service`,
    pairs === "" ? undefined : bare ? `${t("translated")}: ${pairs}` : t("translatedHelp", { pairs }),
  );
  const known = choices.shown.map(({ service }) => service.name);
  const missing = target.service === "" || known.includes(target.service) ? [] : [target.service];
  return (
    <Select
      {...notes}
      {...labelOf(bare, t("service"), name)}
      inputWrapperOrder={inputOrder}
      placeholder={t("chooseService")}
      data={[...known, ...missing]}
      value={target.service === "" ? null : target.service}
      searchable
      disabled={readOnly !== undefined}
      maxDropdownHeight={280}
      leftSection={
        target.service === "" ? undefined : (
          <Moon
            phase={standingPhases[standingOf(target.service)]}
            size={10}
            label={t(standingOf(target.service))}
          />
        )
      }
      onChange={(service) => onChange({ service: service ?? "" })}
      renderOption={({ option }) => (
        <ServiceOption
          name={option.value}
          standing={standingOf(option.value)}
          choice={choices.shown.find(({ service }) => service.name === option.value)}
        />
      )}
    />
  );
}

function ServiceOption({
  name,
  standing,
  choice,
}: {
  readonly name: string;
  readonly standing: ServiceStandingName;
  readonly choice: Choice | undefined;
}) {
  const t = useMessages(serviceMessages);
  const { language } = useLanguage();
  const facts = [
    choice?.providerLabel,
    standing === "ready" ? undefined : t(standing),
    choice === undefined || choice.lacks.length === 0
      ? undefined
      : t("lacks", { protocols: protocolList(choice.lacks, language) }),
    ...(choice?.translated ?? []).map(protocolPair),
  ].filter((fact) => fact !== undefined);
  return (
    <span className={classes["option"]}>
      <span className="row g6">
        <Moon phase={standingPhases[standing]} size={10} label={t(standing)} />
        <span className="medium cut">{name}</span>
        {choice !== undefined && choice.translated.length > 0 && (
          <span className="tag tag-outline tiny" title={choice.translated.map(protocolPair).join(", ")}>
            {t("translated")}
          </span>
        )}
      </span>
      <span className="tiny dim">{facts.join(" · ")}</span>
    </span>
  );
}

function ModelInput({
  target,
  path,
  onChange,
  bare,
  name,
  mustName,
}: InputProps & { readonly mustName: boolean }) {
  const t = useMessages(serviceMessages);
  const { choices, readOnly } = useFormContext();
  const notes = useFieldNotes(`${path}.model`, bare || mustName ? undefined : t("modelHint"));
  const models = choices.shown.find(({ service }) => service.name === target.service)?.models ?? [];
  return (
    <Autocomplete
      {...notes}
      {...labelOf(bare, t("model"), name)}
      inputWrapperOrder={inputOrder}
      placeholder={t(mustName ? "chooseModel" : "asRequested")}
      data={[...models]}
      value={target.model}
      limit={50}
      disabled={readOnly !== undefined}
      clearable={!mustName && target.model !== "" && readOnly === undefined}
      clearButtonProps={{ "aria-label": t("passThrough") }}
      classNames={{ input: target.model === "" ? "" : (classes["monoInput"] ?? "") }}
      spellCheck={false}
      autoComplete="off"
      comboboxProps={{ shadow: "none" }}
      onChange={(model) => onChange({ model })}
    />
  );
}
