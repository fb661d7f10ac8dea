// A socket that is relayed as a whole: the service is dialled before the client gets its 101, and no message is looked into.
import { addUsage } from "../../core/usage.ts";
import { realtimeUsage } from "../../protocols/openai-realtime.ts";
import { readAnswerHead } from "../answer/answer-head.ts";
import { pushGatewayHeaders } from "../answer/answer-headers.ts";
import type { Exchange, Matched } from "../exchange.ts";
import { interruptedFailure, timeoutFailure, type Failure } from "../failure.ts";
import { requireModel } from "../identity/allowed-models.ts";
import { attemptPlaced } from "../ids/attempt-placed.ts";
import { reserve } from "../limits/reserve.ts";
import { GatewayError } from "../../core/errors.ts";
import { moderatedSocket } from "../moderation/moderated-socket.ts";
import { answerFailure } from "../refuse.ts";
import type { SendContext } from "../send.ts";
import type { UpstreamFailure } from "../upstream/upstream.ts";
import { brokenFrame, closeCodeOf, passedOn } from "./close-codes.ts";
import type { DialHandler } from "./dial.ts";
import { dialRequest, forwardedProtocols, queryModel, withoutHandshake } from "./dial-request.ts";
import { handshakeFailure } from "./handshake-failure.ts";
import type { Ending, Peer } from "./peer.ts";
import { Relay, type RelayHandler } from "./relay.ts";
import { SocketAttempt, unlessGone } from "./socket-attempt.ts";
import { keepSocketBody } from "./socket-body.ts";
import type { GatewayTools } from "./socket-tools.ts";

const lostConnection: UpstreamFailure = { kind: "broken", reusedConnection: false, detail: "LOST" };
/** A service that says goodbye with one of these has nothing to complain of (RFC 6455, 7.4.1). */
const goodEnds: ReadonlySet<number | undefined> = new Set([undefined, 1000, 1001]);

export async function passThrough(exchange: Exchange, matched: Matched, tools: GatewayTools): Promise<void> {
  const byQuery = matched.operation.model === "query";
  keepSocketBody(exchange, byQuery ? queryModel(exchange.head?.query ?? "") : undefined);
  requireModel(exchange, matched);
  const reserved = reserve(exchange, matched, tools);
  if (reserved !== null) await reserved;
  const send = unlessGone((context, done) => new PassThrough(context, tools, done));
  const failure = await attemptPlaced(exchange, matched, { ...tools, send });
  if (failure !== null) answerFailure(exchange, failure);
}

class PassThrough implements DialHandler, RelayHandler {
  readonly #context: SendContext;
  readonly #attempt: SocketAttempt;
  readonly #dialling: { abort(): void };
  #relay: Relay | null = null;
  /** Its messages say what they consume, as those of no other socket do that is relayed as a whole. */
  readonly #readsUsage: boolean;
  readonly #reportDefect: GatewayTools["reportDefect"];

  constructor(context: SendContext, tools: GatewayTools, done: (failure: Failure | null) => void) {
    const { exchange, target, key } = context;
    exchange.ids?.sending(target.service.config.name, key.name);
    this.#context = context;
    this.#reportDefect = tools.reportDefect;
    this.#readsUsage = context.matched.operation.model === "query";
    const limits = { firstPacketMs: 0, totalMs: Infinity };
    this.#attempt = new SocketAttempt(context, limits, (kind) => this.#fail(timeoutFailure(kind)), done);
    const protocols = forwardedProtocols(exchange.call.upgrade?.protocols ?? []);
    this.#dialling = tools.sockets.dialer.dial(dialRequest(context, protocols), this);
    this.#attempt.arm();
    exchange.interrupt = (error) => this.#fail(interruptedFailure(error));
    exchange.call.onGone = () => this.#clientGone();
  }

  onOpen(peer: Peer, headers: Buffer[]): void {
    this.#attempt.answered(101);
    if (this.#attempt.over) return peer.close(1001, "");
    const client = this.#accept(peer, headers);
    if (client === null) {
      peer.close(1001, "");
      return this.#clientGone();
    }
    this.#attempt.start();
    const { clock, wheel, target } = this.#context;
    this.#relay = new Relay(client, this.#judged(), { clock, wheel });
    this.#relay.connect(peer, target.service.config.timeouts.idleMs);
  }

  /** This handler, or one that judges messages before it. */
  #judged(): RelayHandler {
    const { exchange, matched } = this.#context;
    const policy = matched.api.moderation;
    if (policy === null) return this;
    return moderatedSocket(this, {
      policy,
      protocol: matched.route.row.protocol,
      api: matched.api.config.name,
      consumer: exchange.consumer,
      requestId: exchange.requestId,
      record: exchange,
      blocked: (error) => this.#refused(error),
      failed: (error) => this.#failedToJudge(error),
    });
  }

  #failedToJudge(error: unknown): void {
    this.#reportDefect(error);
    this.#refused(new GatewayError("content_blocked"));
  }

  /** What was said is not passed on, and that is the end of the socket. */
  #refused(error: GatewayError): void {
    if (this.#attempt.over) return;
    this.#relay?.closeService(1001, "");
    this.#relay?.closeClient(closeCodeOf(error), error.code);
    this.#context.exchange.call.upgrade?.left();
    this.#attempt.clientGone(error);
  }

  #accept(peer: Peer, headers: Buffer[]): Peer | null {
    const { exchange, target } = this.#context;
    const forward = withoutHandshake(readAnswerHead(headers, target.service).forward);
    pushGatewayHeaders(forward, exchange);
    exchange.call.onGone = null;
    return exchange.call.upgrade?.accept(forward, peer.protocol) ?? null;
  }

  onRefused(status: number, headers: Buffer[], body: Buffer): void {
    this.#attempt.answered(status);
    this.#fail(handshakeFailure(status, headers, body, this.#context.target.service));
  }

  onFailure(failure: UpstreamFailure): void {
    this.#fail(this.#attempt.broke(failure));
  }

  onClientMessage(data: Buffer, binary: boolean): void {
    this.#context.exchange.capture?.clientMessage(data, binary);
    this.#relay?.toService(data, binary);
  }

  onServiceMessage(data: Buffer, binary: boolean): void {
    const { exchange } = this.#context;
    exchange.capture?.serviceMessage(data, binary);
    if (!binary) exchange.ids?.message(data);
    const used = this.#readsUsage && !binary ? realtimeUsage(data) : undefined;
    if (used !== undefined) exchange.usage = exchange.usage === null ? used : addUsage(exchange.usage, used);
    this.#relay?.toClient(data, binary);
  }

  onActivity(): void {
    this.#attempt.touch();
  }

  /** A goodbye of the client is the ordinary end of such a socket. */
  onClientEnded(ending: Ending): void {
    const { exchange } = this.#context;
    exchange.call.upgrade?.left();
    const { code, reason } = passedOn(ending);
    this.#relay?.closeService(code, reason);
    if (ending.kind === "closed") this.#attempt.end(true);
    else this.#attempt.clientGone(ending.kind === "broken" ? brokenFrame(ending.code) : null);
  }

  onServiceEnded(ending: Ending): void {
    const { code, reason } = passedOn(ending);
    this.#relay?.closeClient(code, reason);
    if (ending.kind === "closed") this.#attempt.end(goodEnds.has(code));
    else this.#attempt.breakOff(this.#attempt.broke(lostConnection));
  }

  #clientGone(): void {
    this.#dialling.abort();
    this.#attempt.clientGone();
  }

  #fail(failure: Failure): void {
    if (this.#attempt.over) return;
    const relay = this.#relay;
    if (relay === null) {
      this.#dialling.abort();
      this.#context.exchange.call.onGone = null;
      return this.#attempt.fail(failure);
    }
    const code = closeCodeOf(failure.error);
    relay.closeService(1001, "");
    relay.closeClient(code, failure.error.code);
    this.#attempt.breakOff(failure);
  }
}
