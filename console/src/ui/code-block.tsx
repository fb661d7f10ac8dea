// Code to read and copy: sunken, mono, four colours, never wrapped. Colours JSON, YAML, shell, Python, JavaScript roughly.
import { CopyButton } from "./copy.tsx";
import classes from "./code-block.module.css";

/** Text in quotes, comment, number, or a key before its colon. */
const token =
  /(?<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')(?<colon>\s*:)?|(?<comment>#[^\n]*|\/\/[^\n]*)|(?<key>^[ \t-]*[\w$-]+(?=:))|(?<number>\b\d+(?:\.\d+)?\b)/gmu;

interface Span {
  readonly text: string;
  readonly kind: string | undefined;
}

/** Splits code into spans with a class each; the text itself stays the same. */
export function colourCode(code: string): Span[] {
  const spans: Span[] = [];
  let at = 0;
  for (const match of code.matchAll(token)) {
    const groups = match.groups ?? {};
    const kind =
      groups["comment"] !== undefined
        ? "code-dim"
        : groups["key"] !== undefined || groups["colon"] !== undefined
          ? "code-key"
          : groups["text"] !== undefined
            ? "code-text"
            : "code-number";
    spans.push({ text: code.slice(at, match.index), kind: undefined }, { text: match[0], kind });
    at = match.index + match[0].length;
  }
  return [...spans, { text: code.slice(at), kind: undefined }].filter(({ text }) => text !== "");
}

/** @param label what the code is, for screen readers and the copy button */
export function CodeBlock({
  code,
  label,
  maxHeight,
}: {
  readonly code: string;
  readonly label: string;
  readonly maxHeight?: number;
}) {
  return (
    <div className={classes["block"]}>
      <div className={classes["copy"]}>
        <CopyButton text={code} label={label} />
      </div>
      <pre className={classes["code"]} style={{ maxHeight }} tabIndex={0} role="region" aria-label={label}>
        {colourCode(code).map(({ text, kind }, index) => (
          <span key={index} className={kind}>
            {text}
          </span>
        ))}
      </pre>
    </div>
  );
}
