// The schema of webhooks that are told when something is crossed: of alerts and of quotas.
import { z } from "zod";
import { httpUrlField, strict } from "./field.ts";
import { secret } from "./secret.ts";

/** At most ten, each URL once. */
export const webhooksField = z
  .array(
    strict({
      webhook: httpUrlField.describe("URL that is called."),
      secret: secret()
        .optional()
        .describe("Signs the body: `x-moongate-signature` is its HMAC-SHA256 in hex. Write-only."),
    }),
  )
  .max(10)
  .superRefine((items, context) => {
    const seen = new Set<string>();
    items.forEach(({ webhook }, index) => {
      if (seen.has(webhook))
        context.addIssue({ code: "custom", path: [index, "webhook"], message: "is named twice" });
      seen.add(webhook);
    });
  })
  .default([]);
