// Tells which fields were left, so that what is wrong with them is said by then and not before.
import { useEffect, useRef, type RefObject } from "react";

/** Tells of each field that the focus leaves. */
export function useLeaving(scroller: RefObject<HTMLElement | null>, touch: (path: string) => void): void {
  const latest = useRef(touch);
  useEffect(() => {
    latest.current = touch;
  }, [touch]);
  useEffect(() => {
    const element = scroller.current;
    const leave = (event: FocusEvent): void => {
      const left = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-field]") : null;
      const path = left?.dataset["field"];
      if (path !== undefined) latest.current(path);
    };
    element?.addEventListener("focusout", leave);
    return () => element?.removeEventListener("focusout", leave);
  }, [scroller]);
}
