// Journeys to a new Model API: from the first start to an answer, every use case, every mode, fallback by keyboard, clashes.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { hasChromium } from "./support/chromium.ts";
import { openScene, type OpenPage, type Scene } from "./support/scene.ts";
import { answered, choose, create, nameApi, nameField, pathField, section, send } from "./support/steps.ts";

describe.runIf(hasChromium)("the first run", () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene({ firstRun: true });
  });
  afterAll(() => scene.close());

  test("leads from the set-up link to a streamed answer in at most 12 clicks", async () => {
    const { page, watch } = await scene.open({ signedIn: false });
    let clicks = 0;
    await page.exposeFunction("countClick", () => {
      clicks += 1;
    });
    await page.addInitScript("addEventListener('click', () => countClick(), true)");
    const link = /http:\/\/\S+\/setup#token=\S+/u.exec(scene.gateway.output())?.[0] ?? "";
    await page.goto(link);
    await page.waitForURL((url) => !url.hash.includes("token"));
    await page.getByLabel("New password", { exact: true }).fill("a gate like the moon");
    await page.getByLabel("The same again").fill("a gate like the moon");
    await page.getByRole("button", { name: "Create owner and sign in" }).click();
    await page.waitForURL("**/overview");
    await page.getByRole("link", { name: "Model APIs", exact: true }).first().click();
    await page.getByRole("link", { name: "Create Model API" }).first().click();
    await page.getByRole("radio", { name: /^Text generation/u }).click();
    await nameField(page).fill("first");
    await page.getByRole("button", { name: "Use the simulator" }).click();
    await page.getByText("simulator is created and chosen.").waitFor();
    await create(page, "first");
    await page.getByRole("link", { name: "Debug", exact: true }).first().click();
    await send(page, "What is a moon gate?");
    await answered(page);
    expect(await page.getByRole("region", { name: "Model returned" }).innerText()).toMatch(/simulat/iu);
    expect(clicks).toBeGreaterThan(4);
    expect(clicks).toBeLessThanOrEqual(12);
    expect(watch.problems).toEqual([]);
  });
});

describe.runIf(hasChromium)("the form of a Model API", () => {
  let scene: Scene;
  let opened: OpenPage;
  beforeAll(async () => {
    scene = await openScene();
    await scene.create("services", { name: "one", provider: "simulator" });
    await scene.create("services", { name: "two", provider: "simulator" });
  });
  afterEach(async () => {
    const { problems } = opened.watch;
    await scene.closePages();
    expect(problems).toEqual([]);
  });
  afterAll(() => scene.close());

  async function openForm(useCase = "text-generation"): Promise<Page> {
    opened = await scene.open();
    await opened.page.goto(`${scene.url}/model-apis/new?useCase=${useCase}`);
    await nameField(opened.page).waitFor();
    return opened.page;
  }

  async function stored(name: string): Promise<Record<string, unknown>> {
    const answer = await scene.gateway.admin("GET", `/model-apis/${name}`);
    expect(answer.status).toBe(200);
    return answer.json() as Promise<Record<string, unknown>>;
  }

  const answers = (page: Page) => page.getByRole("region", { name: "Result" });
  const field = (page: Page, name: string) => page.getByRole("textbox", { name, exact: true });

  /** How each use case is debugged, and what shows that its answer is understood. */
  const useCases: [string, (page: Page) => Promise<void>][] = [
    [
      "text-generation",
      async (page) => {
        await send(page, "Hello");
        await answered(page);
      },
    ],
    [
      "image-generation",
      async (page) => {
        await field(page, "Prompt").fill("A gate like the moon");
        await page.getByRole("button", { name: "Send", exact: true }).click();
        await page
          .getByText(/Image 1|\.png/u)
          .or(page.getByRole("img", { name: "Image 1" }))
          .first()
          .waitFor();
      },
    ],
    [
      "video-generation",
      async (page) => {
        await field(page, "Prompt").fill("A gate like the moon");
        await page.getByRole("button", { name: "Send", exact: true }).click();
        await page.getByText("SUCCEEDED").first().waitFor();
      },
    ],
    [
      "speech-synthesis",
      async (page) => {
        await field(page, "Text").fill("Hello");
        await page.getByRole("button", { name: "Send", exact: true }).click();
        await page.locator("audio[src^=blob]").waitFor();
      },
    ],
    [
      "embedding",
      async (page) => {
        await field(page, "Text").fill("moon");
        await field(page, "Second text, to compare").fill("gate");
        await page.getByRole("button", { name: "Send", exact: true }).click();
        await page.getByText("Cosine of the two").waitFor();
      },
    ],
    [
      "rerank",
      async (page) => {
        await field(page, "Query").fill("moon gate");
        await field(page, "Documents, one a line").fill("A round door\nA moon gate\nA wall");
        await page.getByRole("button", { name: "Send", exact: true }).click();
        await answers(page).getByRole("cell", { name: "A moon gate" }).waitFor();
      },
    ],
    [
      "others",
      async (page) => {
        await page.getByRole("combobox", { name: "Route" }).selectOption({ index: 1 });
        await page.getByRole("button", { name: "Send", exact: true }).click();
        await page.getByText('"object": "list"').first().waitFor();
      },
    ],
  ];

  test.each(useCases)("makes one for %s, which is debugged with its own form", async (useCase, debug) => {
    const page = await openForm(useCase);
    await nameApi(page, useCase);
    await choose(page, section(page, "Model service").getByRole("combobox", { name: "Service" }), "one");
    await create(page, useCase);
    expect(await stored(useCase)).toMatchObject({ useCase, basePath: `/${useCase}`, stripBasePath: true });
    await page.getByRole("main").getByRole("link", { name: "Debug", exact: true }).click();
    await debug(page);
  });

  const service = (page: Page, name: string) =>
    section(page, "Model service").getByLabel(name, { exact: true });

  test("makes one of mode single that rewrites the model", async () => {
    const page = await openForm();
    await nameApi(page, "single");
    await choose(page, section(page, "Model service").getByRole("combobox", { name: "Service" }), "one");
    await section(page, "Model service").getByRole("combobox", { name: "Model" }).fill("big");
    await create(page, "single");
    expect(await stored("single")).toMatchObject({
      modelService: { mode: "single", target: { service: "one", model: "big" } },
    });
  });

  test("makes one of mode by-model-name and says which rule takes a model", async () => {
    const page = await openForm();
    await nameApi(page, "by-name");
    await page.getByRole("radio", { name: /^By model name/u }).check({ force: true });
    await page.getByRole("button", { name: "Add rule" }).click();
    await service(page, "Rule 1: Model name or pattern").fill("qwen-*");
    await choose(page, service(page, "Rule 1: Service"), "one");
    await page.getByRole("button", { name: "Add rule" }).click();
    await service(page, "Rule 2: Model name or pattern").fill("qwen-max");
    await choose(page, service(page, "Rule 2: Service"), "two");
    await page.getByRole("textbox", { name: "Try a model name" }).fill("qwen-max");
    await page.getByText("Rule 2 takes it").waitFor();
    await create(page, "by-name");
    expect(await stored("by-name")).toMatchObject({
      modelService: {
        mode: "by-model-name",
        rules: [
          { pattern: "qwen-*", target: { service: "one" } },
          { pattern: "qwen-max", target: { service: "two" } },
        ],
      },
    });
  });

  test("makes one of mode by-weight and shows the share of each", async () => {
    const page = await openForm();
    await nameApi(page, "weights");
    await page.getByRole("radio", { name: /^By weight/u }).check({ force: true });
    await page.getByRole("button", { name: "Add target" }).click();
    await page.getByRole("button", { name: "Add target" }).click();
    await choose(page, service(page, "Target 1: Service"), "one");
    await choose(page, service(page, "Target 2: Service"), "two");
    await service(page, "Target 1: Weight as a number").fill("30");
    await service(page, "Target 2: Weight as a number").fill("10");
    await page.getByText("75 %").first().waitFor();
    await create(page, "weights");
    expect(await stored("weights")).toMatchObject({
      modelService: {
        mode: "by-weight",
        targets: [
          { service: "one", weight: 30 },
          { service: "two", weight: 10 },
        ],
      },
    });
  });

  test("makes one of mode by-metrics and keeps what was typed in another mode", async () => {
    const page = await openForm();
    await nameApi(page, "metrics");
    await choose(page, section(page, "Model service").getByRole("combobox", { name: "Service" }), "two");
    await page.getByRole("radio", { name: /^By metrics/u }).check({ force: true });
    await page.getByRole("button", { name: "Add target" }).click();
    await choose(page, service(page, "Target 1: Service"), "one");
    await page.getByRole("radio", { name: /^Single/u }).check({ force: true });
    expect(await section(page, "Model service").getByRole("combobox", { name: "Service" }).inputValue()).toBe(
      "two",
    );
    await page.getByRole("radio", { name: /^By metrics/u }).check({ force: true });
    await page.getByRole("radio", { name: /^Lowest TTFT/u }).check({ force: true });
    await create(page, "metrics");
    expect(await stored("metrics")).toMatchObject({
      modelService: { mode: "by-metrics", goal: "lowest-ttft", targets: [{ service: "one" }] },
    });
  });

  test("orders fallback by keyboard alone", async () => {
    const page = await openForm();
    await nameApi(page, "steps");
    await choose(page, section(page, "Model service").getByRole("combobox", { name: "Service" }), "one");
    const fallback = section(page, "Fallback");
    for (const [index, name] of ["one", "two", "one"].entries()) {
      await fallback.getByRole("button", { name: "Add step" }).click();
      await choose(page, fallback.getByLabel(`Step ${index + 1}: Service`), name);
    }
    const grip = fallback.getByRole("button", { name: "Move 2 two", exact: true });
    await grip.focus();
    await page.keyboard.press("Space");
    await page
      .getByText(/two is (?:lifted|over)/u)
      .first()
      .waitFor({ state: "attached" });
    await page.keyboard.press("ArrowUp");
    await page
      .getByText(/two.*1 of 3/iu)
      .first()
      .waitFor({ state: "attached" });
    await page.keyboard.press("Space");
    await fallback.getByRole("button", { name: "Move 1 two", exact: true }).waitFor();
    // The buttons do the same for whoever does not drag.
    await fallback.getByRole("button", { name: "Move 1 two down" }).focus();
    await page.keyboard.press("Enter");
    await fallback.getByRole("button", { name: "Move 2 two down" }).focus();
    await page.keyboard.press("Enter");
    await create(page, "steps");
    expect(await stored("steps")).toMatchObject({
      fallback: { targets: [{ service: "one" }, { service: "one" }, { service: "two" }] },
    });
  });

  test("says at the field whose name and whose address clash", async () => {
    await scene.create("model-apis", {
      name: "taken",
      useCase: "text-generation",
      protocols: ["openai"],
      basePath: "/taken",
      modelService: { mode: "single", target: { service: "one" } },
    });
    const page = await openForm();
    await nameField(page).fill("taken");
    await page.getByText("Taken by taken. Choose another name.").first().waitFor();
    expect(await nameField(page).getAttribute("aria-invalid")).toBe("true");
    await nameField(page).fill("other");
    await pathField(page).fill("/taken");
    await page
      .getByText(/already leads to taken/u)
      .first()
      .waitFor();
    const domains = page.getByRole("combobox", { name: "Domains" });
    expect(await domains.getAttribute("aria-invalid")).toBe("true");
    expect(await domains.getAttribute("aria-describedby")).not.toBeNull();
    const link = page.getByRole("link", { name: "taken", exact: true }).first();
    expect(await link.getAttribute("href")).toBe("/model-apis/taken");
    await choose(page, section(page, "Model service").getByRole("combobox", { name: "Service" }), "one");
    await page.getByRole("button", { name: "Create", exact: true }).click();
    await page.getByRole("alert").first().waitFor();
    expect(page.url()).toContain("/model-apis/new");
  });
});
