// What Gemini says about the sources of an answer, as OpenAI's annotations. Must not know parts or events.
import { numberIn } from "../../../lib/exact-json.ts";
import { isJsonObject, listOf, memberOf, textOf, type JsonObject } from "../../../lib/json-value.ts";

/** @param text of the answer so far: Gemini counts its bytes, OpenAI its characters */
export function annotationsOf(candidate: unknown, text: string): JsonObject[] {
  const grounding = memberOf(candidate, "groundingMetadata");
  const citations = memberOf(candidate, "citationMetadata");
  if (grounding === undefined && citations === undefined) return [];
  const place = characterPlaces(text);
  const sources = listOf(grounding, "groundingChunks").map(sourceOf);
  const used = listOf(grounding, "groundingSupports").flatMap((support) => {
    const segment = memberOf(support, "segment");
    return listOf(support, "groundingChunkIndices").flatMap((index) => {
      const source = sources[numberIn(index) ?? -1];
      return source === undefined ? [] : [citation(source, segment, place)];
    });
  });
  const listed = listOf(citations, "citationSources").concat(listOf(citations, "citations"));
  const cited = listed.flatMap((each) => {
    const source = linkOf(each);
    return source === undefined ? [] : [citation(source, each, place)];
  });
  // Sources that no piece of the text names hold for all of it.
  const whole =
    used.length > 0 ? [] : sources.flatMap((source) => (source ? [citation(source, {}, place)] : []));
  return [...used, ...whole, ...cited];
}

interface Source {
  readonly url: string;
  readonly title: string;
}

function sourceOf(chunk: unknown): Source | undefined {
  return linkOf(memberOf(chunk, "web") ?? memberOf(chunk, "retrievedContext") ?? memberOf(chunk, "maps"));
}

function linkOf(value: unknown): Source | undefined {
  if (!isJsonObject(value)) return undefined;
  const url = textOf(value, "uri") ?? "";
  const title = textOf(value, "title") ?? "";
  return url === "" && title === "" ? undefined : { url, title };
}

function citation({ url, title }: Source, range: unknown, place: (bytes: number) => number): JsonObject {
  const start = place(numberIn(memberOf(range, "startIndex")) ?? 0);
  const end = place(numberIn(memberOf(range, "endIndex")) ?? Number.POSITIVE_INFINITY);
  return { type: "url_citation", url_citation: { url, title, start_index: start, end_index: end } };
}

/** From places of bytes to places of characters. */
function characterPlaces(text: string): (bytes: number) => number {
  const bytes = Buffer.from(text);
  if (bytes.length === text.length) return (place) => Math.min(Math.max(place, 0), text.length);
  const places = new Uint32Array(bytes.length + 1);
  let characters = 0;
  for (const [at, byte] of bytes.entries()) {
    places[at] = characters;
    // A character begins with any byte but 10xxxxxx; beyond the first plane it is two units.
    if ((byte & 0xc0) !== 0x80) characters += byte >= 0xf0 ? 2 : 1;
  }
  places[bytes.length] = characters;
  return (place) => places[Math.min(Math.max(Math.trunc(place), 0), bytes.length)] ?? characters;
}
