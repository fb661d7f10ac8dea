// A key that stops what runs, wherever the focus is.
import { useEffect } from "react";

/** Escape stops the run, unless a dialog is open that it closes. */
export function useEscape(isActive: boolean, stop: () => void): void {
  useEffect(() => {
    if (!isActive) return;
    const listen = (event: KeyboardEvent): void => {
      if (event.key === "Escape" && document.querySelector("[role=dialog]") === null) stop();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  });
}
