// A configured service as the data plane uses it: prepared addresses and headers, keys with their state, requests in flight.
import type { SharedCells } from "../../lib/shared-cells.ts";
import type { Clock } from "../../core/clock.ts";
import type { Price } from "../../core/price.ts";
import type { ServiceDialect, ServiceProtocol } from "../../core/protocol.ts";
import { spokenEndpoint, type Task } from "../../core/translated-pairs.ts";
import { prepareBaseUrl, type PreparedBaseUrl } from "../../providers/upstream-url.ts";
import type { AuthScheme, SnapshotService } from "../../snapshot/snapshot.ts";
import { isForwardedHeader } from "../request-head.ts";
import { KeyPool } from "./key-pool.ts";
import { keyRow, serviceRow, targetRow } from "./row-names.ts";
import { headersOf, ServiceCredentials } from "./service-credentials.ts";
import type { SharedState } from "./shared-state.ts";
import type { Spoken } from "./standing.ts";
import { TargetState } from "./target-state.ts";

const untranslated: readonly ServiceProtocol[] = [];

export interface Endpoint {
  readonly protocol: ServiceProtocol;
  readonly base: PreparedBaseUrl;
  readonly auth: AuthScheme;
  /** Version of the API, where the model stands in the path as a deployment. */
  readonly deployments: string | undefined;
  /** Other words than the protocol's, for embeddings and rerank. */
  readonly dialect?: ServiceDialect | undefined;
  /** What nobody answers there. */
  readonly lacks?: readonly Task[] | undefined;
  /** Put before a path without a version; empty where the base URL has one, or none is needed. */
  readonly version: string;
}

/** What a vendor's paths begin with, for routes of one's own that leave it out. */
const versions: Readonly<Partial<Record<ServiceProtocol, string>>> = {
  dashscope: "/api/v1",
  gemini: "/v1beta",
};
const versionSegment = /\/v\d[^/]*(?:\/|$)/;

/** @param path of the base URL, or of a request */
export function hasVersion(path: string): boolean {
  return versionSegment.test(path);
}

/** What services of one data plane share. */
export interface ServiceSurroundings {
  readonly clock: Clock;
  readonly shared: SharedState;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Where the built-in simulator listens. */
  readonly simulatorUrl: string | undefined;
}

/** Where the catalogue says `simulator:`, nothing listens until the app has started the simulator. */
const simulatorAddress = "simulator:";
/** No service lives at port 0, so a send fails as unreachable. */
const nowhere = "http://127.0.0.1:0";

/** Where a service speaks what. @param simulatorUrl where the built-in simulator listens */
export function preparedEndpoints(
  config: Pick<SnapshotService, "endpoints" | "auth">,
  simulatorUrl: string | undefined,
): readonly Endpoint[] {
  return config.endpoints.map((endpoint) => {
    const address = endpoint.baseUrl === simulatorAddress ? (simulatorUrl ?? nowhere) : endpoint.baseUrl;
    const base = prepareBaseUrl(address, endpoint.replaces);
    return {
      protocol: endpoint.protocol,
      base,
      auth: endpoint.auth ?? config.auth,
      deployments: endpoint.deployments,
      dialect: endpoint.dialect,
      lacks: endpoint.lacks,
      version: hasVersion(base.path) ? "" : (versions[endpoint.protocol] ?? ""),
    };
  });
}

export class ServiceRuntime {
  readonly config: SnapshotService;
  readonly keys: KeyPool;
  readonly endpoints: readonly Endpoint[];
  /** Flat: name, value. Added to every request. */
  readonly addedHeaders: readonly string[];
  /** Lower-case names that a client's headers must not carry past us, besides those that never go upstream. */
  readonly replacedHeaders: ReadonlySet<string>;
  readonly credentials: ServiceCredentials;
  /** By the name of the model as it is sent. */
  readonly prices: ReadonlyMap<string, Price>;
  readonly #surroundings: ServiceSurroundings;
  readonly #cells: SharedCells;
  readonly #row: number;
  readonly #targets = new Map<string | undefined, TargetState>();

  constructor(config: SnapshotService, surroundings: ServiceSurroundings) {
    const { clock, shared } = surroundings;
    this.config = config;
    const keyRows = config.keys.map((key) => shared.rowOf(keyRow(config, key)));
    this.#row = shared.rowOf(serviceRow(config.name));
    this.keys = new KeyPool(config.keys, clock, { rows: shared.rows, keyRows, serviceRow: this.#row });
    this.endpoints = preparedEndpoints(config, surroundings.simulatorUrl);
    this.addedHeaders = config.headers.flat();
    const authHeaders = this.endpoints.flatMap(({ auth }) => headersOf(auth));
    const ownHeaders = config.headers.map(([name]) => name.toLowerCase());
    this.replacedHeaders = new Set([...ownHeaders, ...authHeaders].filter(isForwardedHeader));
    this.credentials = new ServiceCredentials(config, clock);
    this.prices = new Map(config.prices);
    this.#surroundings = surroundings;
    this.#cells = shared.cells;
  }

  /** What no answer may show. */
  get secrets(): readonly string[] {
    return this.credentials.secrets;
  }

  /** What is known of this service as the place of a model. */
  target(model: string | undefined): TargetState {
    let state = this.#targets.get(model);
    if (state === undefined) {
      const { shared, random } = this.#surroundings;
      state = new TargetState(shared, shared.rowOf(targetRow(this.config, model)), random);
      this.#targets.set(model, state);
    }
    return state;
  }

  /** The places of models that anyone has asked for: of a plan, all that its Model APIs name. */
  get targets(): ReadonlyMap<string | undefined, TargetState> {
    return this.#targets;
  }

  /** Takes a place in flight. False: the cap over all workers is reached. */
  enter(): boolean {
    this.#cells.add(this.#row, 1);
    const { maxInFlight } = this.config;
    if (maxInFlight === 0 || this.#cells.sum(this.#row) <= maxInFlight) return true;
    this.#cells.add(this.#row, -1);
    return false;
  }

  leave(): void {
    this.#cells.add(this.#row, -1);
  }

  /** Requests in flight, over all workers. */
  get inFlight(): number {
    return this.#cells.sum(this.#row);
  }

  /** Whether `enter` would refuse now. */
  get full(): boolean {
    const { maxInFlight } = this.config;
    return maxInFlight > 0 && this.inFlight >= maxInFlight;
  }

  /** Where a request is sent that speaks this, or can be translated. */
  endpointFor({ protocol, translated = untranslated, task }: Spoken): Endpoint | undefined {
    return spokenEndpoint(this.endpoints, protocol, translated, task);
  }
}
