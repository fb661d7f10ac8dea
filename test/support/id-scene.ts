// Two equal services behind one Model API by weight, two consumers, and ids in a file that outlives gateways.
// Must not know routes.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../src/core/clock.ts";
import type { IdStore } from "../../src/core/id-owner.ts";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { openSqliteIdStore } from "../../src/store/sqlite-id-store.ts";
import type { TestDocument } from "./configuration.ts";
import { startGateway, type Gateway } from "./gateway.ts";
import type { Keep } from "./keeper.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Keys of the consumers `app` and `other`. */
export const appKey = "consumer-app-0123456789";
export const otherKey = "consumer-other-0123456789";

export interface IdScene {
  readonly document: TestDocument;
  /** Where the services are. */
  readonly urls: readonly string[];
  readonly store: IdStore;
  readonly gateway: Gateway;
  /** Errors that nothing foresaw. */
  readonly defects: readonly unknown[];
  /** Ends the gateway and its store, and starts others over the same file. */
  restart(): Promise<void>;
  /** Sends a request as a consumer; a plain object as JSON. */
  call(path: string, options?: CallOptions): Promise<Answer>;
}

export interface CallOptions {
  readonly method?: string;
  readonly body?: unknown;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly service: string;
  readonly text: string;
  /** Undefined for what is no JSON. */
  readonly json: unknown;
}

export interface SceneOptions {
  readonly useCase: string;
  readonly protocol: string;
  readonly provider: string;
  /** What services speak, where that is more than the API's protocol. */
  readonly serviceProtocols?: readonly string[];
  readonly api?: Fields;
  readonly service?: Fields;
  /** Ones that simulators do not stand in for. */
  readonly urls?: readonly string[];
  /** Gives the gateway something between it and the store. */
  readonly throughStore?: (store: IdStore) => IdStore;
}

export async function startIdScene(keep: Keep, options: SceneOptions): Promise<IdScene> {
  const folder = await mkdtemp(join(tmpdir(), "ids-"));
  keep({ close: () => rm(folder, { recursive: true }) });
  const urls =
    options.urls ??
    (await Promise.all(["a", "b"].map(async () => keep(await startSimulator({ port: 0 })).url)));
  const document = documentOf(urls, options);
  const defects: unknown[] = [];
  const open = async (): Promise<{ store: IdStore; gateway: Gateway }> => {
    const store = openSqliteIdStore({ file: join(folder, "ids.db"), clock: systemClock });
    const ids = options.throughStore?.(store) ?? store;
    const gateway = await startGateway(document, { ids, onDefect: (error) => defects.push(error) });
    return { store, gateway };
  };
  let running = await open();
  const close = async (): Promise<void> => {
    await running.gateway.close();
    running.store.close();
  };
  keep({ close });
  return {
    document,
    urls,
    defects,
    get store() {
      return running.store;
    },
    get gateway() {
      return running.gateway;
    },
    restart: async () => {
      await close();
      running = await open();
    },
    call: (path, callOptions) => call(running.gateway.url + path, callOptions),
  };
}

function documentOf(urls: readonly string[], options: SceneOptions): TestDocument {
  const { useCase, protocol, provider, serviceProtocols = [protocol], api, service } = options;
  const names = urls.map((_, index) => `service-${index}`);
  const consumer = (name: string, value: string): Fields => ({
    name,
    credentials: [{ type: "api-key", name: "main", value }],
  });
  return {
    services: urls.map((url, index) => ({
      name: names[index],
      provider,
      protocols: serviceProtocols.map((spoken) => ({ protocol: spoken, baseUrl: url })),
      apiKeys: [
        { name: "first", value: `provider-first-${index}-0123456789` },
        { name: "second", value: `provider-second-${index}-0123456789` },
      ],
      ...service,
    })),
    modelApis: [
      {
        name: "api",
        useCase,
        protocols: [protocol],
        auth: { enabled: true, grants: [{ consumer: "app" }, { consumer: "other" }] },
        modelService: {
          mode: "by-weight",
          targets: names.map((name) => ({ service: name, weight: 1 })),
        },
        ...api,
      },
    ],
    consumers: [consumer("app", appKey), consumer("other", otherKey)],
  };
}

async function call(url: string, options: CallOptions = {}): Promise<Answer> {
  const { method = "GET", body, key = appKey, headers = {} } = options;
  const isForm = body instanceof FormData;
  const answer = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(isForm || body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    service: answer.headers.get("x-moongate-service") ?? "",
    text,
    json: parsed(text),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
