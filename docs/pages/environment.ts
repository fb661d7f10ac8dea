// docs/environment.md from the table of settings.
import { notServedTable, settingHelp } from "../../src/app/settings.ts";
import { code, page, table } from "./markdown.ts";

/** Settings that are read and checked while the part that would use them does not exist. */
export const withoutEffect: readonly string[] = ["MOONGATE_GATEWAY_TLS_PORT"];

export function environmentPage(): string {
  return page("Environment", [
    "What the gateway reads from its environment, once, at start. An empty variable counts as not set. Every wrong value is named before anything starts. `moongate start --help` shows the same list.",
    table(
      ["Variable", "Default", "Meaning"],
      settingHelp.map(({ variable, defaultText, meaning }) => [code(variable), defaultText, meaning]),
    ),
    `Read and checked, but without effect in this build: ${withoutEffect.map(code).join(", ")}.`,
    `Refused unless left out or at their default, as this build does not serve what they set: ${notServedTable.map((row) => code(row.variable)).join(", ")}.`,
    "The commands that talk to a running gateway read `MOONGATE_ADMIN_URL` (default `http://127.0.0.1:8081`) and `MOONGATE_ADMIN_TOKEN`.",
  ]);
}
