// The words for changes to the configuration, on their way to the one place that commits them.
import type { Kind } from "../resources/kinds.ts";
import type { OmittedSecrets } from "./kept-secrets.ts";
import type { JsonObject } from "./merge-patch.ts";

/** One object to be written or deleted. */
export type Edit =
  | {
      readonly action: "write";
      readonly kind: Kind;
      readonly name: string;
      /** As its author wrote it; secrets may be masked or absent. References are resolved already. */
      readonly body: JsonObject;
      /** The same before its references were resolved; absent where references are not allowed. */
      readonly source?: JsonObject;
      readonly omittedSecrets: OmittedSecrets;
      /** The body holds secrets in stored form, which the control plane itself has moved to another place. */
      readonly movesSecrets?: true;
      readonly managedBy: "api" | "file";
      /** Put before paths in error details: the place in a document. */
      readonly place: string;
      readonly condition: Condition;
    }
  | {
      readonly action: "restore";
      readonly kind: Kind;
      readonly name: string;
      /** In stored form, from history or the store. */
      readonly stored: JsonObject;
      /** True when a file gives the object up: then it becomes ordinary. */
      readonly fromFile: boolean;
    }
  | {
      readonly action: "delete";
      readonly kind: Kind;
      readonly name: string;
      /** Whether the started file asks for it; then it may delete what it manages. */
      readonly byFile: boolean;
      readonly condition: Condition;
    };

/** What must hold for an edit to happen. */
export interface Condition {
  /** `absent`: create; `present`: replace or delete; `any`: either. */
  readonly object: "absent" | "present" | "any";
  /** From If-Match. */
  readonly revision?: number | undefined;
}

export const anyCondition: Condition = { object: "any" };

/** One change of a plan, as `config/plan` and `config/apply` report it. */
export interface PlannedChange {
  readonly action: "create" | "update" | "delete";
  readonly kind: Kind;
  readonly name: string;
}

export interface Plan {
  readonly changes: readonly PlannedChange[];
  readonly warnings: readonly string[];
}
