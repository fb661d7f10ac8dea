// The targets of a model service as lines of a table, whatever the mode. Pure.
import type { ModelApi } from "../../../api/resources.ts";

export interface TargetRow {
  readonly key: string;
  readonly service: string;
  readonly model: string | undefined;
  /** Of mode by-model-name; undefined there = the default. */
  readonly pattern: string | undefined;
  /** Of mode by-weight, 0 to 1. */
  readonly share: number | undefined;
}

type Named = { readonly service: string; readonly model?: string | undefined };

export function targetRows(mode: ModelApi["modelService"]): TargetRow[] {
  const row = (
    { service, model }: Named,
    key: string | number,
    more: Partial<TargetRow> = {},
  ): TargetRow => ({
    key: String(key),
    service,
    model,
    pattern: undefined,
    share: undefined,
    ...more,
  });
  switch (mode.mode) {
    case "single":
      return [row(mode.target, 0)];
    case "by-model-name":
      return [
        ...mode.rules.map(({ target, pattern }, index) => row(target, index, { pattern })),
        ...(mode.default === undefined ? [] : [row(mode.default, "default")]),
      ];
    case "by-weight": {
      const total = mode.targets.reduce((sum, { weight }) => sum + weight, 0);
      return mode.targets.map((target, index) =>
        row(target, index, { share: total === 0 ? 0 : target.weight / total }),
      );
    }
    case "by-metrics":
      return mode.targets.map((target, index) => row(target, index));
    case "intelligent":
      return [
        ...mode.candidates.map((target, index) => row(target, index)),
        ...(mode.default === undefined ? [] : [row(mode.default, "default")]),
      ];
  }
}
