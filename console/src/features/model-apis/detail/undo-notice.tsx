// A notice that says what was changed and offers to take it back.
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";

const undoMs = 8_000;

interface UndoWords {
  readonly text: string;
  readonly undo: string;
  readonly close: string;
}

/** @param onUndo called once, when its button is pressed */
export function showUndo({ text, undo, close }: UndoWords, onUndo: () => void): void {
  const id = `undo-${text}`;
  notifications.show({
    id,
    autoClose: undoMs,
    closeButtonProps: { "aria-label": close },
    message: (
      <span className="row g12">
        <span className="grow">{text}</span>
        <Button
          size="xs"
          variant="subtle"
          onClick={() => {
            notifications.hide(id);
            onUndo();
          }}
        >
          {undo}
        </Button>
      </span>
    ),
  });
}
