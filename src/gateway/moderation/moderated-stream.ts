// A streamed answer on its way through the checks: whole events are taken in, and let go in their order as soon as all of
// their text is clear, with their very bytes unless something in them is masked. Must not know sockets.
import { createHash, type Hash } from "node:crypto";
import { JsonStrings } from "../../lib/json-strings.ts";
import { isJsonObject, parseJson, type JsonObject } from "../../lib/json-value.ts";
import { splice, type Edit } from "../../lib/json-splice.ts";
import { isContent, isContentKey } from "../../protocols/content/content-members.ts";
import type { StreamTexts } from "../../protocols/content/stream-texts.ts";
import type { BlockCutter, DataRange } from "../../lib/stream-blocks.ts";
import { BodyTexts } from "./body-texts.ts";
import type { Judge } from "./judge.ts";
import { withoutTokens } from "./likely-tokens.ts";
import { TextWindow } from "./text-window.ts";
import { segmentEdits, type Segment } from "./whole-text.ts";

/** A part of a text that goes on from event to event, with its literal in the data of its event. */
interface Piece extends Pick<Segment, "start" | "end" | "form"> {
  readonly channel: OpenChannel;
  /** Offsets in the text of the channel. */
  readonly from: number;
  readonly to: number;
}

interface OpenChannel {
  readonly group: string;
  readonly window: TextWindow;
  readonly hash: Hash | null;
  /** All text so far, where events may repeat it. */
  whole: string;
  /** Named by the event that is being read. */
  grew: boolean;
  /** Nothing has followed since it was judged to its end. */
  paused: boolean;
  /** Characters that others of its group have said since it said something. */
  silence: number;
}

/** A text that another one of its group has interrupted may go on, so long as the other has not said more than this. */
const shortPause = 64;

interface HeldBlock {
  readonly raw: Buffer;
  readonly ranges: readonly DataRange[];
  readonly data: Buffer;
  readonly event: JsonObject | undefined;
  readonly pieces: readonly Piece[];
  /** Texts by themselves that are still being judged. */
  waits: number;
  /** What is masked in these. */
  edits: readonly Edit[];
}

export interface StreamForm {
  readonly texts: StreamTexts;
  readonly cutter: BlockCutter;
  /** Events may repeat all that came before. */
  readonly repeats: boolean;
}

export interface StreamSink {
  /** A block may go. @param event what it says; undefined where it is no JSON object */
  release(bytes: Buffer, event: JsonObject | undefined, hasText: boolean): void;
  /** Something that was waited for has come. */
  moved(): void;
  /** A defect of ours. */
  failed(error: unknown): void;
}

export class ModeratedStream {
  readonly #judge: Judge;
  readonly #texts: StreamTexts;
  readonly #cutter: BlockCutter;
  readonly #sink: StreamSink;
  readonly #repeats: boolean;
  readonly #channels = new Map<string, OpenChannel>();
  /** What was said to its end, as sums: said again it is not counted again. */
  readonly #said = new Set<string>();
  #held: HeldBlock[] = [];
  #heldBytes = 0;

  constructor(judge: Judge, { texts, cutter, repeats }: StreamForm, sink: StreamSink) {
    this.#judge = judge;
    this.#texts = texts;
    this.#cutter = cutter;
    this.#repeats = repeats;
    this.#sink = sink;
  }

  /** Bytes that came and did not go. */
  get heldBytes(): number {
    return this.#heldBytes + this.#cutter.heldBytes;
  }

  /** Somebody has been asked and has not answered. */
  get asking(): boolean {
    if (this.#held.some(({ waits }) => waits > 0)) return true;
    for (const { window } of this.#channels.values()) if (window.asking !== null) return true;
    return false;
  }

  push(chunk: Buffer): void {
    for (const block of this.#cutter.push(chunk)) {
      this.#take(block);
      if (this.#judge.blocked) return;
      this.#letGo();
    }
  }

  /** Nothing follows: what is left is judged as it stands. */
  finish(): void {
    const rest = this.#cutter.finish();
    if (rest.length > 0) this.#take(rest);
    this.pause();
  }

  /** Judges what is held as if nothing followed, so that it can go. */
  pause(): void {
    this.#endGroups([""]);
    this.#letGo();
  }

  #take(raw: Buffer): void {
    const ranges = this.#cutter.dataOf(raw);
    const data = dataIn(raw, ranges);
    const text = data.toString();
    const event = ranges.length === 0 ? undefined : parseJson(text);
    const pieces: Piece[] = [];
    const isObject = isJsonObject(event);
    const block: HeldBlock = {
      raw,
      ranges,
      data,
      event: isObject ? event : undefined,
      pieces,
      waits: 0,
      edits: none,
    };
    this.#held.push(block);
    this.#heldBytes += raw.length;
    this.#takeAside(block);
    if (ranges.length === 0) return;
    if (event === undefined || typeof event === "string") this.#takePlain(block, text, pieces);
    else this.#takeJson(block, event, pieces);
    this.#judgeGrown(pieces);
    const ended = isObject ? this.#texts.ended(event) : text.trim() === "[DONE]" ? [""] : [];
    this.#endGroups(ended);
  }

  /** What is no JSON is all text, and goes on from event to event. */
  #takePlain(block: HeldBlock, text: string, pieces: Piece[]): void {
    if (text.trim() === "[DONE]" || text === "") return;
    const channel = this.#channel("plain", "plain");
    const from = channel.window.length;
    channel.window.append(text);
    channel.grew = true;
    pieces.push({ channel, from, to: from + text.length, start: 0, end: block.data.length, form: "plain" });
  }

  #takeJson(block: HeldBlock, event: unknown, pieces: Piece[]): void {
    let others = false;
    const goesOn = (strings: JsonStrings): boolean => {
      const channel = this.#texts.channel(event, strings.path);
      if (channel === undefined) return false;
      const { text, path, start, end } = strings;
      if (isContent(path, text, true)) {
        pieces.push(this.#grow(this.#channel(channel.name, channel.group), text, { start, end }));
      }
      return true;
    };
    const images = this.#judge.checks.image.length > 0;
    const strings = new JsonStrings(block.data);
    while (strings.next()) {
      if (strings.isKey) others ||= isContentKey(strings.path);
      else if (this.#texts.silent?.(event, strings.path) === true) continue;
      else if (!goesOn(strings)) others ||= images || isContent(strings.path, strings.text, true);
    }
    if (others) this.#takeOthers(block, event);
  }

  /** Texts by themselves. */
  #takeOthers(block: HeldBlock, event: unknown): void {
    const repeats = this.#texts.saysAgain && this.#isRepeated(block, event);
    const texts = new BodyTexts(this.#judge, true, repeats);
    const skips = ({ path }: JsonStrings): boolean =>
      this.#texts.channel(event, path) !== undefined || this.#texts.silent?.(event, path) === true;
    const judged = texts.judgeJson(block.data, skips);
    if (!(judged instanceof Promise)) {
      block.edits = judged;
      return;
    }
    this.#awaitBlock(
      block,
      judged.then((edits) => {
        block.edits = edits;
      }),
    );
  }

  /** Comments, and whatever stands where nothing should: nothing in it can be masked. */
  #takeAside(block: HeldBlock): void {
    const aside = this.#cutter.asideOf(block.raw);
    if (aside === "") return;
    const judged = new BodyTexts(this.#judge, true).judgeFixed(aside);
    if (judged !== undefined) this.#awaitBlock(block, judged);
  }

  #awaitBlock(block: HeldBlock, judged: Promise<void>): void {
    block.waits += 1;
    const settle = (): void => {
      block.waits -= 1;
      this.#letGo();
      this.#sink.moved();
    };
    judged.then(settle).catch((error: unknown) => this.#sink.failed(error));
  }

  /** Whether all that an event says was said before. */
  #isRepeated({ data }: HeldBlock, event: unknown): boolean {
    const strings = new JsonStrings(data);
    while (strings.next()) {
      if (strings.isKey || this.#texts.channel(event, strings.path) !== undefined) continue;
      const { text, path } = strings;
      if (!isContent(path, text, true)) continue;
      const sum = createHash("sha256").update(text).digest("base64");
      if (!this.#said.has(sum) && !this.#saidNow(sum)) return false;
    }
    return true;
  }

  #saidNow(sum: string): boolean {
    for (const { hash } of this.#channels.values()) {
      if (hash?.copy().digest("base64") === sum) return true;
    }
    return false;
  }

  #grow(channel: OpenChannel, text: string, place: { start: number; end: number }): Piece {
    const { window } = channel;
    channel.grew = true;
    const isRepeat = this.#repeats && channel.whole !== "" && text.startsWith(channel.whole);
    const from = isRepeat ? 0 : window.length;
    const added = isRepeat ? text.slice(channel.whole.length) : text;
    if (this.#repeats) channel.whole = isRepeat ? text : channel.whole + text;
    window.append(added);
    channel.hash?.update(added);
    if (added !== "") channel.paused = false;
    return { channel, from, to: window.length, ...place, form: "literal" };
  }

  #channel(name: string, group: string): OpenChannel {
    let channel = this.#channels.get(name);
    if (channel === undefined) {
      const { windowCharacters } = this.#judge.policy;
      channel = {
        group,
        window: new TextWindow(this.#judge, { remoteCharacters: windowCharacters }),
        hash: this.#texts.saysAgain ? createHash("sha256") : null,
        whole: "",
        grew: false,
        paused: false,
        silence: 0,
      };
      this.#channels.set(name, channel);
    }
    return channel;
  }

  /** Judges what grew; what else is open in the same group has paused, as a model says one thing at a time, if not at once. */
  #judgeGrown(pieces: readonly Piece[]): void {
    if (pieces.length === 0) return;
    const said = new Map<string, number>();
    for (const { channel, from, to } of pieces) {
      said.set(channel.group, (said.get(channel.group) ?? 0) + to - from);
    }
    for (const channel of this.#channels.values()) {
      if (channel.grew) {
        channel.silence = 0;
        this.#judgeChannel(channel, false);
      } else {
        channel.silence += said.get(channel.group) ?? 0;
        if (channel.silence > shortPause) this.#judgeChannel(channel, true);
      }
      channel.grew = false;
    }
  }

  #endGroups(groups: readonly string[]): void {
    if (groups.length === 0) return;
    const isAll = groups.includes("");
    for (const channel of this.#channels.values()) {
      if (isAll || groups.includes(channel.group)) this.#judgeChannel(channel, true);
    }
  }

  #judgeChannel(channel: OpenChannel, last: boolean): void {
    if (last && channel.paused) return;
    channel.paused = last;
    const { window, hash } = channel;
    if (last && hash !== null) this.#said.add(hash.copy().digest("base64"));
    const before = window.asking;
    window.judge(last);
    if (window.asking !== null && window.asking !== before) this.#await(window);
  }

  #await(window: TextWindow): void {
    const move = (): void => {
      this.#letGo();
      if (window.asking !== null) this.#await(window);
      this.#sink.moved();
    };
    window.asking?.then(move).catch((error: unknown) => this.#sink.failed(error));
  }

  #letGo(): void {
    let count = 0;
    for (const block of this.#held) {
      if (this.#judge.blocked || this.#judge.aborted || block.waits > 0) break;
      if (block.pieces.some(({ channel, to }) => channel.window.clear < to)) break;
      count += 1;
      for (const { channel, to } of block.pieces) channel.window.letGo(to);
      this.#heldBytes -= block.raw.length;
      this.#sink.release(maskedBlock(block), block.event, block.pieces.length > 0);
    }
    if (count > 0) this.#held = this.#held.slice(count);
  }
}

function dataIn(raw: Buffer, ranges: readonly DataRange[]): Buffer {
  const [first] = ranges;
  if (first === undefined) return nothing;
  if (ranges.length === 1) return raw.subarray(first[0], first[1]);
  const lines = ranges.flatMap(([start, end], at) => [
    at === 0 ? nothing : lineFeed,
    raw.subarray(start, end),
  ]);
  return Buffer.concat(lines);
}

const nothing = Buffer.alloc(0);
const none: readonly Edit[] = [];
const lineFeed = Buffer.from("\n");

/** The bytes of a block with what is masked in it. */
function maskedBlock(block: HeldBlock): Buffer {
  const edits = [...block.edits, ...block.pieces.flatMap((piece) => pieceEdits(block.data, piece))];
  if (edits.length === 0) return block.raw;
  const sorted = edits.toSorted((one, other) => one.start - other.start);
  const data = splice(block.data, block.event === undefined ? sorted : withoutTokens(block.data, sorted));
  const [first] = block.ranges;
  const last = block.ranges.at(-1);
  if (first === undefined || last === undefined) return block.raw;
  const before = block.raw.subarray(0, first[0]);
  const after = block.raw.subarray(last[1]);
  if (block.ranges.length === 1) return Buffer.concat([before, data, after]);
  // Lines of data that were several stay several: a line feed must not stand in one.
  return Buffer.concat([before, Buffer.from(data.toString().replaceAll("\n", "\ndata: ")), after]);
}

/** The mask is shown where what it stands for begins. */
function pieceEdits(data: Buffer, piece: Piece): Edit[] {
  const { channel, from, to } = piece;
  const ranges = channel.window.masks
    .filter(({ start, end }) => start < to && end > from)
    .map(({ start, end, text }) => ({
      start: Math.max(start, from) - from,
      end: Math.min(end, to) - from,
      text: start >= from ? text : "",
    }));
  return ranges.length === 0 ? [] : segmentEdits(data, piece, ranges);
}
