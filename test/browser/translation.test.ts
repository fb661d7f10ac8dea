// Journeys with services of another protocol, by keyboard: chosen, called, what they cannot be told, and their keys.
import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { hasChromium } from "./support/chromium.ts";
import { openScene, type OpenPage, type Scene } from "./support/scene.ts";
import { startUpstream } from "./support/upstream.ts";
import { answered, create, nameField, section, tabTo } from "./support/steps.ts";

describe.runIf(hasChromium)("services of another protocol", () => {
  let scene: Scene;
  let opened: OpenPage;
  beforeAll(async () => {
    scene = await openScene();
    await scene.create("services", {
      name: "claude",
      provider: "simulator",
      protocols: [{ protocol: "anthropic" }],
      models: [{ name: "claude-sonnet" }],
    });
    await scene.create("services", {
      name: "pictures",
      provider: "simulator",
      protocols: [{ protocol: "comfyui" }],
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

  async function write(page: Page, field: Locator, text: string): Promise<void> {
    await tabTo(page, field);
    await page.keyboard.type(text);
  }

  /** Goes to a control by Tab and presses it. */
  async function press(page: Page, control: Locator): Promise<void> {
    await tabTo(page, control);
    await page.keyboard.press("Enter");
  }

  const stored = async (kind: string, name: string): Promise<unknown> =>
    (await scene.gateway.admin("GET", `/${kind}/${name}`)).json();

  async function sendWithShade(page: Page): Promise<void> {
    await press(page, page.getByRole("button", { name: "Add", exact: true }));
    await write(page, page.getByRole("textbox", { name: "Key", exact: true }), "shade");
    await write(page, page.getByRole("textbox", { name: "Value", exact: true }), "moon");
    await write(page, page.getByRole("textbox", { name: "Message" }), "What is a moon gate?");
    await page.keyboard.press("Enter");
  }

  test("an API is made with one, called, and what the service was not told stands in a table", async () => {
    const page = await open("/model-apis/new?useCase=text-generation");
    await write(page, nameField(page), "gate");
    const service = section(page, "Model service").getByRole("combobox", { name: "Service" });
    await tabTo(page, service);
    await page.keyboard.type("cla");
    const option = page.getByRole("option", { name: /claude/u });
    await option.getByText("translated", { exact: true }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByText("Requests are translated: OpenAI → Anthropic.").waitFor();
    await page
      .getByText("1 service is hidden: it does not speak OpenAI, and no translation exists.")
      .waitFor();
    await create(page, "gate");
    await page.goto(`${scene.url}/model-apis/gate/debug`);
    await sendWithShade(page);
    await answered(page);
    await page.getByRole("tab", { name: "Trace" }).click();
    const attempts = page.getByRole("region", { name: "Attempts" });
    await attempts.getByRole("cell", { name: "OpenAI → Anthropic" }).waitFor();
    const warning = page.getByRole("region", { name: "Warnings" }).getByRole("row", { name: /^shade/u });
    expect(await warning.getByRole("cell").allInnerTexts()).toEqual([
      "shade",
      "dropped",
      "Left out: the service has no way to say it.",
    ]);
  });

  test("a strict API refuses by name what it would have left out, until that is taken back", async () => {
    await scene.create("model-apis", {
      name: "strict",
      useCase: "text-generation",
      protocols: ["openai"],
      basePath: "/strict",
      modelService: { mode: "single", target: { service: "claude" } },
    });
    const page = await open("/model-apis/strict/policies");
    await press(page, page.getByRole("button", { name: /^Translation/u }));
    await tabTo(page, page.getByRole("switch", { name: "Strict" }));
    await page.keyboard.press("Space");
    await write(page, page.getByLabel("Fields that pass"), "tone, mood");
    await press(page, page.getByRole("button", { name: "Save", exact: true }));
    await page.getByText("The policies of strict are saved.").waitFor();
    await page.getByText("What a service cannot be told is refused. 2 unknown fields pass.").waitFor();
    expect(await stored("model-apis", "strict")).toMatchObject({
      translation: { strict: true, passFields: ["tone", "mood"] },
    });
    const call = await fetch(`${scene.gateway.gatewayUrl}/strict/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "m", messages: [{ role: "user", content: "Hi" }], shade: "moon" }),
    });
    expect([call.status, await call.json()]).toMatchObject([400, { error: { param: "shade" } }]);
    await page.getByRole("button", { name: "Undo" }).press("Enter");
    await expect
      .poll(async () => stored("model-apis", "strict"))
      .toMatchObject({ translation: { strict: false, passFields: [] } });
  });

  test("an access key is typed by its parts, is kept without being seen, and signs what a test sends", async () => {
    const upstream = await startUpstream({ text: "no", status: 403 });
    const page = await open("/services/new?provider=bedrock");
    const address = page.getByRole("textbox", { name: "Base URL", exact: true });
    await tabTo(page, address);
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type(new URL(upstream.url).origin);
    await write(page, page.getByRole("textbox", { name: "Region" }), "eu-west-1");
    await write(page, page.getByRole("textbox", { name: "Access key id" }), "AKIACANARY");
    await tabTo(page, page.getByLabel("Session token"));
    await page.getByText("Enter the secret.").waitFor();
    await tabTo(page, page.getByLabel("Secret access key"), "Shift+Tab");
    await page.keyboard.type("canary-of-a-secret-key");
    await press(page, page.getByRole("button", { name: "Add model" }));
    await write(page, page.getByRole("textbox", { name: "Model name" }), "claude");
    await press(page, page.getByRole("button", { name: "Run test" }));
    await expect.poll(() => upstream.authorizations.join(" ")).toContain("Credential=AKIACANARY/");
    await tabTo(page, page.getByRole("button", { name: "Add service", exact: true }));
    await page.keyboard.press("Enter");
    await page.waitForURL("**/services?created=bedrock");
    await page.goto(`${scene.url}/services/bedrock`);
    await page.getByText("Stored: AKIACANARY, its secret ends in").waitFor();
    expect(await page.content()).not.toContain("canary-of-a-secret-key");
    expect(JSON.stringify(await stored("services", "bedrock"))).not.toContain("canary-of-a-secret-key");
    await upstream.close();
  });

  test("what is no service account is told at once; one is read by its address and project", async () => {
    const page = await open("/services/new?provider=vertex");
    const text = page.getByLabel("Key of the service account (JSON)");
    await write(page, text, "AIza-0123456789");
    await page.keyboard.press("Tab");
    await page.getByText("This is not the JSON of a key: paste the whole file.").waitFor();
    const account = {
      type: "service_account",
      project_id: "harbor-ai",
      client_email: "gateway@harbor-ai.iam.gserviceaccount.com",
      private_key: "-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----\n",
    };
    await text.fill(JSON.stringify(account, null, 2));
    await page.getByText("gateway@harbor-ai.iam.gserviceaccount.com, project harbor-ai").waitFor();
  });
});
