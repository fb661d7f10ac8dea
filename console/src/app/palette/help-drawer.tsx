// What the words and signs of the console mean, in a drawer beside the page.
import "@mantine/core/styles/Drawer.layer.css";
import { Drawer } from "@mantine/core";
import { useMessages } from "../../i18n/language.tsx";
import { Moon, type Phase } from "../../ui/moon.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { paletteMessages } from "./palette-messages.ts";
import classes from "./palette.module.css";
import { ShortcutList } from "./shortcut-list.tsx";

const terms = [
  ["termApi", "termApiText"],
  ["termService", "termServiceText"],
  ["termModelService", "termModelServiceText"],
  ["termTarget", "termTargetText"],
  ["termRoute", "termRouteText"],
  ["termFallback", "termFallbackText"],
  ["termFirstPacket", "termFirstPacketText"],
  ["termEjected", "termEjectedText"],
  ["termConsumer", "termConsumerText"],
  ["termGroup", "termGroupText"],
  ["termRevision", "termRevisionText"],
] as const;

const moons: readonly (readonly [
  Phase,
  "moonFull" | "moonHalf" | "moonCrescent" | "moonRing" | "moonStruck" | "moonLive",
])[] = [
  ["full", "moonFull"],
  ["half", "moonHalf"],
  ["crescent", "moonCrescent"],
  ["ring", "moonRing"],
  ["struck", "moonStruck"],
  ["live", "moonLive"],
];

export function HelpDrawer({ onClose }: { readonly onClose: () => void }) {
  const t = useMessages(paletteMessages);
  const ui = useMessages(uiMessages);
  return (
    <Drawer
      opened
      onClose={onClose}
      title={t("help")}
      size={440}
      closeButtonProps={{ "aria-label": ui("close") }}
      classNames={{ body: classes["drawer"] ?? "" }}
    >
      <h3>{t("wayTitle")}</h3>
      <p className="reading soft">{t("wayText")}</p>
      <h3>{t("words")}</h3>
      <dl className={classes["terms"]}>
        {terms.map(([name, text]) => (
          <div key={name}>
            <dt>{t(name)}</dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
      <h3>{t("moons")}</h3>
      <ul className={classes["moons"]}>
        {moons.map(([phase, text]) => (
          <li key={phase}>
            <Moon phase={phase} size={12} />
            {t(text)}
          </li>
        ))}
      </ul>
      <h3>{t("shortcuts")}</h3>
      <ShortcutList />
      <h3>{t("more")}</h3>
      <a className="textlink" href="/api/v1/openapi.json" target="_blank" rel="noreferrer">
        {t("openApi")}
      </a>
    </Drawer>
  );
}
