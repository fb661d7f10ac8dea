// What two of the last answers have in common and where they differ.
import { Modal, NativeSelect, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useMessages } from "../../i18n/language.tsx";
import { TextDiff } from "../debug/tools/text-diff.tsx";
import { playgroundMessages } from "./playground-messages.ts";

export function DiffDialog({
  answers,
  onClose,
}: {
  readonly answers: readonly { readonly name: string; readonly text: string }[];
  readonly onClose: () => void;
}) {
  const t = useMessages(playgroundMessages);
  const [pair, setPair] = useState<readonly [number, number]>([0, 1]);
  const [by, setBy] = useState<"words" | "lines">("words");
  const data = answers.map(({ name }, index) => ({ value: String(index), label: name }));
  const [one, other] = pair;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("differTitle")}
      size={860}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <div className="col g16">
        <div className="row g12 wrap">
          <NativeSelect
            size="xs"
            data-autofocus
            aria-label={t("first")}
            value={String(one)}
            data={data}
            onChange={(event) => setPair([Number(event.currentTarget.value), other])}
          />
          <NativeSelect
            size="xs"
            aria-label={t("second")}
            value={String(other)}
            data={data}
            onChange={(event) => setPair([one, Number(event.currentTarget.value)])}
          />
          <SegmentedControl
            aria-label={t("unit")}
            value={by}
            onChange={(value) => setBy(value === "lines" ? "lines" : "words")}
            data={[
              { value: "words", label: t("byWords") },
              { value: "lines", label: t("byLines") },
            ]}
          />
        </div>
        <TextDiff before={answers[one]?.text ?? ""} after={answers[other]?.text ?? ""} by={by} />
      </div>
    </Modal>
  );
}
