// The rules of mode intelligent: an ordered list; a row is a sentence, its fields open below.
import { Button } from "@mantine/core";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useMessages } from "../../../i18n/language.tsx";
import { newId } from "../draft.ts";
import editors from "../editors.module.css";
import { isWithin } from "../faults.ts";
import { GroupFault, useFormContext } from "../form-context.tsx";
import { freeRowName } from "../policies/limits-body.tsx";
import { MatchPart } from "../policies/match-part.tsx";
import { ChoicePart, LinesPart, ListHead, SwitchPart, TextPart } from "../policies/parts.tsx";
import policies from "../policies/policies.module.css";
import { RowButtons, useMover } from "../row-buttons.tsx";
import { useDomainNames } from "./domain-names.ts";
import classes from "./intelligent.module.css";
import { PartsHead } from "./known-parts.tsx";
import { profileMessages } from "./profile-messages.ts";
import { modelsOf, newRule, type RoutingRule, type RuleRow } from "./routing-draft.ts";
import { ruleMessages } from "./rule-messages.ts";
import { ruleSentence } from "./rule-words.ts";

const base = "modelService.rules";

export function RulesPart() {
  const t = useMessages(ruleMessages);
  const { draft, set, readOnly } = useFormContext();
  const { routing } = draft;
  const { rules } = routing;
  const [open, setOpen] = useState<string>();
  const put = (next: readonly RuleRow[]): void => set({ routing: { ...routing, rules: next } });
  const { move, status } = useMover(rules, put, ({ rule }) => rule.name);
  const add = (): void => {
    const id = newId();
    const name = freeRowName(
      "rule",
      rules.map(({ rule }) => rule.name),
    );
    put([...rules, { id, rule: { ...newRule, name } }]);
    setOpen(id);
  };
  return (
    <div className="col g8">
      <ListHead heading="h3" path={base} title={t("rules")} hint={t("rulesHint")}>
        <Button size="xs" leftSection={<Plus size={14} />} disabled={readOnly !== undefined} onClick={add}>
          {t("addRule")}
        </Button>
      </ListHead>
      {rules.length === 0 && <p className="small dim">{t("noRules")}</p>}
      {rules.length > 0 && (
        <ol className={editors["rows"]}>
          {rules.map((row, index) => (
            <li key={row.id} className={editors["row"]}>
              <RuleItem
                row={row}
                index={index}
                count={rules.length}
                isToggled={open === row.id}
                onToggle={(on) => setOpen(on ? row.id : undefined)}
                onMove={move}
                onChange={(change) =>
                  put(
                    rules.map((each) =>
                      each.id === row.id ? { ...row, rule: { ...row.rule, ...change } } : each,
                    ),
                  )
                }
                onRemove={() => put(rules.filter(({ id }) => id !== row.id))}
              />
            </li>
          ))}
        </ol>
      )}
      {status}
    </div>
  );
}

function RuleItem({
  row,
  index,
  count,
  isToggled,
  onToggle,
  onMove,
  onChange,
  onRemove,
}: {
  readonly row: RuleRow;
  readonly index: number;
  readonly count: number;
  readonly isToggled: boolean;
  readonly onToggle: (on: boolean) => void;
  readonly onMove: (index: number, direction: "up" | "down") => void;
  readonly onChange: (change: Partial<RoutingRule>) => void;
  readonly onRemove: () => void;
}) {
  const t = useMessages(ruleMessages);
  const profiles = useMessages(profileMessages);
  const { readOnly, shown } = useFormContext();
  const path = `${base}[${index}]`;
  const isOpen = isToggled || shown.some((fault) => isWithin(fault.path, path));
  const { rule } = row;
  return (
    <>
      <div className={classes["rule"]}>
        <span className="num dim">{index + 1}</span>
        <button
          type="button"
          className={classes["open"]}
          aria-expanded={isOpen}
          onClick={() => onToggle(!isOpen)}
        >
          <span className="medium cut">{rule.name || t("ruleN", { n: index + 1 })}</span>
          <span className="tiny dim">{ruleSentence(rule, t, profiles)}</span>
        </button>
        <RowButtons
          id={row.id}
          name={rule.name || t("ruleN", { n: index + 1 })}
          index={index}
          count={count}
          onMove={onMove}
          onRemove={onRemove}
          disabled={readOnly !== undefined}
        />
      </div>
      {isOpen && (
        <div className={classes["details"]}>
          <WhenFields rule={rule} path={path} onChange={onChange} />
          <ThenFields rule={rule} path={path} onChange={onChange} />
        </div>
      )}
    </>
  );
}

interface RuleProps {
  readonly rule: RoutingRule;
  readonly path: string;
  readonly onChange: (change: Partial<RoutingRule>) => void;
}

function WhenFields({ rule, path, onChange }: RuleProps) {
  const t = useMessages(ruleMessages);
  const row = rule.name;
  const { header, metadata, consumer } = rule;
  return (
    <>
      <TextPart
        path={`${path}.name`}
        label={t("name")}
        row={row}
        maxLength={64}
        value={rule.name}
        onChange={(name) => onChange({ name })}
      />
      <PartsHead title={t("when")} hint={t("whenHint")} />
      <GroupFault path={`${path}.when`} />
      <div className={policies["two"]}>
        <LinesPart
          path={`${path}.keywords`}
          label={t("keywords")}
          hint={t("keywordsHint")}
          value={rule.keywords}
          onChange={(keywords) => onChange({ keywords: [...keywords] })}
        />
        <LinesPart
          path={`${path}.patterns`}
          label={t("patterns")}
          hint={t("patternsHint")}
          value={rule.patterns}
          onChange={(patterns) => onChange({ patterns: [...patterns] })}
        />
      </div>
      <SwitchPart
        path={`${path}.header`}
        label={t("header")}
        row={row}
        checked={header !== undefined}
        onChange={(on) => onChange({ header: on ? { name: "", value: { type: "any" } } : undefined })}
      />
      {header !== undefined && (
        <div className={policies["grid"]}>
          <TextPart
            path={`${path}.header.name`}
            label={t("headerName")}
            row={row}
            mono
            value={header.name}
            onChange={(name) => onChange({ header: { ...header, name } })}
          />
          <MatchPart
            path={`${path}.header.value`}
            label={t("values")}
            row={`${row}: ${t("header")}`}
            match={header.value}
            onChange={(value) => onChange({ header: { ...header, value } })}
          />
        </div>
      )}
      <SwitchPart
        path={`${path}.metadata`}
        label={t("metadata")}
        row={row}
        checked={metadata !== undefined}
        onChange={(on) => onChange({ metadata: on ? { key: "", value: { type: "any" } } : undefined })}
      />
      {metadata !== undefined && (
        <div className={policies["grid"]}>
          <TextPart
            path={`${path}.metadata.key`}
            label={t("metadataKey")}
            row={row}
            mono
            value={metadata.key}
            onChange={(key) => onChange({ metadata: { ...metadata, key } })}
          />
          <MatchPart
            path={`${path}.metadata.value`}
            label={t("values")}
            row={`${row}: ${t("metadata")}`}
            match={metadata.value}
            onChange={(value) => onChange({ metadata: { ...metadata, value } })}
          />
        </div>
      )}
      <SwitchPart
        path={`${path}.consumer`}
        label={t("byConsumer")}
        row={row}
        checked={consumer !== undefined}
        onChange={(on) => onChange({ consumer: on ? { type: "exact", value: "" } : undefined })}
      />
      {consumer !== undefined && (
        <div className={policies["grid"]}>
          <MatchPart
            path={`${path}.consumer`}
            label={t("values")}
            row={`${row}: ${t("byConsumer")}`}
            match={consumer}
            onChange={(value) => onChange({ consumer: value })}
          />
        </div>
      )}
    </>
  );
}

const profiles = ["quality", "balanced", "cheap", "fast"] as const;

function ThenFields({ rule, path, onChange }: RuleProps) {
  const t = useMessages(ruleMessages);
  const words = useMessages(profileMessages);
  const { draft } = useFormContext();
  const domains = useDomainNames();
  const unset = { value: "", label: t("unset") };
  const named = (names: readonly string[], own: string | undefined) =>
    [...new Set([...names, ...(own === undefined ? [] : [own])])].map((name) => ({
      value: name,
      label: name,
    }));
  return (
    <>
      <PartsHead title={t("follows")} />
      <GroupFault path={`${path}.then`} />
      <div className={policies["grid"]}>
        <ChoicePart
          path={`${path}.model`}
          label={t("model")}
          row={rule.name}
          value={rule.model ?? ""}
          options={[unset, ...named(modelsOf(draft.routing), rule.model)]}
          onChange={(model) => onChange({ model: model === "" ? undefined : model })}
        />
        <ChoicePart
          path={`${path}.domain`}
          label={t("domain")}
          row={rule.name}
          value={rule.domain ?? ""}
          options={[
            unset,
            ...named([...domains.keys()], rule.domain).map(({ value }) => ({
              value,
              label: domains.get(value) ?? value,
            })),
          ]}
          onChange={(domain) => onChange({ domain: domain === "" ? undefined : domain })}
        />
        <ChoicePart
          path={`${path}.profile`}
          label={t("profile")}
          row={rule.name}
          value={rule.profile ?? ""}
          options={[unset, ...profiles.map((value) => ({ value, label: words(value) }))]}
          onChange={(profile) => onChange({ profile: profiles.find((each) => each === profile) })}
        />
      </div>
    </>
  );
}
