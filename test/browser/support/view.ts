// When a page stands, and what a person sees chosen in it: heading, tabs, filters, dialogs, fields. Knows no page.
import type { Page } from "playwright-core";
import { waitsForNobody } from "./watch.ts";

/** Until it has its heading, nothing was called for half a second, and it is at rest. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await page.waitForLoadState("networkidle");
  await atRest(page);
}

/**
 * Waits until nothing more comes: no request runs, and the view is the same after the page has had nothing to do. On a busy
 * machine half a second without requests says little: a script that came may still be waiting for its turn.
 */
export async function atRest(page: Page): Promise<void> {
  for (let before: string | undefined; ;) {
    await page.evaluate(nothingToDo);
    const view = (await viewOf(page)).join("\n");
    if (view === before && waitsForNobody(page)) return;
    before = view;
  }
}

/** Several times in a row, as work may come in pieces. */
function nothingToDo(): Promise<void> {
  return new Promise((resolve) => {
    const wait = (left: number): void => {
      if (left === 0) resolve();
      else requestIdleCallback(() => wait(left - 1));
    };
    wait(5);
  });
}

/** What must outlive a reload. Figures and times may change meanwhile and are left out. */
export async function viewOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const all = (selector: string): Element[] => [...document.querySelectorAll(selector)];
    const textOf = (element: Element): string => (element.textContent ?? "").trim();
    return [
      ...all("h1").map((element) => `heading ${textOf(element)}`),
      ...all("[role=tab][aria-selected=true]").map((element) => `tab ${textOf(element)}`),
      ...all("main [aria-pressed=true]").map((element) => `pressed ${textOf(element)}`),
      ...all("main [aria-current]").map((element) => `current ${textOf(element)}`),
      ...all("[role=dialog] h2").map((element) => `dialog ${textOf(element)}`),
      ...[...document.querySelectorAll<HTMLInputElement>("main input:not([type=password])")].map(
        (input) =>
          `field ${input.type} ${input.type === "checkbox" || input.type === "radio" ? input.checked : input.value}`,
      ),
    ];
  });
}

/** Changes the theme as the menu does, without loading the page again. */
export async function wearTheme(page: Page, theme: "light" | "dark"): Promise<void> {
  await page.evaluate((value) => {
    document.documentElement.dataset["mantineColorScheme"] = value;
    // A colour on its way from one theme to the other is no colour of either.
    for (const animation of document.getAnimations()) animation.finish();
  }, theme);
}

/** How many pixels of the page lie beyond the right edge of the window. */
export async function beyondEdge(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
