// The schema of a resource group: what access, filters and monitoring group by.
import { z } from "zod";
import { nameField, strict } from "./field.ts";

export const resourceGroupSchema = strict({
  name: nameField.describe("Name of the group; `default` always exists."),
  description: z.string().max(1024).default("").describe("Free text."),
}).describe("Groups resources for access, filtering and monitoring.");
