// What the program takes from its process, passed in so that a test can look.
import type { OperationalLog } from "../telemetry/operational-log.ts";

export interface AppSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly print: (text: string) => void;
  readonly log: OperationalLog;
  /** Where the built console lies. */
  readonly consoleFolder: string;
}
