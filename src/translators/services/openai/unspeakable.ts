// The refusal of what an OpenAI-compatible service cannot be told and must not be left out.
import { GatewayError } from "../../../core/errors.ts";
import type { TranslationContext } from "../../translation.ts";

/** @param field in the chat form; the client reads its own name for it */
export function unspeakable(field: string, { notes }: TranslationContext, reason: string): GatewayError {
  const param = notes.clientName(field);
  return new GatewayError("invalid_request", { message: `${param}: ${reason}`, param });
}
