// What of alerts outlives a restart: how each stands, and the messages that are still on their way. Plain JSON in the
// store, apart from resources; holds no secret.
import { z } from "zod";

/** Where it is kept. */
export interface AlertFile {
  read(): Promise<string | undefined>;
  write(text: string): Promise<void>;
}

const letterSchema = z.object({
  alert: z.string(),
  webhook: z.string(),
  deliveryId: z.string(),
  body: z.string(),
  tries: z.number(),
  nextTryMs: z.number(),
});

const memorySchema = z.object({
  standings: z.record(
    z.string(),
    z.object({ state: z.enum(["ok", "pending", "firing"]), sinceMs: z.number() }),
  ),
  letters: z.array(letterSchema),
});

/** One message to one webhook, as it was put when it came about. */
export type Letter = Readonly<z.output<typeof letterSchema>>;
export type AlertMemory = z.output<typeof memorySchema>;

/** What cannot be read counts as nothing: alerts are then looked at anew. */
export function parseMemory(text: string | undefined): AlertMemory {
  const nothing: AlertMemory = { standings: {}, letters: [] };
  if (text === undefined) return nothing;
  try {
    return memorySchema.safeParse(JSON.parse(text)).data ?? nothing;
  } catch {
    return nothing;
  }
}
