// How strict to be with whom: an ordered list, each rule with what its level means.
import { Button } from "@mantine/core";
import { Plus } from "lucide-react";
import { useMessages } from "../../../i18n/language.tsx";
import { newId } from "../draft.ts";
import { useFormContext } from "../form-context.tsx";
import { RowButtons, useMover } from "../row-buttons.tsx";
import { dimensions } from "./check-fields.ts";
import { MatchPart } from "./match-part.tsx";
import { moderationMessages } from "./moderation-messages.ts";
import { ChoicePart, ListHead } from "./parts.tsx";
import classes from "./policies.module.css";
import type { ModerationRule, ModerationRuleDraft } from "./policy-draft.ts";

const levels = ["low", "medium", "high", "observe"] as const;

export function ModerationRules({
  rules,
  onChange,
}: {
  readonly rules: readonly ModerationRuleDraft[];
  readonly onChange: (rules: readonly ModerationRuleDraft[]) => void;
}) {
  const t = useMessages(moderationMessages);
  const { readOnly } = useFormContext();
  const nameOf = (row: ModerationRuleDraft): string => t("ruleN", { n: rules.indexOf(row) + 1 });
  const { move, status } = useMover(rules, onChange, nameOf);
  const fresh: ModerationRule = { consumer: { type: "any" }, dimension: "any", level: "medium" };
  return (
    <div className="col g8">
      <ListHead path="moderation.rules" title={t("rules")} hint={t("rulesHint")}>
        <Button
          size="xs"
          leftSection={<Plus size={14} />}
          disabled={readOnly !== undefined}
          onClick={() => onChange([...rules, { id: newId(), rule: fresh }])}
        >
          {t("addRule")}
        </Button>
      </ListHead>
      {rules.length === 0 && <p className="small dim">{t("noRules")}</p>}
      {rules.length > 0 && (
        <ol className={classes["rows"]}>
          {rules.map((row, index) => (
            <li key={row.id}>
              <div className={classes["rowHead"]}>
                <p className="grow small soft">
                  {t("ruleN", { n: index + 1 })}: {t(`${row.rule.level}-means`)}
                </p>
                <RowButtons
                  id={row.id}
                  name={nameOf(row)}
                  index={index}
                  count={rules.length}
                  onMove={move}
                  onRemove={() => onChange(rules.toSpliced(index, 1))}
                  disabled={readOnly !== undefined}
                />
              </div>
              <RuleFields
                row={nameOf(row)}
                path={`moderation.rules[${index}]`}
                rule={row.rule}
                onChange={(change) =>
                  onChange(
                    rules.map((each) => (each === row ? { ...row, rule: { ...row.rule, ...change } } : each)),
                  )
                }
              />
            </li>
          ))}
        </ol>
      )}
      {status}
    </div>
  );
}

function RuleFields({
  row,
  path,
  rule,
  onChange,
}: {
  readonly row: string;
  readonly path: string;
  readonly rule: ModerationRule;
  readonly onChange: (change: Partial<ModerationRule>) => void;
}) {
  const t = useMessages(moderationMessages);
  return (
    <div className={classes["grid"]}>
      <MatchPart
        path={`${path}.consumer`}
        row={row}
        label={t("consumer")}
        match={rule.consumer}
        onChange={(consumer) => onChange({ consumer })}
      />
      <ChoicePart
        path={`${path}.dimension`}
        row={row}
        label={t("dimension")}
        value={rule.dimension}
        options={[
          { value: "any", label: t("anyDimension") },
          ...dimensions.map((dimension) => ({ value: dimension, label: t(dimension) })),
        ]}
        onChange={(dimension) => onChange({ dimension })}
      />
      <ChoicePart
        path={`${path}.level`}
        row={row}
        label={t("level")}
        value={rule.level}
        options={levels.map((level) => ({ value: level, label: t(level) }))}
        onChange={(level) => onChange({ level })}
      />
    </div>
  );
}
