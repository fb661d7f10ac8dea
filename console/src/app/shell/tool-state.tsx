// What stands over the page, for whoever opens it: the palette, help, the sheet of shortcuts, the password dialog.
import { createContext, use } from "react";

export type Tool = "palette" | "help" | "shortcuts" | "password";

/** Opens a tool. */
export const ToolContext = createContext<(tool: Tool) => void>(() => undefined);

export function useOpenTool(): (tool: Tool) => void {
  return use(ToolContext);
}
