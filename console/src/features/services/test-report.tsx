// A test of a service as a path of gates: each step with its time and the upstream's own words, then every key.
import type { ServiceTestReport } from "../../../../src/control/routes/try-out.ts";
import { formatDuration } from "../../i18n/format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { Gate, type GateState } from "../../ui/gate.tsx";
import { Moon } from "../../ui/moon.tsx";
import { testMessages } from "./test-messages.ts";
import { gateOf, outcomeOf } from "./test-summary.ts";
import classes from "./test.module.css";

export const stepNames = ["dns", "tcp", "tls", "auth", "models", "call"] as const;

const stateWords = {
  passed: "passed",
  off: "skipped",
  refused: "stepFailed",
  unreached: "notRun",
} as const satisfies Readonly<Record<GateState, string>>;

/** The whole in one sentence. */
export function useTestSentence(report: ServiceTestReport | undefined): string {
  const t = useMessages(testMessages);
  if (report === undefined) return "";
  const outcome = outcomeOf(report);
  if (outcome.kind === "failed") return t("failedAt", { step: t(outcome.step.name) });
  if (outcome.kind === "keys") return t("keyRefused", { n: outcome.refused });
  return t("allPassed", { time: formatDuration(outcome.ms) });
}

/** @param report undefined before and while it runs */
export function TestSteps({ report }: { readonly report: ServiceTestReport | undefined }) {
  const t = useMessages(testMessages);
  return (
    <ol className={classes["steps"]}>
      {stepNames.map((name) => {
        const step = report?.steps.find((each) => each.name === name);
        const state = step === undefined ? "unreached" : gateOf(step);
        const timed = state === "passed" || state === "refused";
        return (
          <li key={name} data-state={state}>
            <Gate state={state} size={22} />
            <div className="grow">
              <div className="row g8">
                <span className="medium">{t(name)}</span>
                {step !== undefined && (
                  <span className={`small ${state === "refused" ? "bad" : "dim"}`}>
                    {t(stateWords[state])}
                  </span>
                )}
                <span className="grow" />
                {step !== undefined && timed && (
                  <span className="num dim small nowrap">{formatDuration(step.ms)}</span>
                )}
              </div>
              {step !== undefined && step.message !== "" && state !== "unreached" && (
                <p
                  lang="en"
                  className={`${classes["message"]} ${state === "refused" ? "mono" : "dim small"}`}
                >
                  {step.message}
                </p>
              )}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

export function TestKeys({ report }: { readonly report: ServiceTestReport }) {
  const t = useMessages(testMessages);
  if (report.keys.length === 0) return null;
  return (
    <div>
      <h3 className="small dim">{t("keysHead")}</h3>
      <ul className={classes["keys"]}>
        {report.keys.map((key) => (
          <li key={key.name}>
            <div className="row g6">
              <Moon phase={key.ok ? "full" : "struck"} size={10} />
              <span className="mono cut">{key.name}</span>
              <span className="grow" />
              <span className={`small nowrap ${key.ok ? "dim" : "bad"}`}>
                {t(key.ok ? "keyOk" : "keyBad")}
                {" · "}
                {key.status === 0 ? t("noAnswer") : t("status", { status: String(key.status) })}
              </span>
            </div>
            {!key.ok && key.message !== "" && (
              <p lang="en" className={`${classes["message"]} mono`}>
                {key.message}
              </p>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
