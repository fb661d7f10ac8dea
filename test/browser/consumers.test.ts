// Journeys with consumers: made with a key by keyboard, granted, limited, rotated, revoked; groups; several at once.
// What the pages say is held against what the data plane does.
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { hasChromium } from "./support/chromium.ts";
import { openScene, type OpenPage, type Scene } from "./support/scene.ts";
import { tabTo } from "./support/steps.ts";

describe.runIf(hasChromium)("consumers", () => {
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
      stripBasePath: true,
      modelService: { mode: "single", target: { service: "one" } },
      auth: { enabled: true },
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

  /** Status of a chat with a key. */
  async function callWith(key: string): Promise<number> {
    const response = await fetch(`${scene.gateway.gatewayUrl}/chat/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
      body: JSON.stringify({ model: "m", max_tokens: 5, messages: [{ role: "user", content: "Hi" }] }),
    });
    await response.arrayBuffer();
    return response.status;
  }

  /** Changes reach the data plane a moment after their answer. */
  const answers = (key: string, status: number) => expect.poll(() => callWith(key)).toBe(status);

  const keyIn = (page: Page): Promise<string> =>
    page.getByRole("dialog").getByRole("region", { name: "the key" }).innerText();

  async function withKey(name: string): Promise<string> {
    await scene.create("consumers", { name });
    const made = await scene.gateway.admin("POST", `/consumers/${name}/credentials`, { name: "main" });
    return String((await made.json()).value);
  }

  test("one is made with its first key, granted access, and what was granted is taken back, by keyboard", async () => {
    const page = await open("/consumers");
    await tabTo(page, page.getByRole("button", { name: "Create consumer" }).first());
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByRole("textbox", { name: "Name" }).waitFor();
    await page.keyboard.type("by-keyboard");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Key main" }).waitFor();
    const key = await keyIn(page);
    await tabTo(page, page.getByRole("button", { name: "Done" }));
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "by-keyboard" }).waitFor();
    await answers(key, 403);
    await tabTo(page, page.getByRole("link", { name: "Access", exact: true }));
    await page.keyboard.press("Enter");
    await tabTo(page, page.getByRole("switch", { name: "Access to chat" }));
    await page.keyboard.press("Space");
    await page.getByText("by-keyboard may call chat").waitFor();
    await answers(key, 200);
    await tabTo(page, page.getByRole("button", { name: "Undo" }), "Shift+Tab");
    await page.keyboard.press("Enter");
    await answers(key, 403);
  });

  test("a key is rotated with an overlap in which both work, and revoking it ends both", async () => {
    const old = await withKey("rotated");
    const page = await open("/consumers/rotated/access");
    await page.getByRole("button", { name: "Grant access" }).click();
    await page.getByRole("dialog").getByRole("checkbox", { name: "chat" }).check();
    await page.getByRole("dialog").getByRole("button", { name: "Grant", exact: true }).click();
    await page.getByText("rotated may call 1 more Model API").waitFor();
    await answers(old, 200);
    await page.getByRole("link", { name: "Keys", exact: true }).click();
    await page.getByRole("button", { name: "Rotate main" }).click();
    await page
      .getByRole("dialog")
      .getByText(/^Both work until/u)
      .waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Rotate", exact: true }).click();
    await page.getByRole("dialog", { name: "Key main" }).waitFor();
    const next = await keyIn(page);
    expect(next).not.toBe(old);
    await page.getByRole("button", { name: "Done" }).click();
    await page.getByText(/^The one before works too until/u).waitFor();
    for (const key of [old, next]) await answers(key, 200);
    await page.getByRole("button", { name: "Revoke main" }).click();
    const dialog = page.getByRole("dialog", { name: "Revoke key main" });
    await dialog.getByRole("link", { name: "chat" }).waitFor();
    await dialog.getByText("It is the last key that works").waitFor();
    await dialog.getByRole("textbox").fill("main");
    await dialog.getByRole("button", { name: "Revoke" }).click();
    await page.getByText("Key main revoked").waitFor();
    for (const key of [old, next]) await answers(key, 401);
  });

  test("a quota refuses once it is used up, is told of on the overview, raised and deleted", async () => {
    const key = await withKey("limited");
    const grants = { auth: { grants: [{ consumer: "limited" }] } };
    expect((await scene.gateway.admin("PATCH", "/model-apis/chat", grants)).status).toBe(200);
    await answers(key, 200);
    const page = await open("/consumers/limited/quota");
    await page.getByRole("button", { name: "Add quota" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Name" }).fill("nothing");
    await dialog.getByRole("textbox", { name: "Tokens a period" }).fill("");
    await dialog.getByRole("button", { name: "Add quota" }).click();
    await dialog.getByText("A number, 0 or more.").waitFor();
    await dialog.getByRole("textbox", { name: "Tokens a period" }).fill("0");
    await dialog.getByRole("button", { name: "Add quota" }).click();
    await page.getByText("Quota nothing saved").waitFor();
    await page.getByText("Used up", { exact: true }).waitFor();
    await answers(key, 429);
    await page.goto(`${scene.url}/overview`);
    await page.getByRole("link", { name: /limited Quota nothing is used up/u }).click();
    await page.getByRole("button", { name: "Edit quota nothing" }).click();
    await dialog.getByRole("textbox", { name: "Tokens a period" }).fill("100000");
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByText("Within", { exact: true }).waitFor();
    await answers(key, 200);
    await page.getByRole("button", { name: "More actions for quota nothing" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await dialog.getByRole("textbox").fill("nothing");
    await dialog.getByRole("button", { name: "Delete" }).click();
    await page.getByText("No quota. Nothing bounds what is used.").waitFor();
  });

  test("a group lets its members in, and cannot be deleted while somebody names it", async () => {
    const key = await withKey("grouped");
    const page = await open("/consumer-groups?add=true");
    await page.getByRole("dialog").getByRole("textbox", { name: "Name" }).fill("team");
    await page.getByRole("dialog").getByRole("button", { name: "Create group" }).click();
    await page.getByRole("heading", { level: 1, name: "team" }).waitFor();
    await page.getByRole("combobox", { name: "Add member" }).click();
    await page.getByRole("option", { name: "grouped" }).click();
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByText("grouped is a member of team").waitFor();
    await answers(key, 403);
    await page.getByRole("link", { name: "Access", exact: true }).click();
    await page.getByRole("switch", { name: "Access to chat" }).click({ force: true });
    await answers(key, 200);
    await page.getByRole("button", { name: "More actions for team" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    const dialog = page.getByRole("dialog", { name: "Delete group team" });
    await dialog.getByText("It cannot be deleted while 2 objects name it:").waitFor();
    for (const name of ["chat", "grouped"]) await dialog.getByRole("link", { name }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("link", { name: "Members", exact: true }).click();
    await page.getByRole("button", { name: "Remove grouped" }).click();
    await answers(key, 403);
  });

  test("several are disabled at once, and only those are deleted that nothing grants access", async () => {
    const key = await withKey("bulk-free");
    await withKey("bulk-granted");
    const grants = { auth: { grants: [{ consumer: "bulk-granted" }] } };
    expect((await scene.gateway.admin("PATCH", "/model-apis/chat", grants)).status).toBe(200);
    await answers(key, 403);
    const page = await open("/consumers?q=bulk");
    for (const name of ["bulk-free", "bulk-granted"])
      await page.getByRole("checkbox", { name: `Select ${name}` }).check();
    await page.getByRole("button", { name: "Disable", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Disable" }).click();
    await page.getByText("2 consumers disabled").waitFor();
    await answers(key, 401);
    for (const name of ["bulk-free", "bulk-granted"])
      await page.getByRole("checkbox", { name: `Select ${name}` }).check();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await dialog.getByText("Kept, as Model APIs grant them access").waitFor();
    await dialog.getByRole("button", { name: "Delete" }).click();
    await page.getByText("1 consumer deleted").waitFor();
    await page.getByRole("link", { name: "bulk-free", exact: true }).waitFor({ state: "detached" });
    await page.getByRole("link", { name: "bulk-granted", exact: true }).waitFor();
  });
});
