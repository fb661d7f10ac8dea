// A field for a password that can be shown. Knows no rule of passwords.
import { ActionIcon, TextInput } from "@mantine/core";
import { Eye, EyeOff } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useMessages } from "../../i18n/language.tsx";
import { signInMessages } from "./sign-in-messages.ts";

export function PasswordField({
  label,
  value,
  autoComplete,
  error,
  description,
  autoFocus = false,
  onChange,
  onBlur,
}: {
  readonly label: string;
  readonly value: string;
  readonly autoComplete: "current-password" | "new-password";
  readonly error?: ReactNode;
  readonly description?: ReactNode;
  readonly autoFocus?: boolean;
  readonly onChange: (value: string) => void;
  readonly onBlur?: () => void;
}) {
  const t = useMessages(signInMessages);
  const [shown, setShown] = useState(false);
  return (
    <TextInput
      label={label}
      type={shown ? "text" : "password"}
      value={value}
      autoComplete={autoComplete}
      spellCheck={false}
      autoCapitalize="none"
      error={error}
      description={description}
      data-autofocus={autoFocus || undefined}
      onChange={(event) => onChange(event.currentTarget.value)}
      onBlur={onBlur}
      rightSection={
        <ActionIcon
          variant="subtle"
          size={26}
          aria-label={t(shown ? "hidePassword" : "showPassword")}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        >
          {shown ? <EyeOff size={15} /> : <Eye size={15} />}
        </ActionIcon>
      }
    />
  );
}
