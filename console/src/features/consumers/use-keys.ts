// Issuing, rotating and deleting keys of a consumer. A new value passes through here once and is kept nowhere.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "../../api/client.ts";
import type { Consumer } from "../../api/resources.ts";
import { withEnd } from "./credentials.ts";

export interface NewKey {
  readonly name: string;
  readonly value: string;
  /** Of a rotation: the old key could not be ended. */
  readonly oldKept?: string;
}

interface IssueRequest {
  readonly name: string;
  readonly expiresAt?: string;
  /** A rotation: the key that the new one replaces, and when that ends; null = at once. */
  readonly replaces?: { readonly name: string; readonly end: Date | null };
}

export function useIssueKey(consumer: string) {
  const client = useQueryClient();
  const path = `/consumers/${encodeURIComponent(consumer)}`;
  return useMutation({
    // The value is not to outlive the dialog that shows it.
    gcTime: 0,
    mutationFn: async ({ name, expiresAt, replaces }: IssueRequest): Promise<NewKey> => {
      const { value } = await call<{ value: string }>("POST", `${path}/credentials`, {
        body: { name, ...(expiresAt === undefined ? {} : { expiresAt }) },
      });
      if (replaces === undefined) return { name, value };
      try {
        await endKey(path, replaces.name, replaces.end);
        return { name, value };
      } catch {
        return { name, value, oldKept: replaces.name };
      }
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["consumers"] }),
  });
}

async function endKey(path: string, name: string, end: Date | null): Promise<void> {
  if (end === null) {
    await call("DELETE", `${path}/credentials/${encodeURIComponent(name)}`);
    return;
  }
  const consumer = await call<Consumer>("GET", path);
  const body = { credentials: withEnd(consumer.credentials, name, end) };
  await call("PATCH", path, { body, ifMatch: consumer.revision });
}

export function useDeleteKey(consumer: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      call("DELETE", `/consumers/${encodeURIComponent(consumer)}/credentials/${encodeURIComponent(name)}`),
    onSuccess: () => client.invalidateQueries({ queryKey: ["consumers"] }),
  });
}
