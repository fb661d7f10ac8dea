// Thousands of exchanges of many kinds, drawn from a seed, and clients that send them, read them or leave. Must not know
// what becomes of them.
import { draw } from "../../bench/lab/random.ts";
import type { CountedRequest } from "./accounting-request.ts";
import { tokenRequests } from "./accounting-rows.ts";
import { buildRequest, RawClient } from "./raw-client.ts";

/** How its client behaves: reads to the end, leaves once the service has the request, leaves in the middle. */
export type Behaviour = "reads" | "leaves early" | "leaves in the middle";

export interface PlannedExchange {
  readonly number: number;
  /** 32 hex digits, of this exchange alone. */
  readonly traceId: string;
  readonly request: CountedRequest;
  readonly behaviour: Behaviour;
  /** Base path of the Model API. */
  readonly base: string;
}

export interface Mix {
  readonly seed: number;
  readonly count: number;
  /** Base paths below which requests are read to the end, chosen evenly. */
  readonly bases: readonly string[];
  /** Where answers are slow, for clients that leave; and their shares. */
  readonly slowBase: string;
  readonly lateBase: string;
  readonly leavesInTheMiddle: number;
  readonly leavesEarly: number;
}

const streams = tokenRequests.filter(({ stream }) => stream);

export function planExchanges(mix: Mix): readonly PlannedExchange[] {
  return Array.from({ length: mix.count }, (_, number) => planned(mix, number));
}

function planned(mix: Mix, number: number): PlannedExchange {
  const luck = draw(mix.seed, number, 1);
  const middle = luck < mix.leavesInTheMiddle;
  const early = !middle && luck < mix.leavesInTheMiddle + mix.leavesEarly;
  const behaviour = middle ? "leaves in the middle" : early ? "leaves early" : "reads";
  const request = pick(middle ? streams : tokenRequests, draw(mix.seed, number, 2));
  const base = middle ? mix.slowBase : early ? mix.lateBase : pick(mix.bases, draw(mix.seed, number, 3));
  const traceId = (0xacc0000000 + mix.seed * 2 ** 16 + number).toString(16).padStart(32, "0");
  return { number, traceId, request, behaviour, base: `${base}/${request.useCase}/${request.protocol}` };
}

function pick<T>(list: readonly T[], luck: number): T {
  const picked = list[Math.floor(luck * list.length)];
  if (picked === undefined) throw new Error("nothing to pick from");
  return picked;
}

/** Bytes of an answer that say that it is under way, and not yet over. */
const underWay = 1_500;

export class Sender {
  readonly #port: number;
  readonly #untilTaken: (traceId: string) => Promise<unknown>;
  #client: RawClient | null = null;

  /** @param untilTaken resolves when the service has the request of a trace */
  constructor(port: number, untilTaken: (traceId: string) => Promise<unknown>) {
    this.#port = port;
    this.#untilTaken = untilTaken;
  }

  /** @returns whether it has got a whole answer */
  async send({ request, traceId, behaviour, base }: PlannedExchange): Promise<boolean> {
    const client = (this.#client ??= await RawClient.connect(this.#port));
    const span = traceId.slice(16).replace(/^0/, "1");
    const headers = [...(request.headers ?? []), ["traceparent", `00-${traceId}-${span}-01`] as const];
    client.send(buildRequest({ method: "POST", path: base + request.path, headers, body: request.body }));
    let complete = false;
    if (behaviour === "leaves early") await this.#untilTaken(traceId);
    else if (behaviour === "leaves in the middle") await client.body(({ length }) => length >= underWay);
    else ({ complete } = await client.answer());
    // It left, or the connection may end with a stream that broke.
    if (!complete || request.stream) this.close();
    return complete;
  }

  close(): void {
    this.#client?.destroy();
    this.#client = null;
  }
}

/** Sends everything in so many lanes. */
export async function sendAll(
  exchanges: readonly PlannedExchange[],
  lanes: number,
  open: () => Sender,
): Promise<void> {
  const left = exchanges[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    const sender = open();
    for (const exchange of left) await sender.send(exchange);
    sender.close();
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
