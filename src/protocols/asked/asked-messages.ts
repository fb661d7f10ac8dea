// The messages of a request of any protocol as they pass under a cursor: who spoke last, what the client's last words are,
// what kinds of content there are. Must not keep what is not asked for.
import type { Modality } from "../../core/known-model.ts";
import { JsonCursor } from "../../lib/json-cursor.ts";
import type { Asked } from "./asked.ts";
import { modalityOfFile, modalityOfMember, modalityOfType, partTokens, tellsKind } from "./part-modality.ts";

/** Of one text of a question, in bytes; of the whole, in characters. Longer ones lose their middle. */
const textBytes = 24_576;
const questionCharacters = 24_576;
const openingBytes = 4_096;
/** Messages of a question, and members and items of one message, that are read. */
const mostMessages = 1_024;
const mostWordVisits = 4_096;
/** Of a type, a role or a name, and of how a file begins. */
const shortBytes = 256;

type Speaker = "system" | "client" | "model" | "tool";

const speakers: ReadonlyMap<string, Speaker> = new Map([
  ["system", "system"],
  ["developer", "system"],
  ["user", "client"],
  ["assistant", "model"],
  ["model", "model"],
  ["tool", "tool"],
  ["function", "tool"],
]);

const textTypes: ReadonlySet<string> = new Set(["text", "input_text"]);
/** Members of a message, or of a part, in which its content stands. */
const contentMembers: ReadonlySet<string> = new Set(["content", "parts", "output", "images"]);
const bytesMembers: ReadonlySet<string> = new Set([
  "inlineData",
  "inline_data",
  "fileData",
  "file_data",
  "file",
  "source",
]);
const resultMembers: ReadonlySet<string> = new Set(["functionResponse", "function_response"]);

export class AskedMessages {
  readonly #body: Buffer;
  readonly #cursor: JsonCursor;
  readonly #input = new Set<Modality>(["text"]);
  /** Places of the client's messages since the model last spoke before them. */
  #last: number[] = [];
  #first: number | undefined;
  #system: number | undefined;
  #speaker: Speaker | undefined;
  #inToolLoop = false;
  #turns = 0;
  #mediaBytes = 0;
  #mediaTokens = 0;
  /** Of the message under the cursor: it brings results of tools. */
  #bringsResults = false;

  constructor(body: Buffer, cursor: JsonCursor) {
    this.#body = body;
    this.#cursor = cursor;
  }

  /** A list of messages or items; texts without a message, and lists of these, are the client's. */
  list(): void {
    if (this.#cursor.kind !== "array") return this.prompt();
    this.#cursor.items(() => {
      if (this.#cursor.kind === "object") this.#message();
      else if (this.#cursor.kind === "string") this.#take("client", this.#cursor.place);
    });
  }

  prompt(): void {
    const { kind } = this.#cursor;
    if (kind === "array") this.list();
    else if (kind === "string" && this.#cursor.isFilled) this.#take("client", this.#cursor.place);
  }

  /** The words of the value under the cursor: a text, a list of parts, or an object that has these. */
  wordsHere(mostBytes: number): string {
    const words = new Words(mostBytes);
    readWords(this.#cursor, words);
    return words.text;
  }

  finish(): Pick<Asked, "question" | "inToolLoop" | "turns" | "system" | "opening" | "input" | "media"> {
    return {
      question: this.#question(),
      inToolLoop: this.#inToolLoop,
      turns: this.#turns,
      system: this.#textAt(this.#system),
      opening: this.#textAt(this.#first),
      input: [...this.#input],
      media: { bytes: this.#mediaBytes, tokens: this.#mediaTokens },
    };
  }

  /** Of very many messages the first and the last. */
  #question(): string {
    const words = new Words(questionCharacters);
    const places = this.#last;
    const left =
      places.length <= mostMessages
        ? places
        : places.slice(0, mostMessages / 2).concat(places.slice(-mostMessages / 2));
    for (const place of left) this.#wordsAt(place, words);
    return words.text;
  }

  #textAt(place: number | undefined): string {
    if (place === undefined) return "";
    const words = new Words(openingBytes);
    this.#wordsAt(place, words);
    return words.text;
  }

  #wordsAt(place: number, words: Words): void {
    const reader = new JsonCursor(this.#body, mostWordVisits);
    reader.goTo(place);
    readWords(reader, words);
  }

  #message(): void {
    const { place } = this.#cursor;
    let speaker: Speaker | undefined;
    let type = "";
    let isPart = false;
    this.#bringsResults = false;
    this.#cursor.members((name) => {
      if (name === "role") speaker = speakers.get(this.#short());
      else if (name === "type") type = this.#short();
      else if (this.#isOther(name)) isPart = true;
      else this.#member(name);
    });
    isPart ||= textTypes.has(type) || modalityOfType(type) !== undefined;
    if (isPart) {
      this.#cursor.goTo(place);
      this.#part();
    }
    const isMessage = isPart || type === "" || type === "message";
    this.#take(isMessage ? (speaker ?? "client") : speakerOfItem(type), place);
  }

  #take(speaker: Speaker, place: number): void {
    const brings = speaker === "tool" || (speaker === "client" && this.#bringsResults);
    this.#bringsResults = false;
    this.#inToolLoop = brings;
    if (speaker === "system") this.#system ??= place;
    else if (speaker === "client" && !brings) {
      if (this.#speaker !== "client") {
        this.#turns += 1;
        this.#last = [];
      }
      this.#first ??= place;
      this.#last.push(place);
    }
    if (speaker !== "system") this.#speaker = brings ? "tool" : speaker;
  }

  /** Whether it holds an image or the like, as parts do that stand without a message. */
  #isOther(member: string): boolean {
    const { kind, isFilled } = this.#cursor;
    return modalityOfMember(member) !== undefined && isFilled && kind !== "object";
  }

  /** Looks for other content than text in what a message, or a part of one, holds. */
  #member(name: string): void {
    const cursor = this.#cursor;
    if (contentMembers.has(name) && cursor.kind === "array") cursor.items(() => this.#part());
    else if (contentMembers.has(name) && cursor.kind === "object") this.#part();
  }

  #part(): void {
    const start = this.#cursor.place;
    let modality: Modality | "file" | undefined;
    let kind: Modality | undefined;
    const see = (name: string): void => {
      if (name === "type") {
        const type = this.#short();
        modality ??= modalityOfType(type);
        this.#bringsResults ||= type === "tool_result";
      } else if (resultMembers.has(name)) {
        this.#bringsResults = true;
        this.#cursor.members((inner) => this.#member(inner));
      } else if (bytesMembers.has(name) && this.#cursor.kind === "object") {
        if (name !== "source") modality ??= "file";
        this.#cursor.members(see);
      } else if (tellsKind(name) && this.#cursor.kind === "string") kind ??= modalityOfFile(this.#short());
      else if (modalityOfMember(name) !== undefined && this.#cursor.isFilled)
        modality ??= modalityOfMember(name);
      else this.#member(name);
    };
    this.#cursor.members(see);
    const shown = modality === "file" ? (kind ?? "pdf") : modality;
    if (shown === undefined || shown === "text") return;
    this.#input.add(shown);
    this.#mediaBytes += this.#cursor.place - start;
    this.#mediaTokens += partTokens[shown];
  }

  #short(): string {
    return this.#cursor.kind === "string" ? this.#cursor.text(shortBytes) : "";
  }
}

/** Of Responses: calls and thoughts are the model's, what ends in output is brought by the client. */
function speakerOfItem(type: string): Speaker {
  return type.endsWith("_output") || type === "mcp_approval_response" ? "tool" : "model";
}

/** What is said in a message, a part, a list of these, or a text. */
function readWords(cursor: JsonCursor, words: Words): void {
  if (cursor.kind === "string") words.add(cursor.text(textBytes));
  else if (cursor.kind === "array") cursor.items(() => readWords(cursor, words));
  else if (cursor.kind === "object") readWordsOfObject(cursor, words);
}

/** What is said in it stands under `content`, `parts` or `text`. */
function readWordsOfObject(cursor: JsonCursor, words: Words): void {
  let type = "text";
  let text: number | undefined;
  cursor.members((name) => {
    if (name === "type") type = cursor.kind === "string" ? cursor.text(shortBytes) : "";
    else if (name === "text" && cursor.kind === "string") text = cursor.place;
    else if (name === "content" || name === "parts") readWords(cursor, words);
  });
  if (text === undefined || !textTypes.has(type)) return;
  const end = cursor.place;
  cursor.goTo(text);
  words.add(cursor.text(textBytes));
  cursor.goTo(end);
}

/** Texts one after the other, of which beginning and end stay where they are too long. */
class Words {
  readonly #most: number;
  readonly #head: string[] = [];
  #headLength = 0;
  #tail: string[] = [];
  #tailLength = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get text(): string {
    const half = Math.ceil(this.#most / 2);
    const all = [...this.#head, ...this.#tail].join("\n");
    return all.length <= this.#most ? all : `${all.slice(0, half)}\n${all.slice(-half)}`;
  }

  add(text: string): void {
    const trimmed = text.trim();
    if (trimmed === "") return;
    if (this.#headLength <= this.#most) {
      this.#head.push(trimmed);
      this.#headLength += trimmed.length;
      return;
    }
    this.#tail.push(trimmed);
    this.#tailLength += trimmed.length;
    if (this.#tailLength <= 2 * this.#most) return;
    // Only now and then, so that many short texts cost no more than a few long ones.
    const left = this.#tail.join("\n").slice(-this.#most);
    [this.#tail, this.#tailLength] = [[left], left.length];
  }
}
