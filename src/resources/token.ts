// The schema of an API token of the admin API. The token itself is never kept, only its hash.
import { z } from "zod";
import { momentField, nameField, strict } from "./field.ts";
import { hashedSecret } from "./secret.ts";
import { roles } from "./user.ts";

export const tokenSchema = strict({
  name: nameField.describe("Name of the token."),
  role: z.enum(roles).describe("What its bearer may do."),
  resourceGroups: z
    .array(nameField)
    .optional()
    .describe("Where; absent = everywhere, an empty list = nowhere."),
  expiresAt: momentField.optional().describe("When it ends; absent = never."),
  value: hashedSecret().optional().describe("The token. Made by the gateway, shown once, kept as a hash."),
}).describe("A bearer token for the admin API.");
