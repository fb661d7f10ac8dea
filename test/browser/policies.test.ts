// Journeys with policies: set on the page of a Model API, tried before they are saved, taken back, found again.
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { hasChromium } from "./support/chromium.ts";
import { openScene, type OpenPage, type Scene } from "./support/scene.ts";

describe.runIf(hasChromium)("policies", () => {
  let scene: Scene;
  let opened: OpenPage;
  beforeAll(async () => {
    scene = await openScene();
    await scene.create("services", { name: "one", provider: "simulator" });
    await scene.create("model-apis", {
      name: "chat",
      useCase: "text-generation",
      protocols: ["openai"],
      basePath: "/chat",
      modelService: { mode: "single", target: { service: "one" } },
      moderation: {
        enabled: true,
        checks: [
          { name: "words", type: "keywords", keywords: ["project nightfall"] },
          {
            name: "hook",
            type: "webhook",
            url: "http://127.0.0.1:9/judge",
            secret: "canary-of-a-check",
            on: ["response"],
          },
        ],
      },
    });
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

  const stored = async (): Promise<unknown> => (await scene.gateway.admin("GET", "/model-apis/chat")).json();
  const save = (page: Page): Promise<void> => page.getByRole("button", { name: "Save", exact: true }).click();

  test("a text is judged by checks that are not saved; they are saved and taken back with their secrets", async () => {
    const page = await open("/model-apis/chat/policies?card=moderation");
    await page.getByLabel("Words", { exact: true }).fill("project nightfall\nharbour secret");
    await page.getByRole("textbox", { name: "Text", exact: true }).fill("tell the harbour secret");
    await page.getByRole("button", { name: "Judge" }).click();
    await page.getByText("Is blocked.").waitFor();
    expect(await page.locator("mark").allInnerTexts()).toEqual(["harbour secret"]);
    expect(await stored()).toMatchObject({
      moderation: { checks: [{ keywords: ["project nightfall"] }, { secret: { set: true } }] },
    });
    await save(page);
    await page.getByText("The policies of chat are saved.").waitFor();
    expect(await stored()).toMatchObject({
      moderation: {
        checks: [{ keywords: ["project nightfall", "harbour secret"] }, { secret: { set: true } }],
      },
    });
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(stored).toMatchObject({
      moderation: { checks: [{ keywords: ["project nightfall"] }, { secret: { set: true } }] },
    });
  });

  test("a limit without a number is not saved; with one it limits, and the page of all policies shows it", async () => {
    const page = await open("/model-apis/chat/policies?card=rateLimits");
    await page.getByRole("button", { name: "Add limit" }).press("Enter");
    await save(page);
    await page.getByRole("alert").getByText("Write a number.").waitFor();
    await page.getByRole("textbox", { name: "limit: At most" }).fill("7");
    await page.getByText("Each consumer may use 7 tokens a minute.").first().waitFor();
    await save(page);
    await page.getByText("The policies of chat are saved.").waitFor();
    expect(await stored()).toMatchObject({ rateLimits: [{ name: "limit", limit: 7, window: "minute" }] });
    await page.goto(`${scene.url}/policies?policy=rateLimits&state=["on"]`);
    await page.getByRole("link", { name: "Limits of chat: on" }).press("Enter");
    await page.waitForURL("**/model-apis/chat/policies?card=rateLimits");
    await page.getByRole("button", { name: "Remove limit" }).press("Enter");
    await save(page);
    await expect.poll(stored).toMatchObject({ rateLimits: [] });
  });
});
