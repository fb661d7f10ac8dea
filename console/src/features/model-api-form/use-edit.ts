// An edit of a stored Model API: its form, what differs, saving against a revision, and asking before it is left.
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useBlocker } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { ApiError } from "../../api/client.ts";
import { objectQuery, useChange, type ModelApi } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { differences, merge } from "./changes.ts";
import { editMessages } from "./edit-messages.ts";
import { goToField } from "./error-summary.tsx";
import { draftOf, writable, type Body } from "./resource-body.ts";
import { useForm, type FormState } from "./use-form.ts";

/**
 * What an edit can do: save against the revision that was read, and settle with whoever saved in between.
 * @param onSaved what comes after
 * @param onStay in its place where the form stays open: with a way back to what was stored before
 */
export function useEdit(
  latest: ModelApi,
  mayEdit: boolean,
  onSaved: () => Promise<void>,
  onStay?: (undo: () => void) => void,
) {
  const t = useMessages(editMessages);
  const [base, setBase] = useState(latest);
  const [newer, setNewer] = useState<ModelApi>();
  const form = useForm(draftOf(base), writable(base), mayEdit && base.managedBy === "api");
  const change = useChange("model-apis");
  const read = useQuery({ ...objectQuery("model-apis", latest.name), enabled: false });
  const changes = differences(writable(base), form.body);
  useFollow(latest, base, changes.length === 0 && newer === undefined, (next) => {
    setBase(next);
    form.reset(draftOf(next));
  });
  const { blocker, let: letGo } = useGuard(changes.length);
  const write = async (body: Body, revision: number): Promise<void> => {
    try {
      const saved = await change.mutateAsync({ action: "replace", name: base.name, body, revision });
      if (onStay !== undefined) {
        setBase(saved);
        form.reset(draftOf(saved));
        const back = {
          action: "replace",
          name: base.name,
          body: writable(base),
          revision: saved.revision,
        } as const;
        onStay(() => change.mutate(back));
        return;
      }
      letGo();
      notifications.show({ message: t("saved", { name: base.name }) });
      await onSaved();
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 412) return;
      change.reset();
      const { data } = await read.refetch();
      setNewer(data);
    }
  };
  return {
    form,
    base,
    changes,
    newer,
    blocker,
    busy: change.isPending,
    error: change.error,
    save: () => saveOrShow(form, () => write(form.body, base.revision)),
    keepMine: async () => {
      if (newer === undefined) return;
      const { merged } = merge(writable(base), form.body, writable(newer));
      setNewer(undefined);
      await write(merged, newer.revision);
    },
    takeTheirs: () => {
      if (newer === undefined) return;
      setBase(newer);
      form.reset(draftOf(newer));
      setNewer(undefined);
    },
    closeNewer: () => setNewer(undefined),
    discard: () => form.reset(draftOf(base)),
  };
}

async function saveOrShow(form: FormState, write: () => Promise<void>): Promise<void> {
  form.submit();
  const [first] = form.blocking;
  if (first === undefined) await write();
  else goToField(first.path);
}

/** Takes over a newer revision while nothing is typed that it could overwrite. */
function useFollow(
  latest: ModelApi,
  base: ModelApi,
  untouched: boolean,
  follow: (api: ModelApi) => void,
): void {
  const act = useRef(follow);
  useEffect(() => {
    act.current = follow;
  });
  useEffect(() => {
    if (untouched && latest.revision > base.revision) act.current(latest);
  }, [untouched, latest, base.revision]);
}

/** Asks before changes are left behind; `let` opens the way once they are saved. */
function useGuard(changes: number) {
  const open = useRef(false);
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => !open.current && changes > 0 && current.pathname !== next.pathname,
    enableBeforeUnload: () => !open.current && changes > 0,
    withResolver: true,
  });
  return {
    blocker,
    let: () => {
      open.current = true;
    },
  };
}
