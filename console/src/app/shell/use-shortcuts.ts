// Listens for the keys that work everywhere; off while somebody types or a dialog is open.
import { useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { isTyping } from "../../ui/keyboard.ts";
import { actOf, type Act } from "./shortcuts.ts";
import type { Tool } from "./tool-state.tsx";

/** After `g` the next key counts for this long. */
const patienceMs = 1_500;

export function useShortcuts(open: (tool: Tool) => void): void {
  const router = useRouter();
  useEffect(() => {
    let gAt = Number.NEGATIVE_INFINITY;
    const act = (wanted: Act): void => {
      if (wanted.kind === "await") gAt = performance.now();
      else if (wanted.kind === "open") open(wanted.tool);
      else if (wanted.kind === "search" && !focusSearch()) open("palette");
      else if (wanted.kind === "go") void router.navigate({ to: wanted.to, search: wanted.search ?? {} });
    };
    const listen = (event: KeyboardEvent): void => {
      if ((event.metaKey || event.ctrlKey) && !event.altKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        open("palette");
        return;
      }
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || isTyping(event)) return;
      const afterG = performance.now() - gAt < patienceMs;
      gAt = Number.NEGATIVE_INFINITY;
      const wanted = actOf(event.key, afterG, router.state.location.pathname);
      if (wanted === null) return;
      event.preventDefault();
      act(wanted);
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [router, open]);
}

/** The search field of the page. */
function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>("main input[type=search], main [role=searchbox]");
  field?.focus();
  field?.select();
  return field !== null;
}
