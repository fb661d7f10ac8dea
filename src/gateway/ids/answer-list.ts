// Answers a list with the consumer's own objects: asks every place where the consumer has some, and merges what they say.
import type { IdOwner } from "../../core/id-owner.ts";
import { GatewayError } from "../../core/errors.ts";
import type { ListRule } from "../../protocols/ids/id-rules.ts";
import { ownersOf } from "../../protocols/ids/id-owners.ts";
import { maxListedIds, MergedList, type ListSource } from "../../protocols/ids/merged-list.ts";
import { listOf, type RouteIds } from "../../protocols/ids/route-ids.ts";
import { pushGatewayHeaders } from "../answer/answer-headers.ts";
import { attempt } from "../attempt.ts";
import type { AttemptTools } from "../attempt-tools.ts";
import { Exchange, type Matched } from "../exchange.ts";
import { clientGoneFailure, interruptedFailure, type Failure } from "../failure.ts";
import { answerFailure } from "../refuse.ts";
import { isEverybodys, placesOf } from "./api-places.ts";
import { traceOf } from "../trace.ts";
import { selectAt } from "./attempt-placed.ts";
import { CollectingCall } from "./collecting-call.ts";
import type { IdTools } from "./exchange-ids.ts";

/** Places that are asked at once for one list. */
const lanes = 8;

/** A list that was asked for. */
export interface AskedList {
  readonly matched: Matched;
  readonly ids: RouteIds;
  readonly rule: ListRule;
}

/** Undefined for a request that is for something else, and for a list that needs no merging. */
export function listAskedFor({ call, plan }: Exchange, matched: Matched): AskedList | undefined {
  const { ids } = matched.route;
  const rule = ids && listOf(ids, call.method, matched.relativePath);
  if (ids === undefined || rule === undefined || isEverybodys(matched.api, plan)) return undefined;
  return { matched, ids, rule };
}

type ListTools = AttemptTools & IdTools;

/** @throws GatewayError invalid_request for a query that makes no sense; upstream_error */
export async function answerList(exchange: Exchange, asked: AskedList, tools: ListTools): Promise<void> {
  const { matched, ids, rule } = asked;
  const { consumer, requestId, head } = exchange;
  const list = new MergedList({
    rule,
    query: head?.query ?? "",
    owners: ownersAt(exchange, asked, tools),
    findForgotten: (id) => tools.ids.findForgotten(rule.family, id, consumer),
    requestId,
  });
  // A query that makes no sense is refused before anybody is asked.
  list.result(ids);
  const startedMs = tools.clock.monotonicMs();
  const failure = await new ListRun(exchange, matched, list, tools).run();
  // Several are asked at a time.
  exchange.upstreamMs = tools.clock.monotonicMs() - startedMs;
  if (failure !== null) return answerFailure(exchange, failure);
  const { body, made } = list.result(ids);
  const nowMs = tools.clock.wallMs();
  tools.ids.bind(
    made.flatMap(({ service, key, ...id }) =>
      ownersOf([id], { service, key, consumer, api: matched.api.config.name }, nowMs),
    ),
  );
  exchange.status = 200;
  const headers = ["content-type", "application/json"];
  pushGatewayHeaders(headers, exchange);
  exchange.call.send(200, headers, body);
}

/** The consumer's ids of the list, as far as the Model API still has their service and key. */
function ownersAt(exchange: Exchange, { matched, rule }: AskedList, { ids }: ListTools): IdOwner[] {
  const { plan, consumer } = exchange;
  const { services } = placesOf(matched.api, plan);
  return ids
    .list(rule.family, consumer, { limit: maxListedIds })
    .filter(
      ({ service, key }) =>
        services.has(service) && plan.services.get(service)?.keys.named(key) !== undefined,
    );
}

class ListRun {
  readonly #exchange: Exchange;
  readonly #matched: Matched;
  readonly #list: MergedList;
  readonly #tools: ListTools;
  readonly #calls = new Set<CollectingCall>();
  #next = 0;
  #failure: Failure | null = null;

  constructor(exchange: Exchange, matched: Matched, list: MergedList, tools: ListTools) {
    this.#exchange = exchange;
    this.#matched = matched;
    this.#list = list;
    this.#tools = tools;
  }

  /** @returns why there is no whole list; null = there is one */
  async run(): Promise<Failure | null> {
    const { call } = this.#exchange;
    call.onGone = () => this.#stop(clientGoneFailure());
    this.#exchange.interrupt = (error) => this.#stop(interruptedFailure(error));
    try {
      const count = Math.min(lanes, this.#list.sources.length);
      await Promise.all(Array.from({ length: count }, () => this.#lane()));
      return this.#failure;
    } finally {
      call.onGone = null;
      this.#exchange.interrupt = null;
    }
  }

  #stop(failure: Failure): void {
    this.#failure ??= failure;
    for (const call of this.#calls) call.leave();
  }

  async #lane(): Promise<void> {
    for (;;) {
      const index = this.#next;
      const source = this.#list.sources[index];
      if (source === undefined || this.#failure !== null) return;
      this.#next += 1;
      await this.#askAll(index, source);
    }
  }

  /** Page after page: each begins where the one before ends. */
  async #askAll(index: number, source: ListSource): Promise<void> {
    for (;;) {
      const query = this.#list.next(index);
      if (query === undefined || this.#failure !== null) return;
      const answer = await this.#ask(source, query);
      if (this.#failure !== null) return;
      if (!Buffer.isBuffer(answer)) return this.#stop(answer);
      if (!this.#list.add(index, answer)) return this.#stop(noList(source));
    }
  }

  /** One page, as a request of its own with all that belongs to one: keys, retries, times, records of attempts. */
  async #ask({ service, key }: ListSource, query: string): Promise<Buffer | Failure> {
    const { call, plan, requestId, head, consumer } = this.#exchange;
    const { clock } = this.#tools;
    if (head === null) throw new Error("a list was asked for without a request");
    const collecting = new CollectingCall(call);
    const times = { monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() };
    const page = new Exchange(collecting, plan, requestId, times);
    page.head = { ...head, query: query === "" ? "" : `?${query}` };
    page.consumer = consumer;
    page.trace = traceOf(this.#exchange);
    this.#calls.add(collecting);
    try {
      const selection = await selectAt(page, this.#matched, { service, key }, this.#tools);
      const failure = await attempt(page, this.#matched, selection, this.#tools);
      return failure ?? collecting.body ?? noList({ service });
    } finally {
      this.#calls.delete(collecting);
      this.#addUp(page);
    }
  }

  #addUp(page: Exchange): void {
    const exchange = this.#exchange;
    exchange.attempts.push(...page.attempts);
    exchange.upstreamStatus = page.upstreamStatus;
    if (exchange.service === "") exchange.service = page.service;
  }
}

function noList({ service }: Pick<ListSource, "service">): Failure {
  const message = `Service ${service} answered with something that is no such list.`;
  return { trigger: "", outcome: "upstream_error", error: new GatewayError("upstream_error", { message }) };
}
