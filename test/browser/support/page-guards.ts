// Guards over every page: no barrier (axe) in either theme, one language, few calls, a phone's width, nothing said to the
// browser's console, and the same view again after a reload and after Back. Files that call them run side by side.
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { pages, type PageRow } from "../pages.ts";
import { axeFindings } from "./axe.ts";
import { hasChromium } from "./chromium.ts";
import { englishLeft } from "./english-left.ts";
import { openScene, type Language, type OpenPage, type Scene, type Theme } from "./scene.ts";
import { seed } from "./seed.ts";
import { atRest, beyondEdge, settled, viewOf, wearTheme } from "./view.ts";

const named = pages.map((row): [string, PageRow] => [row.name, row]);

/** Opens pages of one gateway, those of a language in one context: its cache spares a load per page. */
class Visits {
  readonly scene: Scene;
  readonly #owner: BrowserContext;
  readonly #stranger: BrowserContext;
  #opened: OpenPage | undefined;

  constructor(scene: Scene, owner: BrowserContext, stranger: BrowserContext) {
    this.scene = scene;
    this.#owner = owner;
    this.#stranger = stranger;
  }

  static async begin(language: Language): Promise<Visits> {
    const scene = await openScene();
    await seed(scene);
    const owner = await scene.newContext({ language });
    return new Visits(scene, owner, await scene.newContext({ language, signedIn: false }));
  }

  async goTo(row: PageRow): Promise<OpenPage> {
    const opened = await this.scene.openIn(row.signedIn === false ? this.#stranger : this.#owner);
    this.#opened = opened;
    await opened.page.goto(this.scene.url + row.address);
    await settled(opened.page);
    await row.open?.(opened.page);
    return opened;
  }

  /** To another page, as a click in the navigation does; where there is none, as a bookmark does. */
  async leave(page: Page, row: PageRow): Promise<void> {
    if (row.signedIn === false) {
      await page.goto(`${this.scene.url}/setup?elsewhere`);
      return;
    }
    const [address, title] = row.address.startsWith("/settings")
      ? ["/overview", "Overview"]
      : ["/settings", "Settings"];
    // A dialog may lie over the link.
    await page
      .locator(`nav a[href="${address}"]`)
      .first()
      .evaluate((link: HTMLElement) => link.click());
    await page.waitForURL((url) => url.pathname.startsWith(address));
    // The page before stays until the next one is loaded.
    await page.getByRole("heading", { level: 1, name: title, exact: true }).waitFor();
  }

  async closePage(): Promise<void> {
    await this.#opened?.page.close();
  }
}

/** Runs `tests` while the pages can be visited. */
function visiting(name: string, language: Language, tests: (visits: () => Visits) => void): void {
  describe.runIf(hasChromium).each([name])("%s", () => {
    let visits: Visits | undefined;
    const now = (): Visits => {
      if (visits === undefined) throw new Error("the pages are not open");
      return visits;
    };
    beforeAll(async () => {
      visits = await Visits.begin(language);
    });
    afterEach(() => now().closePage());
    afterAll(() => visits?.scene.close());
    tests(now);
  });
}

async function barriers(page: Page, themes: readonly Theme[]): Promise<string[]> {
  const found: string[] = [];
  for (const theme of themes) {
    await wearTheme(page, theme);
    found.push(...(await axeFindings(page)).map((finding) => `${theme}: ${finding}`));
  }
  return found;
}

export function guardAgainstBarriers(language: Language): void {
  visiting(`every page in ${language}`, language, (visits) => {
    test.each(named)("%s has no barrier, wide or narrow, and no fault", async (_name, row) => {
      const { page, watch } = await visits().goTo(row);
      const { length } = watch.calls;
      expect(length, watch.calls.join(", ")).toBeLessThanOrEqual(row.calls);
      if (row.signedIn !== false) expect(length).toBeGreaterThan(0);
      const left = language === "zh" ? await englishLeft(page) : [];
      const wide = await barriers(page, ["light", "dark"]);
      await page.setViewportSize({ width: 390, height: 844 });
      // What is measured by script follows the new width a moment later.
      await expect.poll(() => beyondEdge(page)).toBe(0);
      const narrow = await barriers(page, ["light"]);
      expect({ left, wide, narrow, problems: watch.problems }).toEqual({
        left: [],
        wide: [],
        narrow: [],
        problems: [],
      });
    });
  });
}

export function guardReturning(): void {
  visiting("every page", "en", (visits) => {
    test.each(named)("%s is there again after a reload and Back", async (_name, row) => {
      const { page, watch } = await visits().goTo(row);
      await atRest(page);
      const address = page.url();
      const view = await viewOf(page);
      const isThere = async (): Promise<void> => {
        await row.open?.(page);
        await expect.poll(async () => [page.url(), await viewOf(page)]).toEqual([address, view]);
      };
      await page.reload();
      await settled(page);
      await isThere();
      await visits().leave(page, row);
      await page.goBack();
      await isThere();
      expect(watch.problems).toEqual([]);
    });
  });
}
