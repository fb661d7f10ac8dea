// The navigation at the left, with the instance and its revision at its foot.
import { Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Box } from "lucide-react";
import { statusQuery } from "../../api/state.ts";
import { useMessages } from "../../i18n/language.tsx";
import { Moon } from "../../ui/moon.tsx";
import { Wordmark } from "../../ui/wordmark.tsx";
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
      <Instance />
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

function Instance() {
  const t = useMessages(shellMessages);
  const { data } = useQuery(statusQuery);
  if (data === undefined) return <div className={classes["instance"]} style={{ height: 51 }} />;
  const ready = data.nodes.filter((node) => node.ready && node.revision === data.revision).length;
  const text = data.ready
    ? t("revisionOn", { revision: String(data.revision), ready, total: data.nodes.length })
    : t("notReady", { revision: String(data.revision) });
  return (
    <Tooltip label={`${text}. ${t("oneInstance")}`} multiline w={240}>
      <div className={classes["instance"]} tabIndex={0} role="group" aria-label={t("instance")}>
        <span className={classes["cube"]}>
          <Box size={15} strokeWidth={1.75} aria-hidden />
        </span>
        <span className="grow">
          <span className="medium cut" style={{ display: "block", lineHeight: "17px" }}>
            {data.instance.name}
          </span>
          <span className="tiny dim cut" style={{ display: "block" }}>
            {data.instance.region}
          </span>
        </span>
        <span className="tag num tiny">
          <Moon phase={data.ready ? "full" : "crescent"} size={8} label={text} />
          {data.revision}
        </span>
      </div>
    </Tooltip>
  );
}
