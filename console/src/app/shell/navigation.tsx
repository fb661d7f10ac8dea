// The navigation at the left, with the instance and its revision at its foot.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { statusQuery } from "../../api/state.ts";
import { useMessages } from "../../i18n/language.tsx";
import { Wordmark } from "../../ui/wordmark.tsx";
import { InstanceMenu } from "./instance-menu.tsx";
import { navGroups, type NavItem } from "./nav-items.ts";
import { shellMessages } from "./shell-messages.ts";
import classes from "./shell.module.css";

export function Navigation() {
  const t = useMessages(shellMessages);
  return (
    <nav className={classes["nav"]} aria-label={t("main")}>
      <Link to="/overview" className={classes["brand"]}>
        <Wordmark />
      </Link>
      {navGroups.map(({ text, items }) => (
        <div key={text ?? "top"}>
          {text !== null && <div className={classes["group"]}>{t(text)}</div>}
          {items.map((item) => (
            <NavLink key={item.to} item={item} />
          ))}
        </div>
      ))}
      <InstanceMenu />
    </nav>
  );
}

function NavLink({ item }: { readonly item: NavItem }) {
  const t = useMessages(shellMessages);
  const status = useQuery(statusQuery);
  const { icon: Icon } = item;
  const count = item.to === "/services" ? attentionCount(status.data?.attention ?? []) : 0;
  return (
    <Link to={item.to} className={classes["item"]}>
      <Icon size={16} strokeWidth={1.75} aria-hidden />
      <span>{t(item.text)}</span>
      {count > 0 && (
        <span className={classes["count"]} title={t("attention", { n: count })}>
          {count}
          <span className="sr-only">{t("attention", { n: count })}</span>
        </span>
      )}
    </Link>
  );
}

/** Services that something is wrong with, each once. */
function attentionCount(
  attention: readonly { readonly kind: string | null; readonly object: string }[],
): number {
  return new Set(attention.filter(({ kind }) => kind === "services").map(({ object }) => object)).size;
}
