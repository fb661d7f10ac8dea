// Journeys of whoever manages access: a user is added, changed, disabled and back, and deleted, by keyboard; and what
// somebody with a role in one resource group finds.
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { hasChromium } from "./support/chromium.ts";
import { openScene, type OpenPage, type Scene } from "./support/scene.ts";

const password = "correct-horse-battery";

describe.runIf(hasChromium)("access", () => {
  let scene: Scene;
  let opened: OpenPage | undefined;
  beforeAll(async () => {
    scene = await openScene();
    await scene.create("resource-groups", { name: "retail" });
    await scene.create("users", {
      name: "ed",
      password,
      roles: [{ role: "editor", resourceGroups: ["retail"] }],
    });
  });
  afterEach(async () => {
    const problems = opened?.watch.problems;
    await scene.closePages();
    expect(problems).toEqual([]);
  });
  afterAll(() => scene.close());

  const userOf = async (name: string): Promise<unknown> =>
    (await scene.gateway.admin("GET", `/users/${name}`)).json();

  /** Opens the menu of a row with the keyboard and takes one of its lines. */
  async function take(page: Page, name: string, item: string): Promise<void> {
    await page.getByRole("button", { name: `More actions for ${name}` }).press("Enter");
    await page.getByRole("menuitem", { name: item, exact: true }).press("Enter");
  }

  test("a user is added, disabled and back, and deleted, by keyboard", async () => {
    opened = await scene.open();
    const { page } = opened;
    await page.goto(`${scene.url}/settings/users`);
    await page.getByRole("button", { name: "Add user" }).press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Name" }).waitFor();
    await page.keyboard.type("vera");
    await page.keyboard.press("Enter");
    await page.getByText("Shown once. Give it to vera").waitFor();
    const shown = await dialog.getByRole("region", { name: "Password of vera" }).innerText();
    expect(shown.trim()).toMatch(/^[a-zA-Z2-9]{20}$/u);
    await dialog.getByRole("button", { name: "Done" }).press("Enter");
    expect(await userOf("vera")).toMatchObject({ enabled: true, roles: [{ role: "editor" }] });

    await take(page, "vera", "Disable");
    await page.getByText("vera cannot sign in any more").waitFor();
    expect(await userOf("vera")).toMatchObject({ enabled: false });
    await page.getByRole("button", { name: "Undo" }).press("Enter");
    await page.getByText("vera can sign in again").waitFor();
    expect(await userOf("vera")).toMatchObject({ enabled: true });

    await take(page, "vera", "Delete");
    await dialog.getByRole("textbox").waitFor();
    await page.keyboard.type("vera");
    await page.keyboard.press("Enter");
    await page.getByText("User vera deleted").waitFor();
    expect((await scene.gateway.admin("GET", "/users/vera")).status).toBe(404);
  });

  test("the audit log says that it is as it was written, and what an entry changed", async () => {
    opened = await scene.open();
    const { page } = opened;
    await page.goto(`${scene.url}/settings/audit`);
    await page.getByRole("button", { name: "Verify" }).press("Enter");
    await page.getByText(/is as it was written, and none is missing/u).waitFor();
    await page.goto(`${scene.url}/settings/audit?kind=users&name=ed`);
    await page.getByRole("row").nth(1).getByRole("link").first().press("Enter");
    const changes = await page.getByRole("region", { name: "What changed: ed" }).innerText();
    expect(changes).toContain("+ password: (a secret)");
    expect(changes).not.toContain(password);
    await page.keyboard.press("Escape");
    await page.waitForURL((url) => !url.search.includes("entry"));
  });

  test("one's own account and the last owner stay, and the menu says why", async () => {
    opened = await scene.open();
    const { page } = opened;
    await page.goto(`${scene.url}/settings/users`);
    await page.getByRole("button", { name: "More actions for admin" }).press("Enter");
    const item = page.getByRole("menuitem", { name: "Delete", exact: true });
    expect(await item.isDisabled()).toBe(true);
    expect(await item.getAttribute("title")).toBe("This is your own account");
  });

  test("an editor of one resource group meets no error, and sees why something is not for him", async () => {
    const context = await scene.newContext({ signedIn: false });
    opened = await scene.openIn(context);
    const { page } = opened;
    await page.goto(`${scene.url}/sign-in`);
    await page.getByRole("textbox", { name: "User name" }).fill("ed");
    await page.getByRole("textbox", { name: "Password" }).fill(password);
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
    for (const [address, text] of [
      ["/settings/users", "Users are for owners and admins"],
      ["/settings/tokens", "Tokens are for owners and admins"],
      ["/settings/audit", "The audit log is for auditors"],
      ["/settings/revisions", "The history as a whole belongs to the gateway"],
    ] as const) {
      await page.goto(scene.url + address);
      await page.getByText(text).waitFor();
      expect(await page.getByRole("alert").filter({ visible: true }).count()).toBe(0);
    }
    await page.goto(`${scene.url}/domains`);
    const add = page.getByRole("button", { name: "Add domain" });
    expect(await add.getAttribute("title")).toBe(
      "needs role editor, everywhere and not in single resource groups",
    );
  });
});
