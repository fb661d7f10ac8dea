// Changing fields of a Model API from its page: shown at once, taken back when refused, told with a way back.
import { useQueryClient } from "@tanstack/react-query";
import { objectQuery, useChange, type ModelApi } from "../../../api/resources.ts";

export interface Patch {
  readonly body: object;
  /** How the object looks when the patch is taken; absent: wait for the answer. */
  readonly expected?: ModelApi;
  /** The revision that the patch is made of, if it is a later one. */
  readonly revision?: number;
  readonly onDone?: (object: ModelApi) => void;
}

/** The patch names the revision that was read, so that nobody's change is overwritten. */
export function usePatch(api: ModelApi) {
  const client = useQueryClient();
  const change = useChange("model-apis");
  const key = objectQuery("model-apis", api.name).queryKey;
  const patch = ({ body, expected, revision = api.revision, onDone }: Patch): void => {
    if (expected !== undefined) client.setQueryData(key, expected);
    change.mutate(
      { action: "patch", name: api.name, body, revision },
      {
        onSuccess: (object) => onDone?.(object),
        onError: () => {
          // What is stored now may be somebody else's: read it anew.
          if (expected !== undefined) client.setQueryData(key, api);
          void client.invalidateQueries({ queryKey: key });
        },
      },
    );
  };
  /** The object as it is known now, for what is done later than this rendering. */
  const latest = (): ModelApi => client.getQueryData(key) ?? api;
  return { patch, latest, error: change.error, busy: change.isPending, reset: change.reset };
}
