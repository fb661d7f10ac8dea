// What a request orders in units that answers do not always tell: images, characters, searches. Must not know services.
import { noTokens, type Units, type Usage } from "../core/usage.ts";
import { decodeString } from "../lib/json-scan.ts";
import { AnswerMembers, planAnswer, readAnswer } from "./answer-members.ts";
import type { NotedPart } from "./multipart.ts";
import type { AnswerKind } from "./wire.ts";

const requestPlan = planAnswer(["n", "input"]);

/** Most images that one request may order. */
const maxImages = 100;

/**
 * Units that a JSON request to a route of this kind orders: images (`n`, else one), characters to be spoken (code points
 * of `input`), one search. Undefined where only the answer can tell.
 */
export function requestUnits(kind: AnswerKind, body: Buffer): Units | undefined {
  if (kind === "rerank") return { searches: 1 };
  if (kind !== "images" && kind !== "speech") return undefined;
  const members = readAnswer(body, requestPlan, kind);
  if (!(members instanceof AnswerMembers)) return kind === "images" ? { images: 1 } : undefined;
  return kind === "images" ? { images: orderedImages(members.value("n")) } : spokenCharacters(members, body);
}

/** The same of a form, as far as its parts are known: only images are ordered by forms. */
export function formUnits(kind: AnswerKind, parts: readonly NotedPart[]): Units | undefined {
  if (kind !== "images") return undefined;
  const value = parts.find(({ name }) => name === "n")?.value?.trim();
  return { images: orderedImages(value === undefined || value === "" ? undefined : Number(value)) };
}

/** Usage as reported, with the ordered units where no unit was reported at all; `estimated` when nothing was. */
export function withOrderedUnits(usage: Usage | undefined, ordered: Units | undefined): Usage | undefined {
  if (ordered === undefined) return usage;
  if (usage === undefined) return { ...noTokens, ...ordered, estimated: true };
  return { ...ordered, ...usage };
}

function orderedImages(n: unknown): number {
  return typeof n === "number" && Number.isInteger(n) && n >= 1 ? Math.min(n, maxImages) : 1;
}

function spokenCharacters(members: AnswerMembers<"n" | "input">, body: Buffer): Units | undefined {
  const input = members.get("input");
  if (input?.kind !== "string") return undefined;
  return { characters: countCharacters(decodeString(body, input.start, input.end)) };
}

/** Code points, so that an emoji is one character. */
export function countCharacters(text: string): number {
  let count = text.length;
  for (let index = 1; index < text.length; index++) {
    const isPair = isSurrogate(text, index, 0xdc00) && isSurrogate(text, index - 1, 0xd800);
    if (isPair) count--;
  }
  return count;
}

function isSurrogate(text: string, index: number, half: number): boolean {
  return (text.charCodeAt(index) & 0xfc00) === half;
}
