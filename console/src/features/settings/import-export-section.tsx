// The whole configuration out as a document, and a document in: checked first, applied then.
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";
import { useMessages } from "../../i18n/language.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { saveText } from "../debug/save-file.ts";
import { ImportForm } from "./import-form.tsx";
import { exportYaml } from "./settings-calls.ts";
import { settingsMessages } from "./settings-messages.ts";
import classes from "./settings.module.css";
import { useMayConfigure } from "./use-may-configure.ts";

export function ImportExportSection() {
  const t = useMessages(settingsMessages);
  const allowed = useMayConfigure();
  return (
    <>
      <section>
        <h2>{t("export")}</h2>
        <p className={`soft ${classes["text"]}`}>{t("exportText")}</p>
        <Export allowed={allowed} />
      </section>
      <section>
        <h2>{t("import")}</h2>
        <p className={`soft ${classes["text"]}`}>{t("importText")}</p>
        <ImportForm allowed={allowed} />
      </section>
    </>
  );
}

type Way = "download" | "copy" | "show";

function Export({ allowed }: { readonly allowed: boolean }) {
  const t = useMessages(settingsMessages);
  const [shown, setShown] = useState<string | null>(null);
  const read = useMutation({
    mutationFn: async (way: Way) => ({ way, text: await exportYaml() }),
    onSuccess: async ({ way, text }) => {
      if (way === "download") saveText("moongate.yaml", text, "application/yaml");
      else if (way === "show") setShown(text);
      else {
        await navigator.clipboard.writeText(text);
        notifications.show({ message: t("copied") });
      }
    },
  });
  const busy = (way: Way): boolean => read.isPending && read.variables === way;
  return (
    <>
      <div className="row g8 wrap">
        <Button
          variant="filled"
          leftSection={<Download size={14} />}
          disabled={!allowed}
          loading={busy("download")}
          onClick={() => read.mutate("download")}
        >
          {t("download")}
        </Button>
        <Button disabled={!allowed} loading={busy("copy")} onClick={() => read.mutate("copy")}>
          {t("copyAll")}
        </Button>
        <Button
          disabled={!allowed}
          loading={busy("show")}
          aria-expanded={shown !== null}
          onClick={() => (shown === null ? read.mutate("show") : setShown(null))}
        >
          {t(shown === null ? "show" : "hide")}
        </Button>
        {!allowed && <span className="small dim">{t("needsConfigure")}</span>}
      </div>
      {read.error !== null && <ErrorPanel title={t("exportFailed")} error={read.error} />}
      {shown !== null && <CodeBlock code={shown} label={t("exportName")} maxHeight={420} />}
    </>
  );
}
