// What the admin API answers about learning, for whoever shows it. Types only.
import type { LabelCount } from "../../core/kept-routing.ts";
import type { RoutingRecord } from "../../core/routing-record.ts";
import type { ExplainedChoice } from "../../routing/decision/explain-choice.ts";
import type { Reproduction } from "../../routing/decision/reproduce.ts";
import type { Preview } from "../../routing/learning/preview.ts";
import type { Unused } from "./preview-records.ts";
import type { Comparison, Verdict } from "../../routing/learning/compare-routers.ts";
import type { CurvePoint } from "../../routing/learning/learning-curve.ts";
import type { ModelShare, TrainingReport } from "../../routing/learning/train.ts";

export type { LabelCount, LabelSource } from "../../core/kept-routing.ts";
export type { Comparison, CurvePoint, ModelShare, Verdict };

/** What is kept of a version beside its table. */
export interface VersionReport extends TrainingReport {
  /** Version that it was compared with; 0: the choice without labels. */
  readonly against: number;
  /** Version of the numbers of prompts that it goes by: one of another is of no use any more. */
  readonly features: number;
}

export interface RouterVersion {
  readonly version: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly by: string;
  readonly labels: number;
  readonly prompts: number;
  readonly bytes: number;
  readonly against: number;
  /** False: another version of the program has made it, and it must be trained anew. */
  readonly usable: boolean;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly overCurrent: Comparison;
  readonly overDefault: Comparison;
}

/** A training that has ended. */
export interface TrainingRun {
  readonly at: string;
  readonly by: string;
  readonly tookMs: number;
  /** Null: it came to none. */
  readonly version: number | null;
  /** In words; of a version what was found about it. */
  readonly result: string;
  readonly shares: readonly ModelShare[];
  /** How good the choice is by the number of labelled prompts, from none to all. */
  readonly curve: readonly CurvePoint[];
}

/** `GET /api/v1/model-apis/{name}/routing` */
export interface RoutingState {
  /** Whether judged answers are kept as labels. */
  readonly learns: boolean;
  readonly autoPublish: boolean;
  readonly labels: {
    readonly total: number;
    /** Of `total`: of prompts that another version of the program has read; nothing is learnt of them. */
    readonly unusable: number;
    readonly items: readonly LabelCount[];
  };
  /** What is not used because another version of the program has made it, in sentences. */
  readonly notes: readonly string[];
  /** Newest first. */
  readonly versions: readonly RouterVersion[];
  /** What is in use; `version` 0: nothing that was learnt. `former` is what one step back leads to. */
  readonly published: {
    readonly version: number;
    readonly former: number;
    readonly at: string | null;
    readonly by: string;
  };
  /** The training that runs. */
  readonly running: { readonly since: string; readonly by: string } | null;
  readonly lastRun: TrainingRun | null;
}

/** `POST /api/v1/model-apis/{name}/routing/preview` */
export interface PreviewAnswer extends Preview {
  /** Share by which the cost changes, such as -0.48; null where nothing was paid. */
  readonly costChange: number | null;
  readonly summary: string;
  /** Records that were looked at. */
  readonly looked: number;
  readonly unused: Unused;
}

/** `POST /api/v1/model-apis/{name}/routing/reproduce` */
export interface ReproductionAnswer extends Reproduction {
  readonly router: string;
  readonly recorded: RoutingRecord["choice"];
  readonly explanation: ExplainedChoice;
}
