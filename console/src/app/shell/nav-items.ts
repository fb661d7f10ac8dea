// The navigation as data: groups, their pages, icons, and the letter after `g`. A page without a row is not in the menu.
import {
  Bell,
  ChartLine,
  Coins,
  FolderTree,
  Globe,
  KeyRound,
  LayoutDashboard,
  MessageSquareCode,
  ScrollText,
  Server,
  Settings,
  Shield,
  UsersRound,
  Waypoints,
} from "lucide-react";
import type { LucideIcon } from "lucide-react";
import type { PlainKey } from "../../i18n/messages.ts";
import type { shellMessages } from "./shell-messages.ts";

type Word = PlainKey<typeof shellMessages>;

export interface NavItem {
  readonly to: string;
  readonly text: Word;
  readonly icon: LucideIcon;
  /** `g` then this letter goes there. */
  readonly key: string;
  /** In the dock of a phone. */
  readonly dock: boolean;
}

export interface NavGroup {
  readonly text: Word | null;
  readonly items: readonly NavItem[];
}

export const navGroups: readonly NavGroup[] = [
  { text: null, items: [{ to: "/overview", text: "overview", icon: LayoutDashboard, key: "o", dock: true }] },
  {
    text: "build",
    items: [
      { to: "/model-apis", text: "modelApis", icon: Waypoints, key: "m", dock: true },
      { to: "/services", text: "services", icon: Server, key: "s", dock: true },
      { to: "/domains", text: "domains", icon: Globe, key: "d", dock: false },
    ],
  },
  {
    text: "govern",
    items: [
      { to: "/consumers", text: "consumers", icon: KeyRound, key: "c", dock: false },
      { to: "/consumer-groups", text: "consumerGroups", icon: UsersRound, key: "k", dock: false },
      { to: "/policies", text: "policies", icon: Shield, key: "y", dock: false },
      { to: "/resource-groups", text: "resourceGroups", icon: FolderTree, key: "r", dock: false },
    ],
  },
  {
    text: "observe",
    items: [
      { to: "/observe/metrics", text: "metrics", icon: ChartLine, key: "e", dock: false },
      { to: "/observe/logs", text: "logs", icon: ScrollText, key: "l", dock: true },
      { to: "/observe/alerts", text: "alerts", icon: Bell, key: "a", dock: false },
      { to: "/observe/usage", text: "usage", icon: Coins, key: "u", dock: false },
    ],
  },
  {
    text: "operate",
    items: [
      { to: "/playground", text: "playground", icon: MessageSquareCode, key: "p", dock: true },
      { to: "/settings", text: "settings", icon: Settings, key: "t", dock: false },
    ],
  },
];

export const navItems: readonly NavItem[] = navGroups.flatMap(({ items }) => items);
