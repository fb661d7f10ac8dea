// The dialog that deletes an object of any collection: asks who uses it first, and is blocked while somebody does.
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { dependantsQuery, useChange, type Collection } from "../api/resources.ts";
import { ConfirmDelete } from "./confirm-delete.tsx";
import { ErrorPanel } from "./error-panel.tsx";
import { LoadingRows } from "./loading.tsx";
import { ObjectLink } from "./object-link.tsx";

export interface DeleteTexts {
  readonly title: string;
  /** That it failed. */
  readonly failure: string;
  /** What it means while nobody uses it. */
  readonly free: string;
  /** Why it cannot be deleted while somebody does; their names follow. */
  readonly blocked: (users: number) => string;
  readonly done: string;
}

export function DeleteObject({
  collection,
  name,
  revision,
  texts,
  onClose,
  onDeleted,
}: {
  readonly collection: Collection;
  readonly name: string;
  readonly revision: number;
  readonly texts: DeleteTexts;
  readonly onClose: () => void;
  readonly onDeleted?: () => void;
}) {
  const users = useQuery(dependantsQuery(collection, name));
  const change = useChange(collection);
  const total = users.data?.total ?? 0;
  const confirm = (): void => {
    change.mutate(
      { action: "delete", name, revision },
      {
        onSuccess: () => {
          notifications.show({ message: texts.done });
          onClose();
          onDeleted?.();
        },
      },
    );
  };
  return (
    <ConfirmDelete
      name={name}
      title={texts.title}
      failure={texts.failure}
      error={change.error}
      busy={change.isPending}
      blocked={users.data === undefined || total > 0}
      onConfirm={confirm}
      onClose={onClose}
    >
      {users.isPending && <LoadingRows rows={1} height={24} />}
      {users.isError && (
        <ErrorPanel title={texts.failure} error={users.error} retry={() => void users.refetch()} />
      )}
      {users.data !== undefined && total === 0 && <p>{texts.free}</p>}
      {total > 0 && (
        <>
          <p>{texts.blocked(total)}</p>
          <ul style={{ margin: "8px 0 0", paddingLeft: 18, maxHeight: 200, overflow: "auto" }}>
            {users.data?.items.map(({ kind, name: user, paths }) => (
              <li key={`${kind}/${user}`}>
                <ObjectLink kind={kind} name={user} />{" "}
                <span className="dim small mono">{paths.slice(0, 2).join(", ")}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </ConfirmDelete>
  );
}
