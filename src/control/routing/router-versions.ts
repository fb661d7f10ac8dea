// What was learnt, by version, and which version of each Model API is in use. Knows no training and no HTTP.
import type { KeptPublication, KeptVersion, RoutingStore } from "../../core/kept-routing.ts";
import type { PublishedRouter } from "../../routing/policy.ts";
import { featuresVersion } from "../../routing/prompt/prompt-features.ts";
import { ControlError } from "../control-error.ts";
import type { TrainingRun, VersionReport } from "./routing-answers.ts";

/** Of one Model API, beside what is and was in use. */
const keptVersions = 20;

export interface RouterVersionsPorts {
  readonly store: RoutingStore;
  readonly wallMs: () => number;
  /** Told when another version is in use: the data planes must get it. */
  readonly onPublished: () => Promise<void>;
}

const nothing = { version: 0, former: 0 };

export class RouterVersions {
  readonly #ports: RouterVersionsPorts;
  readonly #publications: Map<string, KeptPublication>;
  #published: ReadonlyMap<string, PublishedRouter>;

  /** @throws StoreUnavailable */
  constructor(ports: RouterVersionsPorts) {
    this.#ports = ports;
    this.#publications = new Map(ports.store.publications().map((row) => [row.api, row]));
    const routers = [...this.#publications.values()].flatMap(({ api, version }) => {
      const router = this.#routerOf(api, version);
      return router === undefined ? [] : [[api, router] as const];
    });
    this.#published = new Map(routers);
  }

  /** What data planes get, by Model API: the same map until that changes. */
  get published(): ReadonlyMap<string, PublishedRouter> {
    return this.#published;
  }

  publicationOf(api: string): KeptPublication | undefined {
    return this.#publications.get(api);
  }

  /** Version that the data planes decide by; 0: none, or one that this build cannot use. */
  inUse(api: string): number {
    const router = this.#published.get(api);
    return router === undefined || router.labels === "" ? 0 : router.version;
  }

  /** Newest first. @throws StoreUnavailable */
  versionsOf(api: string): KeptVersion[] {
    return this.#ports.store.versions(api);
  }

  /** @returns its number @throws StoreUnavailable */
  add(version: Omit<KeptVersion, "number" | "atMs" | "bytes">, table: Uint8Array): number {
    const { store, wallMs } = this.#ports;
    return store.addVersion({ ...version, atMs: wallMs() }, table, keptVersions);
  }

  /** The newest training that has ended. @throws StoreUnavailable */
  lastRun(api: string): TrainingRun | null {
    const text = this.#ports.store.lastRun(api);
    // Written by `keepRun` alone.
    return text === undefined ? null : (JSON.parse(text) as TrainingRun);
  }

  /** @throws StoreUnavailable */
  keepRun(api: string, run: TrainingRun): void {
    this.#ports.store.setLastRun(api, JSON.stringify(run));
  }

  /** Puts a version into use. @throws ControlError `not_found`, `conflict`; StoreUnavailable */
  async publish(api: string, version: number, by: string): Promise<KeptPublication> {
    const current = this.inUse(api);
    if (version === current) throw new ControlError("conflict", `Version ${version} is in use already.`);
    const router = this.#routerOf(api, version);
    if (router === undefined || router.labels === "")
      throw new ControlError(
        "not_found",
        `"${api}" has no version ${version} of what was learnt that this version of the program can use.`,
      );
    return this.#use(api, { version, former: current }, router, by);
  }

  /** Back to the version before, or to none. @throws ControlError `conflict`; StoreUnavailable */
  async rollBack(api: string, by: string): Promise<KeptPublication> {
    const { version, former } = this.#publications.get(api) ?? nothing;
    if (version === 0)
      throw new ControlError(
        "conflict",
        `Nothing that was learnt is in use for "${api}": there is no way back.`,
      );
    return this.#use(api, { version: former, former: 0 }, this.#routerOf(api, former), by);
  }

  /** Forgets what belongs to Model APIs that are no more. @throws StoreUnavailable */
  keepOnly(isThere: (api: string) => boolean): void {
    const gone = this.#ports.store.apis().filter((api) => !isThere(api));
    if (gone.length === 0) return;
    const published = new Map(this.#published);
    for (const api of gone) {
      this.#ports.store.forget(api);
      this.#publications.delete(api);
      published.delete(api);
    }
    if (published.size !== this.#published.size) this.#published = published;
  }

  async #use(
    api: string,
    next: Pick<KeptPublication, "version" | "former">,
    router: PublishedRouter | undefined,
    by: string,
  ): Promise<KeptPublication> {
    const { store, wallMs, onPublished } = this.#ports;
    const publication = { api, ...next, atMs: wallMs(), by };
    store.publish(publication);
    this.#publications.set(api, publication);
    const published = new Map(this.#published);
    if (router === undefined) published.delete(api);
    else published.set(api, router);
    this.#published = published;
    await onPublished();
    return publication;
  }

  #routerOf(api: string, version: number): PublishedRouter | undefined {
    if (version === 0) return undefined;
    const { store } = this.#ports;
    const report = store.versions(api).find(({ number }) => number === version)?.report;
    if (report === undefined) return undefined;
    // Data planes are told of it, so that explain can say why nothing that was learnt is in use.
    if (readReport(report).features !== featuresVersion) return { version, labels: "" };
    const table = store.table(api, version);
    return table && { version, labels: Buffer.from(table).toString("base64") };
  }
}

/** Written by a training alone. */
export function readReport(text: string): VersionReport {
  return JSON.parse(text) as VersionReport;
}
