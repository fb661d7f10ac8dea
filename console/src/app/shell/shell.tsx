// The wall round the opening: navigation, top bar, dock on a phone; the page of the moment stands inside.
import { useQuery } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { statusQuery } from "../../api/state.ts";
import { useMessages } from "../../i18n/language.tsx";
import { Dock } from "./dock.tsx";
import { Navigation } from "./navigation.tsx";
import { shellMessages } from "./shell-messages.ts";
import classes from "./shell.module.css";
import { ShellTools } from "./tools.tsx";
import { TopBar } from "./top-bar.tsx";

export function Shell() {
  const t = useMessages(shellMessages);
  const status = useQuery(statusQuery);
  return (
    <ShellTools>
      <div className={classes["app"]}>
        <a href="#content" className={classes["skip"]}>
          {t("skip")}
        </a>
        <Navigation />
        <TopBar />
        <main className={classes["opening"]} id="content" tabIndex={-1}>
          {status.isError && (
            <div className={classes["banner"]} role="status">
              {t("offline")}
            </div>
          )}
          {typeof status.data?.configError === "string" && (
            <div className={classes["banner"]} role="status">
              {t("configError", { message: status.data.configError })}
            </div>
          )}
          <Outlet />
        </main>
        <Dock />
      </div>
    </ShellTools>
  );
}
