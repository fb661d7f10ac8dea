// The keys that work everywhere, as rules: which key in which place does what. Knows no event.
import { navItems } from "./nav-items.ts";
import type { Tool } from "./tool-state.tsx";

export type Act =
  | { readonly kind: "go"; readonly to: string; readonly search?: Readonly<Record<string, boolean>> }
  | { readonly kind: "open"; readonly tool: Tool }
  | { readonly kind: "search" }
  /** The next key says where to go. */
  | { readonly kind: "await" };

/** Where `n` leads from a page; a list that has a rule of its own is not here. */
const news: Readonly<Record<string, Act>> = {
  "/overview": { kind: "go", to: "/model-apis/new" },
  "/services": { kind: "go", to: "/services/new" },
  "/domains": { kind: "go", to: "/domains", search: { add: true } },
  "/resource-groups": { kind: "go", to: "/resource-groups", search: { add: true } },
  "/consumers": { kind: "go", to: "/consumers", search: { add: true } },
};

/** @param afterG whether the key before was `g` @param path of the page */
export function actOf(key: string, afterG: boolean, path: string): Act | null {
  if (afterG) {
    const item = navItems.find((each) => each.key === key);
    return item === undefined ? null : { kind: "go", to: item.to };
  }
  if (key === "g") return { kind: "await" };
  if (key === "?") return { kind: "open", tool: "shortcuts" };
  if (key === "/") return { kind: "search" };
  return key === "n" ? (news[path] ?? null) : null;
}
