// A write-only secret of a check: the stored one shows its last characters at most and stays until another is typed.
import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useMessages } from "../../../i18n/language.tsx";
import { Field, inputOrder, useFieldNotes, useFormContext } from "../form-context.tsx";
import { moderationMessages } from "./moderation-messages.ts";

export function CheckSecret({
  path,
  row,
  label,
  hint,
  secret,
  onChange,
}: {
  readonly path: string;
  readonly row: string;
  readonly label: string;
  readonly hint: string;
  /** A mask of the stored one, or what is typed. */
  readonly secret: unknown;
  readonly onChange: (secret: unknown) => void;
}) {
  const t = useMessages(moderationMessages);
  const { readOnly } = useFormContext();
  const notes = useFieldNotes(path, hint);
  const isStored = typeof secret === "object" && secret !== null;
  // What can be gone back to.
  const [stored] = useState(isStored ? secret : undefined);
  if (isStored) {
    const last = "hint" in secret && typeof secret.hint === "string" ? secret.hint : null;
    return (
      <Field path={path}>
        <div className="medium" style={{ fontSize: 12.5, lineHeight: "18px", marginBottom: 5 }}>
          {label}
        </div>
        <div className="row wrap">
          <span className="soft">
            {last === null ? t("secretStoredPlain") : t.rich("secretStored", { hint: <code>{last}</code> })}
          </span>
          <Button
            size="xs"
            aria-label={`${row}: ${label}: ${t("replace")}`}
            disabled={readOnly !== undefined}
            onClick={() => onChange("")}
          >
            {t("replace")}
          </Button>
        </div>
        {notes.error}
      </Field>
    );
  }
  return (
    <Field path={path}>
      <TextInput
        {...notes}
        inputWrapperOrder={inputOrder}
        type="password"
        label={label}
        aria-label={`${row}: ${label}`}
        value={typeof secret === "string" ? secret : ""}
        disabled={readOnly !== undefined}
        autoComplete="new-password"
        spellCheck={false}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {stored !== undefined && (
        <button type="button" className="textlink small" onClick={() => onChange(stored)}>
          {t("keepStored")}
        </button>
      )}
    </Field>
  );
}
