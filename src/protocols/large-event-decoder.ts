// Finds the events of a server-sent event stream whose data may be megabytes long, such as images. Of a long event only
// the beginning and the end are kept. Must not know what the events mean.
import type { SseListener } from "../lib/sse.ts";
import { ClippedBytes } from "./clipped-bytes.ts";

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const colon = 0x3a;
const lineFeedBytes = Buffer.from("\n");

/** Names of events are short; of a longer one the rest is not looked at. */
const longestName = 256;
/** Longest field name that matters: `event`. */
const longestField = 5;

/** `name`: before the colon; `space`: just after it; `value`: past it; `other`: a comment or a field of no interest. */
type Place = "name" | "space" | "value" | "other";

/** The event stream format of the WHATWG HTML standard, section 9.2, without byte order marks. */
export class LargeEventDecoder {
  /** No event is passed over. */
  readonly skipping = false;
  readonly #data = new ClippedBytes();
  #hasData = false;
  #event = "";
  #field = "";
  #place: Place = "name";
  #lineEmpty = true;
  #afterCarriageReturn = false;
  #midEvent = false;
  #start = 0;

  /** True when bytes were fed since the last blank line. */
  get midEvent(): boolean {
    return this.#midEvent;
  }

  /** Reads the next bytes of the stream; they are not kept. */
  push(chunk: Buffer, listener: SseListener): void {
    let at = 0;
    if (this.#afterCarriageReturn && chunk.length > 0) {
      this.#afterCarriageReturn = false;
      if (chunk[0] === lineFeed) at = 1;
    }
    let feed = chunk.indexOf(lineFeed, at);
    let carriage = chunk.indexOf(carriageReturn, at);
    while (feed !== -1 || carriage !== -1) {
      const end = carriage === -1 || (feed !== -1 && feed < carriage) ? feed : carriage;
      let next = end + 1;
      if (end === carriage && next === feed) next++;
      else if (end === carriage) this.#afterCarriageReturn = next === chunk.length;
      this.#take(chunk, at, end);
      this.#endLine(next, listener);
      at = next;
      if (feed !== -1 && feed < at) feed = chunk.indexOf(lineFeed, at);
      if (carriage !== -1 && carriage < at) carriage = chunk.indexOf(carriageReturn, at);
    }
    this.#take(chunk, at, chunk.length);
    this.#start -= chunk.length;
  }

  /** Delivers an event that the end of the stream cut off before its blank line. Call once, after the last push. */
  finish(listener: SseListener): void {
    if (!this.#lineEmpty) this.#endLine(0, listener);
    this.#dispatch(0, listener);
  }

  /** Takes in a piece of a line, without its end. */
  #take(chunk: Buffer, from: number, to: number): void {
    if (from === to) return;
    this.#lineEmpty = false;
    this.#midEvent = true;
    let at = from;
    while (at < to && this.#place === "name") this.#takeName(chunk[at++] ?? 0);
    if (at < to && this.#place === "space") {
      this.#place = "value";
      if (chunk[at] === space) at++;
    }
    if (this.#place !== "value") return;
    if (this.#field === "data") this.#data.append(chunk, at, to);
    else if (this.#event.length < longestName)
      this.#event += chunk.toString("latin1", at, Math.min(to, at + longestName));
  }

  #takeName(byte: number): void {
    if (byte !== colon) {
      this.#field += String.fromCharCode(byte);
      if (this.#field.length > longestField) this.#place = "other";
      return;
    }
    if (this.#field === "data") this.#beginData();
    else if (this.#field === "event") this.#event = "";
    this.#place = this.#field === "data" || this.#field === "event" ? "space" : "other";
  }

  #beginData(): void {
    if (this.#hasData) this.#data.append(lineFeedBytes, 0, 1);
    this.#hasData = true;
  }

  #endLine(next: number, listener: SseListener): void {
    if (this.#lineEmpty) {
      this.#dispatch(next, listener);
      this.#start = next;
      this.#midEvent = false;
    } else if (this.#place === "name") {
      // A field without a colon has an empty value.
      if (this.#field === "data") this.#beginData();
      else if (this.#field === "event") this.#event = "";
    }
    this.#lineEmpty = true;
    this.#place = "name";
    this.#field = "";
  }

  #dispatch(end: number, listener: SseListener): void {
    const event = this.#event;
    this.#event = "";
    if (!this.#hasData) return;
    this.#hasData = false;
    listener(event, this.#data.take(), this.#start, end);
  }
}
