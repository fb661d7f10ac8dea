// Which Chromium the browser tests run in, and how it is started. Knows no page of the console.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Browser } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** A net; a first start reads hundreds of megabytes from a disk that others may keep busy. */
const launchWithinMs = 120_000;

/** Nothing of its own to load, to send or to ask. */
const words = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** `MOONGATE_CHROMIUM`, else the first one of PATH; undefined where there is none. */
function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const own = env["MOONGATE_CHROMIUM"];
  if (own !== undefined && own !== "") return own;
  const folders = [...(env["PATH"] ?? "").split(delimiter), "/usr/bin"];
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(existsSync);
}

export async function startChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error("There is no Chromium: set MOONGATE_CHROMIUM.");
  return chromium.launch({ executablePath, args: words, timeout: launchWithinMs });
}

/** For `describe.runIf`: tests that need a browser are skipped, with the reason, where there is none. */
export const hasChromium = findChromium() !== undefined;

if (!hasChromium) {
  process.stderr.write(
    "browser tests are skipped: there is no Chromium; install one or set MOONGATE_CHROMIUM to its path\n",
  );
}
