// What a translation could not say as it was meant, for `x-moongate-warnings` and the record; in strict mode a refusal.
import { GatewayError } from "../core/errors.ts";
import type { Warning } from "../core/exchange-record.ts";
import { isRawNumber } from "../lib/exact-json.ts";
import { isJsonObject, type JsonObject } from "../lib/json-value.ts";

/** Warnings that name the very place. */
const maxExact = 40;
/** The last of them says `*`: there is more. */
const maxWarnings = 80;
/** Characters of a field's name, which the client chose. */
const longestField = 120;
const place = /\.\d+(?=\.|$)/g;

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
    const passed: [string, unknown][] = [];
    for (const [name, value] of Object.entries(others)) {
      if (known.has(name)) continue;
      if (this.#options.passFields.includes(name)) passed.push([name, value]);
      else if (saysSomething(value)) this.#note(name, "dropped");
    }
    return Object.fromEntries(passed);
  }

  #note(name: string, action: Warning["action"]): void {
    const field = shortened(name);
    if (this.#options.strict) {
      throw new GatewayError("invalid_request", {
        message: `${field} cannot be expressed in the protocol of the service (${this.#options.service}), and this Model API translates strictly. Leave it out, or choose a service that speaks the protocol of the request.`,
        param: field,
      });
    }
    this.#warn(field, action);
  }

  /** A request of ten thousand messages may have as many of them: then places in lists are told as `*`, then no more. */
  #warn(field: string, action: Warning["action"]): void {
    const full = this.warnings.length >= maxExact;
    const told = full ? field.replaceAll(place, ".*") : field;
    const said = `${action} ${told}`;
    if (this.#said.has(said)) return;
    if (this.warnings.length >= maxWarnings) return;
    const isLast = this.warnings.length === maxWarnings - 1;
    this.#said.add(said);
    this.warnings.push({ field: isLast ? "*" : told, action });
  }
}

/** Null, false, an empty list or object: left out, nothing changes. */
function saysSomething(value: unknown): boolean {
  if (value === null || value === undefined || value === false) return false;
  if (Array.isArray(value)) return value.length > 0;
  return !isJsonObject(value) || isRawNumber(value) || Object.keys(value).length > 0;
}

/** Both ends of a long name tell more than its beginning. */
function shortened(field: string): string {
  if (field.length <= longestField) return field;
  return `${field.slice(0, longestField - 30)}…${field.slice(-29)}`.toWellFormed();
}
