// The dialog that grants access to several Model APIs at once, or changes the terms at one.
import { Button, Checkbox, Modal, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState, type FormEvent } from "react";
import type { ModelApi } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { accessMessages } from "./access-messages.ts";
import classes from "./consumers.module.css";
import { grantsOf, typedModels, type GrantTerms } from "./grants.ts";
import type { Owner } from "./owner.ts";
import { reaches, useReach } from "../../ui/use-may-write.ts";
import { useGrants } from "./use-grants.ts";

export function GrantModal({
  owner,
  apis,
  isEdit,
  onClose,
}: {
  readonly owner: Owner;
  readonly apis: readonly ModelApi[];
  readonly isEdit: boolean;
  readonly onClose: () => void;
}) {
  const t = useMessages(accessMessages);
  const ui = useMessages(uiMessages);
  const change = useGrants(owner);
  const reach = useReach("write");
  const choices = isEdit
    ? apis
    : ungranted(apis, owner).filter(({ resourceGroup }) => reaches(reach, { group: resourceGroup }));
  const [chosen, setChosen] = useState<readonly string[]>(() => (isEdit ? apis.map(({ name }) => name) : []));
  const [terms, setTerms] = useState(() => readTerms(isEdit ? apis[0] : undefined, owner));
  const [isChecked, setChecked] = useState(false);
  const [now] = useState(() => Date.now());
  const isPast = terms.until !== "" && !(endOfDay(terms.until) > now);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setChecked(true);
    if (chosen.length === 0 || isPast || change.isPending) return;
    const wanted = choices.filter(({ name }) => chosen.includes(name));
    change.mutate(
      { apis: wanted, terms: writeTerms(terms) },
      {
        onSuccess: ({ changed, failed }) => {
          if (changed.length > 0)
            notifications.show({
              message: isEdit
                ? t("savedDone", { api: changed[0]?.name ?? "" })
                : t("grantedMany", { owner: owner.name, n: changed.length }),
            });
          // What failed stays chosen, to be tried again.
          setChosen(failed.map(({ api }) => api));
          if (failed.length === 0) onClose();
        },
      },
    );
  };
  const failed = change.data?.failed ?? [];
  return (
    <Modal
      opened
      onClose={onClose}
      size={480}
      title={
        isEdit
          ? t("editTitle", { owner: owner.name, api: apis[0]?.name ?? "" })
          : t("grantTitle", { owner: owner.name })
      }
      closeButtonProps={{ "aria-label": ui("close") }}
    >
      <form className="col g16" onSubmit={submit} noValidate>
        {!isEdit && (
          <Choices
            choices={choices}
            chosen={chosen}
            problem={isChecked && chosen.length === 0}
            onChange={setChosen}
          />
        )}
        <TermsFields terms={terms} isPast={isPast} onChange={setTerms} />
        {failed.length > 0 && (
          <ErrorPanel
            title={t("failed", { n: failed.length, names: failed.map(({ api }) => api).join(", ") })}
            error={failed[0]?.error}
          />
        )}
        <div className="row" style={{ justifyContent: "flex-end" }}>
          <Button variant="subtle" onClick={onClose}>
            {ui("cancel")}
          </Button>
          <Button type="submit" variant="filled" disabled={choices.length === 0} loading={change.isPending}>
            {t(isEdit ? "save" : "grant")}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

/** Those that can be changed here and have no grant of the owner's own. */
function ungranted(apis: readonly ModelApi[], owner: Owner): readonly ModelApi[] {
  return apis.filter(
    (api) => api.managedBy === "api" && !grantsOf(api, owner).some(({ by }) => by === "own"),
  );
}

function Choices({
  choices,
  chosen,
  problem,
  onChange,
}: {
  readonly choices: readonly ModelApi[];
  readonly chosen: readonly string[];
  readonly problem: boolean;
  readonly onChange: (chosen: readonly string[]) => void;
}) {
  const t = useMessages(accessMessages);
  if (choices.length === 0) return <p className="soft">{t("allGranted")}</p>;
  return (
    <fieldset className={classes["group"]}>
      <legend>
        {t("chooseApis")} <span className="dim num">{t("chosen", { n: chosen.length })}</span>
      </legend>
      <div className="col g8" style={{ maxHeight: 240, overflow: "auto", padding: 2 }}>
        {choices.map(({ name, auth }) => (
          <Checkbox
            key={name}
            label={name}
            description={auth.enabled ? undefined : t("asksNo")}
            checked={chosen.includes(name)}
            onChange={(event) =>
              onChange(
                event.currentTarget.checked ? [...chosen, name] : chosen.filter((each) => each !== name),
              )
            }
          />
        ))}
      </div>
      {problem && (
        <p className="small bad" role="alert">
          {t("chooseOne")}
        </p>
      )}
    </fieldset>
  );
}

interface TypedTerms {
  readonly models: string;
  /** A date; empty: for ever. */
  readonly until: string;
  /** The end as it is stored, kept while its day stays. */
  readonly kept: string | undefined;
}

function TermsFields({
  terms,
  isPast,
  onChange,
}: {
  readonly terms: TypedTerms;
  readonly isPast: boolean;
  readonly onChange: (terms: TypedTerms) => void;
}) {
  const t = useMessages(accessMessages);
  const ui = useMessages(uiMessages);
  const optional = <span className="dim">({ui("optional")})</span>;
  return (
    <>
      <TextInput
        label={
          <>
            {t("models")} {optional}
          </>
        }
        description={t("modelsHint")}
        placeholder="qwen-*, deepseek-chat"
        value={terms.models}
        spellCheck={false}
        onChange={(event) => onChange({ ...terms, models: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        label={
          <>
            {t("until")} {optional}
          </>
        }
        description={t("untilHint")}
        value={terms.until}
        error={isPast ? t("untilProblem") : undefined}
        onChange={(event) => onChange({ ...terms, until: event.currentTarget.value, kept: undefined })}
      />
    </>
  );
}

function readTerms(api: ModelApi | undefined, owner: Owner): TypedTerms {
  const own = api === undefined ? undefined : grantsOf(api, owner).find(({ by }) => by === "own");
  return {
    models: own?.models?.join(", ") ?? "",
    until: own?.expiresAt === undefined ? "" : dayOf(new Date(own.expiresAt)),
    kept: own?.expiresAt,
  };
}

function writeTerms({ models, until, kept }: TypedTerms): GrantTerms {
  const names = typedModels(models);
  return {
    ...(until === "" ? {} : { expiresAt: kept ?? new Date(endOfDay(until)).toISOString() }),
    ...(names === undefined ? {} : { models: [...names] }),
  };
}

function dayOf(time: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}

/** Through the end of that day, where this browser is. */
function endOfDay(date: string): number {
  return new Date(`${date}T23:59:59`).getTime();
}
