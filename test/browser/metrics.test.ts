// Journeys of monitoring: traffic shows in the panels with its true numbers, a brush leads to the logs, an alert is tried
// on past data and then fires, and a price makes later requests cost something.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Changes } from "../support/changes.ts";
import { hasChromium } from "./support/chromium.ts";
import { openScene, type OpenPage, type Scene } from "./support/scene.ts";
import { choose } from "./support/steps.ts";

const streams = 6;
const plains = 4;
const sent = streams + plains;

describe.runIf(hasChromium)("monitoring", () => {
  let scene: Scene;
  let opened: OpenPage;
  beforeAll(async () => {
    scene = await openScene();
    await scene.create("services", {
      name: "one",
      provider: "simulator",
      simulator: { ttftMs: 1, tokensPerSecond: 0 },
    });
    for (const name of ["busy", "calm"]) {
      await scene.create("model-apis", {
        name,
        useCase: "text-generation",
        protocols: ["openai"],
        basePath: `/${name}`,
        stripBasePath: true,
        modelService: { mode: "single", target: { service: "one" } },
      });
    }
    await ask("busy", streams, true);
    await ask("busy", plains, false);
    await ask("calm", 1, false);
  });
  afterEach(async () => {
    const { problems } = opened.watch;
    await scene.closePages();
    expect(problems).toEqual([]);
  });
  afterAll(() => scene.close());

  async function ask(api: string, times: number, stream: boolean): Promise<void> {
    for (let index = 0; index < times; index += 1) {
      const answer = await fetch(`${scene.gateway.gatewayUrl}/${api}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ model: "moon-9", stream, messages: [{ role: "user", content: "Hello" }] }),
      });
      await answer.arrayBuffer();
      expect(answer.status).toBe(200);
    }
  }

  /** Until all that was sent is counted. */
  async function counted(expected: number): Promise<void> {
    await expect
      .poll(async () => {
        const answer = await scene.gateway.admin("POST", "/metrics/query", {
          queries: [{ name: "requests" }],
        });
        const { metrics } = await answer.json();
        return metrics[0]?.series[0]?.total ?? 0;
      })
      .toBe(expected);
  }

  async function open(address: string): Promise<Page> {
    opened = await scene.open();
    await opened.page.goto(scene.url + address);
    return opened.page;
  }

  const panel = (page: Page, name: string): Locator =>
    page.getByRole("region", { name, exact: true }).first();

  async function tool(page: Page, title: string, item: string): Promise<void> {
    await page.getByRole("button", { name: `More for ${title}`, exact: true }).click();
    await page.getByRole("menuitem", { name: item }).click();
  }

  test("panels show what was sent: as a chart in words, as a table, as a file", async () => {
    await counted(sent + 1);
    const page = await open('/observe/metrics?view=traffic&range=15m&api=["busy"]');
    const routes = panel(page, "Routes");
    await routes
      .getByRole("row", { name: /chat/u })
      .getByRole("cell", { name: String(sent), exact: true })
      .waitFor();
    const chart = page.getByRole("slider", { name: /^Requests by Model API, / });
    await chart.waitFor();
    expect(await chart.getAttribute("aria-label")).toContain("busy");
    expect(await chart.getAttribute("aria-label")).not.toContain("calm");
    await tool(page, "Status", "As table");
    const cells = await panel(page, "Status").getByRole("row").locator("td:nth-child(2)").allInnerTexts();
    expect(cells.reduce((sum, text) => sum + Number(text), 0)).toBe(sent);
    const waiting = page.waitForEvent("download");
    await tool(page, "Requests by Model API", "Download CSV");
    const text = await readFile(await (await waiting).path(), "utf8");
    const [head, ...lines] = text.trim().split("\r\n");
    expect(head).toContain("busy");
    expect(lines.reduce((sum, line) => sum + Number(line.split(",")[1]), 0)).toBe(sent);
  });

  test("a brush selects a time, zooms into it and leads to its logs", async () => {
    await counted(sent + 1);
    const page = await open('/observe/metrics?range=15m&api=["busy"]');
    const chart = page.locator(".u-over").first();
    await chart.waitFor();
    const box = await chart.boundingBox();
    if (box === null) throw new Error("the chart has no place");
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * 0.3, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, y, { steps: 4 });
    await page.mouse.move(box.x + box.width - 1, y, { steps: 4 });
    await page.mouse.up();
    const selection = panel(page, "Selection");
    await selection.getByText(`: ${sent} requests`).waitFor();
    await page.reload();
    await selection.getByText(`: ${sent} requests`).waitFor();
    await selection.getByRole("link", { name: "Open in logs" }).click();
    await page.waitForURL(
      (url) => url.pathname === "/observe/logs" && url.searchParams.get("q") === "api:busy",
    );
    const { searchParams } = new URL(page.url());
    const [from, to] = [Number(searchParams.get("from")), Number(searchParams.get("to"))];
    expect(to - from).toBeGreaterThan(60_000);
    await page.goBack();
    await selection.getByRole("link", { name: "Zoom in" }).click();
    await page.waitForURL((url) => url.searchParams.get("from") === String(from));
    expect(new URL(page.url()).searchParams.get("to")).toBe(String(to));
    await selection.waitFor({ state: "detached" });
  });

  test("the crosshair and the selection need no mouse", async () => {
    await counted(sent + 1);
    const page = await open("/observe/metrics?range=15m");
    const chart = page.getByRole("slider", { name: /^Requests, / });
    await chart.focus();
    await page.keyboard.press("End");
    const last = await chart.getAttribute("aria-valuenow");
    await page.keyboard.press("ArrowLeft");
    expect(Number(await chart.getAttribute("aria-valuenow"))).toBe(Number(last) - 1);
    expect(await chart.getAttribute("aria-valuetext")).toMatch(/^\d\d:\d\d:\d\d: Stream /u);
    const start = new URL(page.url()).searchParams.get("markFrom");
    await page.keyboard.press("Shift+ArrowLeft");
    await page.keyboard.press("Shift+Home");
    await panel(page, "Selection").waitFor();
    expect(start).toBeNull();
    await page.keyboard.press("Escape");
    await panel(page, "Selection").waitFor({ state: "detached" });
  });

  test("an alert is tried on past data, fires to its webhook, and stands in the overview", async () => {
    await counted(sent + 1);
    const hook = await startHook();
    try {
      const page = await open("/observe/alerts/new");
      await page.getByRole("textbox", { name: "Name" }).fill("many");
      await choose(page, page.getByRole("combobox", { name: "Metric" }), /^Requests$/u);
      await page.getByRole("textbox", { name: "Threshold" }).fill(String(sent - 1));
      await page.getByRole("textbox", { name: "For" }).fill("900");
      await page.getByRole("button", { name: "Add condition" }).click();
      await page.getByRole("textbox", { name: "Value" }).fill("busy");
      await page.getByText(/^It would have fired 1 time/u).waitFor();
      await page.getByRole("button", { name: "Add webhook" }).click();
      await page.getByRole("textbox", { name: "Webhook 1" }).fill(hook.url);
      await page.getByRole("button", { name: "Create", exact: true }).click();
      await page.waitForURL("**/observe/alerts");
      const told = await hook.message();
      expect(told).toMatchObject({ alert: "many", state: "firing" });
      const row = page.getByRole("row", { name: /many/u });
      await row.getByText("firing", { exact: true }).waitFor();
      await page.goto(`${scene.url}/overview`);
      const attention = page.getByRole("region", { name: "Needs attention" });
      await attention.getByRole("link", { name: /^many/u }).click();
      await page.waitForURL("**/observe/alerts/many");
      await page.getByRole("heading", { level: 1, name: "Alert many" }).waitFor();
    } finally {
      await hook.close();
    }
  });

  test("a model without a price comes first; once it has one, the next request costs", async () => {
    await counted(sent + 1);
    const page = await open("/settings/prices");
    await page.getByText(`${sent + 1} requests, no price`).waitFor();
    await page.getByRole("textbox", { name: "Input of moon-9, one" }).fill("1000");
    await page.getByRole("textbox", { name: "Output of moon-9, one" }).fill("2000");
    await page.getByText("2 changes in 1 service").waitFor();
    await page.getByRole("button", { name: "Review changes" }).click();
    const dialog = page.getByRole("dialog", { name: "Prices that change" });
    await dialog.getByText("Input: — to $ 1000").waitFor();
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    const service = await (await scene.gateway.admin("GET", "/services/one")).json();
    expect(service.models).toMatchObject([{ name: "moon-9", price: { input: 1_000, output: 2_000 } }]);
    await expect
      .poll(async () => (await (await scene.gateway.admin("GET", "/status")).json()).ready)
      .toBe(true);
    await ask("calm", 1, false);
    await counted(sent + 2);
    const usage = await (await scene.gateway.admin("GET", "/usage?groupBy=api&api=calm")).json();
    expect(usage.total.requests).toBe(2);
    expect(usage.total.costUsd).toBeGreaterThan(0);
    await page.goto(`${scene.url}/observe/usage`);
    const cost = page.getByRole("row", { name: /calm/u }).locator(`[title="${usage.total.costUsd}"]`);
    await cost.waitFor();
    expect(await cost.innerText()).toMatch(/^\$ 0\.\d{4}$/u);
    await page.goto(`${scene.url}/overview`);
    await page.locator("dd", { hasText: "$ 0." }).waitFor();
  });
});

interface Hook {
  readonly url: string;
  /** The first message. */
  message(): Promise<object>;
  close(): Promise<void>;
}

/** Takes what an alert tells. */
async function startHook(): Promise<Hook> {
  const messages: object[] = [];
  const changes = new Changes();
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (bytes: Buffer) => {
      body += bytes.toString("utf8");
    });
    request.on("end", () => {
      messages.push(JSON.parse(body));
      changes.notify();
      response.end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // The address of a server that listens on a port is of this kind.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    message: () => changes.until(() => messages[0]),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
