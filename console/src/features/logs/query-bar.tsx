// The query bar: what is set as tokens, what is being written as text, and a list of what can follow. Keyboard alone suffices.
import { Search, X } from "lucide-react";
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { formatCount } from "../../i18n/format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { isTyping } from "../../ui/keyboard.ts";
import { suggestions, type KnownValues, type Suggestion } from "./completion.ts";
import { logsMessages } from "./logs-messages.ts";
import classes from "./query-bar.module.css";
import { parseQuery, writeQuery, writeTerm, type Term } from "./query-text.ts";

/** @param beside what stands at the end of the bar */
export function QueryBar({
  terms,
  known,
  onChange,
  beside,
}: {
  readonly terms: readonly Term[];
  readonly known: KnownValues;
  readonly onChange: (terms: readonly Term[]) => void;
  readonly beside?: ReactNode;
}) {
  const t = useMessages(logsMessages);
  const input = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState("");
  const edit = (index: number): void => {
    const term = terms[index];
    if (term === undefined) return;
    setDraft(writeTerm(term));
    onChange(terms.toSpliced(index, 1));
    input.current?.focus();
  };
  // What is being written may still become whole: until a space follows, only what is set is said to be wrong.
  const said = draft.endsWith(" ") ? [...terms, ...parseQuery(draft)] : terms;
  const fault = said.find((term) => term.kind === "fault");
  return (
    <div>
      <div className={classes["bar"]} role="group" aria-label={t("query")}>
        <Search size={15} strokeWidth={1.75} aria-hidden className={classes["icon"]} />
        <div className={classes["terms"]}>
          {terms.map((term, index) => (
            <Token
              key={`${index} ${writeTerm(term)}`}
              term={term}
              onEdit={() => edit(index)}
              onRemove={() => {
                onChange(terms.toSpliced(index, 1));
                input.current?.focus();
              }}
            />
          ))}
          <TermInput
            input={input}
            {...{ draft, setDraft, known }}
            isFirst={terms.length === 0}
            onCommit={(text) => {
              onChange([...terms, ...parseQuery(text)]);
              setDraft("");
            }}
            onTakeBack={() => edit(terms.length - 1)}
          />
        </div>
        {terms.length > 1 && (
          <button
            type="button"
            className={classes["clear"]}
            aria-label={t("clearAll")}
            title={t("clearAll")}
            onClick={() => onChange([])}
          >
            <X size={15} aria-hidden />
          </button>
        )}
        {beside}
      </div>
      {fault?.kind === "fault" && (
        <p className={`small bad ${classes["fault"]}`} role="alert">
          {t(`fault_${fault.fault}`, { word: fault.word })}
        </p>
      )}
    </div>
  );
}

function Token({
  term,
  onEdit,
  onRemove,
}: {
  readonly term: Term;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}) {
  const t = useMessages(logsMessages);
  const text = writeTerm(term);
  const colon = term.kind === "field" ? text.indexOf(":") + 1 : 0;
  return (
    <span className={classes["token"]} data-fault={term.kind === "fault" || undefined}>
      <button type="button" aria-label={t("editTerm", { term: text })} title={text} onClick={onEdit}>
        <span className="dim">{text.slice(0, colon)}</span>
        {text.slice(colon)}
      </button>
      <button type="button" aria-label={t("removeTerm", { term: text })} onClick={onRemove}>
        <X size={12} aria-hidden />
      </button>
    </span>
  );
}

/** Whether a space after it ends the term: not inside quotes, and not while a value is missing. */
function isWhole(draft: string): boolean {
  const [term, ...others] = parseQuery(draft);
  const quotes = draft.replaceAll(String.raw`\"`, "").split('"').length - 1;
  return term?.kind === "field" && others.length === 0 && quotes % 2 === 0;
}

interface InputProps {
  readonly input: React.RefObject<HTMLInputElement | null>;
  readonly draft: string;
  readonly setDraft: (draft: string) => void;
  readonly known: KnownValues;
  readonly isFirst: boolean;
  readonly onCommit: (text: string) => void;
  readonly onTakeBack: () => void;
}

function TermInput({ input, draft, setDraft, known, isFirst, onCommit, onTakeBack }: InputProps) {
  const t = useMessages(logsMessages);
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  useSlash(input);
  const offered = isOpen ? suggestions(draft, known) : [];
  const write = (text: string): void => {
    setDraft(text);
    setOpen(text !== "");
    setActive(-1);
  };
  const commit = (text: string): void => {
    onCommit(text);
    // What lies below the bar comes to light again; the next letter opens the list.
    setOpen(false);
    setActive(-1);
  };
  const take = (suggestion: Suggestion): void => {
    if (suggestion.kind === "field") write(suggestion.text);
    else commit(suggestion.kind === "search" ? searchText(suggestion.text) : suggestion.text);
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const chosen = offered[active];
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setOpen(true);
      // One place before the first is the text itself.
      const count = offered.length + 1;
      setActive(((active + 1 + step + count) % count) - 1);
    } else if ((event.key === "Enter" || event.key === "Tab") && chosen !== undefined) {
      event.preventDefault();
      take(chosen);
    } else if (event.key === "Enter" && draft.trim() !== "") {
      event.preventDefault();
      commit(draft);
    } else if (event.key === " " && isWhole(draft)) {
      event.preventDefault();
      commit(draft);
    } else if (event.key === "Backspace" && draft === "") {
      event.preventDefault();
      onTakeBack();
    } else if (event.key === "Escape" && offered.length > 0) {
      event.stopPropagation();
      setOpen(false);
      setActive(-1);
    }
  };
  return (
    <div className={classes["field"]}>
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label={t("query")}
        aria-expanded={offered.length > 0}
        aria-controls={offered.length > 0 ? id : undefined}
        aria-autocomplete="list"
        aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        placeholder={isFirst ? t("queryHint") : t("queryMore")}
        value={draft}
        onChange={(event) => write(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onClick={() => setOpen(true)}
        onBlur={() => {
          setOpen(false);
          setActive(-1);
        }}
      />
      {offered.length > 0 && (
        <div id={id} role="listbox" tabIndex={-1} aria-label={t("suggestions")} className={classes["list"]}>
          {offered.map((suggestion, index) => (
            <Option
              key={`${suggestion.kind} ${suggestion.text}`}
              id={`${id}-${index}`}
              suggestion={suggestion}
              isActive={index === active}
              onTake={() => take(suggestion)}
            />
          ))}
        </div>
      )}
    </div>
  );
}

function Option({
  id,
  suggestion,
  isActive,
  onTake,
}: {
  readonly id: string;
  readonly suggestion: Suggestion;
  readonly isActive: boolean;
  readonly onTake: () => void;
}) {
  const t = useMessages(logsMessages);
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isActive) row.current?.scrollIntoView({ block: "nearest" });
  }, [isActive]);
  return (
    // The keys are the input's, which has the focus all the time.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      ref={row}
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isActive}
      // Before the input loses the focus.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onTake}
    >
      {suggestion.kind === "search" ? (
        <span>{t.rich("lookFor", { text: <b className="mono">{suggestion.text}</b> })}</span>
      ) : (
        <span className="mono cut">{suggestion.text}</span>
      )}
      {suggestion.kind === "value" && suggestion.count !== null && (
        <span className="num dim">{formatCount(suggestion.count)}</span>
      )}
    </div>
  );
}

/** Several words become a phrase, unless somebody has put quotes himself. */
function searchText(text: string): string {
  return text.includes('"') || !/\s/u.test(text.trim())
    ? text
    : writeQuery([{ kind: "search", text: text.trim(), phrase: true }]);
}

/** The slash key goes to the bar. */
function useSlash(input: React.RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const listen = (event: globalThis.KeyboardEvent): void => {
      if (event.key !== "/" || isTyping(event) || event.metaKey || event.ctrlKey || event.altKey) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [input]);
}
