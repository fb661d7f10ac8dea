// The sheet of shortcuts that `?` opens.
import { Modal } from "@mantine/core";
import { useMessages } from "../../i18n/language.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { paletteMessages } from "./palette-messages.ts";
import { ShortcutList } from "./shortcut-list.tsx";

export function ShortcutSheet({ onClose }: { readonly onClose: () => void }) {
  const t = useMessages(paletteMessages);
  const ui = useMessages(uiMessages);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("shortcuts")}
      size={620}
      closeButtonProps={{ "aria-label": ui("close") }}
    >
      <ShortcutList />
    </Modal>
  );
}
