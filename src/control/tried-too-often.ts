// The refusal of whoever should come back later. Knows no reason.
import { ControlError } from "./control-error.ts";

export class TriedTooOften extends ControlError {
  /** Goes out as Retry-After. */
  readonly retryAfterSeconds: number;

  constructor(message: string, retryAfterMs: number) {
    super("too_many_tries", message);
    this.name = "TriedTooOften";
    this.retryAfterSeconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  }
}
