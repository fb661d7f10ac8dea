// Journeys with what exists: two people at one object, deleting, testing a service, and all of it by keyboard alone.
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { hasChromium } from "./support/chromium.ts";
import { openScene, type OpenPage, type Scene } from "./support/scene.ts";
import { answered, section, tabTo } from "./support/steps.ts";

describe.runIf(hasChromium)("what exists", () => {
  let scene: Scene;
  let opened: OpenPage;
  beforeAll(async () => {
    scene = await openScene();
    await scene.create("services", { name: "one", provider: "simulator" });
  });
  afterEach(async () => {
    const { problems } = opened.watch;
    await scene.closePages();
    expect(problems).toEqual([]);
  });
  afterAll(() => scene.close());

  async function open(address: string): Promise<Page> {
    opened = await scene.open();
    await opened.page.goto(scene.url + address);
    return opened.page;
  }

  async function makeApi(name: string): Promise<void> {
    await scene.create("model-apis", {
      name,
      useCase: "text-generation",
      protocols: ["openai"],
      basePath: `/${name}`,
      stripBasePath: true,
      modelService: { mode: "single", target: { service: "one" } },
    });
  }

  const exists = async (name: string): Promise<number> =>
    (await scene.gateway.admin("GET", `/model-apis/${name}`)).status;

  test("a save over a newer revision asks, and keeps what both changed", async () => {
    await makeApi("shared");
    const mine = await open("/model-apis/shared/edit");
    const { page: theirs } = await scene.openIn(mine.context());
    await theirs.goto(`${scene.url}/model-apis/shared/edit`);
    await theirs.getByRole("textbox", { name: /^Description/u }).fill("Theirs");
    await mine.getByRole("textbox", { name: "Base path" }).fill("/mine");
    await theirs.getByRole("button", { name: "Save", exact: true }).click();
    await theirs.getByText("shared is saved.").waitFor();
    await mine.getByRole("button", { name: "Save", exact: true }).click();
    const dialog = mine.getByRole("dialog", { name: "shared has changed since you opened it" });
    await dialog.waitFor();
    expect(await dialog.innerText()).toContain("Theirs");
    await dialog.getByRole("button", { name: "Keep mine on top of the newest" }).click();
    await mine.getByText("shared is saved.").waitFor();
    const stored = await (await scene.gateway.admin("GET", "/model-apis/shared")).json();
    expect(stored).toMatchObject({ description: "Theirs", basePath: "/mine" });
  });

  test("a Model API is deleted by typing its name", async () => {
    await makeApi("unloved");
    const page = await open("/model-apis");
    await page.getByRole("button", { name: "More for unloved" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    const dialog = page.getByRole("dialog");
    const confirm = dialog.getByRole("button", { name: "Delete", exact: true });
    await dialog.getByRole("textbox").fill("unlove");
    expect(await confirm.isDisabled()).toBe(true);
    await dialog.getByRole("textbox").fill("unloved");
    await confirm.click();
    await page.getByRole("link", { name: "unloved", exact: true }).waitFor({ state: "detached" });
    expect(await exists("unloved")).toBe(404);
  });

  test("a test of a connection says which step failed, and passes where it works", async () => {
    // A Model API of the gateway is as good a service as any.
    await makeApi("behind");
    const page = await open("/services/new?provider=openai-compatible");
    await page.getByLabel("Name", { exact: true }).fill("mine");
    await page.getByRole("textbox", { name: "Base URL" }).fill("http://127.0.0.1:9/v1");
    await page.getByRole("button", { name: "Run test" }).click();
    await page.getByText("Connection failed. The steps after it were not run.").waitFor();
    await page.getByRole("textbox", { name: "Base URL" }).fill(`${scene.gateway.gatewayUrl}/behind/v1`);
    await page.getByRole("button", { name: "Test again" }).click();
    await page.getByText(/Every step passed in/u).waitFor();
  });

  test("a rollback brings back what a revision held, after it has said what changes", async () => {
    await makeApi("rolled");
    const { revision } = await (await scene.gateway.admin("GET", "/status")).json();
    const changed = await scene.gateway.admin("DELETE", "/model-apis/rolled");
    expect(changed.status).toBe(204);
    const page = await open("/settings/revisions");
    await page.getByRole("button", { name: `Roll back to ${revision}`, exact: true }).click();
    const dialog = page.getByRole("dialog", { name: `Roll back to revision ${revision}?` });
    await dialog.getByText("rolled").first().waitFor();
    await dialog.getByRole("button", { name: "Roll back", exact: true }).click();
    await page.getByText(`The configuration is that of revision ${revision} again.`).waitFor();
    expect(await exists("rolled")).toBe(200);
  });

  test("creating, debugging and deleting need no mouse", async () => {
    const page = await open("/model-apis");
    await page.getByRole("heading", { level: 1, name: "Model APIs" }).waitFor();
    await page.keyboard.press("n");
    await tabTo(page, page.getByRole("radio", { name: /^Text generation/u }));
    await page.keyboard.press("Space");
    await tabTo(page, page.getByRole("textbox", { name: /^API name/u }));
    await page.keyboard.type("by-keyboard");
    await tabTo(page, page.getByRole("textbox", { name: "Base path" }));
    await page.keyboard.press("Control+A");
    await page.keyboard.type("/by-keyboard");
    await tabTo(page, section(page, "Model service").getByRole("combobox", { name: "Service" }));
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await tabTo(page, page.getByRole("button", { name: "Create", exact: true }), "Shift+Tab");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/model-apis/by-keyboard*");
    await tabTo(page, page.getByRole("main").getByRole("link", { name: "Debug", exact: true }));
    await page.keyboard.press("Enter");
    await tabTo(page, page.getByRole("textbox", { name: "Message" }));
    await page.keyboard.type("Hello");
    await page.keyboard.press("Control+Enter");
    await answered(page);
    await page.goto(`${scene.url}/model-apis`);
    await tabTo(page, page.getByRole("button", { name: "More for by-keyboard" }));
    await page.keyboard.press("Enter");
    await tabTo(page, page.getByRole("menuitem", { name: "Delete" }), "ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByRole("textbox").waitFor();
    await page.keyboard.type("by-keyboard");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "by-keyboard", exact: true }).waitFor({ state: "detached" });
    expect(await exists("by-keyboard")).toBe(404);
  });
});
