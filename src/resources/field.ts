// Building blocks of the resource schemas: strict objects, names, choices. Knows no kind of resource.
import { z } from "zod";
import { didYouMean } from "../lib/edit-distance.ts";
import { normaliseHostName } from "../lib/host-name.ts";

/** An object without unknown fields; each unknown field gets one line of the message, naming the nearest known one. */
export function strict<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => `unknown field "${key}"${didYouMean(key, known)}`).join("\n")
        : undefined,
  });
}

/** Name of a resource or of a part of one. */
export const nameField = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/u, "must have 1 to 64 of the characters A-Z a-z 0-9 _ -");

/** Name of a model as a service knows it. */
export const modelNameField = z.string().min(1).max(256);

/** A host name, `*.example.com` or `*`, stored in its one spelling. */
export const hostNameField = z.string().transform((text, context) => {
  const result = normaliseHostName(text);
  if (result.ok) return result.host;
  context.addIssue({ code: "custom", message: result.problem });
  return z.NEVER;
});

/** An absolute http or https URL. */
export const httpUrlField = z.string().superRefine((text, context) => {
  const problem = httpUrlProblem(text, ["http:", "https:"]);
  if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
});

/** Base URL of a service; `ws` and `wss` are synonyms, stored as http and https. */
export const baseUrlField = z.string().transform((text, context) => {
  const problem =
    httpUrlProblem(text, ["http:", "https:", "ws:", "wss:"]) ??
    (/[?#]/u.test(text) ? 'must not hold "?" or "#"' : undefined);
  if (problem === undefined) return text.replace(/^ws/iu, "http").replace(/\/+$/u, "");
  context.addIssue({ code: "custom", message: problem });
  return z.NEVER;
});

function httpUrlProblem(text: string, schemes: readonly string[]): string | undefined {
  const url = URL.parse(text);
  if (url === null || !schemes.includes(url.protocol))
    return "must be an absolute URL, such as https://api.example.com";
  if (url.username !== "" || url.password !== "") return "must not hold a user name or password";
  return undefined;
}

/** A moment with its zone, ISO 8601. */
export const momentField = z.iso.datetime({
  offset: true,
  error: "must be a moment with zone, such as 2027-01-01T00:00:00Z",
});

export const resourceGroupField = nameField
  .default("default")
  .describe("Resource group that the object belongs to.");

/** A list whose items have unique names. */
export function namedList<Item extends z.ZodType<{ name: string }>>(item: Item, most = Infinity) {
  const list = most === Infinity ? z.array(item) : z.array(item).max(most);
  return list
    .superRefine((items, context) => {
      const seen = new Set<string>();
      items.forEach(({ name }, index) => {
        if (seen.has(name))
          context.addIssue({ code: "custom", path: [index, "name"], message: `"${name}" is used twice` });
        seen.add(name);
      });
    })
    .default([]);
}
