// Presets: take one over, keep the settings of the moment under a name, delete one.
import { ActionIcon, Button, Modal, TextInput } from "@mantine/core";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useMessages } from "../../../i18n/language.tsx";
import { deletePreset, readPresets, savePreset, type Preset } from "../presets.ts";
import type { Settings } from "../settings.ts";
import { toolsMessages } from "./tools-messages.ts";
import classes from "./tools.module.css";

export function PresetsDialog({
  settings,
  onChoose,
  onClose,
}: {
  readonly settings: Settings;
  readonly onChoose: (preset: Preset) => void;
  readonly onClose: () => void;
}) {
  const t = useMessages(toolsMessages);
  const [presets, setPresets] = useState(readPresets);
  const [name, setName] = useState("");
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("presets")}
      size={440}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <div className="col g16">
        {presets.length === 0 && <p className="soft">{t("noPresets")}</p>}
        <ul className="col g6">
          {presets.map((preset) => (
            <li key={preset.name} className="row">
              <button
                type="button"
                className={`grow cut ${classes["open"]}`}
                style={{ textAlign: "left" }}
                onClick={() => onChoose(preset)}
              >
                {preset.name}
              </button>
              <ActionIcon
                variant="subtle"
                size={28}
                aria-label={t("deletePreset", { name: preset.name })}
                onClick={() => setPresets(deletePreset(preset.name))}
              >
                <Trash2 size={14} />
              </ActionIcon>
            </li>
          ))}
        </ul>
        <form
          className="row g8"
          style={{ alignItems: "flex-end" }}
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() === "") return;
            setPresets(savePreset(name.trim(), settings));
            setName("");
          }}
        >
          <TextInput
            className="grow"
            data-autofocus
            label={t("presetName")}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" h={34} disabled={name.trim() === ""}>
            {t("savePreset")}
          </Button>
        </form>
      </div>
    </Modal>
  );
}
