// The request of a chat: settings and conversation as a client would send them. Sends nothing.
import type { DebugRequest } from "../../../../src/control/routes/try-out.ts";
import type { JsonObject } from "./json.ts";
import type { Message, Prompt } from "./protocols/adapter.ts";
import type { RequestForm } from "./request-forms.ts";
import { customObject, dialValue, type Settings } from "./settings.ts";

/** A request whose body is JSON, as all of this panel's are. */
export interface JsonRequest extends DebugRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: JsonObject;
}

export function chatRequest(
  form: RequestForm,
  settings: Settings,
  messages: readonly Message[],
): JsonRequest {
  const { adapter } = form;
  const prompt: Prompt = {
    model: settings.model,
    stream: settings.stream,
    system: settings.system,
    messages,
    maxTokens: dialValue(settings, "maxTokens"),
    topP: dialValue(settings, "topP"),
    temperature: dialValue(settings, "temperature"),
  };
  const built = adapter?.body(prompt) ?? {};
  const path =
    adapter?.path === undefined
      ? form.path
      : form.path.replace(/\/v1beta\/models$/u, "") + adapter.path(prompt);
  return {
    method: "POST",
    path,
    headers: { "content-type": "application/json", ...adapter?.headers?.(prompt) },
    body: { ...built, ...customObject(settings.custom) },
    ...target(settings),
  };
}

/** Where a request goes and in whose name. */
export function target({ domain, consumer }: Settings): Pick<DebugRequest, "domain" | "consumer"> {
  return {
    ...(domain === "" ? {} : { domain }),
    ...(consumer === "" ? {} : { consumer }),
  };
}

/** Custom parameters that replace something the panel sets itself. */
export function clashes(form: RequestForm, settings: Settings): ReadonlySet<string> {
  const { body = {} } = chatRequest(form, { ...settings, custom: [] }, []);
  return new Set(settings.custom.map(({ key }) => key).filter((key) => key in body));
}
