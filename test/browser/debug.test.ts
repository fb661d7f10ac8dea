// Journeys in the debug panel: stopping, the command in a shell, the keyboard alone, and what hostile texts can do (nothing).
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { hasChromium } from "./support/chromium.ts";
import { openScene, type OpenPage, type Scene } from "./support/scene.ts";
import { answered, send } from "./support/steps.ts";
import { startUpstream, type Upstream, type UpstreamAnswer } from "./support/upstream.ts";

const run = promisify(execFile);

describe.runIf(hasChromium)("the debug panel", () => {
  let scene: Scene;
  let opened: OpenPage;
  const upstreams: Upstream[] = [];
  beforeAll(async () => {
    scene = await openScene({ demo: true });
  });
  afterEach(async () => {
    const { problems } = opened.watch;
    await scene.closePages();
    expect(problems).toEqual([]);
  });
  afterAll(async () => {
    await scene.close();
    await Promise.all(upstreams.map((upstream) => upstream.close()));
  });

  async function open(api: string): Promise<Page> {
    opened = await scene.open();
    await opened.page.goto(`${scene.url}/model-apis/${api}/debug`);
    await opened.page.getByRole("textbox", { name: "Message" }).waitFor();
    return opened.page;
  }

  /** A Model API in front of a service of the test's own. */
  async function behind(name: string, answer: UpstreamAnswer, fields: object = {}): Promise<Upstream> {
    const upstream = await startUpstream(answer);
    upstreams.push(upstream);
    await scene.create("services", {
      name: `${name}-service`,
      provider: "openai-compatible",
      protocols: [{ protocol: "openai", baseUrl: upstream.url }],
      models: [{ name: "m" }],
    });
    await scene.create("model-apis", {
      name,
      useCase: "text-generation",
      protocols: ["openai"],
      basePath: `/${name}`,
      stripBasePath: true,
      retries: { max: 0 },
      modelService: { mode: "single", target: { service: `${name}-service` } },
      ...fields,
    });
    return upstream;
  }

  const returned = (page: Page) => page.getByRole("region", { name: "Model returned" });

  test("closes the request to the service when it is stopped", async () => {
    const upstream = await behind("endless", { text: null });
    const page = await open("endless");
    await send(page, "Go on");
    await returned(page).getByText("It begins").waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    expect(await upstream.left()).toBe(true);
    await page.getByText("Stopped. The request to the service is closed.").waitFor();
    await page.getByRole("button", { name: "Send", exact: true }).waitFor();
  });

  test("shows a command that runs in a shell as it is pasted", async () => {
    const page = await open("demo");
    await send(page, 'It\'s a "quote", a $HOME and a `tick`\\n');
    await answered(page);
    await page.getByRole("tab", { name: "cURL" }).click();
    await page.getByRole("button", { name: "Copy: cURL" }).click();
    const command = await page.evaluate(() => navigator.clipboard.readText());
    expect(command).toContain(scene.gateway.gatewayUrl);
    const { stdout } = await run("sh", ["-c", command]);
    expect(stdout).toContain("data: [DONE]");
    const shown = page.getByRole("region", { name: "cURL", exact: true });
    expect(await shown.innerText()).toContain("curl");
  });

  test("shows frames with their times, what was sent, and the way of the request", async () => {
    const page = await open("demo");
    await send(page, "Hello");
    await answered(page);
    await page.getByRole("tab", { name: "Raw output" }).click();
    await page.getByText("[DONE]").first().waitFor();
    expect(page.url()).toContain("tab=raw");
    await page.getByRole("tab", { name: "Request" }).click();
    await page.getByText('"Hello"').first().waitFor();
    await page.getByRole("tab", { name: "Trace" }).click();
    await page.getByText("answered on the first attempt").waitFor();
  });

  test("compares three answers at once and shows how two of them differ", async () => {
    const first = await behind("left", { text: "A round door in a wall" });
    await behind("middle", { text: "A round opening in a wall" });
    await behind("right", { text: "A moon" });
    opened = await scene.open();
    const { page } = opened;
    await page.goto(`${scene.url}/playground?columns=left,middle,right`);
    await page.getByRole("textbox", { name: "Message to all columns" }).fill("What is a moon gate?");
    await page.getByRole("button", { name: "Send to all" }).click();
    for (const [column, text] of [
      ["Column A", "A round door in a wall"],
      ["Column B", "A round opening in a wall"],
      ["Column C", "A moon"],
    ] as const) {
      await page.getByRole("region", { name: column }).first().getByText(text, { exact: true }).waitFor();
    }
    expect(first.asked).toHaveLength(1);
    await page.getByRole("button", { name: "Show differences" }).click();
    const dialog = page.getByRole("dialog", { name: "Differences of two answers" });
    await dialog.getByText("opening").first().waitFor();
    expect(new URL(page.url()).searchParams.get("columns")).toMatch(/^left.*,middle.*,right/u);
  });

  const hostile = [
    "<script>document.title='taken'</script>",
    '<img src="http://192.0.2.1/pixel.png" onerror="alert(1)">',
    "![picture](http://192.0.2.1/pixel.png)",
    "[link](javascript:alert(1))",
    '<iframe src="http://192.0.2.1/"></iframe>',
    '<svg onload="alert(1)"></svg>',
    "<a href='javascript:alert(1)'>x</a>",
  ];

  test("shows a hostile answer as text and loads nothing", async () => {
    await behind("hostile", { text: hostile.join("\n\n") });
    const page = await open("hostile");
    await send(page, hostile[0] ?? "");
    await answered(page);
    const text = await returned(page).innerText();
    expect(text).toContain("document.title='taken'");
    expect(text).toContain("192.0.2.1/pixel.png");
    expect(await page.title()).not.toContain("taken");
    expect(await returned(page).locator("script, iframe, img[src^=http], a[href^=javascript]").count()).toBe(
      0,
    );
    expect(opened.watch.problems).toEqual([]);
  });

  test("shows hostile errors, descriptions and model names as text", async () => {
    const text = '<img src=x onerror="alert(1)"><script>document.title="taken"</script>';
    await behind("hostile-error", { text, status: 400 }, { description: text, tags: [text.slice(0, 60)] });
    const page = await open("hostile-error");
    await page.getByRole("combobox", { name: "Model" }).fill(text);
    await send(page, text);
    await page.getByText("The request failed.").waitFor({ state: "attached" });
    await page.getByText(text).first().waitFor();
    for (const address of ["/model-apis", "/model-apis/hostile-error", "/model-apis/hostile-error/yaml"]) {
      await page.goto(scene.url + address);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.waitForLoadState("networkidle");
      expect(await page.locator("img[src=x], main script").count()).toBe(0);
      expect(await page.title()).not.toContain("taken");
    }
  });
});
