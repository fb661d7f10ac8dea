// An object as its author has it before it is saved, with the secrets that are stored under its name. Writes nothing;
// knows no HTTP and no kind.
import type { Kind } from "../resources/kinds.ts";
import { parseResource } from "../resources/registry.ts";
import type { ResourceValue } from "../resources/registry.ts";
import type { Configuration } from "./configuration.ts";
import { ControlError } from "./control-error.ts";
import { contains, isStoredSecret, keepSecrets } from "./kept-secrets.ts";
import type { JsonObject } from "./merge-patch.ts";
import { holdsReference, withoutReferences } from "./reference-texts.ts";

/** Of an object that its author has not named yet. */
const unnamed = "unnamed";

/** @throws ControlError `invalid`, `secret_missing` */
export function readUnsavedObject<K extends Kind>(
  { working, forms }: Configuration,
  kind: K,
  body: JsonObject,
): ResourceValue[K] {
  if (contains(body, isStoredSecret)) throw new ControlError("invalid", "A secret must be sent as a text.");
  if (holdsReference(body)) {
    const message = "References such as ${env:NAME} work only in the started file and in config/apply.";
    throw new ControlError("invalid", message);
  }
  const name = typeof body["name"] === "string" && body["name"] !== "" ? body["name"] : unnamed;
  const stored = working.stored.get(kind)?.get(name);
  const merged = keepSecrets(
    { ...body, name },
    stored === undefined ? undefined : withoutReferences(stored.body),
    "keep",
  );
  const parsed = parseResource(kind, forms.open(kind, name, merged));
  if (parsed.ok) return parsed.value;
  const message = parsed.issues.map((issue) => `${issue.path} ${issue.message}`.trim()).join("; ");
  throw new ControlError("invalid", message, parsed.issues);
}
