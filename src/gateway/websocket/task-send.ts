// One attempt of a task: dials unless the service's socket is open, sends run-task, waits for task-started, then passes on.
import type { GatewayError } from "../../core/errors.ts";
import { readServiceFrame, spokenUsage, type ServiceFrame } from "../../protocols/dashscope-event-frames.ts";
import { rewriteFrameModel } from "../../protocols/dashscope-frames.ts";
import {
  emptyFailure,
  interruptedFailure,
  reportedFailure,
  timeoutFailure,
  verdictFailure,
  type Failure,
} from "../failure.ts";
import type { SendContext } from "../send.ts";
import type { UpstreamFailure } from "../upstream/upstream.ts";
import type { Dialer, DialHandler } from "./dial.ts";
import { dialRequest } from "./dial-request.ts";
import { handshakeFailure } from "./handshake-failure.ts";
import type { Ending, Goodbye, Peer } from "./peer.ts";
import type { HeldFrame, Task } from "./task.ts";
import { SocketAttempt } from "./socket-attempt.ts";
import type { Relay } from "./relay.ts";

/** Held of what a service says before task-started, in bytes. */
const maxHeldBytes = 256 * 1024;
/** A text frame longer than this is a result: those that are looked into are short. */
const maxReadBytes = 256 * 1024;

/** What a task's attempts share with its socket. */
export interface TaskLink {
  readonly relay: Relay;
  readonly dialer: Dialer;
  /** Subprotocols to be offered to services. */
  readonly protocols: readonly string[];
  /** Whether the open socket is that of this service and key. */
  canReuse(context: SendContext): boolean;
  /** The socket from here on. */
  opened(peer: Peer, context: SendContext): void;
  /** A task that had begun is over before its time: the client is told. @param goodbye the service's own, if any */
  broken(failure: Failure, goodbye: Goodbye | undefined): void;
}

export class TaskSend implements DialHandler {
  readonly #context: SendContext;
  readonly #task: Task;
  readonly #link: TaskLink;
  readonly #attempt: SocketAttempt;
  readonly #dialling: { abort(): void } | null;
  #held: { readonly data: Buffer; readonly binary: boolean }[] = [];
  #heldBytes = 0;

  constructor(context: SendContext, task: Task, link: TaskLink, done: (failure: Failure | null) => void) {
    const { exchange, target, firstPacketMs, spentMs } = context;
    this.#context = context;
    this.#task = task;
    this.#link = link;
    const totalMs = Math.max(0, target.service.config.timeouts.totalMs - spentMs);
    this.#attempt = new SocketAttempt(
      context,
      { firstPacketMs, totalMs },
      (kind) => this.fail(timeoutFailure(kind)),
      done,
    );
    if (link.canReuse(context)) {
      this.#dialling = null;
      this.#run();
    } else {
      link.relay.closeService(1000, "");
      this.#dialling = link.dialer.dial(dialRequest(context, link.protocols), this);
    }
    this.#attempt.arm();
    exchange.interrupt = (error) => this.fail(interruptedFailure(error));
  }

  get started(): boolean {
    return this.#attempt.started;
  }

  onOpen(peer: Peer): void {
    if (this.#attempt.over) return peer.close(1001, "");
    this.#link.opened(peer, this.#context);
    this.#run();
  }

  onRefused(status: number, headers: Buffer[], body: Buffer): void {
    this.#attempt.answered(status);
    this.fail(handshakeFailure(status, headers, body, this.#context.target.service));
  }

  onFailure(failure: UpstreamFailure): void {
    this.fail(this.#attempt.broke(failure));
  }

  #run(): void {
    this.#attempt.answered(101);
    this.#send(this.#task.run);
  }

  #send({ data, read }: HeldFrame): void {
    const { model } = this.#context.target;
    const sent = read === null || model === undefined ? data : rewriteFrameModel(data, read, model);
    this.#link.relay.toService(sent, read === null);
  }

  /** Once the task has started. */
  fromClient(frame: HeldFrame): void {
    this.#send(frame);
  }

  touch(): void {
    this.#attempt.touch();
  }

  fromService(data: Buffer, binary: boolean): void {
    this.#attempt.touch();
    const frame = binary ? null : readFrame(data, this.#attempt.started);
    if (this.#attempt.started) this.#pass(data, binary, frame);
    else this.#judge(data, binary, frame);
  }

  /** Before the service has started the task nothing of it reaches the client. */
  #judge(data: Buffer, binary: boolean, frame: ServiceFrame | null | undefined): void {
    const { secrets } = this.#context.target.service;
    if (frame === undefined) return this.fail(verdictFailure({ kind: "invalid" }, secrets));
    if (frame?.error !== undefined) return this.fail(reportedFailure(frame.error, secrets));
    if (frame?.event === "task-finished") return this.fail(emptyFailure());
    this.#held.push({ data, binary });
    this.#heldBytes += data.length;
    if (frame?.event === "task-started") this.#start();
    else if (this.#heldBytes > maxHeldBytes) this.fail(verdictFailure({ kind: "invalid" }, secrets));
  }

  #start(): void {
    const { relay } = this.#link;
    const { capture } = this.#context.exchange;
    this.#attempt.start();
    for (const { data, binary } of this.#held) {
      capture?.serviceMessage(data, binary);
      relay.toClient(data, binary);
    }
    this.#held = [];
    for (const frame of this.#task.takeHeld()) this.#send(frame);
    relay.release();
  }

  #pass(data: Buffer, binary: boolean, frame: ServiceFrame | null | undefined): void {
    const { exchange } = this.#context;
    exchange.capture?.serviceMessage(data, binary);
    this.#link.relay.toClient(data, binary);
    exchange.usage = frame?.usage ?? exchange.usage;
    if (frame?.event === "task-finished") this.#end(true);
    else if (frame?.event === "task-failed") this.#end(false);
  }

  #end(complete: boolean): void {
    this.#countSpoken();
    this.#attempt.end(complete);
  }

  /** What the service did not live to say. */
  #countSpoken(): void {
    const { exchange } = this.#context;
    if (this.#attempt.started) exchange.usage ??= spokenUsage(this.#task.characters) ?? null;
  }

  /** @param refusal why the gateway ended the socket, if it did */
  clientGone(refusal: GatewayError | null = null): void {
    this.#dialling?.abort();
    this.#countSpoken();
    this.#attempt.clientGone(refusal);
  }

  /** The service's socket has ended in the middle of the task. */
  serviceEnded(ending: Ending): void {
    const goodbye = ending.kind === "closed" ? ending : undefined;
    const clean = goodbye !== undefined && (goodbye.code === 1000 || goodbye.code === undefined);
    // A clean end without task-finished passes as it is.
    if (this.started && clean) return this.#end(false);
    const reusedConnection = this.#dialling === null && ending.kind !== "broken";
    const detail = goodbye === undefined ? "LOST" : `CLOSED_${goodbye.code}`;
    this.fail(this.#attempt.broke({ kind: "broken", reusedConnection, detail }), goodbye);
  }

  fail(failure: Failure, goodbye?: Goodbye): void {
    if (this.#attempt.over) return;
    this.#dialling?.abort();
    if (!this.#attempt.started) {
      this.#link.relay.closeService(1001, "");
      return this.#attempt.fail(failure);
    }
    this.#countSpoken();
    this.#attempt.breakOff(failure);
    this.#link.broken(failure, goodbye);
  }
}

/** Null for one that only passes; undefined for one that is not what it should be. */
function readFrame(data: Buffer, started: boolean): ServiceFrame | null | undefined {
  if (data.length > maxReadBytes) return null;
  // Results come by the thousand, and of them only the usage counts.
  if (started && !data.includes('"task-f') && !data.includes('"usage"')) return null;
  return readServiceFrame(data);
}
