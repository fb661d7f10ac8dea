// Takes members that are null out of parts of messages, as null is as good as none: whoever reads the chat form finds a
// member or no member. Must not know any part by name.
import type { JsonObject } from "../../../lib/json-value.ts";
import { isObject } from "./field-faults.ts";

/** The very same list where nothing is null. Looks at parts and what they hold, not deeper. */
export function withoutNulls(parts: readonly unknown[]): readonly unknown[] {
  let cleaned: unknown[] | undefined;
  for (const [index, part] of parts.entries()) {
    const clean = isObject(part) ? cleanObject(part, cleanMember) : part;
    if (clean !== part) (cleaned ??= [...parts])[index] = clean;
  }
  return cleaned ?? parts;
}

function cleanMember(member: unknown): unknown {
  return isObject(member) ? cleanObject(member, (value) => value) : member;
}

function cleanObject(object: JsonObject, clean: (member: unknown) => unknown): JsonObject {
  const hasNulls = Object.values(object).some((member) => member === null || clean(member) !== member);
  if (!hasNulls) return object;
  return Object.fromEntries(
    Object.entries(object).flatMap(([name, member]) => (member === null ? [] : [[name, clean(member)]])),
  );
}
