// A new password typed twice, with its strength in words. Knows not what it is for.
import { useState } from "react";
import { useMessages } from "../../i18n/language.tsx";
import { PasswordField } from "./password-field.tsx";
import { leastLength, mostLength, passwordLength, strengthOf } from "./password-strength.ts";
import { signInMessages } from "./sign-in-messages.ts";

export interface TypedPassword {
  readonly next: string;
  readonly again: string;
}

/** Whether the gateway would take it and both are the same. */
export function isComplete({ next, again }: TypedPassword): boolean {
  const length = passwordLength(next);
  return length >= leastLength && length <= mostLength && next === again;
}

const words = {
  short: "strengthShort",
  weak: "strengthWeak",
  fair: "strengthFair",
  strong: "strengthStrong",
} as const;

/** @param insist show what is missing even before the fields were left */
export function NewPassword({
  value,
  insist,
  onChange,
}: {
  readonly value: TypedPassword;
  readonly insist: boolean;
  readonly onChange: (value: TypedPassword) => void;
}) {
  const t = useMessages(signInMessages);
  const [left, setLeft] = useState({ next: false, again: false });
  const length = passwordLength(value.next);
  const fault =
    length < leastLength
      ? t("tooShort", { n: leastLength - length })
      : length > mostLength
        ? t("tooLong")
        : null;
  const shown = insist || (left.next && value.next !== "") ? fault : null;
  return (
    <>
      <PasswordField
        label={t("nextPassword")}
        value={value.next}
        autoComplete="new-password"
        error={shown}
        description={
          value.next === "" || shown !== null ? undefined : (
            <span aria-live="polite">{t(words[strengthOf(value.next)])}</span>
          )
        }
        onChange={(next) => onChange({ ...value, next })}
        onBlur={() => setLeft({ ...left, next: true })}
      />
      <PasswordField
        label={t("repeat")}
        value={value.again}
        autoComplete="new-password"
        error={
          (insist || (left.again && value.again !== "")) && value.next !== value.again ? t("unequal") : null
        }
        onChange={(again) => onChange({ ...value, again })}
        onBlur={() => setLeft({ ...left, again: true })}
      />
    </>
  );
}
