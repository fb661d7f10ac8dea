// An explanation as a person reads it: a sentence, the gates one below the other, the order tried, what was left out.
import { TriangleAlert } from "lucide-react";
import { Fragment, type ReactNode } from "react";
import { formatCount } from "../../i18n/format.ts";
import type { PlainKey } from "../../i18n/messages.ts";
import { useMessages } from "../../i18n/language.tsx";
import type { ModelApi } from "../../api/resources.ts";
import { Gate, type GateState } from "../../ui/gate.tsx";
import { Moon, type Phase } from "../../ui/moon.tsx";
import { DecisionView } from "../routing/decision-view.tsx";
import {
  leftOut,
  triedInOrder,
  type AskedCall,
  type ExplainedTarget,
  type Explanation,
} from "./explain-call.ts";
import { explainMessages } from "./explain-messages.ts";
import { protocolPair } from "./protocol-names.ts";
import { reasonText } from "./reason-text.ts";
import classes from "./explain.module.css";
import { fallbackMessages } from "./fallback-messages.ts";

type Words = ReturnType<typeof useMessages<typeof explainMessages.en>>;

const phases: Readonly<Record<ExplainedTarget["standing"], Phase>> = {
  ready: "full",
  trial: "crescent",
  ejected: "struck",
  refused: "struck",
  resting: "half",
  disabled: "ring",
  foreign: "ring",
};

export function ExplainResult({
  api,
  explanation,
  asked,
}: {
  readonly api: ModelApi;
  readonly explanation: Explanation;
  readonly asked: AskedCall;
}) {
  const t = useMessages(explainMessages);
  const [chosen] = explanation.order;
  const waiting = chosen !== undefined && chosen.standing !== "ready" && chosen.standing !== "trial";
  return (
    <div role="status" className="col g12">
      <p className={classes["sentence"]}>{sentence(explanation, t)}</p>
      <ol className={classes["gates"]}>
        {stepsOf(api, explanation, asked, t).map((step) => (
          <li key={step.name}>
            <span className={classes["gate"]}>
              <Gate state={step.state} size={18} />
            </span>
            <span className="small dim">{step.name}</span>
            <span className="col">
              <span className={step.state === "off" || step.state === "unreached" ? "dim" : "medium"}>
                {step.fact}
              </span>
              {step.detail !== "" && <span className="tiny dim">{step.detail}</span>}
            </span>
          </li>
        ))}
      </ol>
      {explanation.decision?.routing !== undefined && (
        <DecisionView
          decided={{ routing: explanation.decision.routing, candidates: explanation.decision.candidates }}
        />
      )}
      <Order explanation={explanation} />
      {waiting && (
        <div className="note">
          <TriangleAlert size={16} aria-hidden />
          <span>{t("passedOver", { service: chosen.service, reason: reasonText(chosen.reason, t) })}</span>
        </div>
      )}
    </div>
  );
}

function standingWord(standing: ExplainedTarget["standing"], t: Words): string {
  return t(standing === "refused" ? "refusedKey" : standing);
}

function sentence(explanation: Explanation, t: Words): ReactNode {
  const { refusal, reason } = explanation;
  if (refusal !== null)
    return (
      <>
        {t("refused", { status: String(refusal.status), code: refusal.code })} {refusal.message}
      </>
    );
  const tried = triedInOrder(explanation);
  if (tried.length === 0) return reason || explanation.decision?.reason;
  const targets = tried.map((target, index) => (
    <Fragment key={index}>
      {index > 0 && t("next")}
      {spoken(target, t)}
    </Fragment>
  ));
  return t.rich("goes", { targets: <>{targets}</> });
}

function spoken(target: ExplainedTarget, t: Words): ReactNode {
  const service = <b className="strong">{target.service}</b>;
  const named =
    target.model === ""
      ? service
      : t.rich("asModel", { service, model: <b className="strong mono">{target.model}</b> });
  return target.standing === "ready"
    ? named
    : t.rich("withStanding", { target: named, standing: standingWord(target.standing, t) });
}

interface Step {
  readonly name: string;
  readonly state: GateState;
  readonly fact: ReactNode;
  readonly detail: string;
}

function stepsOf(api: ModelApi, explanation: Explanation, asked: AskedCall, t: Words): readonly Step[] {
  const { route } = explanation;
  const unreached = (name: string): Step => ({ name, state: "unreached", fact: t("notReached"), detail: "" });
  const off = (name: string): Step => ({ name, state: "off", fact: t("off"), detail: "" });
  if (route === null)
    return [
      { name: t("match"), state: "refused", fact: t("noRoute"), detail: explanation.reason },
      unreached(t("authenticate")),
      unreached(t("select")),
    ];
  const removed = api.stripBasePath && api.basePath !== "/" ? [t("baseRemoved", { path: api.basePath })] : [];
  const matched: Step = {
    name: t("match"),
    state: "passed",
    fact: <span className="mono">{asked.path.split("?")[0]}</span>,
    detail: [t("matchedOn", { route, host: asked.host }), ...removed].join(t("listComma")),
  };
  const policies = explanation.policies.map(({ name, verdict, reason }): Step => {
    const word = policyWords[name];
    const title = word === undefined ? name : t(word);
    if (verdict === "off") return { ...off(title), detail: reasonText(reason, t) };
    // What the console has no text for stands in the gateway's own words.
    const text = reasonText(reason, t);
    const fact = text === reason ? <span lang="en">{reason}</span> : text;
    return { name: title, state: verdict, fact, detail: "" };
  });
  // What is off has no row: limits and moderation are steps of the way all the same.
  const has = (...names: readonly string[]): boolean =>
    explanation.policies.some(({ name }) => names.includes(name));
  return [
    matched,
    ...policies,
    ...(has("rate limits", "quotas") ? [] : [off(t("limit"))]),
    ...(has("moderation") ? [] : [off(t("moderate"))]),
    selectStep(explanation, t),
  ];
}

/** Rows of explain -> their names here. */
const policyWords: Readonly<Record<string, PlainKey<typeof explainMessages>>> = {
  addresses: "addresses",
  authentication: "authenticate",
  shaping: "shaping",
  body: "body",
  models: "models",
  "rate limits": "limit",
  quotas: "quotas",
  moderation: "moderate",
  cache: "cache",
};

function selectStep({ order, decision, reason, refusal }: Explanation, t: Words): Step {
  const name = t("select");
  const [chosen] = order;
  if (chosen !== undefined)
    return {
      name,
      state: refusal === null ? "passed" : "unreached",
      fact: chosen.model === "" ? chosen.service : `${chosen.service} › ${chosen.model}`,
      // What chose a model is told below, in the language of the console.
      detail: decision?.routing === undefined ? reasonText(decision?.reason ?? "", t) : "",
    };
  if (decision !== null) return { name, state: "refused", fact: decision.reason, detail: "" };
  return { name, state: "unreached", fact: reason === "" ? t("notReached") : reason, detail: "" };
}

function Order({ explanation }: { readonly explanation: Explanation }) {
  const t = useMessages(explainMessages);
  const triggers = useMessages(fallbackMessages);
  const tried = triedInOrder(explanation);
  if (tried.length === 0) return null;
  const known = Object.keys(fallbackMessages.en);
  const words = explanation.fallbackOn.map((trigger) => {
    // Triggers are keys of these texts; one of a newer gateway stands as it is.
    return known.includes(trigger) ? triggers(trigger as "timeout") : trigger;
  });
  return (
    <div className={classes["order"]}>
      <h3 className="small dim">{t("orderTried")}</h3>
      <ol>
        {tried.map((target, index) => (
          <li key={index}>
            <span className="num dim">{index + 1}</span>
            <Moon phase={phases[target.standing]} size={10} label={standingWord(target.standing, t)} />
            <span className="medium">{target.service}</span>
            <span className="col grow" style={{ minWidth: 0 }}>
              <span className="mono soft cut" title={target.url}>
                {target.model}
              </span>
              {target.translatedTo !== undefined && (
                <span className="tiny dim">
                  {t("translated", {
                    pair: protocolPair({ from: explanation.protocol, to: target.translatedTo }),
                  })}
                </span>
              )}
            </span>
            <span
              className={`small nowrap ${target.standing !== "ready" ? "bad" : index === 0 ? "pond" : "dim"}`}
            >
              {target.standing !== "ready"
                ? standingWord(target.standing, t)
                : index === 0
                  ? t("chosen")
                  : target.firstPacketTimeoutMs === 0
                    ? ""
                    : `${formatCount(target.firstPacketTimeoutMs)} ms`}
            </span>
          </li>
        ))}
        {(explanation.decision?.routing === undefined ? leftOut(explanation) : []).map(
          ({ service, model, reason }, index) => (
            <li key={`left ${index}`} className="dim">
              <span className="num">—</span>
              <span className="medium">{service}</span>
              <span className="mono cut grow">{model}</span>
              <span className="small cut" title={reasonText(reason, t)}>
                {t("leftOutFor", { reason: reasonText(reason, t) })}
              </span>
            </li>
          ),
        )}
      </ol>
      {words.length > 0 && tried.length > 1 && (
        <p className="tiny dim" style={{ padding: "6px 0 8px" }}>
          {t("fallsBackOn", { triggers: words.join(", ") })}
        </p>
      )}
    </div>
  );
}
