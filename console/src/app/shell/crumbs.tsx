// The path to the page of the moment, from the words that the matched routes give.
import { Link, useMatches } from "@tanstack/react-router";
import { useMessages } from "../../i18n/language.tsx";
import { crumbMessages, type CrumbWord } from "./crumb-messages.ts";
import classes from "./shell.module.css";

/** One step of the path: a word of the console, or the name of an object as it stands. */
export type Crumb =
  | { readonly word: CrumbWord; readonly to?: string }
  | { readonly name: string; readonly to?: string };

export function Crumbs() {
  const t = useMessages(crumbMessages);
  // A child's context holds its parents' too, so the deepest match has the whole path.
  const last = useMatches().at(-1);
  const path = last?.context.crumbs ?? [];
  return (
    <nav aria-label={t("path")} className="cut">
      <ol className={classes["crumbs"]}>
        {path.map((crumb, index) => {
          const text = "word" in crumb ? t(crumb.word) : crumb.name;
          const isLast = index === path.length - 1;
          return (
            <li key={text}>
              {crumb.to === undefined || isLast ? (
                <span className="cut" aria-current={isLast ? "page" : undefined}>
                  {text}
                </span>
              ) : (
                <Link to={crumb.to} activeOptions={{ exact: true }}>
                  {text}
                </Link>
              )}
              {!isLast && <span aria-hidden>/</span>}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
