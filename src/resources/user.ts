// The schema of a console user, and the roles.
import { z } from "zod";
import { nameField, strict } from "./field.ts";
import { hashedSecret } from "./secret.ts";

export const roles = ["owner", "admin", "editor", "viewer", "auditor"] as const;
export type Role = (typeof roles)[number];

export const userSchema = strict({
  name: nameField.describe("Name to sign in with."),
  password: hashedSecret().optional().describe("Password. Write-only; kept as a hash."),
  enabled: z.boolean().default(true).describe("Whether the user may sign in."),
  roles: z
    .array(
      strict({
        role: z.enum(roles).describe("What the user may do."),
        resourceGroups: z.array(nameField).optional().describe("Where; absent = everywhere."),
      }),
    )
    .default([])
    .describe("Roles of the user."),
}).describe("A person who signs in to the console.");
