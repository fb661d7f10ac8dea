// Saves changed prices service by service, and takes them back.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "../../api/client.ts";
import type { Service } from "../../api/resources.ts";
import type { ServiceChange } from "./price-rows.ts";

/** At which service saving ended; those before it are saved. */
export class SaveError extends Error {
  readonly service: string;

  constructor(service: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = "SaveError";
    this.service = service;
  }
}

/** @returns the changes that bring back what was there */
async function save(changes: readonly ServiceChange[]): Promise<readonly ServiceChange[]> {
  const back: ServiceChange[] = [];
  for (const { service, models } of changes) {
    try {
      const saved = await call<Service>("PATCH", `/services/${encodeURIComponent(service.name)}`, {
        body: { models },
        ifMatch: service.revision,
      });
      back.push({ service: saved, models: service.models });
    } catch (error) {
      throw new SaveError(service.name, error);
    }
  }
  return back;
}

export function useSavePrices() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: save,
    // What was saved before a failure shows too.
    onSettled: () => client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "session" }),
  });
}
