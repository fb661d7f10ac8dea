// Guards over every page: no barrier (axe) in either theme, one language, few calls, a phone's width, nothing said to the
// browser's console, and the same view again after a reload and after Back.
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { pages, type PageRow } from "./pages.ts";
import { axeFindings } from "./support/axe.ts";
import { hasChromium } from "./support/chromium.ts";
import { englishLeft } from "./support/english-left.ts";
import { openScene, type Language, type OpenPage, type Scene, type Theme } from "./support/scene.ts";
import { seed } from "./support/seed.ts";
import { beyondEdge, settled, viewOf, wearTheme } from "./support/view.ts";

describe.runIf(hasChromium).each(["en", "zh"] as const)("every page in %s", (language: Language) => {
  let scene: Scene;
  /** The pages of a language share one context: its cache spares a load per page. */
  let owner: BrowserContext;
  let stranger: BrowserContext;
  let opened: OpenPage | undefined;
  beforeAll(async () => {
    scene = await openScene();
    await seed(scene);
    owner = await scene.newContext({ language });
    stranger = await scene.newContext({ language, signedIn: false });
  });
  afterEach(() => opened?.page.close());
  afterAll(() => scene.close());

  async function goTo(row: PageRow): Promise<OpenPage> {
    opened = await scene.openIn(row.signedIn === false ? stranger : owner);
    await opened.page.goto(scene.url + row.address);
    await settled(opened.page);
    await row.open?.(opened.page);
    return opened;
  }

  /** To another page, as a click in the navigation does; where there is none, as a bookmark does. */
  const leave = async (page: Page, row: PageRow): Promise<void> => {
    const [address, title] = row.address.startsWith("/settings")
      ? ["/overview", "Overview"]
      : ["/settings", "Settings"];
    if (row.signedIn === false) {
      await page.goto(`${scene.url}/setup?elsewhere`);
      return;
    }
    // A dialog may lie over the link.
    await page
      .locator(`nav a[href="${address}"]`)
      .first()
      .evaluate((link: HTMLElement) => link.click());
    await page.waitForURL((url) => url.pathname.startsWith(address));
    // The page before stays until the next one is loaded.
    await page.getByRole("heading", { level: 1, name: title, exact: true }).waitFor();
  };

  const barriers = async (page: Page, themes: readonly Theme[]): Promise<string[]> => {
    const found: string[] = [];
    for (const theme of themes) {
      await wearTheme(page, theme);
      found.push(...(await axeFindings(page)).map((finding) => `${theme}: ${finding}`));
    }
    return found;
  };

  const named = pages.map((row): [string, PageRow] => [row.name, row]);

  test.each(named)("%s has no barrier, wide or narrow, and no fault", async (_name, row) => {
    const { page, watch } = await goTo(row);
    const { length } = watch.calls;
    expect(length, watch.calls.join(", ")).toBeLessThanOrEqual(row.calls);
    if (row.signedIn !== false) expect(length).toBeGreaterThan(0);
    const left = language === "zh" ? await englishLeft(page) : [];
    const wide = await barriers(page, ["light", "dark"]);
    await page.setViewportSize({ width: 390, height: 844 });
    // What is measured by script follows the new width a moment later.
    await expect.poll(() => beyondEdge(page), { timeout: 10_000 }).toBe(0);
    const narrow = await barriers(page, ["light"]);
    expect({ left, wide, narrow, problems: watch.problems }).toEqual({
      left: [],
      wide: [],
      narrow: [],
      problems: [],
    });
  });

  test.runIf(language === "en").each(named)(
    "%s is there again after a reload and Back",
    async (_name, row) => {
      const { page, watch } = await goTo(row);
      const address = page.url();
      const view = await viewOf(page);
      const isThere = async (): Promise<void> => {
        await row.open?.(page);
        await expect
          .poll(async () => [page.url(), await viewOf(page)], { timeout: 10_000 })
          .toEqual([address, view]);
      };
      await page.reload();
      await settled(page);
      await isThere();
      await leave(page, row);
      await page.goBack();
      await isThere();
      expect(watch.problems).toEqual([]);
    },
  );
});
