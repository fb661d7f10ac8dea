// Which addresses may call, and which web pages.
import { useMessages } from "../../../i18n/language.tsx";
import { useFormContext } from "../form-context.tsx";
import { networkMessages } from "./network-messages.ts";
import { LinesPart } from "./parts.tsx";
import classes from "./policies.module.css";

const lists = ["allow", "deny"] as const;
/** What is pasted comes in lines, or with commas, semicolons or spaces. */
const separators = /[\s,;]+/u;

export function AddressesBody() {
  const t = useMessages(networkMessages);
  const { draft, set } = useFormContext();
  return (
    <>
      <div className={classes["two"]}>
        {lists.map((list) => (
          <LinesPart
            key={list}
            path={`ipAccess.${list}`}
            label={t(list)}
            hint={t(`${list}Hint`)}
            placeholder={list === "allow" ? "10.0.0.0/8" : "10.66.0.0/16"}
            value={draft.ipAccess[list]}
            split={separators}
            onChange={(value) =>
              set({
                ipAccess: { ...draft.ipAccess, [list]: [...value] },
                paused: draft.paused.filter((name) => name !== "ipAccess"),
              })
            }
          />
        ))}
      </div>
      <p className="small dim">{t("proxy")}</p>
    </>
  );
}

export function CorsBody() {
  const t = useMessages(networkMessages);
  const { draft, set } = useFormContext();
  return (
    <LinesPart
      path="cors.origins"
      label={t("origins")}
      hint={t("originsHint")}
      placeholder="https://app.example.com"
      value={draft.cors.origins}
      split={separators}
      onChange={(origins) => set({ cors: { ...draft.cors, origins: [...origins] } })}
    />
  );
}
