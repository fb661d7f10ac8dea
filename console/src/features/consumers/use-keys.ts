// Issuing, rotating and revoking credentials of a consumer. A new value passes through here once and is kept nowhere.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "../../api/client.ts";
import type { IssueType } from "./owner-search.ts";

/** What is shown once. */
export interface NewKey {
  readonly type: IssueType;
  readonly name: string;
  /** The API key or the secret key; a token has none. */
  readonly value?: string;
  readonly accessKey?: string;
  /** Of a rotation: until when the old one is taken too. */
  readonly previousExpiresAt?: string;
}

const pathOf = (consumer: string): string => `/consumers/${encodeURIComponent(consumer)}/credentials`;

export function issueKey(consumer: string, body: object): Promise<NewKey> {
  return call<NewKey>("POST", pathOf(consumer), { body });
}

export function useIssueKey(consumer: string) {
  const client = useQueryClient();
  return useMutation({
    // The value is not to outlive the dialog that shows it.
    gcTime: 0,
    mutationFn: (body: object) => issueKey(consumer, body),
    onSuccess: () => client.invalidateQueries({ queryKey: ["consumers"] }),
  });
}

interface Rotation {
  readonly type: IssueType;
  readonly name: string;
  readonly accessKey?: string;
  readonly overlapSeconds: number;
}

export function useRotateKey(consumer: string) {
  const client = useQueryClient();
  return useMutation({
    gcTime: 0,
    mutationFn: async ({ overlapSeconds, ...known }: Rotation): Promise<NewKey> => {
      const path = `${pathOf(consumer)}/${encodeURIComponent(known.name)}/rotate`;
      const rotated = await call<Pick<NewKey, "value" | "previousExpiresAt">>("POST", path, {
        body: { overlapSeconds },
      });
      return { ...known, ...rotated };
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["consumers"] }),
  });
}

export function useRevokeKey(consumer: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => call("DELETE", `${pathOf(consumer)}/${encodeURIComponent(name)}`),
    onSuccess: () => client.invalidateQueries({ queryKey: ["consumers"] }),
  });
}
