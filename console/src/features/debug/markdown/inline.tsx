// Inline parts of Markdown as elements. HTML in it stays text; nothing is fetched for an answer.
import type { MarkedToken, Token } from "marked";
import { ImageOff } from "lucide-react";
import { useMessages } from "../../../i18n/language.tsx";
import { conversationMessages } from "../conversation-messages.ts";
import { isOwnImage, linkAddress, plainText } from "./safe-address.ts";
import classes from "./markdown.module.css";

export function Inlines({ tokens }: { readonly tokens: readonly Token[] | undefined }) {
  return tokens?.map((token, index) => <Inline key={index} token={token} />);
}

function Inline({ token: given }: { readonly token: Token }) {
  // Without extensions the lexer makes no tokens but its own.
  const token = given as MarkedToken;
  switch (token.type) {
    case "strong":
      return (
        <strong>
          <Inlines tokens={token.tokens} />
        </strong>
      );
    case "em":
      return (
        <em>
          <Inlines tokens={token.tokens} />
        </em>
      );
    case "del":
      return (
        <del>
          <Inlines tokens={token.tokens} />
        </del>
      );
    case "codespan":
      return <code className={classes["codespan"]}>{token.text}</code>;
    case "br":
      return <br />;
    case "link":
      return <AnswerLink href={token.href} tokens={token.tokens} />;
    case "image":
      return <AnswerImage address={token.href} alt={token.text} />;
    case "checkbox":
      return token.checked ? "☑ " : "☐ ";
    case "text":
      return token.tokens === undefined ? plainText(token.text) : <Inlines tokens={token.tokens} />;
    case "escape":
      return plainText(token.text);
    default:
      return token.raw;
  }
}

function AnswerLink({ href, tokens }: { readonly href: string; readonly tokens: readonly Token[] }) {
  const address = linkAddress(href);
  if (address === undefined) {
    return (
      <>
        <Inlines tokens={tokens} /> ({href})
      </>
    );
  }
  return (
    <a href={address} target="_blank" rel="noreferrer noopener" className="textlink" title={address}>
      <Inlines tokens={tokens} />
    </a>
  );
}

/** A picture that the answer holds itself; of any other its address, as fetching it would tell a stranger who reads. */
export function AnswerImage({ address, alt }: { readonly address: string; readonly alt: string }) {
  const t = useMessages(conversationMessages);
  if (isOwnImage(address)) {
    return <img className={classes["image"]} src={address} alt={alt === "" ? t("imageOfAnswer") : alt} />;
  }
  return (
    <span className={classes["address"]}>
      <ImageOff size={14} aria-hidden />
      <span>
        {t("imageNotFetched")} {alt === "" ? "" : `${alt} · `}
        <span className="mono">{address.length > 300 ? `${address.slice(0, 300)}…` : address}</span>
      </span>
    </span>
  );
}
