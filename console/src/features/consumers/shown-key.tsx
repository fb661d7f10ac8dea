// A new key, shown once: to copy, or to download as a file for an application's environment.
import { Button } from "@mantine/core";
import { Download, TriangleAlert } from "lucide-react";
import { useMessages } from "../../i18n/language.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { envFile } from "./credentials.ts";
import { keyMessages } from "./key-messages.ts";
import type { NewKey } from "./use-keys.ts";

export function ShownKey({
  consumer,
  issued: { name, value, oldKept },
  onDone,
}: {
  readonly consumer: string;
  readonly issued: NewKey;
  readonly onDone: () => void;
}) {
  const t = useMessages(keyMessages);
  const download = (): void => {
    const url = URL.createObjectURL(new Blob([envFile(consumer, name, value)], { type: "text/plain" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = `${consumer}.env`;
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <div className="col g12">
      <p className="note" role="alert">
        <TriangleAlert size={15} aria-hidden style={{ flex: "none" }} />
        {t("shownOnce")}
      </p>
      <CodeBlock code={value} label={t("key")} />
      {oldKept !== undefined && <p className="warn">{t("oldKept", { name: oldKept })}</p>}
      <div className="row" style={{ justifyContent: "flex-end" }}>
        <Button leftSection={<Download size={14} />} onClick={download}>
          {t("download")}
        </Button>
        <Button variant="filled" onClick={onDone}>
          {t("done")}
        </Button>
      </div>
    </div>
  );
}
