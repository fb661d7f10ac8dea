// A model's Markdown as elements, block by block; blocks that did not change are not drawn again.
import type { MarkedToken, Tokens } from "marked";
import { createElement, memo, useState } from "react";
import { CodeBlock } from "../../../ui/code-block.tsx";
import { useMessages } from "../../../i18n/language.tsx";
import { conversationMessages } from "../conversation-messages.ts";
import { lexFurther, nothingLexed } from "./incremental-lexer.ts";
import { Inlines } from "./inline.tsx";
import classes from "./markdown.module.css";

/** @param live text is still coming: the caret stands after it */
export function Markdown({ text, live = false }: { readonly text: string; readonly live?: boolean }) {
  const [before, setLexed] = useState(nothingLexed);
  const lexed = lexFurther(before, text);
  // Kept for the next text, which goes on from it.
  if (lexed !== before) setLexed(lexed);
  return (
    <div className={classes["markdown"]}>
      {lexed.blocks.map((token, index) => (
        <Block key={index} token={token} />
      ))}
      {live && <span className="caret" aria-hidden />}
    </div>
  );
}

const Block = memo(BlockView, (before, after) => before.token === after.token);

function BlockView({ token }: { readonly token: MarkedToken }) {
  switch (token.type) {
    case "space":
    case "def":
      return null;
    case "heading":
      // Below the page's own headings.
      return createElement(
        `h${Math.min(6, token.depth + 2)}`,
        { className: classes["heading"] },
        <Inlines tokens={token.tokens} />,
      );
    case "paragraph":
      return (
        <p>
          <Inlines tokens={token.tokens} />
        </p>
      );
    case "code":
      return <Code token={token} />;
    case "hr":
      return <hr className="rule" />;
    case "blockquote":
      return (
        <blockquote>
          <Blocks tokens={token.tokens} />
        </blockquote>
      );
    case "list":
      return <List token={token} />;
    case "table":
      return <Table token={token} />;
    case "text":
      return token.tokens === undefined ? token.text : <Inlines tokens={token.tokens} />;
    case "checkbox":
      return token.checked ? "☑ " : "☐ ";
    default:
      return <p className={classes["verbatim"]}>{token.raw}</p>;
  }
}

function Blocks({ tokens }: { readonly tokens: readonly Tokens.Generic[] }) {
  // Without extensions the lexer makes no tokens but its own.
  return tokens.map((token, index) => <BlockView key={index} token={token as MarkedToken} />);
}

function Code({ token }: { readonly token: Tokens.Code }) {
  const t = useMessages(conversationMessages);
  const language = token.lang ?? "";
  return <CodeBlock code={token.text} label={language === "" ? t("code") : t("codeIn", { language })} />;
}

function List({ token }: { readonly token: Tokens.List }) {
  const items = token.items.map((item, index) => (
    <li key={index}>
      <Blocks tokens={item.tokens} />
    </li>
  ));
  if (!token.ordered) return <ul>{items}</ul>;
  return <ol start={token.start === "" ? 1 : token.start}>{items}</ol>;
}

function Table({ token }: { readonly token: Tokens.Table }) {
  const t = useMessages(conversationMessages);
  const cells = (row: readonly Tokens.TableCell[], head: boolean) =>
    row.map((cell, index) =>
      createElement(
        head ? "th" : "td",
        { key: index, style: { textAlign: cell.align ?? "left" }, ...(head ? { scope: "col" } : {}) },
        <Inlines tokens={cell.tokens} />,
      ),
    );
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={t("tableOfAnswer")}>
      <table>
        <thead>
          <tr>{cells(token.header, true)}</tr>
        </thead>
        <tbody>
          {token.rows.map((row, index) => (
            <tr key={index}>{cells(row, false)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
