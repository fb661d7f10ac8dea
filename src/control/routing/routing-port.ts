// What the operations of the admin API need of learning, passed in by the composition root. Types only.
import type { LabelBook } from "./label-book.ts";
import type { RouterVersions } from "./router-versions.ts";

export interface RoutingPort {
  readonly labels: LabelBook;
  readonly versions: RouterVersions;
}
