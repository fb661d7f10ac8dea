// What people do in the console, step by step, by the names that they see. Knows pages by their English texts, no test.
import type { Locator, Page } from "playwright-core";

/** Opens a list and takes one of its lines. */
export async function choose(page: Page, field: Locator, option: string | RegExp): Promise<void> {
  await field.click();
  await page.getByRole("option", { name: option }).first().click();
}

/** The section of the form. */
export function section(page: Page, name: string): Locator {
  return page.getByRole("region", { name, exact: true });
}

export const nameField = (page: Page): Locator => page.getByRole("textbox", { name: /^API name/u });
export const pathField = (page: Page): Locator => page.getByRole("textbox", { name: "Base path" });

/** Name and base path, as an API of the same name has them. */
export async function nameApi(page: Page, name: string): Promise<void> {
  await nameField(page).fill(name);
  await pathField(page).fill(`/${name}`);
  await page.getByRole("switch", { name: "Remove before forwarding" }).check({ force: true });
}

/** Presses the button of the form and waits for the page of the new Model API. */
export async function create(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await page.waitForURL((url) => url.pathname.startsWith(`/model-apis/${name}`));
}

/** Sends a message in the debug panel. */
export async function send(page: Page, text: string): Promise<void> {
  await page.getByRole("textbox", { name: "Message" }).fill(text);
  await page.getByRole("button", { name: "Send", exact: true }).click();
}

/** Until the debug panel says that the answer has ended. */
export async function answered(page: Page): Promise<void> {
  await page.getByRole("status").filter({ hasText: "The answer has ended" }).waitFor({ state: "attached" });
}

/** Presses Tab until the element has the focus. */
export async function tabTo(page: Page, element: Locator, key = "Tab"): Promise<void> {
  await element.waitFor();
  for (let presses = 0; presses < 120; presses += 1) {
    if (await element.evaluate((node) => node === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${key} does not lead to ${String(element)}`);
}
