// The dialog that brings labels of an evaluation of one's own: pasted, or from a file.
import { Button, FileButton, Modal, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useMessages } from "../../../i18n/language.tsx";
import { ErrorPanel } from "../../../ui/error-panel.tsx";
import { uiMessages } from "../../../ui/ui-messages.ts";
import { useLearningAct } from "./learning-calls.ts";
import classes from "./learning.module.css";
import { learningMessages } from "./learning-messages.ts";
import { readLabels } from "./read-labels.ts";

const maxFileBytes = 8 * 1024 ** 2;
/** As many as the gateway takes at once. */
const mostLabels = 2_000;
const shownWrong = 5;

const example = `{"prompt": "What is 17 * 23?", "model": "qwen-flash", "score": 1}
{"prompt": "What is 17 * 23?", "model": "qwen-max", "score": 1}`;

export function ImportLabels({ api, onClose }: { readonly api: string; readonly onClose: () => void }) {
  const t = useMessages(learningMessages);
  const ui = useMessages(uiMessages);
  const act = useLearningAct(api);
  const [text, setText] = useState("");
  const [isTooLarge, setIsTooLarge] = useState(false);
  const { items, wrong } = readLabels(text);
  const sent = items.slice(0, mostLabels);
  const take = async (file: File | null): Promise<void> => {
    if (file === null) return;
    setIsTooLarge(file.size > maxFileBytes);
    if (file.size <= maxFileBytes) setText(await file.text());
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("importTitle")}
      size={600}
      closeButtonProps={{ "aria-label": ui("close") }}
    >
      <div className="col g12">
        <p className="soft" style={{ margin: 0 }}>
          {t("importText")}
        </p>
        <Textarea
          data-autofocus
          label={t("importLabel")}
          placeholder={example}
          classNames={{ input: classes["text"] ?? "" }}
          autosize
          minRows={6}
          maxRows={14}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <div className="row wrap">
          <FileButton onChange={(file) => void take(file)} accept=".jsonl,.json,.csv,.txt">
            {(props) => (
              <Button size="xs" {...props}>
                {t("importFile")}
              </Button>
            )}
          </FileButton>
          <span className="small soft" role="status">
            {text !== "" && t("importRead", { n: items.length })}{" "}
            {wrong.length > 0 && (
              <span className="bad">
                {t("importWrong", {
                  lines: wrong.slice(0, shownWrong).join(", ") + (wrong.length > shownWrong ? " …" : ""),
                })}
              </span>
            )}{" "}
            {items.length > mostLabels && <span className="warn">{t("importMost", { n: mostLabels })}</span>}
            {isTooLarge && <span className="bad">{t("fileTooLarge")}</span>}
          </span>
        </div>
        {act.isError && <ErrorPanel title={t("importFailed")} error={act.error} />}
        <div className="row" style={{ justifyContent: "flex-end" }}>
          <Button variant="subtle" onClick={onClose}>
            {ui("cancel")}
          </Button>
          <Button
            variant="filled"
            loading={act.isPending}
            disabled={sent.length === 0}
            onClick={() =>
              act.mutate(
                { act: "import", items: sent },
                {
                  onSuccess: () => {
                    notifications.show({ message: t("imported", { n: sent.length }) });
                    onClose();
                  },
                },
              )
            }
          >
            {t("importConfirm", { n: sent.length })}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
