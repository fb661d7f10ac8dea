// A gateway before a simulator that counts what it serves, with a Model API for every ending of every kind of request.
import type { ExchangeRecord } from "../../src/core/exchange-record.ts";
import type { TokenCounter } from "../../src/gateway/accounting/token-ask.ts";
import type { ServedRequest } from "../../src/simulator/exchange.ts";
import { startSimulator, type Simulator } from "../../src/simulator/simulator.ts";
import type { CountedEnding } from "./accounting-endings.ts";
import type { CountedRequest } from "./accounting-request.ts";
import { countedRequests } from "./accounting-rows.ts";
import { Changes } from "./changes.ts";
import { startGateway, type Gateway } from "./gateway.ts";
import { startMuteUpstream, type MuteUpstream } from "./mute-upstream.ts";
import { patientClock } from "./patient-clock.ts";
import { RawClient, type Answer } from "./raw-client.ts";
import { formBoundary, formBytes, textAt } from "./route-sample.ts";

export const countedPrice = { input: 1, output: 10 };

const ownRoutes: Readonly<Record<string, readonly string[]>> = {
  "text-generation/openai": ["responses", "realtime"],
  "text-generation/anthropic": ["count-message-tokens", "message-batches", "anthropic-files"],
  "text-generation/dashscope": ["dashscope-text-generation", "dashscope-multimodal-generation"],
  "text-generation/gemini": ["gemini-models"],
  "video-generation/openai": ["openai-videos"],
  "speech-synthesis/openai": ["openai-audio-transcriptions", "openai-audio-translations"],
  "others/openai": ["moderations"],
};
const custom = [
  { name: "count", path: "/v1/messages/count_tokens", methods: ["POST"], match: "exact", protocol: "openai" },
];

const pairs = [
  ...new Set([
    ...countedRequests.map(({ useCase, protocol }) => `${useCase}/${protocol}`),
    "speech-synthesis/dashscope",
  ]),
];

/** Bytes of an answer after which a client leaves in its middle. */
const middle = 2_500;

const slug = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");

/** Base path of the Model API for this ending of this request. */
function baseOf(ending: CountedEnding, request: CountedRequest): string {
  const base = `/${slug(ending.name)}/${request.useCase}/${request.protocol}`;
  return ending.apart === true ? `${base}/${countedRequests.indexOf(request)}` : base;
}

export class AccountingScene {
  readonly gateway: Gateway;
  readonly #simulator: Simulator;
  readonly #mute: MuteUpstream;
  readonly #account: Account;
  readonly #file: string;

  private constructor(
    gateway: Gateway,
    parts: { simulator: Simulator; mute: MuteUpstream; account: Account; file: string },
  ) {
    this.gateway = gateway;
    this.#simulator = parts.simulator;
    this.#mute = parts.mute;
    this.#account = parts.account;
    this.#file = parts.file;
  }

  static async start(endings: readonly CountedEnding[], tokens: TokenCounter): Promise<AccountingScene> {
    const account = new Account();
    const simulator = await startSimulator({
      port: 0,
      onTaken: () => account.take(),
      onServed: (entry) => account.serve(entry),
    });
    const mute = await startMuteUpstream(simulator.url);
    const document = documentOf(endings, mute.url);
    const gateway = await startGateway(document, {
      simulatorUrl: simulator.url,
      tokens,
      clock: patientClock(),
    });
    return new AccountingScene(gateway, { simulator, mute, account, file: await uploaded(simulator.url) });
  }

  /** What the simulator counted of the last attempt; waits until it is through with it. */
  servedTo({ attempts }: ExchangeRecord): Promise<ServedRequest> {
    const spanId = attempts.at(-1)?.spanId ?? "";
    const { changes, served } = this.#account;
    return changes.until(() => served.find(({ traceparent = "" }) => traceparent.includes(spanId)));
  }

  /** Sends a request, comes to its ending and gives the record of it. */
  async recordOf(request: CountedRequest, ending: CountedEnding): Promise<ExchangeRecord> {
    const { gateway } = this;
    const { method = "POST", path, headers, body } = request;
    const client = await RawClient.connect(gateway.port);
    const before = gateway.records.length;
    const takenBefore = this.#account.taken;
    client.send(
      gateway.bytes({ method, path: baseOf(ending, request) + path, headers, body: this.#bodyOf(body) }),
      method,
    );
    if (ending.leaves === undefined) await client.answer();
    else if (ending.leaves === "in the middle") await client.body(({ length }) => length > middle);
    else await this.#account.changes.until(() => (this.#account.taken > takenBefore ? true : undefined));
    client.destroy();
    return gateway.recordWhere((record) => gateway.records.indexOf(record) >= before);
  }

  /** Sends a request to where it is answered at once; gives the answer. */
  async made({ useCase, protocol, path, headers = [], body }: CountedRequest): Promise<Answer> {
    const client = await RawClient.connect(this.gateway.port);
    const answer = await client.request({
      method: "POST",
      path: `/complete/${useCase}/${protocol}${path}`,
      headers,
      body: this.#bodyOf(body),
    });
    client.destroy();
    return answer;
  }

  #bodyOf(body: string | Buffer): string | Buffer {
    return typeof body === "string" ? body.replace("{file}", this.#file) : body;
  }

  async close(): Promise<void> {
    await this.gateway.close();
    await this.#mute.close();
    await this.#simulator.close();
  }
}

/** What the simulator has taken and counted. */
class Account {
  readonly served: ServedRequest[] = [];
  readonly changes = new Changes();
  taken = 0;

  take(): void {
    this.taken += 1;
    this.changes.notify();
  }

  serve(entry: ServedRequest): void {
    this.served.push(entry);
    this.changes.notify();
  }
}

/** A file that batches and trainings may read: the services of these tests have no keys, so it is everyone's. */
async function uploaded(simulatorUrl: string): Promise<string> {
  const line = { custom_id: "a", url: "/v1/embeddings", body: { model: "m", input: "How many are these?" } };
  const answer = await fetch(`${simulatorUrl}/v1/files`, {
    method: "POST",
    headers: { "Content-Type": `multipart/form-data; boundary="${formBoundary}"` },
    body: new Uint8Array(
      formBytes([
        { name: "purpose", content: "batch" },
        { name: "file", file: "in.jsonl", content: `${JSON.stringify(line)}\n` },
      ]),
    ),
  });
  return textAt(await answer.json(), "id");
}

/** Model APIs stand below `/ending/use-case/protocol`. */
function documentOf(endings: readonly CountedEnding[], muteUrl: string) {
  const parts = endings.flatMap((ending) => {
    const shared = { name: slug(ending.name), ending };
    if (ending.apart !== true)
      return pairs.map((pair) => ({ ...shared, pair, base: `/${slug(ending.name)}/${pair}` }));
    return countedRequests.map((request, index) => ({
      ...shared,
      name: `${slug(ending.name)}-${index}`,
      pair: `${request.useCase}/${request.protocol}`,
      base: baseOf(ending, request),
    }));
  });
  const services = new Map(parts.map(({ name, ending }) => [name, ending] as const));
  return {
    services: [...services].map(([name, { mute, service }]) => ({
      name,
      provider: "simulator",
      models: [{ name: "counted-model", price: countedPrice }],
      ...(mute === true ? { baseUrl: muteUrl } : {}),
      ...service,
    })),
    modelApis: parts.map(({ name, ending, pair, base }) => {
      const [useCase = "", protocol = ""] = pair.split("/");
      return {
        name: `${name}-${slug(pair)}`,
        useCase,
        protocols: [protocol],
        basePath: base,
        stripBasePath: true,
        routes: {
          enabled: ownRoutes[pair] ?? [],
          ...(pair === "text-generation/openai" ? { custom } : {}),
        },
        modelService: { mode: "single", target: { service: name } },
        retries: { max: 0 },
        ...ending.api,
      };
    }),
  };
}
