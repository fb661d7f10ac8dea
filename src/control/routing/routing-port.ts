// What the operations of the admin API need of learning, passed in by the composition root. Types only.
import type { LearningWork } from "../../routing/learning/learning-task.ts";
import type { LabelBook } from "./label-book.ts";
import type { RouterVersions } from "./router-versions.ts";
import type { Trainings } from "./trainings.ts";

/** Does what takes seconds somewhere else. */
export interface LearningPort {
  readonly run: <Kind extends keyof LearningWork>(
    kind: Kind,
    task: LearningWork[Kind]["task"],
  ) => Promise<LearningWork[Kind]["done"]>;
}

export interface RoutingPort {
  readonly labels: LabelBook;
  readonly versions: RouterVersions;
  readonly trainings: Trainings;
  readonly learning: LearningPort;
  /** Of a text, by a key that nobody else has. */
  readonly digest: (text: string) => string;
}
