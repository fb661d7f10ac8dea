// The policies of a stored Model API as cards that are edited in place: the form's own, with a bar to save them.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Lock } from "lucide-react";
import { useRef, useState } from "react";
import { listQuery } from "../../../api/resources.ts";
import { providersQuery } from "../../../api/state.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { ErrorPanel } from "../../../ui/error-panel.tsx";
import { uiMessages } from "../../../ui/ui-messages.ts";
import { merge } from "../../model-api-form/changes.ts";
import { DiffDialog, LeaveDialog, StaleDialog } from "../../model-api-form/edit-dialogs.tsx";
import { editMessages } from "../../model-api-form/edit-messages.ts";
import { choicesOf } from "../../model-api-form/eligible.ts";
import { ErrorSummary } from "../../model-api-form/error-summary.tsx";
import { FormProvider } from "../../model-api-form/form-context.tsx";
import { cardMessages } from "../../model-api-form/policies/card-messages.ts";
import cards from "../../model-api-form/policies/policies.module.css";
import { PolicyCard } from "../../model-api-form/policies/policy-card.tsx";
import { cardNames, shownBody } from "../../model-api-form/policies/policy-draft.ts";
import { writable } from "../../model-api-form/resource-body.ts";
import { servedRoutes } from "../../model-api-form/routes-of-draft.ts";
import { useEdit } from "../../model-api-form/use-edit.ts";
import { useLeaving } from "../../model-api-form/use-leaving.ts";
import { useMayWrite } from "../may-write.ts";
import { CacheNumbers } from "./cache-numbers.tsx";
import { ModerationHits } from "./moderation-hits.tsx";
import { policiesMessages } from "./policies-messages.ts";
import type { TabProps } from "./tab-props.ts";
import { showUndo } from "./undo-notice.tsx";

export function PolicyCards({ api }: TabProps) {
  const t = useMessages(policiesMessages);
  const ui = useMessages(uiMessages);
  const names = useMessages(cardMessages);
  const locked = useMayWrite(api);
  const readOnly = locked === undefined ? undefined : ui(locked);
  const services = useQuery(listQuery("services"));
  const providers = useQuery(providersQuery);
  const column = useRef<HTMLDivElement>(null);
  const [diffing, setDiffing] = useState(false);
  const edit = useEdit(
    api,
    locked === undefined,
    () => Promise.resolve(),
    (undo) => showUndo({ text: t("saved", { name: api.name }), undo: t("undo"), close: ui("close") }, undo),
  );
  useLeaving(column, edit.form.touch);
  const choices = choicesOf(
    services.data?.items ?? [],
    providers.data?.items ?? [],
    edit.form.draft.protocols,
    servedRoutes(edit.form.draft),
  );
  const count = edit.changes.length;
  return (
    <FormProvider value={{ ...edit.form, choices, editing: api.name, readOnly }}>
      <div ref={column} className={cards["column"]}>
        {readOnly !== undefined && (
          <div className="note note-info" style={{ marginBottom: 12 }}>
            <Lock size={16} aria-hidden />
            <span>{readOnly}</span>
          </div>
        )}
        {edit.error !== null && <ErrorPanel title={t("failed")} error={edit.error} />}
        {edit.form.submitted && <ErrorSummary faults={edit.form.faults} />}
        <div className={cards["cards"]} role="group" aria-label={names("policies")}>
          {cardNames.map((name) => (
            <PolicyCard key={name} name={name} heading="h2">
              {name === "cache" && api.cache.enabled && <CacheNumbers api={api} locked={readOnly} />}
              {name === "moderation" && <ModerationHits api={api.name} />}
            </PolicyCard>
          ))}
        </div>
        {count > 0 && (
          <SaveBar edit={edit} count={count} readOnly={readOnly} onDiff={() => setDiffing(true)} />
        )}
      </div>
      {diffing && (
        <DiffDialog
          before={writable(edit.base)}
          after={shownBody(edit.form.body)}
          onClose={() => setDiffing(false)}
        />
      )}
      {edit.newer !== undefined && (
        <StaleDialog
          name={api.name}
          revision={edit.newer.revision}
          merge={merge(writable(edit.base), edit.form.body, writable(edit.newer))}
          busy={edit.busy}
          onKeepMine={() => void edit.keepMine()}
          onTakeTheirs={edit.takeTheirs}
          onClose={edit.closeNewer}
        />
      )}
      {edit.blocker.status === "blocked" && (
        <LeaveDialog changes={count} onLeave={edit.blocker.proceed} onStay={edit.blocker.reset} />
      )}
    </FormProvider>
  );
}

function SaveBar({
  edit,
  count,
  readOnly,
  onDiff,
}: {
  readonly edit: ReturnType<typeof useEdit>;
  readonly count: number;
  readonly readOnly: string | undefined;
  readonly onDiff: () => void;
}) {
  const t = useMessages(policiesMessages);
  const words = useMessages(editMessages);
  return (
    <div className={cards["saveBar"]}>
      <span className="small warn grow" role="status">
        {words("unsaved", { n: count })}
      </span>
      <Button variant="subtle" onClick={edit.discard}>
        {t("discard")}
      </Button>
      <Button onClick={onDiff}>{words("reviewDiff")}</Button>
      <Button
        variant="filled"
        loading={edit.busy}
        disabled={readOnly !== undefined}
        onClick={() => void edit.save()}
      >
        {words("save")}
      </Button>
    </div>
  );
}
