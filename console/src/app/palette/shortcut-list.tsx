// Every shortcut in groups, from the same table that the keys come from.
import { useMessages } from "../../i18n/language.tsx";
import { navItems } from "../shell/nav-items.ts";
import { shellMessages } from "../shell/shell-messages.ts";
import { paletteMessages } from "./palette-messages.ts";
import classes from "./palette.module.css";

const everywhere = [
  ["keyPalette", [navigator.platform.startsWith("Mac") ? "⌘ K" : "Ctrl K"]],
  ["keySearch", ["/"]],
  ["keyNew", ["N"]],
  ["keySheet", ["?"]],
  ["keyEsc", ["Esc"]],
] as const;
const inLists = [
  ["keyMove", ["J", "K"]],
  ["keyOpen", ["Enter"]],
  ["keyDebug", ["D"]],
  ["keyEdit", ["E"]],
] as const;

export function ShortcutList() {
  const t = useMessages(paletteMessages);
  const shell = useMessages(shellMessages);
  const group = (rows: typeof everywhere | typeof inLists) => (
    <dl className={classes["keys"]}>
      {rows.map(([text, keys]) => (
        <Row key={text} text={t(text)} keys={keys} />
      ))}
    </dl>
  );
  return (
    <>
      <div className={classes["columns"]}>
        <div>
          <h3>{t("everywhere")}</h3>
          {group(everywhere)}
          <h3>{t("inLists")}</h3>
          {group(inLists)}
        </div>
        <div>
          <h3>{t("goTo")}</h3>
          <dl className={classes["keys"]}>
            {navItems.map(({ to, text, key }) => (
              <Row key={to} text={shell(text)} keys={["G", key.toUpperCase()]} between={t("thenKey")} />
            ))}
          </dl>
        </div>
      </div>
      <p className="small dim">{t("typingOff")}</p>
    </>
  );
}

function Row({
  text,
  keys,
  between = "",
}: {
  readonly text: string;
  readonly keys: readonly string[];
  readonly between?: string;
}) {
  return (
    <>
      <dt>{text}</dt>
      <dd>
        {keys.map((key, index) => (
          <span key={key}>
            {index > 0 && ` ${between} `}
            <kbd>{key}</kbd>
          </span>
        ))}
      </dd>
    </>
  );
}
