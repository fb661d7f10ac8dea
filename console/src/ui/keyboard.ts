// Single-key shortcuts must stay off while somebody types or a dialog is open.

/** Whether a key press belongs to a field, an editor or an open dialog. */
export function isTyping(event: KeyboardEvent): boolean {
  const { target } = event;
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName)) return true;
  return document.querySelector("[role=dialog], [role=menu], [role=listbox]") !== null;
}
