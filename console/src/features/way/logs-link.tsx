// A link from the Way to the exchanges that it counts, over the same window.
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { TrafficWindow, WayStop } from "../../../../src/control/routes/console-answers.ts";

/** @param label where the link leads, for screen readers: said after what stands in it */
export function LogsLink({
  query,
  window,
  label,
  className,
  children,
}: {
  readonly query: string;
  readonly window: TrafficWindow;
  readonly label: string;
  readonly className: string | undefined;
  readonly children: ReactNode;
}) {
  return (
    <Link to="/observe/logs" search={{ q: query, range: window }} className={className} title={label}>
      {children}
      <span className="sr-only">{label}</span>
    </Link>
  );
}

/** Exchanges of a Model API that were stopped so. */
export function stopQuery(api: string, { status, code }: Pick<WayStop, "status" | "code">): string {
  if (code === "client_closed") return `api:${api} outcome:client_closed`;
  return code === "" ? `api:${api} status:${status}` : `api:${api} status:${status} error:${code}`;
}
