// What a translation could not say as it was meant, for `x-moongate-warnings` and the record; in strict mode a refusal.
import { GatewayError } from "../core/errors.ts";
import type { Warning } from "../core/exchange-record.ts";
import { isRawNumber } from "../lib/exact-json.ts";
import { isJsonObject, type JsonObject } from "../lib/json-value.ts";

export interface NotesOptions {
  readonly strict: boolean;
  /** Fields unknown to both sides that are passed on. */
  readonly passFields: readonly string[];
  /** Goes into the message of a refusal, such as `anthropic`. */
  readonly service: string;
}

/** One request's. A field is named as the client wrote it, from the outermost: `messages.0.content.1`. */
export class TranslationNotes {
  readonly warnings: Warning[] = [];
  readonly #said = new Set<string>();
  readonly #options: NotesOptions;
  #clientName: (field: string) => string = (field) => field;

  constructor(options: NotesOptions) {
    this.#options = options;
  }

  /**
   * From now on fields are given by their names in the chat form: this tells what the client wrote for one. For a client's
   * side whose protocol has other names, at the end of its `request`.
   */
  namedBy(clientName: (field: string) => string): void {
    this.#clientName = clientName;
  }

  /** What the client wrote for a field of the chat form. */
  clientName(field: string): string {
    return this.#clientName(field);
  }

  /** It is not sent. @throws GatewayError invalid_request in strict mode */
  dropped(field: string): void {
    this.#note(this.#clientName(field), "dropped");
  }

  /** Another value is sent: the nearest that the service takes. @throws GatewayError invalid_request in strict mode */
  clamped(field: string): void {
    this.#note(this.#clientName(field), "clamped");
  }

  /** The same is said in another way. @throws GatewayError invalid_request in strict mode */
  rewritten(field: string): void {
    this.#note(this.#clientName(field), "rewritten");
  }

  /** State of an earlier turn is not sent, as nobody has it, or as it is another maker's. No fault of the request, so never refused. */
  lost(field: string): void {
    this.#warn(this.#clientName(field), "dropped");
  }

  /**
   * Fields that neither side knows: those that the Model API lets through, the others noted as dropped.
   * @param known names that the service's side has taken or noted
   */
  rest(others: JsonObject, known: ReadonlySet<string>): JsonObject {
    const passed: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(others)) {
      if (known.has(name)) continue;
      if (this.#options.passFields.includes(name)) passed[name] = value;
      else if (saysSomething(value)) this.#note(name, "dropped");
    }
    return passed;
  }

  #note(field: string, action: "dropped" | "clamped" | "rewritten"): void {
    if (this.#options.strict) {
      throw new GatewayError("invalid_request", {
        message: `${field} cannot be expressed in the protocol of the service (${this.#options.service}), and this Model API translates strictly. Leave it out, or choose a service that speaks the protocol of the request.`,
        param: field,
      });
    }
    this.#warn(field, action);
  }

  #warn(field: string, action: "dropped" | "clamped" | "rewritten"): void {
    const said = `${action} ${field}`;
    if (this.#said.has(said)) return;
    this.#said.add(said);
    this.warnings.push({ field, action });
  }
}

/** Null, false, an empty list or object: left out, nothing changes. */
function saysSomething(value: unknown): boolean {
  if (value === null || value === undefined || value === false) return false;
  if (Array.isArray(value)) return value.length > 0;
  return !isJsonObject(value) || isRawNumber(value) || Object.keys(value).length > 0;
}
