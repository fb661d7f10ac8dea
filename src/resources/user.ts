// The schema of a console user, and the roles.
import { z } from "zod";
import { nameField, strict } from "./field.ts";
import { hashedSecret, isReference } from "./secret.ts";

export const roles = ["owner", "admin", "editor", "viewer", "auditor"] as const;
export type Role = (typeof roles)[number];

/** What is wrong with a new password; undefined when nothing is. */
export function passwordProblem(password: string): string | undefined {
  const { length } = Array.from(password);
  if (length < 10) return "must have at least 10 characters";
  return length > 256 ? "must have at most 256 characters" : undefined;
}

const passwordField = hashedSecret().superRefine((value, context) => {
  if (typeof value !== "string" || isReference(value)) return;
  const message = passwordProblem(value);
  if (message !== undefined) context.addIssue({ code: "custom", message });
});

export const userSchema = strict({
  name: nameField.describe("Name to sign in with."),
  password: passwordField
    .optional()
    .describe("Password, 10 to 256 characters. Write-only; kept as a slow hash. Absent = cannot sign in."),
  oidc: strict({
    provider: nameField.describe("Name of the provider that he came by."),
    issuer: z.string().min(1).max(2_048).describe("Its address."),
    subject: z.string().min(1).max(255).describe("Who he is there; with the issuer, what identifies him."),
  })
    .optional()
    .describe(
      "Identity at a provider of `instance.signIn.oidc`, written at the first sign-in. His roles follow from its claims at each.",
    ),
  enabled: z.boolean().default(true).describe("Whether the user may sign in."),
  roles: z
    .array(
      strict({
        role: z.enum(roles).describe("What the user may do."),
        resourceGroups: z
          .array(nameField)
          .optional()
          .describe("Where; absent = everywhere, an empty list = nowhere."),
      }),
    )
    .default([])
    .describe("Roles of the user."),
})
  .superRefine(({ password, oidc }, context) => {
    if (password === undefined || oidc === undefined) return;
    // Whoever knows the password would get whatever the provider says of its user from now on.
    const message = "cannot be set beside oidc: who comes by a provider has no password here";
    context.addIssue({ code: "custom", path: ["password"], message });
  })
  .describe("A person who signs in to the console.");
