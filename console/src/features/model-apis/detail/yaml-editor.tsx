// An editor for YAML: numbers, colours, faults at their lines. Loaded when it is opened; knows nothing of what it edits.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { Compartment, EditorState } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useEffectEvent, useRef } from "react";
import classes from "./detail.module.css";
import type { Problem } from "./yaml-text.ts";

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--mg-code-key)" },
  { tag: [tags.string, tags.content], color: "var(--mg-code-str)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--mg-code-num)" },
  { tag: tags.comment, color: "var(--mg-code-dim)" },
]);

const theme = EditorView.theme({
  "&": { fontSize: "12px", backgroundColor: "var(--mg-sunken)", color: "var(--mg-ink)" },
  "&.cm-focused": { outline: "2px solid var(--mg-pond)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--mg-mono)", lineHeight: "19px" },
  ".cm-content": { caretColor: "var(--mg-ink)" },
  ".cm-gutters": {
    backgroundColor: "var(--mg-sunken)",
    color: "var(--mg-ink-3)",
    border: "0",
  },
  ".cm-cursor": { borderLeftColor: "var(--mg-ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-content ::selection": {
    backgroundColor: "var(--mg-selected)",
  },
  ".cm-tooltip": {
    backgroundColor: "var(--mg-raised)",
    color: "var(--mg-ink)",
    border: "1px solid var(--mg-line)",
  },
});

/** @param focus a position to go to; a new object goes there again */
export function YamlEditor({
  text,
  label,
  readOnly,
  problems,
  focus,
  onChange,
  onSave,
}: {
  readonly text: string;
  readonly label: string;
  readonly readOnly: boolean;
  readonly problems: readonly Problem[];
  readonly focus: { readonly at: number } | undefined;
  readonly onChange: (text: string) => void;
  readonly onSave: () => void;
}) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const lock = useRef(new Compartment());
  const change = useEffectEvent(onChange);
  const save = useEffectEvent(onSave);
  const create = useEffectEvent((parent: HTMLElement) =>
    openEditor({ parent, text, label, locked: lock.current.of(lockOf(readOnly)), change, save }),
  );
  useEffect(() => {
    if (place.current === null) return undefined;
    const editor = create(place.current);
    view.current = editor;
    return () => {
      view.current = null;
      editor.destroy();
    };
  }, []);
  useEffect(() => {
    const editor = view.current;
    if (editor === null || editor.state.doc.toString() === text) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  }, [text]);
  useEffect(() => {
    view.current?.dispatch({ effects: lock.current.reconfigure(lockOf(readOnly)) });
  }, [readOnly]);
  useEffect(() => {
    const editor = view.current;
    if (editor === null) return;
    const end = editor.state.doc.length;
    const found = problems.map(({ from, to, message }): Diagnostic => ({
      from: Math.min(from, end),
      to: Math.min(to, end),
      severity: "error",
      message,
    }));
    editor.dispatch(setDiagnostics(editor.state, found));
  }, [problems]);
  useEffect(() => {
    if (focus === undefined || view.current === null) return;
    const at = Math.min(focus.at, view.current.state.doc.length);
    view.current.dispatch({ selection: { anchor: at }, scrollIntoView: true });
    view.current.focus();
  }, [focus]);
  return <div ref={place} className={classes["editor"]} />;
}

function lockOf(readOnly: boolean) {
  return [EditorState.readOnly.of(readOnly), EditorView.editable.of(!readOnly)];
}

interface EditorParts {
  readonly parent: HTMLElement;
  readonly text: string;
  readonly label: string;
  readonly locked: ReturnType<Compartment["of"]>;
  readonly change: (text: string) => void;
  readonly save: () => void;
}

function openEditor({ parent, text, label, locked, change, save }: EditorParts): EditorView {
  const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
  const saveKey = {
    key: "Mod-s",
    run: () => {
      save();
      return true;
    },
  };
  return new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        EditorView.cspNonce.of(nonce),
        EditorView.contentAttributes.of({ "aria-label": label }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) change(update.state.doc.toString());
        }),
        lineNumbers(),
        lintGutter(),
        history(),
        keymap.of([saveKey, ...defaultKeymap, ...historyKeymap]),
        yaml(),
        syntaxHighlighting(colours),
        theme,
        locked,
      ],
    }),
  });
}
