// The navigation of a phone: four pages and a menu with the others.
import { Menu } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Ellipsis } from "lucide-react";
import { useMessages } from "../../i18n/language.tsx";
import { navItems } from "./nav-items.ts";
import { shellMessages } from "./shell-messages.ts";
import classes from "./shell.module.css";

export function Dock() {
  const t = useMessages(shellMessages);
  return (
    <nav className={classes["dock"]} aria-label={t("main")}>
      {navItems
        .filter(({ dock }) => dock)
        .map(({ to, text, icon: Icon }) => (
          <Link key={to} to={to}>
            <Icon size={18} strokeWidth={1.75} aria-hidden />
            {t(text)}
          </Link>
        ))}
      <Menu position="top-end">
        <Menu.Target>
          <button type="button">
            <Ellipsis size={18} aria-hidden />
            {t("more")}
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {navItems
            .filter(({ dock }) => !dock)
            .map(({ to, text, icon: Icon }) => (
              <Menu.Item
                key={to}
                component={Link}
                to={to}
                leftSection={<Icon size={16} strokeWidth={1.75} />}
              >
                {t(text)}
              </Menu.Item>
            ))}
        </Menu.Dropdown>
      </Menu>
    </nav>
  );
}
