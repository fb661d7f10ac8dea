// The draft of a new Model API in this browser: kept as it is typed, offered on return. It holds no secret.
import { Button } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { NotebookPen } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { formatTime } from "../../i18n/format.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import { newDraft, type Draft } from "./draft.ts";
import { formMessages } from "./form-messages.ts";
import { withoutSecrets } from "./policies/policy-draft.ts";
import { bodyOf, sameJson, type Body } from "./resource-body.ts";
import { readStoredDraft } from "./use-form.ts";

const storageKey = "moongate-model-api-draft";
const saveDelayMs = 600;

interface Found {
  readonly at: number;
  readonly draft: Draft;
}

/** Secrets of checks are typed anew. */
function keptDraft(draft: Draft): Draft {
  const { moderation } = draft;
  const checks = moderation.checks.map((row) => ({ ...row, check: withoutSecrets(row.check, "") }));
  return { ...draft, moderation: { ...moderation, checks } };
}

/** @param active whether what is typed is to be kept now */
export function useStoredDraft(draft: Draft, body: Body, active: boolean) {
  const [found, setFound] = useState<Found | null>(() => readStoredDraft(localStorage.getItem(storageKey)));
  const [savedAt, setSavedAt] = useState<number | null>(null);
  const text = JSON.stringify(draft);
  const first = useRef(text);
  const gone = useRef(false);
  const save = useDebouncedCallback(() => {
    if (gone.current) return;
    const at = Date.now();
    localStorage.setItem(storageKey, JSON.stringify({ at, draft: keptDraft(draft) }));
    setSavedAt(at);
  }, saveDelayMs);
  useEffect(() => {
    // What nobody has touched is no draft, and must not take the place of one.
    const untouched = text === first.current || sameJson(body, bodyOf(newDraft(draft.useCase)));
    if (active && !untouched) save();
  }, [text, active, body, draft.useCase, save]);
  return {
    found,
    savedAt,
    forget: () => {
      gone.current = true;
      save.cancel();
      localStorage.removeItem(storageKey);
      setFound(null);
      setSavedAt(null);
      gone.current = false;
    },
  };
}

export function DraftOffer({
  found,
  onRestore,
  onDiscard,
}: {
  readonly found: Found;
  readonly onRestore: () => void;
  readonly onDiscard: () => void;
}) {
  const t = useMessages(formMessages);
  const { language } = useLanguage();
  const [now] = useState(() => new Date());
  const time = formatTime(new Date(found.at), language, now);
  return (
    <div className="note note-info" style={{ marginBottom: 20, alignItems: "center" }}>
      <NotebookPen size={16} aria-hidden />
      <span className="grow">{t("draftFound", { time, name: found.draft.name || t("draftUnnamed") })}</span>
      <Button size="xs" onClick={onRestore}>
        {t("restore")}
      </Button>
      <Button size="xs" variant="subtle" onClick={onDiscard}>
        {t("discard")}
      </Button>
    </div>
  );
}
