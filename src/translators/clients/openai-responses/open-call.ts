// A tool call in a Responses stream while its arguments come. Must not know the chat form.
import { OpenArguments } from "../../chat/open-arguments.ts";
import type { ClientTool } from "./client-tools.ts";
import { EventWriter } from "./event-writer.ts";
import { clientRunItem, functionItem, type FinishedCall, type ItemStatus } from "./output-items.ts";
import type { StreamOutput } from "./stream-output.ts";

export class OpenCall {
  readonly kind = "call";
  /** Which call of the turn it is. */
  readonly callIndex: number;
  readonly #output: StreamOutput;
  readonly #tool: ClientTool | undefined;
  readonly #callId: string;
  readonly #name: string;
  readonly #arguments = new OpenArguments();
  readonly #id: string;
  readonly #index: number;

  constructor(
    output: StreamOutput,
    call: { readonly index: number; readonly id: string; readonly name: string },
    tool: ClientTool | undefined,
  ) {
    this.#output = output;
    this.callIndex = call.index;
    this.#callId = call.id;
    this.#name = call.name;
    this.#tool = tool;
    this.#id = `fc_${output.newId()}`;
    this.#index = output.nextIndex();
  }

  /** The arguments are one whole object: nothing more is to come. */
  get complete(): boolean {
    return this.#arguments.complete;
  }

  begin(): string {
    if (this.#isClientRun) return "";
    return this.#output.added(this.#index, this.#function("in_progress"));
  }

  add(delta: string): string {
    this.#arguments.text += delta;
    return this.#isClientRun || delta === "" ? "" : this.#delta(delta);
  }

  end(status: ItemStatus): string {
    const isEmpty = this.#arguments.text === "" && status === "completed";
    if (isEmpty) this.#arguments.text = "{}";
    if (this.#isClientRun) return this.#endClientRun(status);
    return (isEmpty ? this.#delta("{}") : "") + this.#endFunction(status);
  }

  get #isClientRun(): boolean {
    return this.#tool !== undefined && this.#tool.kind !== "function";
  }

  get #call(): FinishedCall {
    return { callId: this.#callId, name: this.#name, arguments: this.#arguments.text };
  }

  #function(status: ItemStatus): ReturnType<typeof functionItem> {
    return functionItem(this.#id, this.#call, this.#tool, status);
  }

  #delta(delta: string): string {
    const place = EventWriter.place(this.#id, this.#index);
    const fields = `${place},"delta":${JSON.stringify(delta)}`;
    return this.#output.events.write("response.function_call_arguments.delta", fields);
  }

  #endFunction(status: ItemStatus): string {
    const place = EventWriter.place(this.#id, this.#index);
    const name = JSON.stringify(this.#tool?.name ?? this.#name);
    const fields = `${place},"name":${name},"arguments":${JSON.stringify(this.#arguments.text)}`;
    return (
      this.#output.events.write("response.function_call_arguments.done", fields) +
      this.#output.done(this.#index, this.#function(status))
    );
  }

  /** What it is asked to do is known when all arguments are there. */
  #endClientRun(status: ItemStatus): string {
    const item = clientRunItem(this.#output.newId, this.#call, this.#tool, status);
    const { events } = this.#output;
    if (item === undefined) {
      const empty = functionItem(this.#id, { ...this.#call, arguments: "" }, this.#tool, "in_progress");
      const added = this.#output.added(this.#index, empty);
      return added + this.#delta(this.#arguments.text) + this.#endFunction(status);
    }
    if (item["type"] !== "custom_tool_call") {
      const added = this.#output.added(this.#index, { ...item, status: "in_progress" });
      return added + this.#output.done(this.#index, item);
    }
    const place = EventWriter.place(item.id, this.#index);
    const input = JSON.stringify(item["input"]);
    return (
      this.#output.added(this.#index, { ...item, input: "", status: "in_progress" }) +
      events.write("response.custom_tool_call_input.delta", `${place},"delta":${input}`) +
      events.write("response.custom_tool_call_input.done", `${place},"input":${input}`) +
      this.#output.done(this.#index, item)
    );
  }
}
