// The dialog that takes models over from what a service lists.
import { Button, Checkbox, Modal, TextInput } from "@mantine/core";
import { useState } from "react";
import { useMessages } from "../../i18n/language.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { serviceFormMessages } from "./service-form-messages.ts";

const shownMost = 200;

export function ModelPicker({
  listed,
  present,
  onPick,
  onClose,
}: {
  readonly listed: readonly string[];
  /** Those that the form has already. */
  readonly present: ReadonlySet<string>;
  readonly onPick: (names: readonly string[]) => void;
  readonly onClose: () => void;
}) {
  const t = useMessages(serviceFormMessages);
  const ui = useMessages(uiMessages);
  const [text, setText] = useState("");
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const fitting = listed.filter((name) => name.toLowerCase().includes(text.trim().toLowerCase()));
  const free = fitting.filter((name) => !present.has(name));
  const shown = fitting.slice(0, shownMost);
  const isAll = free.length > 0 && free.every((name) => picked.has(name));
  const toggle = (names: readonly string[], on: boolean): void =>
    setPicked((before) => {
      const next = new Set(before);
      for (const name of names)
        if (on) next.add(name);
        else next.delete(name);
      return next;
    });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("pickTitle")}
      size={480}
      closeButtonProps={{ "aria-label": ui("close") }}
    >
      <div className="col g12">
        <TextInput
          data-autofocus
          type="search"
          aria-label={t("pickSearch")}
          placeholder={t("pickSearch")}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {free.length > 0 && (
          <Checkbox
            label={t("pickAll", { n: free.length })}
            checked={isAll}
            onChange={() => toggle(free, !isAll)}
          />
        )}
        <div className="col g8" style={{ maxHeight: 320, overflow: "auto", padding: 2 }}>
          {shown.map((name) => (
            <Checkbox
              key={name}
              label={
                <span className="row g6">
                  <span className="mono">{name}</span>
                  {present.has(name) && <span className="dim small">{t("pickHere")}</span>}
                </span>
              }
              checked={present.has(name) || picked.has(name)}
              disabled={present.has(name)}
              onChange={(event) => toggle([name], event.currentTarget.checked)}
            />
          ))}
        </div>
        {shown.length < fitting.length && (
          <p className="small dim">{t("pickMore", { n: fitting.length - shown.length })}</p>
        )}
        <div className="row" style={{ justifyContent: "flex-end" }}>
          <Button variant="subtle" onClick={onClose}>
            {ui("cancel")}
          </Button>
          <Button
            variant="filled"
            disabled={picked.size === 0}
            onClick={() => {
              onPick(listed.filter((name) => picked.has(name)));
              onClose();
            }}
          >
            {t("pickAdd", { n: picked.size })}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
