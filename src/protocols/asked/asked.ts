// What a request of any protocol asks of a model: its question, what must be able to answer it, and what conversation it
// belongs to. One pass over the bytes; of long texts only beginnings and ends are decoded. Must not know who decides by it.
import type { Modality } from "../../core/known-model.ts";
import { JsonCursor } from "../../lib/json-cursor.ts";
import { withUnread } from "./part-modality.ts";
import { AskedMessages } from "./asked-messages.ts";

export interface Asked {
  /** Words of the client since it last had the word, cut where they are many. */
  readonly question: string;
  /** The last message brings results of tools. */
  readonly inToolLoop: boolean;
  /** Questions of the client so far, this one included. */
  readonly turns: number;
  /** How the conversation began: instructions, and the first words of the client; both cut. */
  readonly system: string;
  readonly opening: string;
  readonly input: readonly Modality[];
  /** As far as the request says what it wants. */
  readonly output: readonly Modality[];
  /** Bytes of the request that are images and the like, and what these count as about, in tokens. */
  readonly media: { readonly bytes: number; readonly tokens: number };
  readonly maxOutputTokens: number | undefined;
  readonly needsTools: boolean;
  readonly needsJsonSchema: boolean;
  /** Name of the conversation, where the client gives one. */
  readonly conversation: string | undefined;
  /** What the client groups requests by that begin alike. */
  readonly cacheKey: string | undefined;
  readonly metadata: ReadonlyMap<string, string>;
}

/** Of names and other short values, in bytes. */
const shortBytes = 512;
const systemBytes = 2_048;
/** Members and items that are looked at: ten times those of the longest conversations. */
const mostVisits = 100_000;
const mostMetadata = 64;

const bounds: ReadonlySet<string> = new Set([
  "max_tokens",
  "max_completion_tokens",
  "max_output_tokens",
  "maxOutputTokens",
]);

/** Members inside of which a request says more of the same. */
const inside: ReadonlySet<string> = new Set(["parameters", "generationConfig", "generation_config"]);
const schemaMembers: ReadonlySet<string> = new Set([
  "responseSchema",
  "response_schema",
  "responseJsonSchema",
  "response_json_schema",
]);

/** @param body one JSON object */
export function readAsked(body: Buffer): Asked {
  const reader = new AskedReader(body);
  return reader.read();
}

class AskedReader {
  readonly #body: Buffer;
  readonly #cursor: JsonCursor;
  readonly #messages: AskedMessages;
  readonly #output = new Set<Modality>();
  readonly #metadata = new Map<string, string>();
  #maxOutputTokens: number | undefined;
  #hasTools = false;
  #refusesTools = false;
  #needsJsonSchema = false;
  #conversation: string | undefined;
  #cacheKey: string | undefined;
  #system = "";

  constructor(body: Buffer) {
    this.#body = body;
    this.#cursor = new JsonCursor(body, mostVisits);
    this.#messages = new AskedMessages(body, this.#cursor);
  }

  read(): Asked {
    this.#cursor.members((name) => this.#member(name));
    const { stoppedAt } = this.#cursor;
    const messages = this.#messages.finish();
    return {
      ...messages,
      input:
        stoppedAt === undefined ? messages.input : withUnread(messages.input, this.#body.subarray(stoppedAt)),
      system: this.#system === "" ? messages.system : this.#system,
      output: [...this.#output],
      maxOutputTokens: this.#maxOutputTokens,
      needsTools: this.#hasTools && !this.#refusesTools,
      needsJsonSchema: this.#needsJsonSchema,
      conversation: this.#conversation,
      cacheKey: this.#cacheKey,
      metadata: this.#metadata,
    };
  }

  #member(name: string): void {
    const cursor = this.#cursor;
    if (inside.has(name)) return cursor.members((inner) => this.#member(inner));
    if (bounds.has(name)) return this.#bound();
    if (schemaMembers.has(name)) {
      this.#needsJsonSchema ||= cursor.isFilled;
      return;
    }
    this.#named.get(name)?.();
  }

  readonly #named: ReadonlyMap<string, () => void> = new Map([
    ["messages", () => this.#messages.list()],
    ["contents", () => this.#messages.list()],
    ["input", () => this.#input()],
    ["prompt", () => this.#messages.prompt()],
    ["query", () => this.#messages.prompt()],
    ["instructions", () => this.#instructions()],
    ["system", () => this.#instructions()],
    ["systemInstruction", () => this.#instructions()],
    ["system_instruction", () => this.#instructions()],
    ["tools", () => this.#tools()],
    ["functions", () => this.#tools()],
    ["tool_choice", () => this.#toolChoice()],
    ["function_call", () => this.#toolChoice()],
    ["toolConfig", () => this.#toolConfig()],
    ["tool_config", () => this.#toolConfig()],
    ["response_format", () => this.#format()],
    ["output_format", () => this.#format()],
    ["text", () => this.#formatInside()],
    ["output_config", () => this.#formatInside()],
    ["modalities", () => this.#modalities()],
    ["responseModalities", () => this.#modalities()],
    ["response_modalities", () => this.#modalities()],
    ["metadata", () => this.#readMetadata()],
    ["labels", () => this.#readMetadata()],
    ["conversation", () => this.#readConversation()],
    ["prompt_cache_key", () => (this.#cacheKey = this.#short())],
  ]);

  /** Of Responses a list of items or a text, of embeddings texts, of DashScope all that is asked. */
  #input(): void {
    if (this.#cursor.kind !== "object") return this.#messages.list();
    this.#cursor.members((name) => this.#member(name));
  }

  #instructions(): void {
    this.#system = this.#messages.wordsHere(systemBytes);
  }

  #bound(): void {
    const bound = this.#cursor.number();
    if (bound === undefined || bound <= 0) return;
    // Services differ over which holds.
    this.#maxOutputTokens = Math.max(this.#maxOutputTokens ?? 0, Math.floor(bound));
  }

  #tools(): void {
    this.#hasTools ||= this.#cursor.kind === "array" && this.#cursor.isFilled;
  }

  /** `none`, or an object whose type is that. */
  #toolChoice(): void {
    const cursor = this.#cursor;
    const decide = (text: string | undefined): void => {
      if (text === "none") this.#refusesTools = true;
    };
    if (cursor.kind === "string") decide(this.#short());
    else cursor.members((name) => name === "type" && decide(this.#short()));
  }

  #toolConfig(): void {
    const isCalling = (name: string): boolean =>
      name === "functionCallingConfig" || name === "function_calling_config";
    this.#cursor.members((name) => {
      if (!isCalling(name)) return;
      this.#cursor.members((inner) => {
        if (inner === "mode" && this.#short() === "NONE") this.#refusesTools = true;
      });
    });
  }

  #format(): void {
    this.#cursor.members((name) => {
      if (name === "type" && this.#short() === "json_schema") this.#needsJsonSchema = true;
    });
  }

  #formatInside(): void {
    this.#cursor.members((name) => {
      if (name === "format") this.#format();
    });
  }

  #modalities(): void {
    this.#cursor.items(() => {
      const modality = this.#short()?.toLowerCase();
      if (modality === "text" || modality === "image" || modality === "audio") this.#output.add(modality);
    });
  }

  #readMetadata(): void {
    this.#cursor.members((name) => {
      const value = this.#short();
      if (value !== undefined && this.#metadata.size < mostMetadata) this.#metadata.set(name, value);
    });
  }

  /** Its id, or an object with that. */
  #readConversation(): void {
    if (this.#cursor.kind === "string") this.#conversation = this.#short();
    else this.#cursor.members((name) => name === "id" && (this.#conversation = this.#short()));
  }

  /** A short value as text; undefined for lists, objects, null and long texts. */
  #short(): string | undefined {
    const { kind } = this.#cursor;
    if (kind === "object" || kind === "array" || kind === "null") return undefined;
    const text = this.#cursor.text(shortBytes);
    return text === "" ? undefined : text;
  }
}
