// How a request is called in a list: its route, as developers know it.
import type { RequestForm } from "../request-forms.ts";

/** Protocol and path, such as `openai /v1/chat/completions`. */
export function formLabel({ protocol, routePath }: RequestForm): string {
  return `${protocol.replace("openai-responses", "openai")} ${routePath}`;
}
