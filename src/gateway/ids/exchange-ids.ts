// What an exchange has to do with ids that outlive it: where it must go, what it binds, what its answer gives to the
// consumer. Knows no socket and no selection mode.
import type { Clock } from "../../core/clock.ts";
import { GatewayError } from "../../core/errors.ts";
import type { IdBinding, IdOwner, IdStore } from "../../core/id-owner.ts";
import type { Usage } from "../../core/usage.ts";
import { idsInComfyuiMessage } from "../../protocols/ids/comfyui-queue.ts";
import { ownFilesOf, ownUserdata } from "../../protocols/ids/comfyui-userdata-list.ts";
import { ownersOf } from "../../protocols/ids/id-owners.ts";
import { idsMade, type MadeId } from "../../protocols/ids/made.ts";
import type { IdReference } from "../../protocols/ids/references.ts";
import { endsAtId, namesId, type RouteIds } from "../../protocols/ids/route-ids.ts";
import { StreamIds } from "../../protocols/ids/stream-ids.ts";
import type { StreamReader } from "../../protocols/wire.ts";
import { BindingReader } from "./binding-reader.ts";

export interface IdTools {
  readonly ids: IdStore;
  readonly clock: Pick<Clock, "wallMs">;
  /** Told of an error of the store. */
  readonly reportDefect: (error: unknown) => void;
}

/** Whose request it is, and what it does. */
export interface IdContext {
  readonly route: RouteIds | undefined;
  readonly method: string;
  /** Undecoded, without base path and query. */
  readonly path: string;
  readonly query: string;
  /** Lists of what services keep for everybody hold the consumer's own only. */
  readonly ownListsOnly: boolean;
  /** Empty: nobody. */
  readonly consumer: string;
  readonly api: string;
  /** Its answer is about one object that is kept at the service: read again, it has used nothing again. */
  readonly tellsObject: boolean;
  /** It asks for its answer to be stored, where that is no matter of course. */
  readonly isStored: boolean;
}

/** Where the ids of a request send it. */
export interface PlacedIds {
  /** Ids of the consumer, all at one service; empty: the mode picks. */
  readonly owners: readonly IdOwner[];
  /** Chosen by the client, to be bound before anything is sent. */
  readonly bind: readonly IdReference[];
  /** Where nothing that is named says where to go: something of the consumer's that this belongs to. */
  readonly near?: IdOwner;
}

/** Thrown when another request of the consumer has just taken an id to another place: there this one belongs too. */
export class HeldElsewhere extends Error {}

export class ExchangeIds {
  readonly #context: IdContext;
  readonly #placed: PlacedIds;
  readonly #tools: IdTools;
  #place = { service: "", key: "" };
  /** The chosen ids, as they are bound now. */
  #chosen: readonly IdOwner[] = [];
  /** The object that the answer has made. */
  #made: IdBinding | undefined;
  /** The answer gave ids to the consumer. */
  gave = false;

  constructor(context: IdContext, placed: PlacedIds, tools: IdTools) {
    this.#context = context;
    this.#placed = placed;
    this.#tools = tools;
  }

  /** Where the request must go; undefined: wherever the mode says. */
  get owner(): IdOwner | undefined {
    return this.#placed.owners[0] ?? this.#placed.near;
  }

  /**
   * Called before each send with where it goes.
   * @throws GatewayError route_not_found for an id that is another's by now; HeldElsewhere
   */
  sending(service: string, key: string): void {
    this.#place = { service, key };
    if (this.#placed.bind.length === 0) return;
    const { ids } = this.#tools;
    // The service before did not take it.
    for (const held of this.#chosen) if (held.service !== service || held.key !== key) ids.forget(held);
    const holders = this.#bind(this.#placed.bind);
    for (const holder of holders) {
      if (holder.consumer !== this.#context.consumer) throw unknownId(holder.id);
      if (holder.service !== service || holder.key !== key) throw new HeldElsewhere();
    }
    this.#chosen = holders;
  }

  /**
   * Called with a whole JSON answer, or its beginning, before it goes on.
   * @returns why it cannot go on; undefined = it can
   */
  answered(status: number, body: Buffer): GatewayError | undefined {
    const { route, method, path, isStored } = this.#context;
    if (route === undefined) return undefined;
    const isOwn = this.#placed.owners.length > 0;
    return this.#keep(idsMade(route, { method, path, status, body, isOwn, isStored }));
  }

  /** What the consumer gets to see of a whole JSON answer: the very same bytes, but for lists that name others' files. */
  shown(body: Buffer): Buffer {
    const { route, query, consumer, ownListsOnly } = this.#context;
    if (!ownListsOnly || route?.row.special !== "comfyui-userdata-list") return body;
    const files = this.#tools.ids.list("comfyui-userdata", consumer, { limit: mostFiles });
    return ownUserdata(body, query, ownFilesOf(files.map((file) => file.id)));
  }

  /** Reads the ids of a streamed answer beside `reader`. @param stop told when one could not be kept; false: go on */
  reader(reader: StreamReader, stop: (error: GatewayError) => boolean): StreamReader {
    const { route, isStored } = this.#context;
    if (route === undefined || route.events.size === 0) return reader;
    const ids = new StreamIds(route, isStored);
    return new BindingReader(reader, (event, data) => {
      const failure = this.#keep(ids.read(event, data));
      return failure === undefined || !stop(failure);
    });
  }

  /** Reads a text message of a ComfyUI socket before it goes on: the files that it names are its client's. */
  message(data: Buffer): void {
    if (this.#context.route?.row.special === "comfyui-socket") this.#keep(idsInComfyuiMessage(data));
  }

  /** Called when no service has taken the request: what it has chosen is still free. */
  refused(): void {
    for (const held of this.#chosen) this.#tools.ids.forget(held);
    this.#chosen = [];
  }

  /**
   * Called once when the request has its good answer.
   * @param usage as the answer told it
   * @returns what of it is new: an object tells its usage each time it is read
   */
  ended(status: number, usage: Usage | null): Usage | null {
    try {
      this.#forgetDeleted(status);
      return usage === null || this.#settles() ? usage : null;
    } catch (error) {
      this.#tools.reportDefect(error);
      return usage;
    }
  }

  #settles(): boolean {
    const { ids } = this.#tools;
    const { tellsObject, method } = this.#context;
    const read = tellsObject ? this.#placed.owners.find((owner) => this.#isNamed(owner)) : undefined;
    if (read !== undefined) return ids.settleOnce(read);
    if (this.#made !== undefined) ids.settleOnce(this.#made);
    // An object that nobody has bound may be read any number of times.
    return this.#made !== undefined || !tellsObject || method === "POST";
  }

  #isNamed({ id }: IdOwner): boolean {
    const { route, path } = this.#context;
    return route !== undefined && namesId(route, path, id);
  }

  #forgetDeleted(status: number): void {
    const { route, method, path } = this.#context;
    if (status < 200 || status > 299 || route === undefined) return;
    const isDelete = method === "DELETE" && endsAtId(route, path);
    if (!isDelete && !(method === "POST" && route.row.forgets === true)) return;
    for (const owner of this.#placed.owners) this.#tools.ids.forget(owner);
  }

  #keep(made: readonly MadeId[]): GatewayError | undefined {
    if (made.length === 0) return undefined;
    this.gave = true;
    try {
      const [first] = this.#bind(made);
      this.#made ??= first;
      return undefined;
    } catch (error) {
      this.#tools.reportDefect(error);
      return new GatewayError("upstream_error", {
        status: 500,
        message: "The gateway could not keep the id that the model service gave.",
      });
    }
  }

  #bind(ids: readonly (IdReference | MadeId)[]): readonly IdOwner[] {
    const { consumer, api } = this.#context;
    const holder = { ...this.#place, consumer, api };
    return this.#tools.ids.bind(ownersOf(ids, holder, this.#tools.clock.wallMs()));
  }
}

const maxShownId = 100;
/** Files of a consumer that a list can show. */
const mostFiles = 10_000;

/** Says the same of an id that nobody has and of one that another consumer has. */
export function unknownId(id: string): GatewayError {
  const shown = JSON.stringify(id.length <= maxShownId ? id : `${id.slice(0, maxShownId).toWellFormed()}…`);
  return new GatewayError("route_not_found", {
    message: `No object ${shown} of this caller is known here.`,
  });
}
