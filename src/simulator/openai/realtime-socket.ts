// OpenAI's realtime WebSocket, as far as a conversation in words goes. Must not know handshakes.
import { answerTo } from "../answer.ts";
import { textOf } from "../conversation.ts";
import { isRecord } from "../fields.ts";
import type { JsonObject } from "../fields.ts";
import { Outbox } from "../socket.ts";
import type { SocketCall } from "../socket.ts";
import { countTokens } from "../tokens.ts";

/** Longer answers are cut, as they are held until they are sent. */
const mostTokens = 10_000;

export function serveRealtime(call: SocketCall): void {
  const session = new Session(call);
  call.socket.on("message", (data) => session.take(Buffer.isBuffer(data) ? data.toString() : ""));
}

class Session {
  readonly #call: SocketCall;
  readonly #outbox: Outbox;
  #settings: JsonObject;
  #prompt = "";

  constructor(call: SocketCall) {
    const { knobs, fault, query } = call;
    this.#call = call;
    this.#outbox = new Outbox(call);
    const model = query.get("model") ?? "simulated-realtime";
    const id = call.newId("sess_");
    this.#settings = { type: "realtime", object: "realtime.session", id, model, output_modalities: ["text"] };
    if (fault === "stall-first-packet") return;
    this.#outbox.pause(knobs.ttftMs ?? 0);
    if (fault === "error-in-200") this.#refuse("Simulated failure.", "server_error");
    else this.#tell("session.created", { session: this.#settings });
  }

  take(text: string): void {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      message = null;
    }
    if (!isRecord(message)) return this.#refuse("The message is no JSON object.", "invalid_request_error");
    const type = String(message["type"]);
    const handler = Object.hasOwn(this.#handlers, type) ? this.#handlers[type] : undefined;
    if (handler === undefined) this.#refuse(`Unknown event type: ${type}`, "invalid_request_error");
    else handler(message);
  }

  readonly #handlers: Readonly<Record<string, (message: JsonObject) => void>> = {
    "session.update": ({ session }) => {
      // Only what a session has is repeated, so that it cannot grow.
      const { id, model, object } = this.#settings;
      this.#settings = { ...(isRecord(session) ? session : {}), id, model, object };
      this.#tell("session.updated", { session: this.#settings });
    },
    "conversation.item.create": ({ item }) => {
      const created = { ...(isRecord(item) ? item : {}), id: this.#call.newId("item_"), status: "completed" };
      if (isRecord(item)) this.#prompt = textOf(item["content"]);
      this.#tell("conversation.item.added", { previous_item_id: null, item: created });
      this.#tell("conversation.item.done", { previous_item_id: null, item: created });
    },
    "input_audio_buffer.append": () => {},
    "input_audio_buffer.clear": () => this.#tell("input_audio_buffer.cleared", {}),
    "input_audio_buffer.commit": () => {
      const item_id = this.#call.newId("item_");
      this.#tell("input_audio_buffer.committed", { previous_item_id: null, item_id });
    },
    "response.create": () => this.#respond(),
    "response.cancel": () => this.#refuse("No response is in progress.", "invalid_request_error"),
  };

  #respond(): void {
    if (this.#outbox.length > 0) return this.#refuse("A response is in progress.", "invalid_request_error");
    const { knobs, newId, fault } = this.#call;
    const answer = answerTo(
      {
        model: String(this.#settings["model"]),
        prompt: this.#prompt,
        afterTool: false,
        tools: [],
        toolChoice: { kind: "none" },
        maxTokens: null,
        outputTokens: Math.min(mostTokens, knobs.outputTokens ?? 0),
        stop: [],
        answerSchema: null,
      },
      0,
    );
    const response_id = newId("resp_");
    const response = { object: "realtime.response", id: response_id, status: "in_progress", output: [] };
    const item = {
      id: newId("item_"),
      object: "realtime.item",
      type: "message",
      role: "assistant",
      content: [],
    };
    const place = { response_id, item_id: item.id, output_index: 0, content_index: 0 };
    this.#tell("response.created", { response });
    this.#tell("response.output_item.added", { response_id, output_index: 0, item });
    const isBroken = fault === "stall-mid-stream" || fault === "truncate";
    const told = isBroken ? answer.pieces.slice(0, answer.pieces.length / 2) : answer.pieces;
    for (const delta of told) this.#tell("response.output_text.delta", { ...place, delta }, true);
    if (isBroken) {
      const { socket } = this.#call;
      return this.#outbox.put(() => (fault === "truncate" ? socket.terminate() : this.#outbox.fallSilent()));
    }
    const text = answer.pieces.join("");
    const done = { ...item, status: "completed", content: [{ type: "output_text", text }] };
    const input_tokens = countTokens(this.#prompt);
    const output_tokens = answer.outputTokens;
    const usage = { total_tokens: input_tokens + output_tokens, input_tokens, output_tokens };
    this.#tell("response.output_text.done", { ...place, text });
    this.#tell("response.output_item.done", { response_id, output_index: 0, item: done });
    this.#tell("response.done", { response: { ...response, status: "completed", output: [done], usage } });
  }

  #refuse(message: string, type: string): void {
    this.#tell("error", { error: { type, code: null, message, param: null, event_id: null } });
  }

  #tell(type: string, data: JsonObject, isToken = false): void {
    const event_id = this.#call.newId("event_");
    this.#outbox.put({ data: JSON.stringify({ type, event_id, ...data }), isToken });
  }
}
