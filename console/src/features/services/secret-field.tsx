// A write-only secret: the stored one shows its last four characters at most, and stays until another is typed.
import { Button, TextInput } from "@mantine/core";
import { useMessages } from "../../i18n/language.tsx";
import { storedAccessKeyId } from "./key-kinds.ts";
import type { SecretDraft } from "./service-draft.ts";
import { serviceFormMessages } from "./service-form-messages.ts";

/** Of the name of a stored secret, which stays with it. */
export const keptStyle = { input: { background: "var(--mg-sunken)", borderColor: "var(--mg-line)" } };

/** @param name of the key or header, for the accessible names of the buttons */
export function SecretField({
  id,
  label,
  name,
  secret,
  error,
  onChange,
  onBlur,
}: {
  readonly id: string;
  readonly label: string;
  readonly name: string;
  readonly secret: SecretDraft;
  readonly error: string | undefined;
  readonly onChange: (secret: SecretDraft) => void;
  readonly onBlur: () => void;
}) {
  const { stored, typed } = secret;
  if (typed === null) {
    return <StoredSecret label={label} name={name} stored={stored} onChange={onChange} />;
  }
  return (
    <div>
      <TextInput
        id={id}
        type="password"
        label={label}
        value={typed}
        error={error}
        autoComplete="new-password"
        spellCheck={false}
        onBlur={onBlur}
        onChange={(event) => onChange({ stored, typed: event.currentTarget.value })}
      />
      <KeepStored stored={stored} onChange={onChange} />
    </div>
  );
}

/** The way back to a stored secret while another is typed. */
export function KeepStored({
  stored,
  onChange,
}: {
  readonly stored: unknown;
  readonly onChange: (secret: SecretDraft) => void;
}) {
  const t = useMessages(serviceFormMessages);
  if (stored === undefined) return null;
  return (
    <button type="button" className="textlink small" onClick={() => onChange({ stored, typed: null })}>
      {t("keepStored")}
    </button>
  );
}

/** What is told of a stored secret, and the way to replace it. */
export function StoredSecret({
  label,
  name,
  stored,
  onChange,
}: {
  readonly label: string;
  readonly name: string;
  readonly stored: unknown;
  readonly onChange: (secret: SecretDraft) => void;
}) {
  const t = useMessages(serviceFormMessages);
  const hint = hintOf(stored);
  const id = storedAccessKeyId(stored);
  return (
    <div>
      <div className="medium" style={{ fontSize: 12.5, lineHeight: "18px", marginBottom: 5 }}>
        {label}
      </div>
      <div className="row" style={{ minHeight: 34 }}>
        <span className="soft" style={{ minWidth: 0, overflowWrap: "anywhere" }}>
          {hint === null
            ? t("secretStoredPlain")
            : id === null
              ? t.rich("secretStored", { hint: <code>{hint}</code> })
              : t.rich("secretStoredAccess", { id: <code>{id}</code>, hint: <code>{hint}</code> })}
        </span>
        <Button
          size="xs"
          style={{ flex: "none" }}
          aria-label={t("replaceOf", { name })}
          onClick={() => onChange({ stored, typed: "" })}
        >
          {t("replace")}
        </Button>
      </div>
    </div>
  );
}

/** `…abcd` of a mask; of a pair of AWS keys that of its secret part. */
function hintOf(stored: unknown): string | null {
  if (typeof stored !== "object" || stored === null) return null;
  if ("hint" in stored) return typeof stored.hint === "string" ? stored.hint : null;
  return "secretAccessKey" in stored ? hintOf(stored.secretAccessKey) : null;
}
