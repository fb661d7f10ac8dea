// Journeys in the logs: finding an exchange by typing, by a chip and by the histogram, looking at it, following new ones,
// what recorded content can do (nothing), taking records away, and having them delivered.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { hasChromium } from "./support/chromium.ts";
import { openScene, type OpenPage, type Scene } from "./support/scene.ts";
import { startUpstream, type Upstream } from "./support/upstream.ts";

const hostile = [
  "<script>document.title='taken'</script>",
  '<img src="http://192.0.2.1/pixel.png" onerror="alert(1)">',
  "![picture](http://192.0.2.1/pixel.png)",
  "[link](javascript:alert(1))",
].join("\n\n");

describe.runIf(hasChromium)("the logs", () => {
  let scene: Scene;
  let opened: OpenPage;
  let upstream: Upstream;
  beforeAll(async () => {
    scene = await openScene();
    upstream = await startUpstream({ text: hostile });
    await scene.create("services", { name: "good", provider: "simulator", simulator: { ttftMs: 0 } });
    await scene.create("services", {
      name: "bad",
      provider: "simulator",
      simulator: { failureRate: 1, fault: "status-500" },
    });
    await scene.create("services", {
      name: "stranger",
      provider: "openai-compatible",
      protocols: [{ protocol: "openai", baseUrl: upstream.url }],
      models: [{ name: "m", price: { input: 2, output: 8 } }],
    });
    await makeApi("works", "good");
    await makeApi("breaks", "bad");
    await makeApi("recorded", "stranger", {
      monitoring: { recordRequestContent: true, recordResponseContent: true },
    });
    for (let index = 0; index < 6; index += 1) await ask("works");
    for (let index = 0; index < 2; index += 1) await ask("breaks");
    await ask("recorded", hostile);
    await kept(9);
  });
  afterEach(async () => {
    const { problems } = opened.watch;
    await scene.closePages();
    expect(problems).toEqual([]);
  });
  afterAll(async () => {
    await scene.close();
    await upstream.close();
  });

  async function makeApi(name: string, service: string, fields: object = {}): Promise<void> {
    await scene.create("model-apis", {
      name,
      useCase: "text-generation",
      protocols: ["openai"],
      basePath: `/${name}`,
      stripBasePath: true,
      retries: { max: 0 },
      modelService: { mode: "single", target: { service, model: "m" } },
      ...fields,
    });
  }

  async function ask(api: string, text = "What is a moon gate?"): Promise<void> {
    const answer = await fetch(`${scene.gateway.gatewayUrl}/${api}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "m", stream: true, messages: [{ role: "user", content: text }] }),
    });
    await answer.arrayBuffer();
  }

  /** Until the log store has so many exchanges at least. */
  async function kept(count: number): Promise<void> {
    // Before the first test there is none that `expect.poll` could belong to.
    await vi.waitFor(
      async () => {
        const answer = await scene.gateway.admin("GET", "/logs?limit=1&facets=status");
        expect((await answer.json()).total).toBeGreaterThanOrEqual(count);
      },
      { timeout: 60_000, interval: 100 },
    );
  }

  async function open(address = "/observe/logs"): Promise<Page> {
    opened = await scene.open();
    await opened.page.goto(scene.url + address);
    await opened.page.getByRole("heading", { level: 1 }).first().waitFor();
    return opened.page;
  }

  const bar = (page: Page): Locator => page.getByRole("combobox", { name: "Filter exchanges" });
  const rows = (page: Page): Locator => page.getByRole("table", { name: "Exchanges" }).locator("tbody tr a");
  const queryOf = (page: Page): string | null => new URL(page.url()).searchParams.get("q");
  const panel = (page: Page): Locator => page.getByRole("complementary", { name: "Exchange" });
  const idOf = (page: Page): string | null => new URL(page.url()).searchParams.get("log");

  test("are filtered by typing alone, with fields and values offered", async () => {
    const page = await open();
    await rows(page).nth(8).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("sta");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    expect(await bar(page).inputValue()).toBe("status:");
    await page.getByRole("option", { name: /status:500 2/u }).waitFor();
    await page.keyboard.type("5xx -api:works ");
    await expect.poll(() => queryOf(page)).toBe("status:5xx -api:works");
    await expect.poll(() => rows(page).count()).toBe(2);
    // A mistake is said, and asked of nobody.
    await page.keyboard.type("ttft:soon ");
    await page.getByText("ttft takes a time such as >2s").waitFor();
    await page.keyboard.press("Escape");
    for (let index = 0; index < "ttft:soon ".length; index += 1) await page.keyboard.press("Backspace");
    // One step further back takes the last filter into the field again.
    await page.keyboard.press("Backspace");
    await expect.poll(() => queryOf(page)).toBe("status:5xx");
    expect(await bar(page).inputValue()).toBe("-api:works");
  });

  test("are filtered by a chip that counts, which Back takes away again", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Model API", exact: true }).click();
    await page.getByRole("checkbox", { name: "breaks (2)" }).check();
    await expect.poll(() => rows(page).count()).toBe(2);
    // The others are still there to be taken as well.
    await page.getByRole("checkbox", { name: "recorded (1)" }).check();
    await expect.poll(() => rows(page).count()).toBe(3);
    expect(queryOf(page)).toBe("api:breaks,recorded");
    await page.goBack();
    await page.goBack();
    await expect.poll(() => queryOf(page)).toBeNull();
    await rows(page).nth(8).waitFor();
  });

  test("are filtered by a part of the histogram, by pointer and by keys", async () => {
    const page = await open();
    const plot = page.getByRole("slider", { name: "Exchanges over time" });
    await plot.waitFor();
    const box = await plot.boundingBox();
    if (box === null) throw new Error("the histogram is not drawn");
    // All there is lies in the last columns of the hour.
    await page.mouse.move(box.x + box.width * 0.1, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.4, box.y + 20, { steps: 4 });
    await page.mouse.up();
    await page.getByText("No exchange matches in this span.").waitFor();
    expect(new URL(page.url()).searchParams.get("from")).toMatch(/^\d+$/u);
    await page.goBack();
    await rows(page).nth(8).waitFor();
    await plot.focus();
    await page.keyboard.press("Shift+ArrowLeft");
    await page.keyboard.press("Shift+ArrowLeft");
    expect(await plot.getAttribute("aria-valuetext")).toMatch(/9 exchanges selected$/u);
    await page.keyboard.press("Enter");
    await expect.poll(() => new URL(page.url()).searchParams.get("to")).toMatch(/^\d+$/u);
    await rows(page).nth(8).waitFor();
  });

  test("open one beside the list, step on by J and K, and give the focus back", async () => {
    const page = await open("/observe/logs?q=api:breaks");
    await rows(page).first().click();
    await panel(page).getByText("was answered with 500").first().waitFor();
    const first = idOf(page);
    await page.keyboard.press("j");
    await expect.poll(() => idOf(page)).not.toBe(first);
    const second = idOf(page);
    await page.reload();
    await panel(page).getByText("was answered with 500").first().waitFor();
    expect(idOf(page)).toBe(second);
    await page.keyboard.press("k");
    await expect.poll(() => idOf(page)).toBe(first);
    await panel(page).getByText("The content was not recorded.").waitFor();
    await panel(page).getByRole("button", { name: "Without Service: bad" }).click({ force: true });
    await expect.poll(() => queryOf(page)).toBe("api:breaks -service:bad");
    await page.goBack();
    await expect.poll(() => queryOf(page)).toBe("api:breaks");
    await page.keyboard.press("Escape");
    await panel(page).waitFor({ state: "detached" });
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe(`exchange-${first}`);
    expect(idOf(page)).toBeNull();
  });

  test("show new exchanges as they end while they are followed", async () => {
    const page = await open("/observe/logs?q=api:live");
    await page.getByText("No exchange matches in this span.").waitFor();
    await makeApi("live", "good");
    await page.getByRole("button", { name: "Follow" }).click();
    await page.getByRole("button", { name: "Following" }).waitFor();
    await ask("live");
    await rows(page).first().waitFor();
    await ask("live");
    await expect.poll(() => rows(page).count()).toBe(2);
    expect(new URL(page.url()).searchParams.get("follow")).toBe("true");
  });

  test("show recorded content as text, find it by its words, and take it into the debug panel", async () => {
    const page = await open();
    await bar(page).fill("pixel.png");
    await page.keyboard.press("Enter");
    await expect.poll(() => rows(page).count()).toBe(1);
    await rows(page).first().click();
    const said = panel(page).getByRole("region", { name: "user" });
    await said.waitFor();
    expect(await said.innerText()).toContain("document.title='taken'");
    const answer = panel(page).getByRole("region", { name: "Model returned" });
    expect(await answer.innerText()).toContain("192.0.2.1/pixel.png");
    expect(await panel(page).locator("script, iframe, img[src^=http], a[href^=javascript]").count()).toBe(0);
    await panel(page).getByRole("tab", { name: "Raw answer" }).click();
    await panel(page).getByRole("region", { name: "Raw answer" }).getByText("[DONE]").waitFor();
    expect(new URL(page.url()).searchParams.get("tab")).toBe("answer");
    expect(await page.title()).not.toContain("taken");
    await panel(page).getByRole("link", { name: "Replay" }).click();
    const message = page.getByRole("textbox", { name: "Message" });
    await expect.poll(() => message.inputValue()).toBe(hostile);
  });

  test("say what an exchange cost by the prices of its service, and keep what somebody thinks of it", async () => {
    const page = await open("/observe/logs?q=api:recorded");
    await rows(page).first().click();
    await panel(page).getByText("$ 2 per million").waitFor();
    await panel(page).getByRole("button", { name: "Bad answer" }).click();
    await panel(page).getByRole("textbox", { name: "Comment" }).fill("It shouts");
    await panel(page).getByRole("button", { name: "Save", exact: true }).click();
    await panel(page)
      .getByText(/^by admin, /u)
      .waitFor();
    const id = idOf(page) ?? "";
    await expect
      .poll(async () => (await (await scene.gateway.admin("GET", `/logs/${id}`)).json()).feedback)
      .toMatchObject({ score: -1, comment: "It shouts" });
  });

  test("are downloaded as they are filtered", async () => {
    const page = await open("/observe/logs?q=api:breaks");
    await rows(page).nth(1).waitFor();
    for (const [format, lines] of [
      ["JSON lines", 2],
      ["CSV", 3],
    ] as const) {
      await page.getByRole("button", { name: "Export" }).click();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("menuitem", { name: format }).click(),
      ]);
      const text = await readFile(await download.path(), "utf8");
      expect(text.trim().split(/\r?\n/u)).toHaveLength(lines);
      expect(text).toContain("upstream_error");
    }
  });

  test("are where the Way and the last exchanges lead", async () => {
    const page = await open("/model-apis/breaks/way");
    await page.getByRole("link", { name: /Show 2 failed exchanges/u }).click();
    await expect.poll(() => rows(page).count()).toBe(2);
    await page.goBack();
    const table = page.getByRole("table", { name: "Last exchanges" });
    await table.getByRole("link").first().click();
    await page.waitForURL((url) => url.pathname.startsWith("/observe/logs/"));
    await page.getByText("was answered with 500").first().waitFor();
  });

  test("go to a webhook, which is tested before it is saved", async () => {
    let status = 503;
    const bodies: string[] = [];
    const receiver = createServer((request, response) => {
      let body = "";
      request.on("data", (bytes: Buffer) => {
        body += bytes.toString("utf8");
      });
      request.on("end", () => {
        if (status === 200) bodies.push(body);
        response.writeHead(status).end();
      });
    });
    receiver.listen(0, "127.0.0.1");
    await once(receiver, "listening");
    try {
      // The address of a server that listens on a port is of this kind.
      const { port } = receiver.address() as AddressInfo;
      const page = await open("/settings/delivery");
      await page.getByRole("button", { name: "Add a sink" }).first().click();
      await page.getByRole("menuitem", { name: "Add: Webhook" }).click();
      const dialog = page.getByRole("dialog", { name: "New sink: Webhook" });
      await dialog.getByRole("button", { name: "Test" }).click();
      await dialog.getByText("This is needed.").waitFor();
      await dialog.getByRole("textbox", { name: "Address" }).fill(`http://127.0.0.1:${port}/hook`);
      await dialog.getByRole("button", { name: "Test" }).click();
      await dialog.getByText("It was not taken").waitFor();
      await dialog.getByText(/status 503/u).waitFor();
      status = 200;
      await dialog.getByRole("button", { name: "Test" }).click();
      await dialog.getByText("It was taken").waitFor();
      await dialog.getByRole("button", { name: "Create sink" }).click();
      await page.getByText("Sink webhook is created.").waitFor();
      const table = page.getByRole("table", { name: "Sinks" });
      await table.getByText("nothing sent yet").or(table.getByText("delivers")).first().waitFor();
      await ask("works", "for the webhook");
      await table.getByText("delivers").waitFor();
      expect(bodies.some((body) => body.includes('"api":"works"'))).toBe(true);
    } finally {
      receiver.closeAllConnections();
      receiver.close();
      await once(receiver, "close");
    }
  });
});
