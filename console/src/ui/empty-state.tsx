// What stands where nothing is yet: the gate, a name, one sentence, one button, and the way that needs nothing.
import type { ReactNode } from "react";
import { Gate } from "./gate.tsx";
import classes from "./states.module.css";

export function EmptyState({
  title,
  children,
  actions,
}: {
  readonly title: string;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <div className={classes["empty"]}>
      <Gate state="unreached" size={56} />
      <h2>{title}</h2>
      <p className="soft">{children}</p>
      <div className="row g12 wrap">{actions}</div>
    </div>
  );
}
