// Bars in the shape of what will come, shown only when it takes longer than a moment.
import { useEffect, useState } from "react";
import { useMessages } from "../i18n/language.tsx";
import { uiMessages } from "./ui-messages.ts";
import classes from "./states.module.css";

const patienceMs = 200;

/** Rows of bars. @param rows how many @param height of a row in px */
export function LoadingRows({ rows = 5, height = 44 }: { readonly rows?: number; readonly height?: number }) {
  const t = useMessages(uiMessages);
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), patienceMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" aria-busy="true" style={{ minHeight: rows * height }}>
      <span className="sr-only">{t("loading")}</span>
      {late &&
        Array.from({ length: rows }, (_, row) => (
          <div key={row} className={classes["bars"]} style={{ height }} aria-hidden>
            <i style={{ flex: 3 }} />
            <i style={{ flex: 2 }} />
            <i style={{ flex: 2 }} />
            <i style={{ flex: 1 }} />
          </div>
        ))}
    </div>
  );
}
