// Several services that each do one thing, one Model API that goes from the first to the next, and what requests came to.
import type { AttemptRecord, ExchangeRecord } from "../../src/core/exchange-record.ts";
import { apiOf, serviceAt } from "./configuration.ts";
import { catalogue } from "./fault-table.ts";
import { refusedUrl, startFaultUpstream } from "./fault-upstream.ts";
import { startGateway, type Gateway, type GatewayOptions } from "./gateway.ts";
import type { Keep } from "./keeper.ts";
import { patientClock } from "./patient-clock.ts";
import { protocolCases, type ProtocolCase } from "./protocol-cases.ts";
import { RawClient, type Answer } from "./raw-client.ts";
import type { RawUpstream } from "./raw-upstream.ts";

const [openai] = protocolCases as readonly [ProtocolCase];

type Fields = Readonly<Record<string, unknown>>;
/** A fault, or the address of whatever a test has started itself. */
type Behaviour = keyof typeof catalogue | "refused" | URL;

/** A service of a scene: how it answers or where it is, and its fields. */
export interface Part {
  readonly fault: Behaviour;
  readonly fields?: Fields;
}

export interface Scene {
  readonly gateway: Gateway;
  /** One per part, in order; undefined where nothing listens. */
  readonly upstreams: readonly (RawUpstream | undefined)[];
  ask(): Promise<{ answer: Answer; attempts: readonly AttemptRecord[]; record: ExchangeRecord }>;
}

interface Options {
  readonly wire?: ProtocolCase;
  readonly stream?: boolean;
  readonly api?: Fields;
  /** Fields of `fallback`, on top of one target per further part. */
  readonly fallback?: Fields;
  readonly gateway?: GatewayOptions;
}

/** Services `s0`, `s1` … that each do one thing; the Model API sends to the first and falls back to the others in order. */
export async function startScene(
  keep: Keep,
  parts: readonly (Part | Behaviour)[],
  options: Options = {},
): Promise<Scene> {
  const { wire = openai, stream = false, api = {}, fallback = {} } = options;
  const context = { wire, stream, seen: Promise.resolve() };
  const upstreams: (RawUpstream | undefined)[] = [];
  const services: Fields[] = [];
  for (const [index, part] of parts.entries()) {
    const { fault, fields = {} } = typeof part === "object" && "fault" in part ? part : { fault: part };
    const upstream =
      typeof fault === "object" || fault === "refused"
        ? undefined
        : keep(await startFaultUpstream(catalogue[fault], context));
    upstreams.push(upstream);
    const url = typeof fault === "object" ? fault.origin : (upstream?.url ?? (await refusedUrl()));
    services.push(serviceAt(url, wire.protocol, { name: `s${index}`, ...fields }));
  }
  const targets = services.slice(1).map(({ name }) => ({ service: name }));
  const document = {
    services,
    modelApis: [
      apiOf(wire.protocol, {
        modelService: { mode: "single", target: { service: "s0" } },
        retries: { max: 0 },
        fallback: { targets, ...fallback },
        ...api,
      }),
    ],
  };
  const gateway = keep(await startGateway(document, { clock: patientClock(), ...options.gateway }));
  return {
    gateway,
    upstreams,
    ask: async () => {
      const client = await RawClient.connect(gateway.port);
      const answer = await client.request({ path: wire.path, body: wire.request(stream) });
      const record = await gateway.record(answer.header("x-request-id"));
      client.destroy();
      return { answer, attempts: record.attempts, record };
    },
  };
}

/** Requests that each service got. */
export function sendsOf({ upstreams }: Scene): number[] {
  return upstreams.map((upstream) => upstream?.requests.length ?? 0);
}
