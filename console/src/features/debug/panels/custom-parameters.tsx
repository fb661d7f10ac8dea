// Parameters of the author's own: rows of key, type and value, or one JSON object. Flags what replaces something.
import { Button, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { useMessages } from "../../../i18n/language.tsx";
import { debugMessages } from "../debug-messages.ts";
import { isObject, parseJson } from "../json.ts";
import {
  customObject,
  customRows,
  customTypes,
  customValue,
  type CustomParameter,
  type CustomType,
} from "../settings.ts";
import classes from "./parameters.module.css";

const typeWords = {
  text: "typeText",
  number: "typeNumber",
  boolean: "typeBoolean",
  json: "typeJson",
} as const satisfies Readonly<Record<CustomType, string>>;

export function CustomParameters({
  rows,
  clashes,
  onChange,
}: {
  readonly rows: readonly CustomParameter[];
  readonly clashes: ReadonlySet<string>;
  readonly onChange: (rows: readonly CustomParameter[]) => void;
}) {
  const t = useMessages(debugMessages);
  const [asJson, setAsJson] = useState(false);
  const add = (): void => onChange([...rows, { id: crypto.randomUUID(), key: "", type: "text", value: "" }]);
  return (
    <fieldset className={classes["custom"]}>
      <div className="row">
        <legend className={`grow ${classes["label"]}`}>{t("custom")}</legend>
        <Button size="xs" variant="subtle" onClick={() => setAsJson(!asJson)}>
          {t(asJson ? "asRows" : "asJson")}
        </Button>
        {!asJson && (
          <Button size="xs" variant="subtle" leftSection={<Plus size={13} />} onClick={add}>
            {t("add")}
          </Button>
        )}
      </div>
      {asJson ? (
        <JsonField rows={rows} onChange={onChange} />
      ) : (
        rows.map((row) => (
          <Row
            key={row.id}
            row={row}
            clashes={clashes.has(row.key)}
            onChange={(next) => onChange(rows.map((other) => (other.id === row.id ? next : other)))}
            onRemove={() => onChange(rows.filter(({ id }) => id !== row.id))}
          />
        ))
      )}
    </fieldset>
  );
}

function Row({
  row,
  clashes,
  onChange,
  onRemove,
}: {
  readonly row: CustomParameter;
  readonly clashes: boolean;
  readonly onChange: (row: CustomParameter) => void;
  readonly onRemove: () => void;
}) {
  const t = useMessages(debugMessages);
  const isBad = row.key !== "" && customValue(row) === undefined;
  return (
    <div className={classes["customRow"]}>
      <div className="row g6">
        <TextInput
          size="xs"
          className="grow"
          aria-label={t("key")}
          placeholder={t("key")}
          value={row.key}
          spellCheck={false}
          onChange={(event) => onChange({ ...row, key: event.currentTarget.value })}
        />
        <NativeSelect
          size="xs"
          w={84}
          aria-label={t("type")}
          value={row.type}
          data={customTypes.map((type) => ({ value: type, label: t(typeWords[type]) }))}
          onChange={(event) => {
            const type = customTypes.find((name) => name === event.currentTarget.value) ?? "text";
            onChange({ ...row, type });
          }}
        />
        <button
          type="button"
          className={classes["remove"]}
          aria-label={t("removeRow", { key: row.key })}
          onClick={onRemove}
        >
          <X size={14} aria-hidden />
        </button>
      </div>
      <TextInput
        size="xs"
        aria-label={t("value")}
        placeholder={t("value")}
        value={row.value}
        spellCheck={false}
        error={isBad ? t("badValue", { key: row.key, type: t(typeWords[row.type]) }) : undefined}
        onChange={(event) => onChange({ ...row, value: event.currentTarget.value })}
      />
      {clashes && <p className="tiny warn">{t("clash", { key: row.key })}</p>}
    </div>
  );
}

function JsonField({
  rows,
  onChange,
}: {
  readonly rows: readonly CustomParameter[];
  readonly onChange: (rows: readonly CustomParameter[]) => void;
}) {
  const t = useMessages(debugMessages);
  const [text, setText] = useState(() => JSON.stringify(customObject(rows), null, 2));
  const isBad = !isObject(parseJson(text));
  return (
    <Textarea
      aria-label={t("custom")}
      autosize
      minRows={3}
      maxRows={12}
      spellCheck={false}
      styles={{ input: { fontFamily: "var(--mg-mono)", fontSize: 12 } }}
      value={text}
      error={isBad ? t("badJson", { example: '{"seed": 42}' }) : undefined}
      onChange={(event) => {
        const { value } = event.currentTarget;
        setText(value);
        const parsed = parseJson(value);
        if (isObject(parsed)) onChange(customRows(parsed));
      }}
    />
  );
}
