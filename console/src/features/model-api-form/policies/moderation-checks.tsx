// The checks of content: a row each with the fields of its type, and a menu of the types.
import { ActionIcon, Button, Menu } from "@mantine/core";
import { Plus, X } from "lucide-react";
import { useMessages } from "../../../i18n/language.tsx";
import { newId } from "../draft.ts";
import { useFormContext } from "../form-context.tsx";
import { checkTypes, dimensions, fieldsOfCheck, listOf, newCheck, risks, withField } from "./check-fields.ts";
import { CheckFieldPart } from "./check-field-part.tsx";
import { moderationMessages } from "./moderation-messages.ts";
import { ChoicePart, ListHead, SetPart, TextPart } from "./parts.tsx";
import classes from "./policies.module.css";
import type { CheckDraft, CheckValue } from "./policy-draft.ts";

const directions = ["request", "response"] as const;

export function ModerationChecks({
  checks,
  onChange,
}: {
  readonly checks: readonly CheckDraft[];
  readonly onChange: (checks: readonly CheckDraft[]) => void;
}) {
  const t = useMessages(moderationMessages);
  const { readOnly } = useFormContext();
  const names = checks.map(({ check }) => check.name);
  return (
    <div className="col g8">
      <ListHead path="moderation.checks" title={t("checks")} hint={t("checksHint")}>
        <Menu position="bottom-end">
          <Menu.Target>
            <Button size="xs" leftSection={<Plus size={14} />} disabled={readOnly !== undefined}>
              {t("addCheck")}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {checkTypes.map((type) => (
              <Menu.Item
                key={type}
                onClick={() => onChange([...checks, { id: newId(), check: newCheck(type, names) }])}
              >
                <span className="col">
                  <span className="medium">{t(`${type}-type`)}</span>
                  <span className="tiny dim">{t(`${type}-about`)}</span>
                </span>
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </ListHead>
      {checks.length === 0 && <p className="small dim">{t("noChecks")}</p>}
      {checks.length > 0 && (
        <ol className={classes["rows"]}>
          {checks.map((row, index) => (
            <li key={row.id}>
              <CheckRow
                index={index}
                check={row.check}
                onChange={(check) =>
                  onChange(checks.map((each) => (each === row ? { ...row, check } : each)))
                }
                onRemove={() => onChange(checks.toSpliced(index, 1))}
              />
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

function CheckRow({
  index,
  check,
  onChange,
  onRemove,
}: {
  readonly index: number;
  readonly check: CheckValue;
  readonly onChange: (check: CheckValue) => void;
  readonly onRemove: () => void;
}) {
  const t = useMessages(moderationMessages);
  const { readOnly } = useFormContext();
  const path = `moderation.checks[${index}]`;
  const row = check.name === "" ? t("checkN", { n: index + 1 }) : check.name;
  const put = (field: string, value: unknown): void => onChange(withField(check, field, value));
  return (
    <div className="col g12">
      <div className={classes["rowHead"]} style={{ marginBottom: 0 }}>
        <p className="grow small soft">
          {t(`${check.type}-type`)}: {t(`${check.type}-about`)}
        </p>
        <ActionIcon
          variant="subtle"
          size={26}
          aria-label={t("removeCheck", { name: row })}
          disabled={readOnly !== undefined}
          onClick={onRemove}
        >
          <X size={14} />
        </ActionIcon>
      </div>
      <div className={classes["grid"]}>
        <TextPart
          path={`${path}.name`}
          row={row}
          label={t("name")}
          value={check.name}
          maxLength={64}
          onChange={(name) => onChange({ ...check, name })}
        />
        <ChoicePart
          path={`${path}.dimension`}
          row={row}
          label={t("dimension")}
          value={dimensions.find((each) => each === check["dimension"]) ?? ""}
          options={[
            { value: "", label: t("dimensionDefault") },
            ...dimensions.map((dimension) => ({ value: dimension, label: t(dimension) })),
          ]}
          onChange={(dimension) => put("dimension", dimension === "" ? undefined : dimension)}
        />
        <ChoicePart
          path={`${path}.risk`}
          row={row}
          label={t("risk")}
          value={risks.find((each) => each === check["risk"]) ?? ""}
          options={[
            { value: "", label: t("riskDefault") },
            ...risks.map((risk) => ({ value: risk, label: t(risk) })),
          ]}
          onChange={(risk) => put("risk", risk === "" ? undefined : risk)}
        />
      </div>
      {fieldsOfCheck[check.type].map((field) => (
        <CheckFieldPart key={field} field={field} path={path} row={row} check={check} onChange={onChange} />
      ))}
      <SetPart
        path={`${path}.on`}
        label={t("on")}
        value={directions.filter((each) => listOf(check, "on").includes(each))}
        options={directions.map((direction) => ({ value: direction, label: t(direction) }))}
        onChange={(on) => put("on", on)}
      />
    </div>
  );
}
