// How somebody gets a password from an administrator: made here and shown once, or typed. And the dialog's part that shows it.
import { Button } from "@mantine/core";
import { Download, TriangleAlert } from "lucide-react";
import { useMessages } from "../../i18n/language.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { saveText } from "../debug/save-file.ts";
import type { TypedPassword } from "../sign-in/new-password.tsx";
import { accessMessages } from "./access-messages.ts";
import { generatedPassword } from "./user-rules.ts";

export const noPassword: TypedPassword = { next: "", again: "" };

export function newPassword(): string {
  return generatedPassword((length) => crypto.getRandomValues(new Uint8Array(length)));
}

export function ShownPassword({
  name,
  password,
  onDone,
}: {
  readonly name: string;
  readonly password: string;
  readonly onDone: () => void;
}) {
  const t = useMessages(accessMessages);
  return (
    <div className="col g12">
      <p className="note" role="status">
        <TriangleAlert size={15} aria-hidden style={{ flex: "none" }} />
        {t("shownOnce", { name })}
      </p>
      <CodeBlock code={password} label={t("shownTitle", { name })} />
      <div className="row" style={{ justifyContent: "flex-end" }}>
        <Button
          leftSection={<Download size={14} />}
          onClick={() => saveText(`${name}.txt`, `${location.origin}\n${name}\n${password}\n`, "text/plain")}
        >
          {t("download")}
        </Button>
        <Button variant="filled" data-autofocus onClick={onDone}>
          {t("done")}
        </Button>
      </div>
    </div>
  );
}
