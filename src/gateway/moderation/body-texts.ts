// Takes all texts and images out of a body of any kind and has them judged. Must not know what is done about it.
import { setImmediate as turn } from "node:timers/promises";
import { JsonStrings } from "../../lib/json-strings.ts";
import { splice, type Edit } from "../../lib/json-splice.ts";
import { parseJson } from "../../lib/json-value.ts";
import { isContent, isContentKey, isSpeech, mayBeBytes } from "../../protocols/content/content-members.ts";
import { imageAt } from "../../protocols/content/image-members.ts";
import { formParts } from "../../protocols/content/form-parts.ts";
import type { CheckedImage } from "./check.ts";
import type { Judge } from "./judge.ts";
import { withoutTokens } from "./likely-tokens.ts";
import { encodedText, looksLikeText, textsIn } from "./text-bytes.ts";
import { WholeText, type Segment } from "./whole-text.ts";

/** Characters of one body that are looked at, at most. */
export const maxTextCharacters = 4 * 1024 * 1024;
const maxTexts = 200_000;
const maxImages = 16;
/** Characters judged before others get their turn. */
const turnCharacters = 256 * 1024;

const nothing = Buffer.alloc(0);
const byteOrderMark = Buffer.from("\ufeff");

/** What a body is, for this purpose. */
export type BodyForm =
  | { readonly kind: "json" | "text" }
  | { readonly kind: "form"; readonly boundary: string }
  | { readonly kind: "binary"; readonly mediaType: string };

export class BodyTexts {
  readonly #judge: Judge;
  readonly #isAnswer: boolean;
  readonly #values: WholeText;
  readonly #keys: WholeText;
  readonly #images: CheckedImage[] = [];
  #characters = 0;
  #texts = 0;
  #untilTurn = turnCharacters;
  #overfull = false;

  /** @param repeats what it says was said and noted before */
  constructor(judge: Judge, isAnswer: boolean, repeats = false) {
    this.#judge = judge;
    this.#isAnswer = isAnswer;
    this.#values = new WholeText(judge, repeats);
    this.#keys = new WholeText(judge, repeats);
  }

  /** Judges a whole body. @returns it, with what is masked; the very same where nothing is */
  async judge(bytes: Buffer, form: BodyForm): Promise<Buffer> {
    if (form.kind === "binary") this.#addImage({ bytes, mediaType: form.mediaType });
    else await this.#addAll(this.#segments(bytes, form));
    await this.#end();
    const edits = this.#edits(bytes);
    const isJson = form.kind === "json" || /^\s*[{[]/.test(bytes.toString("latin1", 0, 64));
    return splice(bytes, this.#isAnswer && isJson ? withoutTokens(bytes, edits) : edits);
  }

  /** Judges the strings of JSON at once where it is short and nobody has to be asked; else it takes its time. */
  judgeJson(bytes: Buffer, skips: (strings: JsonStrings) => boolean): Edit[] | Promise<Edit[]> {
    const segments = this.#jsonSegments(bytes, 0, skips);
    if (bytes.length > turnCharacters) {
      return this.#addAll(segments)
        .then(() => this.#end())
        .then(() => this.#edits(bytes));
    }
    for (const [into, segment] of segments) exhaust(into.add(segment));
    const late = this.#end();
    return late === undefined ? this.#edits(bytes) : late.then(() => this.#edits(bytes));
  }

  /** A text by itself that cannot be changed. */
  addFixed(text: string): void {
    exhaust(this.#values.add({ text, start: 0, end: 0, form: "fixed", aside: true }));
  }

  /** Judges a text that cannot be changed, at once where nobody has to be asked. */
  judgeFixed(text: string): Promise<void> | undefined {
    this.addFixed(text);
    const late = this.#end();
    const settle = (): void => void this.#edits(nothing);
    if (late !== undefined) return late.then(settle);
    settle();
    return undefined;
  }

  async finish(bytes: Buffer): Promise<Buffer> {
    await this.#end();
    return splice(bytes, this.#edits(bytes));
  }

  #end(): Promise<unknown> | undefined {
    const values = this.#values.finish();
    const keys = this.#keys.finish();
    const images = this.#images.map((image) => this.#judge.image(image));
    const late = [values, keys, ...images].filter((each) => each !== undefined);
    return late.length === 0 ? undefined : Promise.all(late);
  }

  #edits(bytes: Buffer): Edit[] {
    const edits = [...this.#values.edits(bytes), ...this.#keys.edits(bytes)];
    return edits.toSorted((one, other) => one.start - other.start);
  }

  async #addAll(segments: Iterable<readonly [WholeText, Segment]>): Promise<void> {
    for (const [into, segment] of segments) {
      if (this.#judge.blocked || this.#judge.aborted) return;
      for (const _ of into.add(segment)) await turn();
      this.#untilTurn -= segment.text.length + 16;
      if (this.#untilTurn > 0) continue;
      this.#untilTurn = turnCharacters;
      await turn();
    }
  }

  *#segments(
    bytes: Buffer,
    form: Exclude<BodyForm, { kind: "binary" }>,
  ): Generator<readonly [WholeText, Segment]> {
    switch (form.kind) {
      case "json":
      case "text":
        return yield* this.#text(bytes, 0);
      case "form":
        return yield* this.#form(bytes, form.boundary);
    }
  }

  /** JSON, lines of JSON, or text, in whatever coding. */
  *#text(bytes: Buffer, offset: number): Generator<readonly [WholeText, Segment]> {
    for (const { text, exact } of textsIn(bytes)) {
      if (exact) {
        yield* this.#utf8(bytes, offset);
        continue;
      }
      for (const [into, segment] of this.#utf8(Buffer.from(text), 0)) {
        yield [into, { ...segment, start: offset, end: offset, form: "fixed" }];
      }
    }
  }

  *#utf8(bytes: Buffer, offset: number): Generator<readonly [WholeText, Segment]> {
    const mark = bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark) ? byteOrderMark.length : 0;
    if (mark > 0) return yield* this.#utf8(bytes.subarray(mark), offset + mark);
    const text = bytes.toString();
    if (parseJson(text) !== undefined) yield* this.#jsonSegments(bytes, offset);
    else if (/^[ \t]*[{["]/m.test(text)) yield* this.#lines(bytes, offset);
    else yield* this.#plain(bytes, offset);
  }

  *#jsonOrText(bytes: Buffer, offset: number): Generator<readonly [WholeText, Segment]> {
    if (parseJson(bytes.toString()) === undefined) yield* this.#plain(bytes, offset);
    else yield* this.#jsonSegments(bytes, offset);
  }

  *#jsonSegments(
    bytes: Buffer,
    offset: number,
    skips?: (strings: JsonStrings) => boolean,
  ): Generator<readonly [WholeText, Segment]> {
    const strings = new JsonStrings(bytes);
    while (strings.next()) {
      const { isKey, path } = strings;
      if (isKey ? !isContentKey(path) : skips?.(strings) === true) continue;
      const { text } = strings;
      if (!isKey) {
        const image = this.#judge.checks.image.length === 0 ? undefined : imageAt(path, text);
        if (image !== undefined) this.#addImage(image);
        if (!isContent(path, text, this.#isAnswer)) {
          if (mayBeBytes(path)) yield* this.#encoded(text, offset + strings.start);
          continue;
        }
      }
      if (!this.#admits(text)) return;
      const segment = {
        text,
        start: offset + strings.start,
        end: offset + strings.end,
        form: "literal",
        aside: !isSpeech(path),
      } as const;
      yield [isKey ? this.#keys : this.#values, segment];
    }
    if (strings.tooDeep) this.#judge.unreadable("nested-too-deep", !this.#isAnswer);
  }

  /** A text file in base64. Nothing in it can be masked. */
  *#encoded(text: string, offset: number): Generator<readonly [WholeText, Segment]> {
    const bytes = encodedText(text);
    if (bytes === undefined) return;
    for (const [into, segment] of this.#text(bytes, 0)) {
      yield [into, { ...segment, start: offset, end: offset, form: "fixed" }];
    }
  }

  /** Each line JSON, or text. */
  *#lines(bytes: Buffer, offset: number): Generator<readonly [WholeText, Segment]> {
    for (let from = 0; from < bytes.length;) {
      const feed = bytes.indexOf(0x0a, from);
      const to = feed === -1 ? bytes.length : feed;
      yield* this.#jsonOrText(bytes.subarray(from, to), offset + from);
      from = to + 1;
    }
  }

  *#form(bytes: Buffer, boundary: string): Generator<readonly [WholeText, Segment]> {
    for (const { start, end, filename, mediaType } of formParts(bytes, boundary)) {
      const content = bytes.subarray(start, end);
      if (filename !== undefined && this.#admits(filename)) {
        yield [this.#values, { text: filename, start, end, form: "fixed", aside: true }];
      }
      if (/^image\//i.test(mediaType)) this.#addImage({ bytes: content, mediaType });
      if (looksLikeText(content, mediaType)) yield* this.#text(content, start);
    }
  }

  *#plain(bytes: Buffer, offset: number): Generator<readonly [WholeText, Segment]> {
    const text = bytes.toString();
    if (text.trim() === "" || !this.#admits(text)) return;
    yield [this.#values, { text, start: offset, end: offset + bytes.length, form: "plain" }];
  }

  #addImage(image: CheckedImage): void {
    if (this.#judge.checks.image.length === 0) return;
    if (this.#images.length < maxImages) this.#images.push(image);
    else if (!this.#overfull) this.#judge.unreadable("too-many-images");
    this.#overfull ||= this.#images.length >= maxImages;
  }

  /** Whether there is room for one more. */
  #admits(text: string): boolean {
    this.#characters += text.length;
    this.#texts += 1;
    if (this.#characters <= maxTextCharacters && this.#texts <= maxTexts) return true;
    if (!this.#overfull) this.#judge.unreadable("too-much-text", !this.#isAnswer);
    this.#overfull = true;
    return false;
  }
}

function exhaust(steps: Generator<void>): void {
  while (steps.next().done !== true) continue;
}
