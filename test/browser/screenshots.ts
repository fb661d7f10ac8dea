// `npm run screenshots`: pictures of every page in both languages, both themes and three sizes, with data and traffic as a
// team would have them. Words after it: a folder (default `console/screenshots`), then names of pages (default: all).
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pages, type PageRow } from "./pages.ts";
import { openScene, type Language, type Scene, type Theme } from "./support/scene.ts";
import { seed } from "./support/seed.ts";
import { settled } from "./support/view.ts";

const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
] as const;

async function shoot(scene: Scene, rows: readonly PageRow[], folder: string): Promise<void> {
  for (const language of ["en", "zh"] as const) {
    for (const theme of ["light", "dark"] as const) {
      for (const size of sizes) await shootAll(scene, rows, folder, { language, theme, ...size });
    }
  }
}

interface Look {
  readonly language: Language;
  readonly theme: Theme;
  readonly width: number;
  readonly height: number;
}

async function shootAll(scene: Scene, rows: readonly PageRow[], folder: string, look: Look): Promise<void> {
  const owner = await scene.newContext(look);
  const stranger = await scene.newContext({ ...look, signedIn: false });
  for (const row of rows) {
    const { page } = await scene.openIn(row.signedIn === false ? stranger : owner);
    await page.goto(scene.url + row.address);
    await settled(page);
    await row.open?.(page);
    const file = join(folder, `${row.name}-${look.width}-${look.language}-${look.theme}.png`);
    await page.screenshot({ path: file, animations: "disabled" });
    await page.close();
    process.stdout.write(`${file}\n`);
  }
  await scene.closePages();
}

const [folder = join("console", "screenshots"), ...names] = process.argv.slice(2);
const unknown = names.filter((name) => !pages.some((row) => row.name === name));
if (unknown.length > 0 || folder.startsWith("-")) {
  process.stderr.write(
    `Usage: npm run screenshots -- FOLDER [PAGE...]\nPages: ${pages.map(({ name }) => name).join(", ")}\n`,
  );
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
const scene = await openScene();
try {
  await seed(scene, 60);
  await shoot(
    scene,
    pages.filter(({ name }) => names.length === 0 || names.includes(name)),
    folder,
  );
} finally {
  await scene.close();
}
