// Who may call: accepted credentials, where keys are looked for, grants with their end and models.
import { ActionIcon, Button, Checkbox, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { TriangleAlert, X } from "lucide-react";
import { listQuery } from "../../../api/resources.ts";
import { statusQuery } from "../../../api/state.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { uiMessages } from "../../../ui/ui-messages.ts";
import type { Grant, KeySource } from "../draft.ts";
import { Field, GroupFault, inputOrder, useFieldNotes, useFormContext } from "../form-context.tsx";
import { authMessages } from "./auth-messages.ts";
import { callersOf, granteeOf, isEnded, localMoment, momentOf } from "./granted.ts";
import { ListHead, SetPart } from "./parts.tsx";
import classes from "./policies.module.css";

const methods = ["api-key", "jwt", "hmac"] as const;

export function AuthBody() {
  const t = useMessages(authMessages);
  const { draft, set } = useFormContext();
  return (
    <>
      <SetPart
        path="auth.methods"
        label={t("methods")}
        hint={t("methodsHint")}
        value={draft.authMethods}
        options={methods.map((method) => ({ value: method, label: t(method) }))}
        onChange={(authMethods) => set({ authMethods })}
      />
      {draft.authMethods.includes("api-key") && <Sources />}
      <Grants />
    </>
  );
}

function sourceKey(source: KeySource): string {
  return source.in === "bearer" ? "bearer" : `${source.in} ${source.name}`;
}

const usualSources: readonly KeySource[] = [
  { in: "bearer" },
  { in: "header", name: "x-api-key" },
  { in: "query", name: "key" },
];

function Sources() {
  const t = useMessages(authMessages);
  const { draft, set, readOnly } = useFormContext();
  const known = new Set(usualSources.map(sourceKey));
  // Others that were set through the API stay as they are, and can be taken off.
  const shown = [...usualSources, ...draft.keySources.filter((source) => !known.has(sourceKey(source)))];
  const on = new Set(draft.keySources.map(sourceKey));
  const toggle = (source: KeySource): void => {
    const key = sourceKey(source);
    set({
      keySources: shown.filter((one) => (sourceKey(one) === key ? !on.has(key) : on.has(sourceKey(one)))),
    });
  };
  const wordOf = (source: KeySource): string =>
    source.in === "bearer"
      ? "Authorization: Bearer"
      : t(source.in === "header" ? "inHeader" : "inQuery", { name: source.name });
  return (
    <Field path="auth.apiKeySources">
      <fieldset className={classes["set"]}>
        <legend>{t("sources")}</legend>
        <div className={classes["checks"]}>
          {shown.map((source) => (
            <Checkbox
              key={sourceKey(source)}
              label={wordOf(source)}
              checked={on.has(sourceKey(source))}
              disabled={readOnly !== undefined}
              onChange={() => toggle(source)}
            />
          ))}
        </div>
      </fieldset>
      <GroupFault path="auth.apiKeySources" />
    </Field>
  );
}

function Grants() {
  const t = useMessages(authMessages);
  const words = useMessages(uiMessages);
  const { draft, set } = useFormContext();
  const consumers = useQuery(listQuery("consumers"));
  const { dataUpdatedAt } = useQuery(statusQuery);
  const { grants } = draft;
  const add = (grant: Grant): void => set({ grants: [...grants, grant] });
  return (
    <div className="col g8">
      <ListHead path="auth.grants" title={t("grants")} hint={t("grantsHint")}>
        <AddGrant consumers={consumers.data?.items ?? []} onAdd={add} />
      </ListHead>
      {grants.length > 0 && (
        <ul className={classes["rows"]}>
          {grants.map((grant, index) => (
            <li key={`${"consumer" in grant ? "consumer" : "group"} ${granteeOf(grant)}`}>
              <GrantRow
                grant={grant}
                path={`auth.grants[${index}]`}
                ended={isEnded(grant, dataUpdatedAt)}
                onChange={(next) => set({ grants: grants.toSpliced(index, 1, next) })}
                onRemove={() => set({ grants: grants.toSpliced(index, 1) })}
              />
            </li>
          ))}
        </ul>
      )}
      {grants.length === 0 ? (
        <Nobody />
      ) : (
        consumers.data !== undefined && (
          <Callers names={callersOf(grants, consumers.data.items, dataUpdatedAt)} />
        )
      )}
      {consumers.isError && <p className="small bad">{words("unreachable")}</p>}
    </div>
  );
}

function Nobody() {
  const t = useMessages(authMessages);
  return (
    <div className="note" style={{ alignItems: "center" }}>
      <TriangleAlert size={16} aria-hidden />
      <span className="grow">{t("nobody")}</span>
      <Button
        size="xs"
        renderRoot={(props) => <Link to="/consumers" search={{ add: true }} target="_blank" {...props} />}
      >
        {t("newConsumer")}
      </Button>
    </div>
  );
}

const maxNamed = 12;

function Callers({ names }: { readonly names: readonly string[] }) {
  const t = useMessages(authMessages);
  if (names.length === 0) return <p className="small warn">{t("noCallers")}</p>;
  const rest = names.length - maxNamed;
  const named = names.slice(0, maxNamed).join(", ");
  return (
    <p className="small dim">
      {t("callers", { n: names.length, names: named })}
      {rest > 0 && ` ${t("more", { n: rest })}`}
    </p>
  );
}

interface Grantee {
  readonly name: string;
  readonly groups: readonly string[];
}

function AddGrant({
  consumers,
  onAdd,
}: {
  readonly consumers: readonly Grantee[];
  readonly onAdd: (grant: Grant) => void;
}) {
  const t = useMessages(authMessages);
  const { draft, readOnly } = useFormContext();
  const groups = useQuery(listQuery("consumer-groups"));
  const has = (name: string, kind: "consumer" | "consumerGroup"): boolean =>
    draft.grants.some((grant) => kind in grant && granteeOf(grant) === name);
  const rows = [
    {
      kind: "consumer",
      label: t("addConsumer"),
      none: t("noConsumer"),
      names: consumers.map(({ name }) => name),
      make: (consumer: string): Grant => ({ consumer }),
    },
    {
      kind: "consumerGroup",
      label: t("addGroup"),
      none: t("noGroup"),
      names: (groups.data?.items ?? []).map(({ name }) => name),
      make: (consumerGroup: string): Grant => ({ consumerGroup }),
    },
  ] as const;
  return rows.map(({ kind, label, none, names, make }) => (
    <Select
      key={kind}
      aria-label={label}
      placeholder={label}
      data={names.filter((name) => !has(name, kind))}
      value={null}
      searchable
      size="xs"
      w={170}
      disabled={readOnly !== undefined}
      nothingFoundMessage={none}
      onChange={(name) => {
        if (name !== null) onAdd(make(name));
      }}
    />
  ));
}

function GrantRow({
  grant,
  path,
  ended,
  onChange,
  onRemove,
}: {
  readonly grant: Grant;
  readonly path: string;
  readonly ended: boolean;
  readonly onChange: (grant: Grant) => void;
  readonly onRemove: () => void;
}) {
  const t = useMessages(authMessages);
  const { readOnly } = useFormContext();
  const name = granteeOf(grant);
  const until = useFieldNotes(`${path}.expiresAt`, t("untilHint"));
  const models = useFieldNotes(`${path}.models`, t("modelsHint"));
  const { expiresAt, models: patterns, ...grantee } = grant;
  const put = (end: string | undefined, list: readonly string[] | undefined): void =>
    onChange({
      ...grantee,
      ...(end === undefined ? {} : { expiresAt: end }),
      ...(list === undefined || list.length === 0 ? {} : { models: [...list] }),
    });
  return (
    <Field path={path}>
      <div className={classes["rowHead"]}>
        <span className="medium grow">
          {name} {"consumerGroup" in grant && <span className="tag tiny">{t("group")}</span>}
          {ended && <span className="small warn"> {t("ended")}</span>}
        </span>
        <ActionIcon
          variant="subtle"
          size={26}
          aria-label={t("remove", { name })}
          disabled={readOnly !== undefined}
          onClick={onRemove}
        >
          <X size={14} />
        </ActionIcon>
      </div>
      <div className={classes["two"]}>
        <Field path={`${path}.expiresAt`}>
          <TextInput
            {...until}
            inputWrapperOrder={inputOrder}
            type="datetime-local"
            label={t("until")}
            aria-label={`${name}: ${t("until")}`}
            value={localMoment(expiresAt)}
            disabled={readOnly !== undefined}
            onChange={(event) => put(momentOf(event.currentTarget.value), patterns)}
          />
        </Field>
        <Field path={`${path}.models`}>
          <TextInput
            {...models}
            inputWrapperOrder={inputOrder}
            label={t("models")}
            aria-label={`${name}: ${t("models")}`}
            placeholder={t("allModels")}
            value={(patterns ?? []).join(" ")}
            classNames={{ input: "mono" }}
            disabled={readOnly !== undefined}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => {
              const { value } = event.currentTarget;
              put(expiresAt, value === "" ? undefined : value.split(/[\s,]/u));
            }}
            onBlur={() =>
              put(
                expiresAt,
                patterns?.filter((pattern) => pattern !== ""),
              )
            }
          />
        </Field>
      </div>
    </Field>
  );
}
