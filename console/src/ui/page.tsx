// The frame of a page inside the opening: title row, then content. Sets the document's title. Knows no feature.
import { useEffect, type ReactNode } from "react";
import classes from "./page.module.css";

/**
 * @param title one per page, the h1
 * @param documentTitle words for the browser's tab; the title by default when it is a text
 * @param beside facts and badges after the title
 * @param actions buttons at the right
 */
export function PageHead({
  title,
  documentTitle,
  beside,
  actions,
  ruled = false,
}: {
  readonly title: ReactNode;
  readonly documentTitle?: string;
  readonly beside?: ReactNode;
  readonly actions?: ReactNode;
  readonly ruled?: boolean;
}) {
  usePageTitle(documentTitle ?? (typeof title === "string" ? title : ""));
  return (
    <div className={classes["head"]} data-ruled={ruled || undefined}>
      <h1 className="cut">{title}</h1>
      {beside}
      <span className="grow" />
      {actions}
    </div>
  );
}

/** The scrolling content below the head. */
export function PageBody({
  children,
  flush = false,
}: {
  readonly children: ReactNode;
  readonly flush?: boolean;
}) {
  return (
    <div className={classes["body"]} data-flush={flush || undefined}>
      {children}
    </div>
  );
}

/** The quiet line at the foot of a list: what is shown, which keys work. */
export function PageFoot({ children }: { readonly children: ReactNode }) {
  return <div className={classes["foot"]}>{children}</div>;
}

export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = title === "" ? "Moongate" : `${title} · Moongate`;
  }, [title]);
}
