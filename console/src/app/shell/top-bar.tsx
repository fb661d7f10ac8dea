// The bar over the opening: where you are, search, language, theme, account.
import { ActionIcon, Menu, Tooltip, useMantineColorScheme } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { CircleHelp, Languages, Search, SunMoon } from "lucide-react";
import { heldBy, sessionQuery, signOut } from "../../api/session.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import { languages } from "../../i18n/messages.ts";
import { Wordmark } from "../../ui/wordmark.tsx";
import { Crumbs } from "./crumbs.tsx";
import { shellMessages } from "./shell-messages.ts";
import classes from "./shell.module.css";
import { useOpenTool } from "./tool-state.tsx";

export function TopBar() {
  const t = useMessages(shellMessages);
  const open = useOpenTool();
  return (
    <header className={classes["top"]}>
      <span className={classes["logo"]}>
        <Wordmark height={24} />
      </span>
      <Crumbs />
      <span className="grow" />
      <button type="button" className={classes["search"]} onClick={() => open("palette")}>
        <Search size={15} strokeWidth={1.75} aria-hidden />
        <span className="grow" style={{ textAlign: "left" }}>
          {t("search")}
        </span>
        <kbd>{navigator.platform.startsWith("Mac") ? "⌘K" : "Ctrl K"}</kbd>
      </button>
      <ActionIcon
        variant="subtle"
        size={30}
        className={classes["phoneSearch"]}
        aria-label={t("search")}
        onClick={() => open("palette")}
      >
        <Search size={16} strokeWidth={1.75} />
      </ActionIcon>
      <Tooltip label={t("help")}>
        <ActionIcon variant="subtle" size={30} aria-label={t("help")} onClick={() => open("help")}>
          <CircleHelp size={16} strokeWidth={1.75} />
        </ActionIcon>
      </Tooltip>
      <LanguageMenu />
      <ThemeMenu />
      <AccountMenu />
    </header>
  );
}

const languageNames = { en: "English", zh: "简体中文" } as const;

export function LanguageMenu() {
  const t = useMessages(shellMessages);
  const { language, setLanguage } = useLanguage();
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon variant="subtle" size={30} aria-label={t("language")}>
          <Languages size={16} strokeWidth={1.75} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {languages.map((each) => (
          <Menu.Item
            key={each}
            lang={each === "zh" ? "zh-CN" : "en"}
            aria-current={each === language}
            onClick={() => setLanguage(each)}
          >
            {languageNames[each]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

export function ThemeMenu() {
  const t = useMessages(shellMessages);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const choices = [
    ["light", t("themeLight")],
    ["dark", t("themeDark")],
    ["auto", t("themeSystem")],
  ] as const;
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon variant="subtle" size={30} aria-label={t("theme")}>
          <SunMoon size={16} strokeWidth={1.75} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {choices.map(([value, text]) => (
          <Menu.Item key={value} aria-current={value === colorScheme} onClick={() => setColorScheme(value)}>
            {text}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function AccountMenu() {
  const t = useMessages(shellMessages);
  const { data: session } = useQuery(sessionQuery);
  const client = useQueryClient();
  const router = useRouter();
  const open = useOpenTool();
  if (session === null || session === undefined) return null;
  const { name } = session.user;
  const leave = async (): Promise<void> => {
    await signOut();
    client.clear();
    client.setQueryData(sessionQuery.queryKey, null);
    await router.invalidate();
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <button type="button" className={classes["account"]}>
          <span aria-hidden>{name.slice(0, 2).toUpperCase()}</span>
          <span className="sr-only">{`${t("account")}: ${name}`}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {t("signedInAs", { name })}
          {heldBy(session).map(({ role, resourceGroups }) => (
            <span key={`${role} ${resourceGroups?.join(" ") ?? "*"}`} className={classes["held"]}>
              {t("roleIn", { role: t(role), place: resourceGroups?.join(", ") ?? t("everywhere") })}
            </span>
          ))}
        </Menu.Label>
        <Menu.Item onClick={() => open("password")}>{t("changePassword")}</Menu.Item>
        <Menu.Item onClick={() => open("shortcuts")}>{t("shortcuts")}</Menu.Item>
        <Menu.Item onClick={() => void leave()}>{t("signOut")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
