// Which Model APIs a consumer or group may call, given, limited and taken back in place: the grant stands in the Model API.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { LockOpen, Plus } from "lucide-react";
import { useState } from "react";
import { listQuery, type ModelApi } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { ListSearch } from "../../ui/list-search.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { useMayWrite } from "../../ui/use-may-write.ts";
import { showUndo } from "../model-apis/detail/undo-notice.tsx";
import { useAccessColumns } from "./access-columns.tsx";
import { accessMessages } from "./access-messages.ts";
import classes from "./consumers.module.css";
import { GrantModal } from "./grant-modal.tsx";
import { grantOf, type GrantTerms, type GrantView } from "./grants.ts";
import type { Owner } from "./owner.ts";
import { useGrants } from "./use-grants.ts";

const searchFrom = 8;

export function AccessList({
  owner,
  searchText,
  onSearch,
}: {
  readonly owner: Owner;
  readonly searchText: string;
  readonly onSearch: (text: string) => void;
}) {
  const t = useMessages(accessMessages);
  const right = useMayWrite();
  const apis = useQuery(listQuery("model-apis"));
  const { failure, busy, setGrant } = useSwitchGrant(owner);
  const [editing, setEditing] = useState<ModelApi | "several">();
  const items = apis.data?.items ?? [];
  const wanted = searchText.trim().toLowerCase();
  const shown = items.filter(({ name }) => name.toLowerCase().includes(wanted));
  const columns = useAccessColumns({ owner, busy, onSwitch: setGrant, onEdit: setEditing });
  const open = items.filter((api) => !api.auth.enabled && grantOf(api, owner) !== undefined).length;
  return (
    <section aria-labelledby="section-access" className={classes["section"]}>
      <div className={classes["sectionHead"]}>
        <div>
          <h2 id="section-access">{t("access")}</h2>
          <p className="small dim">{t("accessHint")}</p>
        </div>
        {items.length >= searchFrom && (
          <ListSearch label={t("searchApis")} value={searchText} onChange={onSearch} width={200} />
        )}
        <Button
          leftSection={<Plus size={14} />}
          disabled={!right.allowed || items.length === 0}
          title={right.reason}
          onClick={() => setEditing("several")}
        >
          {t("grantSeveral")}
        </Button>
      </div>
      {open > 0 && (
        <p className="note">
          <LockOpen size={15} aria-hidden style={{ flex: "none" }} />
          {t("openHere", { n: open })}
        </p>
      )}
      {failure !== undefined && (
        <ErrorPanel title={t("grantFailed", { api: failure.api })} error={failure.error} />
      )}
      {apis.data === undefined ? (
        apis.isError ? (
          <ErrorPanel title={t("loadFailed")} error={apis.error} retry={() => void apis.refetch()} />
        ) : (
          <LoadingRows />
        )
      ) : shown.length === 0 ? (
        <p className="soft">{t(items.length === 0 ? "noApis" : "noHits")}</p>
      ) : (
        <DataTable label={t("access")} rows={shown} rowKey={({ name }) => name} columns={columns} />
      )}
      {editing !== undefined && (
        <GrantModal
          owner={owner}
          apis={editing === "several" ? items : [editing]}
          isEdit={editing !== "several"}
          onClose={() => setEditing(undefined)}
        />
      )}
    </section>
  );
}

/** Gives or takes the grant of one Model API; the notice takes that back. */
function useSwitchGrant(owner: Owner) {
  const t = useMessages(accessMessages);
  const ui = useMessages(uiMessages);
  const change = useGrants(owner);
  const setGrant = (api: ModelApi, terms: GrantTerms | null): void => {
    const before = grantOf(api, owner);
    const back: GrantTerms | null = before?.by === "own" ? termsOf(before) : null;
    change.mutate(
      { apis: [api], terms },
      {
        onSuccess: ({ changed }) => {
          if (changed.length === 0) return;
          const text = t(terms === null ? "revokedDone" : "grantedDone", {
            owner: owner.name,
            api: api.name,
          });
          showUndo({ text, undo: t("undo"), close: ui("close") }, () =>
            change.mutate({ apis: changed, terms: back }),
          );
        },
      },
    );
  };
  return { failure: change.data?.failed[0], busy: change.isPending, setGrant };
}

function termsOf({ expiresAt, models }: Pick<GrantView, "expiresAt" | "models">): GrantTerms {
  return {
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(models === undefined ? {} : { models: [...models] }),
  };
}
