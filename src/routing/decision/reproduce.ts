// Whether a record's choice comes out again of its evidence. Knows not where records are kept.
import type { Choice, RoutingRecord } from "../../core/routing-record.ts";
import { chooseModel } from "./choose-model.ts";

export interface Reproduction {
  readonly same: boolean;
  /** What comes out now, whole. */
  readonly choice: Choice;
  /** What differs from the record. */
  readonly differences: readonly Difference[];
}

interface Difference {
  readonly field: keyof RoutingRecord["choice"];
  readonly recorded: string | number;
  readonly now: string | number;
}

const fields = ["model", "reason", "margin", "propensity"] as const;

export function reproduce({
  evidence,
  choice: recorded,
}: Pick<RoutingRecord, "evidence" | "choice">): Reproduction {
  const choice = chooseModel(evidence);
  const differences = fields.flatMap((field): Difference[] =>
    choice[field] === recorded[field] ? [] : [{ field, recorded: recorded[field], now: choice[field] }],
  );
  return { same: differences.length === 0, choice, differences };
}
