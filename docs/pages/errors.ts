// docs/errors.md from the error table.
import { errorTable } from "../../src/core/errors.ts";
import { code, page, table } from "./markdown.ts";

export function errorsPage(): string {
  const rows = Object.entries(errorTable).map(([name, row]) => [
    code(name),
    String(row.status),
    row.retryable ? "yes" : "no",
    row.message,
    row.remedy,
  ]);
  return page("Errors", [
    "Every error that the gateway itself gives to a client of a Model API. Its code stands where the client's protocol has a place for one; its message may say more than the one below. Errors of a model service pass with the service's own status and body unless the table says otherwise.",
    table(["Code", "Status", "Try again", "What happened", "What to do"], rows),
  ]);
}
