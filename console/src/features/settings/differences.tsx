// What differs between two revisions: objects, their fields, and on demand the values as lines.
import { ActionIcon } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { X } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { ChangeList } from "./change-list.tsx";
import { differencesQuery, type Difference } from "./settings-calls.ts";
import { settingsMessages } from "./settings-messages.ts";
import classes from "./settings.module.css";

const ValueDiff = lazy(async () => ({ default: (await import("./value-diff.tsx")).ValueDiff }));

/** More fields than these are only counted. */
const mostPaths = 12;

export function Differences({ from, to }: { readonly from: number; readonly to: number }) {
  const t = useMessages(settingsMessages);
  const navigate = useNavigate();
  const found = useQuery(differencesQuery(from, to));
  const title = t("differences", { from: String(from), to: String(to) });
  return (
    <div className={classes["differences"]}>
      <div className="row">
        <h2 className="grow">{title}</h2>
        <ActionIcon
          variant="subtle"
          size={26}
          aria-label={t("clear")}
          onClick={() =>
            void navigate({
              to: "/settings/$section",
              params: { section: "revisions" },
              search: {},
              replace: true,
            })
          }
        >
          <X size={14} />
        </ActionIcon>
      </div>
      <div aria-live="polite">
        {found.isPending && <LoadingRows rows={3} />}
        {found.isError && (
          <ErrorPanel title={t("diffFailed")} error={found.error} retry={() => void found.refetch()} />
        )}
        {found.data?.changes.length === 0 && <p className="soft">{t("same")}</p>}
        {found.data !== undefined && found.data.changes.length > 0 && (
          <ChangeList
            changes={found.data.changes}
            label={title}
            renderExtra={(change) => <Fields change={change} from={from} to={to} />}
          />
        )}
      </div>
    </div>
  );
}

export function Paths({ paths }: { readonly paths: readonly string[] }) {
  if (paths.length === 0) return null;
  return (
    <div className={classes["paths"]}>
      {paths.slice(0, mostPaths).map((path) => (
        <span key={path} className="tag mono">
          {path}
        </span>
      ))}
      {paths.length > mostPaths && (
        <span className="dim num" title={paths.slice(mostPaths).join(", ")}>
          +{paths.length - mostPaths}
        </span>
      )}
    </div>
  );
}

function Fields({
  change,
  from,
  to,
}: {
  readonly change: Difference;
  readonly from: number;
  readonly to: number;
}) {
  const t = useMessages(settingsMessages);
  const [open, setOpen] = useState(false);
  const hidden = change.kind === "tokens" || change.kind === "users";
  return (
    <>
      <Paths paths={change.paths} />
      {hidden ? (
        <p className="tiny dim">{t("noValues")}</p>
      ) : (
        <button
          type="button"
          className={classes["quiet"]}
          aria-expanded={open}
          aria-label={`${t(open ? "hideValues" : "showValues")}: ${change.name}`}
          onClick={() => setOpen(!open)}
        >
          {t(open ? "hideValues" : "showValues")}
        </button>
      )}
      {open && (
        <Suspense fallback={<LoadingRows rows={3} height={19} />}>
          <ValueDiff change={change} from={from} to={to} />
        </Suspense>
      )}
    </>
  );
}
