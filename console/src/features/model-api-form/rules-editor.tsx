// Mode by-model-name: rules with what each one takes of the known models, a box to try a name, the default target.
import { Button, Switch, TextInput } from "@mantine/core";
import { Plus } from "lucide-react";
import { useState } from "react";
import { createRuleFinder, shadowedRules } from "../../../../src/resources/model-name-rules.ts";
import { useMessages } from "../../i18n/language.tsx";
import { newId, type RuleDraft } from "./draft.ts";
import { knownModels } from "./eligible.ts";
import { Field, GroupFault, useFieldNotes, useFormContext } from "./form-context.tsx";
import classes from "./editors.module.css";
import { modeMessages } from "./mode-messages.ts";
import { RowButtons, useMover } from "./row-buttons.tsx";
import { TargetFields } from "./target-fields.tsx";

export function RulesEditor() {
  const t = useMessages(modeMessages);
  const { draft, set, choices, readOnly } = useFormContext();
  const [tried, setTried] = useState("");
  const { rules } = draft;
  const patterns = rules.map(({ pattern }) => pattern);
  const find = createRuleFinder(patterns);
  const shadows = shadowedRules(patterns);
  const known = knownModels(choices.shown);
  const winners = known.map(find);
  const { move, status } = useMover(rules, (next) => set({ rules: next }), nameOf(rules));
  const winner = tried === "" ? undefined : find(tried);
  const change = (id: string, fields: Partial<RuleDraft>): void =>
    set({ rules: rules.map((rule) => (rule.id === id ? { ...rule, ...fields } : rule)) });
  return (
    <>
      <Field path="modelService.rules" className={classes["head"]}>
        <h3>{t("rules")}</h3>
        <span className="small dim grow">{t("rulesHint")}</span>
        <Button
          size="xs"
          leftSection={<Plus size={14} />}
          disabled={readOnly !== undefined}
          onClick={() =>
            set({
              rules: [...rules, { id: newId(), pattern: "", service: onlyService(choices.shown), model: "" }],
            })
          }
        >
          {t("addRule")}
        </Button>
      </Field>
      <GroupFault path="modelService.rules" />
      {rules.length > 0 && (
        <ol className={classes["rows"]}>
          {rules.map((rule, index) => {
            const taken = known.filter((_, at) => winners[at] === index);
            return (
              <li key={rule.id} className={classes["row"]} data-won={winner === index || undefined}>
                <div className={classes["ruleLine"]}>
                  <span className="num dim">{index + 1}</span>
                  <PatternInput
                    rule={rule}
                    index={index}
                    onChange={(pattern) => change(rule.id, { pattern })}
                  />
                  <TargetFields
                    bare
                    name={t("rule", { n: index + 1 })}
                    target={rule}
                    path={`modelService.rules[${index}].target`}
                    onChange={(fields) => change(rule.id, fields)}
                  />
                  <RowButtons
                    id={rule.id}
                    name={nameOf(rules)(rule)}
                    index={index}
                    count={rules.length}
                    onMove={move}
                    onRemove={() => set({ rules: rules.filter(({ id }) => id !== rule.id) })}
                    disabled={readOnly !== undefined}
                  />
                </div>
                <RuleNote
                  rule={rule}
                  rules={rules}
                  shadow={shadows[index] ?? -1}
                  taken={taken}
                  known={known.length}
                />
              </li>
            );
          })}
        </ol>
      )}
      {status}
      <DefaultTarget />
      <TryBox tried={tried} onTry={setTried} winner={winner} />
    </>
  );
}

function nameOf(rules: readonly RuleDraft[]): (rule: RuleDraft) => string {
  return (rule) => rule.pattern || String(rules.findIndex(({ id }) => id === rule.id) + 1);
}

/** The service where there is just one: nobody needs to choose it. */
export function onlyService(shown: readonly { readonly service: { readonly name: string } }[]): string {
  return shown.length === 1 ? (shown[0]?.service.name ?? "") : "";
}

function PatternInput({
  rule,
  index,
  onChange,
}: {
  readonly rule: RuleDraft;
  readonly index: number;
  readonly onChange: (pattern: string) => void;
}) {
  const t = useMessages(modeMessages);
  const { readOnly } = useFormContext();
  const path = `modelService.rules[${index}].pattern`;
  const { error } = useFieldNotes(path);
  return (
    <Field path={path}>
      <TextInput
        aria-label={`${t("rule", { n: index + 1 })}: ${t("pattern")}`}
        placeholder="qwen-*"
        value={rule.pattern}
        error={error}
        maxLength={256}
        disabled={readOnly !== undefined}
        classNames={{ input: classes["mono"] ?? "" }}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </Field>
  );
}

const maxListed = 4;

function RuleNote({
  rule,
  rules,
  shadow,
  taken,
  known,
}: {
  readonly rule: RuleDraft;
  readonly rules: readonly RuleDraft[];
  readonly shadow: number;
  readonly taken: readonly string[];
  readonly known: number;
}) {
  const t = useMessages(modeMessages);
  if (rule.pattern === "") return null;
  const before = rules[shadow];
  if (before !== undefined) {
    const values = { n: shadow + 1, pattern: before.pattern };
    return (
      <p className={`tiny warn ${classes["note"]}`}>
        {before.pattern === rule.pattern ? t("duplicate", values) : t("shadowed", values)}
      </p>
    );
  }
  const listed = taken.slice(0, maxListed).join(", ");
  return (
    <p className={`tiny dim cut ${classes["note"]}`} title={taken.join(", ")}>
      {t("takes", { n: taken.length, known })}
      {taken.length > 0 && ": "}
      <span className="mono">{listed}</span>
      {taken.length > maxListed && " …"}
    </p>
  );
}

function DefaultTarget() {
  const t = useMessages(modeMessages);
  const { draft, set, readOnly } = useFormContext();
  return (
    <Field path="modelService.default">
      <div className="row g12" style={{ marginBottom: draft.defaultOn ? 8 : 0 }}>
        <Switch
          id="default-target"
          checked={draft.defaultOn}
          disabled={readOnly !== undefined}
          onChange={(event) => set({ defaultOn: event.currentTarget.checked })}
        />
        <label htmlFor="default-target" className="medium">
          {t("defaultTarget")}
        </label>
        <span className={`small ${draft.defaultOn ? "dim" : "warn"}`}>
          {t(draft.defaultOn ? "defaultHint" : "noDefault")}
        </span>
      </div>
      {draft.defaultOn && (
        <TargetFields
          bare
          name={t("defaultTarget")}
          target={draft.defaultTarget}
          path="modelService.default"
          onChange={(fields) => set({ defaultTarget: { ...draft.defaultTarget, ...fields } })}
        />
      )}
    </Field>
  );
}

function TryBox({
  tried,
  onTry,
  winner,
}: {
  readonly tried: string;
  readonly onTry: (model: string) => void;
  readonly winner: number | undefined;
}) {
  const t = useMessages(modeMessages);
  const { draft } = useFormContext();
  const rule = winner === undefined ? undefined : draft.rules[winner];
  const target = rule ?? (draft.defaultOn ? draft.defaultTarget : undefined);
  const model = target?.model === undefined || target.model === "" ? tried : target.model;
  return (
    <div className={`panel sunken ${classes["try"]}`}>
      <TextInput
        label={t("tryModel")}
        placeholder="qwen-max"
        value={tried}
        classNames={{ input: classes["mono"] ?? "" }}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onTry(event.currentTarget.value)}
      />
      <p className="small" role="status" style={{ margin: 0, alignSelf: "end", paddingBottom: 8 }}>
        {tried === ""
          ? t("tryHint")
          : target === undefined
            ? t("tryNone")
            : t.rich(rule === undefined ? "tryDefault" : "tryRule", {
                n: (winner ?? 0) + 1,
                service: <b className="strong">{target.service || "…"}</b>,
                model: <span className="mono">{model}</span>,
              })}
      </p>
    </div>
  );
}
