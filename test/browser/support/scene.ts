// The built gateway and a browser beside it: pages signed in or not, in a language, a theme and a size. Knows no page's content.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { startProcess, type GatewayProcess } from "../../support/gateway-process.ts";
import { startChromium } from "./chromium.ts";
import { watchPage, type Watch } from "./watch.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const password = "correct-horse-battery";
/** A net under waits for what never comes; a page may take long on a small and busy machine. */
const patienceMs = 60_000;

export type Language = "en" | "zh";
export type Theme = "light" | "dark";

export interface PageOptions {
  readonly language?: Language;
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
  /** Default: signed in as the owner. */
  readonly signedIn?: boolean;
}

export interface OpenPage {
  readonly page: Page;
  readonly watch: Watch;
}

export interface SceneOptions {
  /** Whether a set-up link is printed instead of an owner made. */
  readonly firstRun?: boolean;
  /** Whether the gateway starts with its demo. */
  readonly demo?: boolean;
}

export class Scene {
  readonly gateway: GatewayProcess;
  readonly browser: Browser;
  #contexts: BrowserContext[] = [];
  /** Of the owner, once he has signed in. */
  #cookies: Awaited<ReturnType<BrowserContext["cookies"]>> | undefined;

  constructor(gateway: GatewayProcess, browser: Browser) {
    this.gateway = gateway;
    this.browser = browser;
  }

  get url(): string {
    return this.gateway.consoleUrl;
  }

  /** A page in a context of its own. */
  async open(options: PageOptions = {}): Promise<OpenPage> {
    return this.openIn(await this.newContext(options));
  }

  /** Another page of the same person, with the same cookies and stores. */
  async openIn(context: BrowserContext): Promise<OpenPage> {
    const page = await context.newPage();
    page.setDefaultTimeout(patienceMs);
    return { page, watch: watchPage(page, this.url) };
  }

  async newContext(options: PageOptions = {}): Promise<BrowserContext> {
    const { language = "en", theme = "light", width = 1440, height = 900, signedIn = true } = options;
    const context = await this.browser.newContext({
      viewport: { width, height },
      reducedMotion: "reduce",
      permissions: ["clipboard-read", "clipboard-write"],
    });
    this.#contexts.push(context);
    await context.addInitScript(
      (values) => {
        for (const [name, value] of values) localStorage.setItem(name, value);
      },
      [
        ["moongate-language", language],
        ["mantine-color-scheme-value", theme],
      ] as const,
    );
    if (signedIn) await this.#signIn(context);
    return context;
  }

  async #signIn(context: BrowserContext): Promise<void> {
    if (this.#cookies === undefined) {
      const answer = await context.request.post(`${this.url}/api/v1/session`, {
        data: { username: "admin", password },
        timeout: patienceMs,
      });
      if (!answer.ok()) throw new Error(`signing in was answered with ${answer.status()}`);
      this.#cookies = await context.cookies();
    }
    await context.addCookies(this.#cookies);
  }

  /** Creates through the admin API; fails with its answer. */
  async create(collection: string, body: unknown): Promise<void> {
    const answer = await this.gateway.admin("POST", `/${collection}`, body);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${collection} was answered with ${answer.status}: ${text}`);
  }

  /** Closes the pages of a test. */
  async closePages(): Promise<void> {
    const contexts = this.#contexts;
    this.#contexts = [];
    await Promise.all(contexts.map((context) => context.close()));
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.gateway.close();
  }
}

/** Starts both. @throws when the program or its console is not built */
export async function openScene({ firstRun = false, demo = false }: SceneOptions = {}): Promise<Scene> {
  if (!existsSync(join(root, "dist", "console", "index.html")))
    throw new Error("The console is not built: `npm run build` first, as `npm test` does.");
  const gateway = await startProcess({
    entry: join("dist", "main.js"),
    env: {
      MOONGATE_WORKERS: "1",
      MOONGATE_DEMO: demo ? "on" : "off",
      ...(firstRun ? {} : { MOONGATE_ADMIN_PASSWORD: password }),
    },
  });
  try {
    return new Scene(gateway, await startChromium());
  } catch (error) {
    await gateway.close();
    throw error;
  }
}
