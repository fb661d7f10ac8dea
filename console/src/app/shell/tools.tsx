// Holds which tool is open, and the keys that open them. Each tool is loaded when it is first opened.
import { lazy, Suspense, useCallback, useRef, useState, type ReactNode } from "react";
import { ToolContext, type Tool } from "./tool-state.tsx";
import { useShortcuts } from "./use-shortcuts.ts";

const tools = {
  palette: lazy(async () => ({ default: (await import("../palette/palette.tsx")).Palette })),
  help: lazy(async () => ({ default: (await import("../palette/help-drawer.tsx")).HelpDrawer })),
  shortcuts: lazy(async () => ({ default: (await import("../palette/shortcut-sheet.tsx")).ShortcutSheet })),
  password: lazy(async () => ({
    default: (await import("../../features/sign-in/change-password.tsx")).ChangePassword,
  })),
} as const;

export function ShellTools({ children }: { readonly children: ReactNode }) {
  const [open, setOpen] = useState<Tool | null>(null);
  const before = useRef<Element | null>(null);
  const show = useCallback((tool: Tool): void => {
    before.current ??= document.activeElement;
    setOpen(tool);
  }, []);
  useShortcuts(show);
  const close = (): void => {
    setOpen(null);
    const { current } = before;
    before.current = null;
    // After the dialog has let go of the focus; a menu that opened it is gone by then.
    if (current instanceof HTMLElement) setTimeout(() => current.isConnected && current.focus(), 0);
  };
  const Open = open === null ? null : tools[open];
  return (
    <ToolContext value={show}>
      {children}
      {Open !== null && (
        <Suspense fallback={null}>
          <Open onClose={close} />
        </Suspense>
      )}
    </ToolContext>
  );
}
