// The journey through mode intelligent, by keyboard: chosen, tried on a prompt, called, judged, and set to another profile.
import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { hasChromium } from "./support/chromium.ts";
import { openScene, type OpenPage, type Scene } from "./support/scene.ts";
import { answered, create, nameApi, section, tabTo } from "./support/steps.ts";

describe.runIf(hasChromium)("mode intelligent", () => {
  let scene: Scene;
  let opened: OpenPage;
  beforeAll(async () => {
    scene = await openScene();
    await scene.create("services", {
      name: "models",
      provider: "simulator",
      models: [
        { name: "large", price: { input: 5, output: 15 } },
        { name: "small", price: { input: 0.1, output: 0.3 } },
      ],
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

  const stored = async (): Promise<unknown> =>
    (await scene.gateway.admin("GET", "/model-apis/clever")).json();

  async function addCandidate(page: Page, place: number, model: string, quality: string): Promise<void> {
    const part = section(page, "Model service");
    // From the fields of a candidate before, it stands above.
    await tabTo(page, part.getByRole("button", { name: "Add model" }), place === 1 ? "Tab" : "Shift+Tab");
    await page.keyboard.press("Enter");
    const service = part.getByRole("combobox", { name: `Candidate ${place}: Service` });
    if ((await service.inputValue()) === "") {
      await write(page, service, "models");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
    }
    await write(page, part.getByRole("combobox", { name: `Candidate ${place}: Model` }), model);
    await page.keyboard.press("Escape");
    await press(page, part.getByRole("button", { name: `Characteristics of models › ${model}` }));
    await write(page, part.getByRole("textbox", { name: `models › ${model}: Quality` }), quality);
  }

  test("an API is made that chooses among two models", async () => {
    const page = await open("/model-apis/new?useCase=text-generation");
    await nameApi(page, "clever");
    const part = section(page, "Model service");
    await tabTo(page, part.getByRole("radio", { name: /^Single/u }));
    // Around the end of the cards.
    await page.keyboard.press("ArrowLeft");
    await addCandidate(page, 1, "large", "90");
    await addCandidate(page, 2, "small", "86");
    await page
      .getByText("whichever of 2 models fits it, balanced; default: the best", { exact: false })
      .first()
      .waitFor();
    await create(page, "clever");
    expect(await stored()).toMatchObject({
      modelService: {
        mode: "intelligent",
        profile: "balanced",
        candidates: [
          { service: "models", model: "large", quality: 90 },
          { service: "models", model: "small", quality: 86 },
        ],
      },
    });
  });

  test("a prompt is tried without a call, and the choice is told", async () => {
    const page = await open("/model-apis/clever/routing");
    const box = section(page, "Try a prompt");
    await write(page, box.getByRole("textbox", { name: "Prompt" }), "Write a function that reverses a list.");
    await press(page, box.getByRole("button", { name: "Choose a model" }));
    const choice = section(page, "Choice of the model");
    await choice
      .getByText("small has the best balance of quality, cost and time", { exact: false })
      .waitFor();
    await choice.getByText(/^Code \d+ %/u).waitFor();
    const row = choice.getByRole("row", { name: /^small/u });
    expect(await row.getByRole("cell").last().innerText()).toContain("chosen");
  });

  test("a call shows its decision, and is judged and not judged again", async () => {
    const page = await open("/model-apis/clever/debug");
    await write(
      page,
      page.getByRole("textbox", { name: "Message" }),
      "Write a function that reverses a list.",
    );
    await page.keyboard.press("Enter");
    await answered(page);
    await page.getByRole("tab", { name: "Trace" }).click();
    await section(page, "Choice of the model")
      .getByRole("row", { name: /^small/u })
      .waitFor();
    const good = page.getByRole("button", { name: "Good answer" });
    await press(page, good);
    await page.getByRole("textbox", { name: "Comment" }).waitFor();
    expect(await good.getAttribute("aria-pressed")).toBe("true");
    await press(page, good);
    await page.getByRole("textbox", { name: "Comment" }).waitFor({ state: "detached" });
    expect(await good.getAttribute("aria-pressed")).toBe("false");
  });

  test("another profile is previewed on what was sent, and saved", async () => {
    const page = await open("/model-apis/clever/edit");
    const part = section(page, "Model service");
    await part.getByText(/^Replays 1 request/u).waitFor();
    await tabTo(page, part.getByRole("slider", { name: "What matters most" }));
    await page.keyboard.press("ArrowLeft");
    await part.getByText("100 % to large", { exact: false }).waitFor();
    await press(page, page.getByRole("button", { name: "Save", exact: true }));
    await page.waitForURL((url) => url.pathname === "/model-apis/clever");
    expect(await stored()).toMatchObject({ modelService: { profile: "quality" } });
  });
});
