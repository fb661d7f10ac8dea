// The queue and the history of one ComfyUI: one prompt runs at a time. Must not know requests or sockets.
import { perAccount } from "../account.ts";
import type { Account } from "../account.ts";
import type { JsonObject } from "../fields.ts";
import { RefusedRequest } from "../refused-request.ts";
import { Shelf } from "../shelf.ts";
import { clientsOf } from "./clients.ts";
import type { Clients } from "./clients.ts";
import { stepsOf } from "./execution.ts";
import type { Message, Step } from "./execution.ts";
import type { Prompt } from "./prompt.ts";

/** Prompts that may wait. */
const mostPending = 1_000;

interface HistoryEntry {
  readonly id: string;
  readonly value: JsonObject;
}

interface Run {
  readonly prompt: Prompt;
  readonly steps: Iterator<Step>;
  readonly messages: Message[];
  readonly outputs: JsonObject;
  isInterrupted: boolean;
  /** Goes on at once, whatever it waits for. */
  wake: () => void;
}

export class PromptQueue {
  readonly #account: Account;
  readonly #clients: Clients;
  readonly #history: Shelf<HistoryEntry>;
  #pending: Prompt[] = [];
  #run: Run | null = null;
  #nextNumber = 0;

  constructor(account: Account) {
    this.#account = account;
    this.#clients = clientsOf(account);
    this.#history = new Shelf(account);
  }

  get remaining(): number {
    return this.#pending.length + (this.#run === null ? 0 : 1);
  }

  get isFull(): boolean {
    return this.#pending.length >= mostPending;
  }

  /** Prompts with the lowest number come first. */
  nextNumber(isFront: boolean): number {
    this.#nextNumber += 1;
    return isFront ? -this.#nextNumber : this.#nextNumber;
  }

  add(prompt: Prompt): void {
    this.#pending.push(prompt);
    this.#pending.sort((one, other) => one.number - other.number);
    this.#tellStatus();
    this.#startNext();
  }

  /** What `GET /queue` shows. */
  show(): JsonObject {
    return {
      queue_running: this.#run === null ? [] : [rowOf(this.#run.prompt)],
      queue_pending: this.#pending.map(rowOf),
    };
  }

  /** Takes waiting prompts out: those named, or all. */
  remove(ids: ReadonlySet<unknown> | "all"): void {
    this.#pending = ids === "all" ? [] : this.#pending.filter(({ id }) => !ids.has(id));
    this.#tellStatus();
  }

  /** Stops what runs, or only the prompt that is named. */
  interrupt(id: string | null): void {
    if (this.#run === null || (id !== null && this.#run.prompt.id !== id)) return;
    this.#run.isInterrupted = true;
    this.#run.wake();
  }

  /** Newest last, as ComfyUI has it. */
  history(most: number | null, offset: number): JsonObject {
    const all = this.#history.list();
    const start = offset < 0 && most !== null ? Math.max(0, all.length - most) : Math.max(0, offset);
    const wanted = all.slice(start, most === null ? undefined : start + most);
    return Object.fromEntries(wanted.map(({ id, value }) => [id, value]));
  }

  /** Empty for a prompt that is not there. */
  historyOf(id: string): JsonObject {
    const entry = this.#history.find(id);
    return entry === undefined ? {} : { [id]: entry.value };
  }

  forget(ids: readonly string[] | "all"): void {
    const gone = ids === "all" ? this.#history.list().map(({ id }) => id) : ids;
    for (const id of gone) this.#history.delete(id);
  }

  /** Says again which node runs, to a client that has come back. */
  greet(clientId: string): void {
    const run = this.#run;
    if (run?.prompt.clientId !== clientId) return;
    const last = run.messages.findLast(({ type }) => type === "executing");
    if (last !== undefined) this.#clients.tell(clientId, last.type, last.data);
  }

  #tellStatus(): void {
    this.#clients.tellAll("status", { status: { exec_info: { queue_remaining: this.remaining } } });
  }

  #startNext(): void {
    const prompt = this.#run === null ? this.#pending.shift() : undefined;
    if (prompt === undefined) return;
    const run: Run = {
      prompt,
      steps: stepsOf(this.#account, prompt),
      messages: [],
      outputs: {},
      isInterrupted: false,
      wake: () => {},
    };
    this.#run = run;
    this.#schedule(run, 0);
  }

  #schedule(run: Run, delayMs: number): void {
    const next = (): void => this.#advance(run);
    if (delayMs === 0) {
      setImmediate(next);
      run.wake = () => {};
      return;
    }
    const timer = setTimeout(next, delayMs).unref();
    run.wake = () => {
      clearTimeout(timer);
      run.wake = () => {};
      setImmediate(next);
    };
  }

  #advance(run: Run): void {
    const next = run.isInterrupted ? undefined : run.steps.next();
    if (next === undefined || next.done === true) {
      this.#finish(run);
      return;
    }
    this.#perform(run, next.value);
    this.#schedule(run, next.value.kind === "preview" ? run.prompt.stepMs : 0);
  }

  #perform(run: Run, step: Step): void {
    const { id: prompt_id, clientId } = run.prompt;
    if (step.kind === "preview") {
      this.#clients.preview(clientId, { prompt_id, node_id: step.nodeId, step: step.at });
      return;
    }
    if (step.message.type === "executed")
      run.outputs[String(step.message.data["node"])] = step.message.data["output"];
    this.#tell(run, step.message);
  }

  #tell(run: Run, message: Message): void {
    // Progress is not part of the history.
    if (!message.type.startsWith("progress")) run.messages.push(message);
    this.#clients.tell(run.prompt.clientId, message.type, message.data);
  }

  /** A history that has no room forgets; the prompt has run all the same. */
  #keep(entry: HistoryEntry, bytes: number): void {
    try {
      this.#history.put(entry, bytes);
    } catch (error) {
      if (!(error instanceof RefusedRequest)) throw error;
    }
  }

  #finish(run: Run): void {
    const { prompt, messages, outputs } = run;
    if (run.isInterrupted) {
      const last = messages.findLast(({ type }) => type === "executing")?.data["node"] ?? null;
      const data = { prompt_id: prompt.id, node_id: last, node_type: null, executed: [] };
      this.#tell(run, { type: "execution_interrupted", data });
    }
    const isDone = messages.at(-1)?.type === "execution_success";
    const told = messages.filter(({ type }) => type.startsWith("execution_"));
    const status = {
      status_str: isDone ? "success" : "error",
      completed: isDone,
      messages: told.map(({ type, data }) => [type, data]),
    };
    this.#run = null;
    this.#keep({ id: prompt.id, value: { prompt: rowOf(prompt), outputs, status, meta: {} } }, prompt.bytes);
    this.#clients.tell(prompt.clientId, "executing", { node: null, prompt_id: prompt.id });
    this.#tellStatus();
    this.#startNext();
  }
}

export const queueOf = perAccount((account) => new PromptQueue(account));

function rowOf({ number, id, source, extra, graph }: Prompt): unknown[] {
  return [number, id, source, extra, graph.outputs];
}
