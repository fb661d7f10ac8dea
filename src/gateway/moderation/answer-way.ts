// How an answer is judged, by what its head says of it. Pure.
import { looksLikeBytes } from "../../protocols/content/media-kinds.ts";
import { streamTextsOf } from "../../protocols/content/stream-texts.ts";
import type { Exchange, Matched } from "../exchange.ts";
import { headerOf } from "../raw-headers.ts";
import type { Judge } from "./judge.ts";
import type { StreamForm } from "./moderated-stream.ts";

/**
 * `events`: an event stream. `items`: a JSON array that comes bit by bit. `whole`: held to its end. `pass`: nothing in it
 * can be checked.
 */
export type AnswerWay = "events" | "items" | "whole" | "pass";

export function answerKindOf(
  { call, stream }: Exchange,
  { route, operation }: Matched,
  headers: readonly string[],
  { checks }: Judge,
): AnswerWay {
  if (call.method === "HEAD") return "pass";
  const type = headerOf(headers, "content-type") ?? "";
  if (/^\s*text\/event-stream/i.test(type)) return "events";
  if (/\bjson\b/i.test(type)) {
    const isList = stream && route.row.protocol === "gemini" && operation.answer === "generation";
    return isList ? "items" : "whole";
  }
  // What is due is not what it may be called.
  if (operation.jsonDue) return "whole";
  if (/^\s*image\//i.test(type)) return checks.image.length > 0 ? "whole" : "pass";
  return looksLikeBytes(type) ? "pass" : "whole";
}

/** What is known of a streamed answer when it is asked for. DashScope says all again in each event unless told not to. */
export function streamFormOf({ body }: Exchange, { route }: Matched): Omit<StreamForm, "cutter"> {
  const texts = streamTextsOf(route.row.protocol);
  if (!texts.mayRepeat) return { texts, repeats: false };
  const bytes = body?.bytes;
  const at = bytes?.indexOf('"incremental_output"') ?? -1;
  const told = at === -1 ? "" : (bytes?.toString("latin1", at, at + 64) ?? "");
  return { texts, repeats: !/^"incremental_output"\s*:\s*true/.test(told) };
}
