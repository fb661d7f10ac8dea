// Copying a text: a small icon button, and a mono text that copies itself.
import { ActionIcon, Tooltip } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { Check, Copy } from "lucide-react";
import { useMessages } from "../i18n/language.tsx";
import { uiMessages } from "./ui-messages.ts";

/** @param label what is copied, for the accessible name */
export function CopyButton({ text, label }: { readonly text: string; readonly label?: string }) {
  const t = useMessages(uiMessages);
  const clipboard = useClipboard({ timeout: 1_500 });
  const name = clipboard.copied ? t("copied") : label === undefined ? t("copy") : `${t("copy")}: ${label}`;
  return (
    <Tooltip label={clipboard.copied ? t("copied") : t("copy")}>
      <ActionIcon variant="subtle" size={26} aria-label={name} onClick={() => clipboard.copy(text)}>
        {clipboard.copied ? <Check size={14} /> : <Copy size={14} />}
      </ActionIcon>
    </Tooltip>
  );
}

/** A short mono text with its copy button. */
export function CopyText({ text, label }: { readonly text: string; readonly label?: string }) {
  return (
    <span className="row g4">
      <span className="mono dim cut" title={text}>
        {text}
      </span>
      <CopyButton text={text} {...(label === undefined ? {} : { label })} />
    </span>
  );
}
