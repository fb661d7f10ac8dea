// The frame of the pages before the console: one opening in the wall, the wordmark above it. Knows no form.
import type { ReactNode } from "react";
import { LanguageMenu, ThemeMenu } from "../../app/shell/top-bar.tsx";
import { usePageTitle } from "../../ui/page.tsx";
import { Wordmark } from "../../ui/wordmark.tsx";
import classes from "./door.module.css";

/** @param foot a quiet sentence below the opening */
export function Door({
  title,
  children,
  foot,
}: {
  readonly title: string;
  readonly children: ReactNode;
  readonly foot?: ReactNode;
}) {
  usePageTitle(title);
  return (
    <div className={classes["page"]}>
      <header className={classes["corner"]}>
        <LanguageMenu />
        <ThemeMenu />
      </header>
      <main className={classes["middle"]}>
        <Wordmark height={34} />
        <section className={classes["opening"]} aria-labelledby="door-title">
          <h1 id="door-title">{title}</h1>
          {children}
        </section>
        {foot !== undefined && <p className={classes["foot"]}>{foot}</p>}
      </main>
    </div>
  );
}
