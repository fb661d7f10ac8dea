// A DashScope socket of a client: accepted at once, each of its tasks routed by itself to a service's socket.
import { GatewayError } from "../../core/errors.ts";
import { Deadline } from "../../lib/timer-wheel.ts";
import { taskFailedFrame } from "../../protocols/dashscope-event-frames.ts";
import { readClientFrame, type ClientFrame } from "../../protocols/dashscope-frames.ts";
import { chosenId } from "../../protocols/ids/id-owners.ts";
import { pushGatewayHeaders } from "../answer/answer-headers.ts";
import { authenticate } from "../authenticate.ts";
import { beginCapture } from "../capture/record-content.ts";
import type { Exchange, Matched } from "../exchange.ts";
import type { Failure } from "../failure.ts";
import { requireModel } from "../identity/allowed-models.ts";
import { attemptPlaced } from "../ids/attempt-placed.ts";
import { admit } from "../limits/admit.ts";
import { reserve } from "../limits/reserve.ts";
import type { ModerationFinding } from "../../core/exchange-record.ts";
import { ModeratedTasks } from "../moderation/moderated-tasks.ts";
import { apiNow, match } from "../match-request.ts";
import { markClientGone, markRefused, toGatewayError } from "../refuse.ts";
import type { SendContext } from "../send.ts";
import { brokenFrame, closeCodeOf, passedOn } from "./close-codes.ts";
import { forwardedProtocols } from "./dial-request.ts";
import type { Ending, Goodbye, Peer } from "./peer.ts";
import { Relay, type RelayHandler } from "./relay.ts";
import { unlessGone } from "./socket-attempt.ts";
import { keepSocketBody } from "./socket-body.ts";
import type { GatewayTools, LastingSocket } from "./socket-tools.ts";
import { Task, type HeldFrame } from "./task.ts";
import { TaskSend, type TaskLink } from "./task-send.ts";

/** From the 101 to the first frame, in ms: as long as a request's body may pause. */
const firstFrameMs = 30_000;

/** Resolves when the first task on the socket has ended, or the socket without one. */
export async function serveTasks(exchange: Exchange, matched: Matched, tools: GatewayTools): Promise<void> {
  const { upgrade } = exchange.call;
  if (upgrade === null) return;
  const headers: string[] = [];
  pushGatewayHeaders(headers, exchange);
  const [protocol = ""] = forwardedProtocols(upgrade.protocols);
  const client = upgrade.accept(headers, protocol);
  if (client === null) return markClientGone(exchange);
  await new TaskSession(client, exchange, matched, tools).serveFirst(exchange, matched);
}

class TaskSession implements RelayHandler, TaskLink, LastingSocket {
  readonly relay: Relay;
  readonly protocols: readonly string[];
  readonly #call: Exchange["call"];
  /** Of the handshake, which holds the credentials of all tasks. */
  readonly #openedWallMs: number;
  readonly #tools: GatewayTools;
  readonly #firstFrame = Promise.withResolvers<Task | null>();
  readonly #late: Deadline;
  /** The task that runs, or is about to; null between tasks. */
  #task: Task | null = null;
  /** Of the task that came last, or of the socket while there was none. */
  #exchange: Exchange | null = null;
  /** In what was said between two tasks. */
  readonly #foundBefore: ModerationFinding[] = [];
  #send: TaskSend | null = null;
  #route: Pick<SendContext, "key" | "endpoint"> | null = null;
  #served = false;
  /** What the client did wrong, if that was the end. */
  #violation: GatewayError | null = null;
  #draining = false;
  #over = false;
  /** The client ended without a goodbye. */
  #lost = false;

  constructor(client: Peer, exchange: Exchange, matched: Matched, tools: GatewayTools) {
    const { clock, wheel, sockets } = tools;
    this.#call = exchange.call;
    this.#openedWallMs = exchange.startedWallMs;
    this.#tools = tools;
    this.protocols = client.protocol === "" ? [] : [client.protocol];
    this.relay = new Relay(client, this.#judged(exchange, matched), { clock, wheel });
    this.#late = new Deadline(() =>
      this.#refuseWaiting(
        new GatewayError("request_timeout", { message: "No run-task came within 30 s of the handshake." }),
      ),
    );
    wheel.arm(this.#late, firstFrameMs);
    sockets.open.add(this);
  }

  get dialer(): TaskLink["dialer"] {
    return this.#tools.sockets.dialer;
  }

  /** Judges messages before this handler gets them. */
  #judged({ consumer, requestId }: Exchange, { api, route }: Matched): RelayHandler {
    const current = (): ModerationFinding[] =>
      this.#isFree ? this.#foundBefore : (this.#exchange?.moderation ?? []);
    return new ModeratedTasks(this, api.moderation, {
      protocol: route.row.protocol,
      api: api.config.name,
      consumer,
      requestId,
      record: {
        get moderation() {
          return current();
        },
      },
      policyNow: () => apiNow(this.#call, this.#tools.sockets.plan())?.moderation ?? null,
      isFree: () => this.#isFree,
      blocked: (error) => this.#refusedContent(error),
      failed: (error) => {
        this.#tools.reportDefect(error);
        this.#refusedContent(new GatewayError("content_blocked"));
      },
    });
  }

  /** Between two tasks. */
  get #isFree(): boolean {
    return this.#task === null && this.#served;
  }

  /** What asks for another task and is refused is an exchange as well. */
  #refusedContent(error: GatewayError): void {
    if (this.#isFree && !this.#over) {
      this.#tools.sockets.follow(this.#call, (exchange) => this.#serveRefused(exchange, error));
    }
    this.#violated(error);
  }

  async #serveRefused(exchange: Exchange, error: GatewayError): Promise<void> {
    try {
      match(exchange, this.#call, exchange.plan);
      exchange.moderation.push(...this.#foundBefore.splice(0));
      const times = { wallMs: this.#tools.clock.wallMs(), dateMs: this.#openedWallMs };
      await authenticate(exchange, times, this.#tools);
      markRefused(exchange, error);
    } catch (thrown) {
      markRefused(exchange, toGatewayError(thrown));
    }
  }

  async serveFirst(exchange: Exchange, matched: Matched): Promise<void> {
    this.#exchange = exchange;
    exchange.interrupt = (error) => this.#refuseWaiting(error);
    try {
      const startedMs = this.#tools.clock.monotonicMs();
      const task = await this.#firstFrame.promise;
      exchange.waitedMs += this.#tools.clock.monotonicMs() - startedMs;
      exchange.status = 101;
      if (task !== null) await this.#serve(exchange, matched, task);
      else if (this.#lost) this.#markLeft(exchange);
    } catch (error) {
      this.#refuse(exchange, error, "");
    } finally {
      exchange.interrupt = null;
      this.#served = true;
    }
  }

  /** A further task is an exchange of its own, on the configuration of its own time. */
  async #serveNext(exchange: Exchange, task: Task): Promise<void> {
    try {
      const matched = match(exchange, this.#call, exchange.plan);
      this.#exchange = exchange;
      exchange.moderation.push(...this.#foundBefore.splice(0));
      if (matched !== null) beginCapture(exchange, matched, this.#tools.contentBudget);
      exchange.capture?.clientMessage(task.run.data, false);
      const times = { wallMs: this.#tools.clock.wallMs(), dateMs: this.#openedWallMs };
      const proving = authenticate(exchange, times, this.#tools);
      if (proving !== undefined) await proving;
      if (matched?.operation.model !== "frame") throw new GatewayError("route_not_found");
      const admitted = admit(exchange, matched, this.#tools);
      if (admitted !== null) await admitted;
      await this.#serve(exchange, matched, task);
    } catch (error) {
      this.#refuse(exchange, error, task.id);
    }
  }

  async #serve(exchange: Exchange, matched: Matched, task: Task): Promise<void> {
    keepSocketBody(exchange, task.run.read.model, task.run.data);
    try {
      requireModel(exchange, matched);
      const reserved = reserve(exchange, matched, this.#tools);
      if (reserved !== null) await reserved;
      const send = unlessGone((context, done) => {
        exchange.ids?.sending(context.target.service.config.name, context.key.name);
        this.#send = new TaskSend(context, task, this, done);
      });
      const chosen = chosenId("dashscope-ws-task", task.id);
      const tools = { ...this.#tools, send };
      const failure = await attemptPlaced(exchange, matched, tools, chosen === undefined ? [] : [chosen]);
      if (this.#call.gone) this.#markLeft(exchange);
      else if (failure !== null) this.#refuseFailed(exchange, failure, task.id);
    } catch (error) {
      this.#refuse(exchange, error, task.id);
    } finally {
      this.#task = null;
      this.#send = null;
      if (this.#draining) this.#close(1001, "shutting_down");
    }
  }

  onClientMessage(data: Buffer, binary: boolean): void {
    if (this.#over) return;
    try {
      this.#takeFrame({ data, read: binary ? null : readClientFrame(data) });
    } catch (error) {
      this.#violated(toGatewayError(error));
    }
  }

  #takeFrame(frame: HeldFrame): void {
    const { data, read } = frame;
    const task = this.#task;
    if (read?.action === "run-task") return this.#begin(data, read);
    this.#exchange?.capture?.clientMessage(data, read === null);
    if (task === null) {
      if (!this.relay.connected) throw invalid("The first frame must be a run-task.");
      // Too late for its task; what the service says of it is passed on.
      this.relay.toService(data, read === null);
    } else if (this.#send?.started === true) {
      task.characters += read?.characters ?? 0;
      this.#send.fromClient(frame);
    } else if (!task.hold(frame)) {
      this.relay.hold();
    }
  }

  #begin(data: Buffer, read: ClientFrame): void {
    if (this.#task !== null) throw invalid("A task is running already; send run-task when it has finished.");
    const task = new Task(data, read);
    this.#task = task;
    if (this.#served) {
      this.#tools.sockets.follow(this.#call, (exchange) => this.#serveNext(exchange, task));
      return;
    }
    this.#tools.wheel.cancel(this.#late);
    this.#exchange?.capture?.clientMessage(data, false);
    this.#firstFrame.resolve(task);
  }

  onServiceMessage(data: Buffer, binary: boolean): void {
    if (this.#send === null) this.relay.toClient(data, binary);
    else this.#send.fromService(data, binary);
  }

  onActivity(): void {
    this.#send?.touch();
  }

  onClientEnded(ending: Ending): void {
    this.#lost = ending.kind !== "closed";
    if (ending.kind === "broken") this.#violation = brokenFrame(ending.code);
    this.#call.upgrade?.left();
    const { code, reason } = passedOn(ending);
    this.relay.closeService(code, reason);
    this.#leave();
    this.#send?.clientGone();
    this.#firstFrame.resolve(null);
  }

  onServiceEnded(ending: Ending): void {
    this.#route = null;
    this.#send?.serviceEnded(ending);
    // Before the task was started another service may take it.
    if (this.#task !== null && this.#send?.started !== true) return;
    const { code, reason } = passedOn(ending);
    this.#close(code, reason);
  }

  canReuse({ key, endpoint, freshConnection }: SendContext): boolean {
    const route = this.#route;
    // An endpoint is one service's alone.
    return (
      !freshConnection &&
      route !== null &&
      this.relay.connected &&
      route.endpoint === endpoint &&
      route.key.row === key.row
    );
  }

  opened(peer: Peer, context: SendContext): void {
    const { target, key, endpoint } = context;
    this.#route = { key, endpoint };
    this.relay.connect(peer, target.service.config.timeouts.idleMs);
  }

  broken({ error }: Failure, goodbye: Goodbye | undefined): void {
    this.#tell(error, this.#task?.id ?? "", goodbye);
  }

  drain(): void {
    this.#draining = true;
    if (this.#task !== null) return;
    this.#close(1001, "shutting_down");
    this.#firstFrame.resolve(null);
  }

  /** The client has sent what it may not. */
  #violated(error: GatewayError): void {
    const send = this.#send;
    if (this.#task === null && !this.#served) return this.#refuseWaiting(error);
    this.#violation = error;
    this.#tell(error, this.#task?.id ?? "");
    this.#call.upgrade?.left();
    send?.clientGone(error);
  }

  #markLeft(exchange: Exchange): void {
    if (this.#violation === null) markClientGone(exchange);
    else markRefused(exchange, this.#violation);
  }

  #refuseWaiting(error: GatewayError): void {
    this.#tools.wheel.cancel(this.#late);
    this.#firstFrame.reject(error);
  }

  #refuseFailed(exchange: Exchange, { error, answer }: Failure, taskId: string): void {
    this.#refuse(exchange, error, taskId);
    if (answer === undefined) return;
    exchange.status = answer.status;
    exchange.outcome = answer.status >= 500 ? "upstream_error" : "client_error";
  }

  #refuse(exchange: Exchange, thrown: unknown, taskId: string): void {
    if (!(thrown instanceof GatewayError)) this.#tools.reportDefect(thrown);
    const error = toGatewayError(thrown);
    if (this.#call.gone) this.#markLeft(exchange);
    else markRefused(exchange, error);
    this.#tell(error, taskId);
  }

  /** The end of the socket: the client is told in its own protocol why. */
  #tell(
    error: GatewayError,
    taskId: string,
    goodbye: Goodbye = { code: closeCodeOf(error), reason: error.code },
  ): void {
    if (this.#over) return;
    const frame = taskFailedFrame(taskId, error.code, error.message);
    this.#exchange?.capture?.serviceMessage(Buffer.from(frame), false);
    this.relay.toClient(frame, false);
    this.#close(goodbye.code, goodbye.reason);
  }

  #close(code: Goodbye["code"], reason: Goodbye["reason"]): void {
    if (this.#over) return;
    this.relay.closeService(code === undefined || code === 1000 ? code : 1001, reason);
    this.relay.closeClient(code, reason);
    this.#leave();
  }

  #leave(): void {
    this.#over = true;
    this.#tools.wheel.cancel(this.#late);
    this.#tools.sockets.open.delete(this);
  }
}

function invalid(message: string): GatewayError {
  return new GatewayError("invalid_request", { message });
}
