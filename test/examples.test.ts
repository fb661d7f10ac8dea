// Every example does what its README says: its try.sh runs against a gateway started from its own file.
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { adminToken, longMs, startProcess } from "./support/gateway-process.ts";
import { createKeeper } from "./support/keeper.ts";

const keep = createKeeper();
const folder = join(import.meta.dirname, "..", "examples");
const examples = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a script as a reader would, without any key of theirs. */
function run(script: string, env: Readonly<Record<string, string>>): Promise<Ended> {
  const { OPENAI_API_KEY: _key, ...rest } = process.env;
  const child = spawn("sh", [script], {
    cwd: folder,
    env: { ...rest, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (bytes: Buffer) => (output += bytes.toString("utf8")));
  child.stderr.on("data", (bytes: Buffer) => (output += bytes.toString("utf8")));
  return new Promise((resolve) => {
    child.on("close", (code) => resolve({ code, output }));
  });
}

describe(`${examples.length} examples`, () => {
  test("are found", () => {
    expect(examples.length).toBeGreaterThan(0);
  });

  test.each(examples)(
    "%s",
    async (name) => {
      const file = join(folder, name, "gateway.yaml");
      // References in a file must stand for something; nothing is sent to the real provider.
      const models = join(folder, name, "models.yaml");
      const env = {
        OPENAI_API_KEY: "not-a-key-0123456789",
        ...(existsSync(models) && { MOONGATE_MODELS_FILE: models }),
      };
      const gateway = keep(await startProcess({ words: ["--config", file], env }));
      const ended = await run(join(folder, name, "try.sh"), {
        MOONGATE_URL: gateway.gatewayUrl,
        MOONGATE_ADMIN_URL: gateway.consoleUrl,
        MOONGATE_ADMIN_TOKEN: adminToken,
      });
      expect(ended, ended.output).toMatchObject({ code: 0 });
      expect(ended.output).not.toContain("FAILED");
    },
    longMs,
  );
});
