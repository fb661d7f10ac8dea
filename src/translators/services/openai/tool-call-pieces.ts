// Pieces of streamed tool calls put in order: which call a piece belongs to, with one id, one name and one index each,
// however the service writes them. Must not know chunks.
import { memberOf, textOf } from "../../../lib/json-value.ts";
import type { ToolCallDelta } from "../../chat/chat-answer.ts";
import { JsonEnd } from "../../chat/json-end.ts";
import { argumentsText } from "../../chat/tool-arguments.ts";
import { thoughtSignatureOf } from "./thought-signature.ts";

interface Call {
  readonly index: number;
  /** As the service counts; undefined where it does not. */
  readonly place: number | undefined;
  id: string;
  /** Whether the arguments are complete, so that another call may begin. */
  readonly end: JsonEnd;
  /** Arguments that were not told yet. */
  given: string;
  /** Held until the name is known. */
  name: string;
  told: boolean;
}

export interface CallMaking {
  readonly newId: () => string;
  /** From the service's names of tools to the client's. */
  readonly nameOf: (name: string) => string;
}

export class ToolCallPieces {
  readonly #making: CallMaking;
  readonly #calls: Call[] = [];
  readonly #ids = new Set<string>();
  readonly #byPlace = new Map<number, Call>();

  constructor(making: CallMaking) {
    this.#making = making;
  }

  /** Some call was told to the client. */
  get hasCalls(): boolean {
    return this.#calls.some(({ told }) => told);
  }

  /** @param piece of `tool_calls`, or a `function_call` put in its form */
  read(piece: unknown): ToolCallDelta | undefined {
    const called = memberOf(piece, "function");
    const place = placeOf(piece);
    const id = textOf(piece, "id") ?? "";
    const name = textOf(called, "name") ?? "";
    const given = argumentsIn(called);
    // Some services write every member there is, empty.
    if (id === "" && name === "" && given === "") return undefined;
    const call = this.#callOf({ place, id, name, given });
    return this.#tell(call, { name, given, state: thoughtSignatureOf(piece) });
  }

  /** Calls whose name never came, but something of what they are for: told all the same, so that nothing is lost. */
  rest(): readonly ToolCallDelta[] {
    return this.#calls
      .filter(({ told, given }) => !told && given !== "")
      .map((call) => this.#begin(call, {}));
  }

  #callOf({ place, id, name, given }: Piece): Call {
    const known = place === undefined ? this.#withoutPlace(id, name) : this.#byPlace.get(place);
    if (known === undefined || this.#isNext(known, { place, id, name, given })) return this.#add(place, id);
    return known;
  }

  #withoutPlace(id: string, name: string): Call | undefined {
    const same = id === "" ? undefined : this.#calls.find((call) => call.id === id);
    if (same !== undefined || (id !== "" && name !== "")) return same;
    return this.#calls.at(-1);
  }

  /**
   * Some services count all calls alike: a piece with a name is another call where the one before is complete. A piece
   * that only has another id belongs to the call: some services make a new id for every piece.
   */
  #isNext(known: Call, { id, name, given }: Piece): boolean {
    if (name === "" || !known.told || id === known.id) return false;
    return known.end.reached && (id !== "" || given !== "");
  }

  #add(place: number | undefined, id: string): Call {
    const own = id === "" || this.#ids.has(id) ? `call_${this.#making.newId()}` : id;
    this.#ids.add(own);
    const call: Call = {
      index: this.#calls.length,
      place,
      id: own,
      end: new JsonEnd(),
      given: "",
      name: "",
      told: false,
    };
    this.#calls.push(call);
    if (place !== undefined) this.#byPlace.set(place, call);
    return call;
  }

  #tell(
    call: Call,
    { name, given, state }: { name: string; given: string; state: Pick<ToolCallDelta, "extra_content"> },
  ): ToolCallDelta | undefined {
    call.end.feed(given);
    if (!call.told) {
      call.given += given;
      call.name = name;
      return name === "" ? undefined : this.#begin(call, state);
    }
    if (given === "" && state.extra_content === undefined) return undefined;
    return { index: call.index, function: { arguments: given }, ...state };
  }

  #begin(call: Call, state: Pick<ToolCallDelta, "extra_content">): ToolCallDelta {
    call.told = true;
    return {
      index: call.index,
      id: call.id,
      type: "function",
      function: { name: this.#making.nameOf(call.name), arguments: call.given },
      ...state,
    };
  }
}

interface Piece {
  readonly place: number | undefined;
  readonly id: string;
  readonly name: string;
  readonly given: string;
}

function placeOf(piece: unknown): number | undefined {
  const index = memberOf(piece, "index");
  return typeof index === "number" && Number.isSafeInteger(index) ? index : undefined;
}

/** Some services write an object where the protocol has a text. */
function argumentsIn(called: unknown): string {
  const given = memberOf(called, "arguments");
  if (typeof given === "string") return given;
  return given === undefined || given === null ? "" : argumentsText(given);
}
