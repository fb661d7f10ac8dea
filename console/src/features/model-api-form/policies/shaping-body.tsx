// Words around the system prompt, with how they read together; default and maximum of each parameter.
import { Fragment } from "react";
import { useMessages } from "../../../i18n/language.tsx";
import { useFormContext } from "../form-context.tsx";
import { DecimalPart } from "./decimal-part.tsx";
import { AreaPart } from "./parts.tsx";
import classes from "./policies.module.css";
import type { ParameterName, Parameters } from "./policy-draft.ts";
import { shapingMessages } from "./shaping-messages.ts";

const places = ["systemPrefix", "systemSuffix"] as const;
const maxPrompt = 65_536;
const parameterNames = ["maxTokens", "temperature", "topP", "n"] as const;
const bounds = ["default", "maximum"] as const;

export function ShapingBody() {
  const t = useMessages(shapingMessages);
  const { draft, set } = useFormContext();
  const { prompt } = draft;
  const hasWords = prompt.systemPrefix !== "" || prompt.systemSuffix !== "";
  const paused = draft.paused.filter((name) => name !== "shaping");
  return (
    <>
      {places.map((place) => (
        <AreaPart
          key={place}
          path={`prompt.${place}`}
          label={t(place)}
          {...(place === "systemSuffix" ? { hint: t("promptHint") } : {})}
          value={prompt[place]}
          maxLength={maxPrompt}
          onChange={(text) => set({ paused, prompt: { ...prompt, [place]: text } })}
        />
      ))}
      {hasWords && (
        <figure style={{ margin: 0 }}>
          <figcaption className="small medium" style={{ marginBottom: 6 }}>
            {t("preview")}
          </figcaption>
          <p className={classes["preview"]}>
            {prompt.systemPrefix !== "" && `${prompt.systemPrefix}\n\n`}
            <span className="dim">[{t("clients")}]</span>
            {prompt.systemSuffix !== "" && `\n\n${prompt.systemSuffix}`}
          </p>
          <p className="small dim">{t("onlyText")}</p>
        </figure>
      )}
      <fieldset className={classes["set"]}>
        <legend>{t("parameters")}</legend>
        <p className="small dim" style={{ margin: "0 0 8px" }}>
          {t("parametersHint")}
        </p>
        <div className="col g8">
          {parameterNames.map((name) => (
            <Fragment key={name}>
              <div className={classes["two"]}>
                {bounds.map((bound) => (
                  <DecimalPart
                    key={bound}
                    path={`parameters.${name}.${bound}`}
                    label={`${t(name)}: ${t(bound)}`}
                    placeholder={t("none")}
                    value={draft.parameters[name]?.[bound]}
                    onChange={(value) =>
                      set({ paused, parameters: withBound(draft.parameters, name, bound, value) })
                    }
                  />
                ))}
              </div>
              {name === "maxTokens" && draft.parameters.maxTokens?.maximum !== undefined && (
                <p className="small dim">{t("maxTokensHint")}</p>
              )}
            </Fragment>
          ))}
        </div>
      </fieldset>
    </>
  );
}

/** A parameter without default and maximum is not there at all. */
export function withBound(
  parameters: Parameters,
  name: ParameterName,
  bound: (typeof bounds)[number],
  value: number | undefined,
): Parameters {
  const { [name]: before, ...others } = parameters;
  const { [bound]: _gone, ...rest } = before ?? {};
  const next = { ...rest, ...(value === undefined ? {} : { [bound]: value }) };
  return Object.keys(next).length === 0 ? others : { ...others, [name]: next };
}
