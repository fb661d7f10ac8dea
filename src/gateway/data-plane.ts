// The data plane of one thread: a listener, an upstream, and the plan it currently runs on. Knows snapshots, not where they come from.
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { systemClock, type Clock } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { ExchangeRecord } from "../core/exchange-record.ts";
import type { IdStore } from "../core/id-owner.ts";
import type { AllowedNetworks } from "../lib/address-guard.ts";
import { guardedGetter, type Getter } from "../lib/guarded-get.ts";
import { keysToCompare } from "../lib/layered-map.ts";
import { TrustedProxies } from "../lib/network-list.ts";
import type { SharedCells } from "../lib/shared-cells.ts";
import type { SharedRows } from "../lib/shared-rows.ts";
import { TimerWheel } from "../lib/timer-wheel.ts";
import { wires } from "../protocols/wires.ts";
import type { Snapshot, SnapshotConsumer } from "../snapshot/snapshot.ts";
import type { TokenCounter } from "./accounting/token-ask.ts";
import { estimateUsage, tokenAskOf } from "./accounting/usage-estimate.ts";
import type { CacheStore } from "./cache/cache-store.ts";
import { keepAnswer } from "./cache/keep-answer.ts";
import { MemoryCache } from "./cache/memory-cache.ts";
import { ContentBudget } from "./capture/content-budget.ts";
import { Exchange } from "./exchange.ts";
import { isRecorded, toRecord } from "./finish.ts";
import { handle } from "./handle.ts";
import type {
  BrokenRequestAnswer,
  BrokenRequestCode,
  ClientCall,
  Listener,
  ListenerOptions,
} from "./listener/listener.ts";
import { loneLimits } from "./limits/lone-limits.ts";
import { settleSlots, settleUsage } from "./limits/settle-limits.ts";
import type { LimitStore } from "./limits/limit-store.ts";
import { Credentials } from "./identity/credentials.ts";
import { TokenKeys } from "./identity/token-keys.ts";
import { createMemoryIdStore } from "./ids/memory-id-store.ts";
import { openNodeListener } from "./listener/node-listener.ts";
import { MediaFetcher } from "./translation/fetch-media.ts";
import { StateStore } from "./translation/state-store.ts";
import { createPlan, type Plan, type PlanTools } from "./plan.ts";
import { errorView } from "./error-view.ts";
import { markRefused } from "./refuse.ts";
import { ClassifierShelf } from "./routing/classifiers/classifier-shelf.ts";
import { loneConversationMemory, type Conversations } from "./routing/conversations.ts";
import { RetryBudget } from "./targets/retry-budget.ts";
import { Running } from "./running.ts";
import { LocalRows } from "./targets/local-rows.ts";
import { requestSender } from "./upstream/send-request.ts";
import { ServiceRuntime } from "./targets/service-runtime.ts";
import { createUndiciUpstream } from "./upstream/undici-upstream.ts";
import type { Upstream } from "./upstream/upstream.ts";
import { createDialer, type Dialer } from "./websocket/dial.ts";
import type { GatewayTools, LastingSocket, SocketTools } from "./websocket/socket-tools.ts";

export interface DataPlaneOptions {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly clock?: Clock;
  readonly upstreamNetworks: AllowedNetworks;
  /** Addresses that clients may name; public without it. */
  readonly fetchNetworks?: AllowedNetworks;
  /** Where services of provider `simulator` are found. */
  readonly simulatorUrl?: string | undefined;
  /** Share the port with the data planes of other threads. */
  readonly sharePort?: boolean;
  /** What the data planes of a node count and learn together; both have rows for the names of `row-names.ts`. */
  readonly cells?: SharedCells;
  readonly rows?: SharedRows;
  /** Where limits and quotas are counted; without it in memory of its own. */
  readonly limits?: LimitStore;
  /** Which model each conversation had; without it in memory of its own. */
  readonly conversations?: Conversations;
  /** Where request bodies go that are too large for memory and must be known before they are sent. */
  readonly spoolFolder?: string;
  /** Where ids are kept that outlive an exchange; its owner closes it. Without one, in memory. */
  readonly ids?: IdStore;
  /** Of the proofs that the control plane makes to try a Model API out; without one none is believed. */
  readonly debugSecret?: string;
  /** Counts tokens where services do not say; without one, or when it is late, they are counted roughly. */
  readonly tokens?: TokenCounter;
  /** Where answers are kept for reuse; without one in memory, for this data plane alone. */
  readonly answers?: CacheStore;
  /** Networks of proxies whose `x-forwarded-for` is believed. */
  readonly trustedProxies?: readonly string[];
  /** Client connections at most. */
  readonly maxConnections?: number;
  /** Told of errors that nothing foresaw; the client gets a 500. */
  readonly onDefect?: (error: unknown) => void;
  /** Told when the public keys of an identity provider could not be fetched. */
  readonly onKeysMissed?: (error: Error) => void;
  /** Called once per exchange, at its end. */
  record(record: ExchangeRecord): void;
}

export interface DataPlane {
  readonly port: number;
  /** Requests in flight. */
  readonly inFlight: number;
  /** Swaps the configuration; exchanges in flight keep theirs. `rows` gives each name its row of the shared memory. */
  apply(snapshot: Snapshot, rows?: ReadonlyMap<string, number>): void;
  /** Accepts no new connections, lets running exchanges end, at most so long; then closes. */
  drain(timeoutMs: number): Promise<void>;
  close(): Promise<void>;
}

const defaultMaxConnections = 16_384;
/** Answers that a data plane keeps which is alone. */
const ownCacheBytes = 64 * 1024 * 1024;
/** Of answers that are listened to at a time, to be kept for reuse. */
const heardBytes = 128 * 1024 * 1024;
/** How long kept connections stay after the last exchange has ended: a request may be on its way on one of them. */
const drainLingerMs = 250;
/** How long refusals at the end of a drain may take to leave. */
const lastWordsMs = 500;

export async function startDataPlane(options: DataPlaneOptions): Promise<DataPlane> {
  const plane = new RunningDataPlane(options);
  await plane.open();
  return plane;
}

class RunningDataPlane implements DataPlane {
  readonly #options: DataPlaneOptions;
  readonly #clock: Clock;
  readonly #wheel: TimerWheel;
  readonly #upstream: Upstream;
  readonly #dialer: Dialer;
  readonly #getter: Getter;
  /** Of what clients name. */
  readonly #fetcher: Getter;
  readonly #tools: GatewayTools & PlanTools;
  readonly #lastingSockets = new Set<LastingSocket>();
  #draining = false;
  readonly #shared: LocalRows;
  readonly #credentials = new Credentials();
  #consumers: ReadonlyMap<string, SnapshotConsumer> = new Map();
  #services = new Map<string, ServiceRuntime>();
  #plan: Plan;
  #listener: Listener | null = null;
  readonly #running = new Running();
  #idle: (() => void) | null = null;

  constructor(options: DataPlaneOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    const now = (): number => this.#clock.monotonicMs();
    this.#wheel = new TimerWheel(now);
    this.#shared = new LocalRows(options);
    this.#upstream = createUndiciUpstream(options.upstreamNetworks);
    this.#dialer = createDialer(options.upstreamNetworks);
    this.#getter = guardedGetter(options.upstreamNetworks);
    this.#fetcher = guardedGetter(options.fetchNetworks ?? "public");
    const store = options.answers ?? new MemoryCache({ maxBytes: ownCacheBytes, nowMs: now });
    const { ids = createMemoryIdStore(this.#clock), onDefect: reportDefect = () => undefined } = options;
    this.#tools = {
      upstream: this.#upstream,
      send: requestSender(this.#upstream, {
        upstream: this.#upstream,
        dialer: this.#dialer,
        media: new MediaFetcher(this.#fetcher),
        states: new StateStore(store),
        ids,
        reportDefect,
      }),
      sockets: this.#socketTools(),
      debugSecret: options.debugSecret ?? null,
      tokenKeys: this.#tokenKeys(),
      conversations: options.conversations ?? loneConversationMemory(now),
      classifiers: new ClassifierShelf({ upstream: this.#upstream, clock: this.#clock }),
      contentBudget: new ContentBudget(),
      cache: { store, budget: new ContentBudget(heardBytes), upstream: this.#upstream },
      tokens: options.tokens,
      clock: this.#clock,
      wheel: this.#wheel,
      ids,
      spoolFolder: options.spoolFolder ?? tmpdir(),
      limits: options.limits ?? loneLimits(now, reportDefect),
      budget: new RetryBudget(now),
      random: Math.random,
      reportDefect,
      wait: (ms) => delay(ms, undefined, { ref: false }),
    };
    const empty = { revision: 0, instance: "", apis: new Map(), services: new Map(), consumers: new Map() };
    this.#plan = createPlan(empty, this.#services, this.#credentials, this.#tools);
  }

  async open(): Promise<void> {
    const { host, port, sharePort = false, maxConnections = defaultMaxConnections } = this.#options;
    const { trustedProxies = [] } = this.#options;
    const proxies = trustedProxies.length === 0 ? null : new TrustedProxies(trustedProxies);
    const onCall = (call: ClientCall): void => void this.#serve(call);
    const onBrokenRequest: ListenerOptions["onBrokenRequest"] = (code, clientIp) =>
      this.#answerBroken(code, clientIp);
    this.#listener = await openNodeListener(
      { host, port, sharePort, maxConnections, proxies, onCall, onBrokenRequest },
      this.#wheel,
    );
  }

  get port(): number {
    return this.#listener?.port ?? 0;
  }

  get inFlight(): number {
    return this.#running.size;
  }

  apply(snapshot: Snapshot, rows?: ReadonlyMap<string, number>): void {
    this.#applyConsumers(snapshot.consumers);
    this.#shared.use(rows ?? this.#shared.assign(snapshot));
    this.#services = this.#nextServices(snapshot);
    this.#plan = createPlan(snapshot, this.#services, this.#credentials, this.#tools);
  }

  /** Only what changed is touched: unchanged consumers are the same objects. All go before any comes: keys may move. */
  #applyConsumers(next: ReadonlyMap<string, SnapshotConsumer>): void {
    const names = keysToCompare(this.#consumers, next);
    for (const name of names) {
      const before = this.#consumers.get(name);
      if (next.get(name) !== before) this.#credentials.change(before, undefined);
    }
    for (const name of names) {
      const after = next.get(name);
      if (this.#consumers.get(name) !== after) this.#credentials.change(undefined, after);
    }
    this.#consumers = next;
  }

  /** An unchanged service keeps its runtime; what is learnt of any is in the shared memory. */
  #nextServices(snapshot: Snapshot): Map<string, ServiceRuntime> {
    const { simulatorUrl } = this.#options;
    const { random } = this.#tools;
    const surroundings = { clock: this.#clock, shared: this.#shared, random, simulatorUrl };
    const next = new Map<string, ServiceRuntime>();
    for (const [name, config] of snapshot.services) {
      const known = this.#services.get(name);
      next.set(name, known?.config === config ? known : new ServiceRuntime(config, surroundings));
    }
    return next;
  }

  #tokenKeys(): TokenKeys {
    const { onKeysMissed } = this.#options;
    const { get } = this.#getter;
    return new TokenKeys({
      get,
      clock: this.#clock,
      ...(onKeysMissed === undefined ? {} : { onProblem: onKeysMissed }),
    });
  }

  #socketTools(): SocketTools {
    return {
      dialer: this.#dialer,
      open: this.#lastingSockets,
      isDraining: () => this.#draining,
      plan: () => this.#plan,
      follow: (call, run) => void this.#serve(call, run),
    };
  }

  async #serve(
    call: ClientCall,
    run = (exchange: Exchange): Promise<void> => handle(exchange, this.#tools),
  ): Promise<void> {
    const exchange = this.#openExchange(call);
    this.#running.add(exchange);
    this.#tools.budget.enter();
    await run(exchange);
    this.#tools.budget.leave();
    const endedMs = this.#clock.monotonicMs();
    if (exchange.limitHolds !== null) settleSlots(exchange);
    const recorded = isRecorded(exchange);
    const ask = recorded || exchange.limitHolds !== null ? tokenAskOf(exchange) : null;
    exchange.close();
    if (ask !== null) await estimateUsage(exchange, ask, this.#options.tokens);
    if (exchange.limitHolds !== null) settleUsage(exchange);
    if (exchange.cacheTurn !== null) keepAnswer(exchange, this.#tools.cache.store, endedMs);
    this.#running.remove(exchange);
    if (recorded) this.#options.record(toRecord(exchange, endedMs));
    if (this.#running.size === 0) this.#idle?.();
  }

  #openExchange(call: ClientCall): Exchange {
    const times = { monotonicMs: this.#clock.monotonicMs(), wallMs: this.#clock.wallMs() };
    return new Exchange(call, this.#plan, randomUUID(), times);
  }

  /** Answers in OpenAI's shape, as no Model API is known, and records what never became an exchange. */
  #answerBroken(code: BrokenRequestCode, clientIp: string): BrokenRequestAnswer {
    const exchange = this.#openExchange(brokenCall(clientIp));
    const error = new GatewayError(code);
    markRefused(exchange, error);
    this.#options.record(toRecord(exchange, this.#clock.monotonicMs()));
    const body = wires.openai.errorBody(errorView(error, exchange.requestId));
    const headers = ["content-type", "application/json", "x-request-id", exchange.requestId];
    return {
      status: error.status,
      headers: [...headers, "content-length", String(Buffer.byteLength(body))],
      body,
    };
  }

  async drain(timeoutMs: number): Promise<void> {
    this.#draining = true;
    this.#listener?.stopAccepting();
    for (const socket of this.#lastingSockets) socket.drain();
    await this.#untilIdle(timeoutMs);
    if (this.#running.size > 0) {
      const error = new GatewayError("shutting_down", { retryAfterSeconds: 1 });
      for (const exchange of this.#running.all()) exchange.interrupt?.(error);
      await this.#untilIdle(lastWordsMs);
    }
    if ((this.#listener?.openConnections ?? 0) > 0) await delay(Math.min(drainLingerMs, timeoutMs));
    await this.close();
  }

  async #untilIdle(timeoutMs: number): Promise<void> {
    if (this.#running.size === 0) return;
    const idle = Promise.withResolvers<void>();
    this.#idle = idle.resolve;
    const late = new AbortController();
    await Promise.race([
      idle.promise,
      delay(timeoutMs, undefined, { signal: late.signal }).catch(() => undefined),
    ]);
    late.abort();
  }

  async close(): Promise<void> {
    await this.#listener?.close();
    await this.#upstream.close();
    await this.#getter.close();
    await this.#fetcher.close();
  }
}

/** Stands in for a call that never was: what it is asked for is not there. */
function brokenCall(clientIp: string): ClientCall {
  const unasked = (): never => {
    throw new Error("a request that never became a call was asked for its body or answer");
  };
  return {
    method: "",
    target: "",
    rawHeaders: [],
    httpMinor: 1,
    clientIp,
    expectsContinue: false,
    gone: false,
    onGone: null,
    onDrain: null,
    tap: null,
    started: false,
    upgrade: null,
    readBody: unasked,
    declaredLength: undefined,
    openBody: unasked,
    resumeBody: unasked,
    send: unasked,
    start: unasked,
    write: unasked,
    end: unasked,
    endAndClose: unasked,
    destroy: unasked,
  };
}
