// The full, ordered set of events of a Responses stream, out of chunks of the chat form. One item is open at a time: what
// comes for another one while a call is unfinished waits for its turn. Must not know services.
import type { ErrorView } from "../../../protocols/wire.ts";
import type {
  ChatChunk,
  ChatChunkChoice,
  ChatDelta,
  ChatUsage,
  FinishReason,
  ToolCallDelta,
} from "../../chat/chat-answer.ts";
import type { ReasoningDetail } from "../../chat/chat-request.ts";
import type { ClientRequest, ClientStream, TranslationContext } from "../../translation.ts";
import { clientToolsOf, type ClientTool } from "./client-tools.ts";
import { membersOf } from "./event-writer.ts";
import { OpenCall } from "./open-call.ts";
import { OpenMessage } from "./open-message.ts";
import { OpenReasoning } from "./open-reasoning.ts";
import { annotationOf, logprobsOf, signatureItem, type ItemStatus } from "./output-items.ts";
import { inProgress, repeatedFields, responseUsage, stateOf, type ResponseState } from "./response-object.ts";
import { StreamOutput } from "./stream-output.ts";

/** A call that waits for the one before it. */
interface WaitingCall {
  readonly index: number;
  id: string;
  name: string;
  arguments: string;
  signature: string | undefined;
}

export class ResponsesClientStream implements ClientStream {
  readonly #context: TranslationContext;
  readonly #output: StreamOutput;
  readonly #tools: ReadonlyMap<string, ClientTool>;
  readonly #repeated: string;
  /** Fields of the response that its first chunk says; undefined before. */
  #head: string | undefined;
  #open: OpenMessage | OpenReasoning | OpenCall | undefined;
  readonly #waiting = new Map<number, WaitingCall>();
  #waitingText = "";
  readonly #waitingDetails: ReasoningDetail[] = [];
  readonly #begunCalls = new Set<number>();
  readonly #begunDetails = new Set<number>();
  #finish: FinishReason | null = null;
  #usage: ChatUsage | undefined;

  constructor({ body }: ClientRequest, context: TranslationContext) {
    this.#context = context;
    this.#output = new StreamOutput(context.newId);
    this.#tools = clientToolsOf(body);
    this.#repeated = membersOf(repeatedFields(body, undefined));
  }

  chunk(chunk: ChatChunk): string {
    let events = this.#begin(chunk);
    if (chunk.usage !== undefined) this.#usage = chunk.usage;
    for (const choice of chunk.choices) if (choice.index === 0) events += this.#choice(choice);
    return events;
  }

  end(): string {
    const begun = this.#begin(undefined);
    const finished = this.#finishAll();
    const state = stateOf(this.#finish);
    return begun + finished + this.#lifecycle(`response.${state.status}`, state);
  }

  fail({ code, message }: ErrorView): string {
    const failed: ResponseState = { status: "failed", error: { code, message }, incomplete_details: null };
    return this.#begin(undefined) + this.#lifecycle("response.failed", failed);
  }

  #begin(chunk: ChatChunk | undefined): string {
    if (this.#head !== undefined) return "";
    this.#head = membersOf({
      id: `resp_${this.#context.newId()}`,
      object: "response",
      created_at: chunk?.created ?? this.#context.nowSeconds,
      model: chunk?.model ?? this.#context.model,
    });
    return (
      this.#lifecycle("response.created", inProgress) + this.#lifecycle("response.in_progress", inProgress)
    );
  }

  #lifecycle(type: string, state: ResponseState): string {
    const completedAt = state.status === "completed" ? this.#context.nowSeconds : null;
    const usage = JSON.stringify(responseUsage(this.#usage));
    const response = `${this.#head},"completed_at":${completedAt},${membersOf({ ...state })},"output":${this.#output.json},"usage":${usage},${this.#repeated}`;
    return this.#output.events.write(type, `"response":{${response}}`);
  }

  #choice({ delta, finish_reason: finish, logprobs }: ChatChunkChoice): string {
    let events = this.#thinking(delta);
    if (delta.content !== undefined && delta.content !== "")
      events += this.#text(delta.content, logprobs == null ? [] : logprobsOf(logprobs));
    if (delta.refusal !== undefined && delta.refusal !== "")
      events += this.#message((message) => message.refusal(delta.refusal ?? ""));
    for (const annotation of delta.annotations ?? [])
      events += this.#message((message) => message.annotation(annotationOf(annotation)));
    for (const call of delta.tool_calls ?? []) events += this.#call(call);
    if (finish === null) return events;
    this.#finish = finish;
    return events + this.#finishAll();
  }

  /** The words stand in `reasoning_content`, in the details, or in both. */
  #thinking({ reasoning_content: words, reasoning_details: details }: ChatDelta): string {
    let events = "";
    const areInDetails = details?.some(({ text }) => text !== undefined && text !== "") ?? false;
    if (words !== undefined && words !== "" && !areInDetails)
      events += this.#reasoning((block) => block.words(words));
    for (const detail of details ?? []) events += this.#detail(detail);
    return events;
  }

  #detail(detail: ReasoningDetail): string {
    if (this.#isCallUnfinished) {
      this.#waitingDetails.push(detail);
      return "";
    }
    if (this.#open?.kind === "reasoning" && this.#open.takes(detail)) {
      this.#begunDetails.add(detail.index);
      return this.#open.detail(detail);
    }
    // Its item has ended: state that comes late has no item to stand in.
    if (this.#begunDetails.has(detail.index)) return "";
    this.#begunDetails.add(detail.index);
    const ended = this.#endOpen("completed");
    return ended + this.#reasoning((block) => block.detail(detail));
  }

  #reasoning(add: (block: OpenReasoning) => string): string {
    if (this.#open?.kind === "reasoning") return add(this.#open);
    const ended = this.#endOpen("completed");
    const block = new OpenReasoning(this.#output);
    this.#open = block;
    return ended + block.begin() + add(block);
  }

  #text(text: string, logprobs: readonly unknown[]): string {
    if (!this.#isCallUnfinished) return this.#message((message) => message.text(text, logprobs));
    this.#waitingText += text;
    return "";
  }

  #message(add: (message: OpenMessage) => string): string {
    if (this.#open?.kind === "message") return add(this.#open);
    const ended = this.#endOpen("completed");
    const message = new OpenMessage(this.#output);
    this.#open = message;
    return ended + message.begin() + add(message);
  }

  get #isCallUnfinished(): boolean {
    return this.#open?.kind === "call" && !this.#open.complete;
  }

  #call({ index, id, function: made, extra_content: extra }: ToolCallDelta): string {
    const text = made?.arguments ?? "";
    if (this.#open?.kind === "call" && this.#open.callIndex === index) return this.#open.add(text);
    let waiting = this.#waiting.get(index);
    if (waiting === undefined) {
      if (this.#begunCalls.has(index)) return "";
      this.#begunCalls.add(index);
      waiting = { index, id: "", name: "", arguments: "", signature: undefined };
      this.#waiting.set(index, waiting);
    }
    waiting.id ||= id ?? "";
    waiting.name ||= made?.name ?? "";
    waiting.arguments += text;
    waiting.signature ??= extra?.google?.thought_signature;
    return this.#takeWaiting(false);
  }

  /** Opens the calls that wait, as far as those before them have ended. @param all whatever is unfinished */
  #takeWaiting(all: boolean): string {
    let events = "";
    for (const [index, waiting] of this.#waiting) {
      if (!all && this.#isCallUnfinished) break;
      this.#waiting.delete(index);
      events += this.#endOpen("completed");
      const { id, name, signature } = waiting;
      const callId = id === "" ? `call_${this.#context.newId()}` : id;
      if (signature !== undefined) events += this.#signature(callId, signature);
      const call = new OpenCall(this.#output, { index, id: callId, name }, this.#tools.get(name));
      this.#open = call;
      events += call.begin() + call.add(waiting.arguments);
    }
    return events;
  }

  #signature(callId: string, signature: string): string {
    const item = signatureItem(`rs_${this.#output.newId()}`, callId, signature);
    const index = this.#output.nextIndex();
    return this.#output.added(index, { ...item, encrypted_content: null }) + this.#output.done(index, item);
  }

  #endOpen(status: ItemStatus): string {
    const open = this.#open;
    this.#open = undefined;
    return open === undefined ? "" : open.end(status);
  }

  #finishAll(): string {
    let events = this.#takeWaiting(true);
    for (const detail of this.#waitingDetails.splice(0)) {
      if (this.#open?.kind === "call") events += this.#endOpen("completed");
      events += this.#detail(detail);
    }
    const text = this.#waitingText;
    this.#waitingText = "";
    if (text !== "") events += this.#message((message) => message.text(text, []));
    const isCut = this.#finish === "length" || this.#finish === "content_filter";
    return events + this.#endOpen(isCut ? "incomplete" : "completed");
  }
}
