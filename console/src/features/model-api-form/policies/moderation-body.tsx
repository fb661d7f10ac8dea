// Checks of content: what is looked at, what happens when a check fails, the checks, the rules, a box to try it out.
import { useMessages } from "../../../i18n/language.tsx";
import { useFormContext } from "../form-context.tsx";
import { moderationMessages } from "./moderation-messages.ts";
import { ModerationChecks } from "./moderation-checks.tsx";
import { ModerationRules } from "./moderation-rules.tsx";
import { ModerationTest } from "./moderation-test.tsx";
import { ChoicePart, NumberPart, SwitchPart } from "./parts.tsx";
import classes from "./policies.module.css";
import type { ModerationDraft } from "./policy-draft.ts";

const switches = ["dryRun", "request", "response", "images"] as const;
const errorWays = ["block", "pass"] as const;

export function ModerationBody() {
  const t = useMessages(moderationMessages);
  const { draft, set } = useFormContext();
  const { moderation } = draft;
  const change = (fields: Partial<ModerationDraft>): void =>
    set({ moderation: { ...draft.moderation, ...fields } });
  return (
    <>
      <div className="col g8">
        {switches.map((name) => (
          <SwitchPart
            key={name}
            path={`moderation.${name}`}
            label={t(name)}
            hint={t(`${name}Hint`)}
            checked={moderation[name]}
            onChange={(checked) => change({ [name]: checked })}
          />
        ))}
      </div>
      <div className={classes["two"]}>
        <ChoicePart
          path="moderation.onError"
          label={t("onError")}
          hint={t("onErrorHint")}
          value={moderation.onError}
          options={errorWays.map((way) => ({ value: way, label: t(way) }))}
          onChange={(onError) => change({ onError })}
        />
        <NumberPart
          path="moderation.streamWindowCharacters"
          label={t("window")}
          hint={t("windowHint")}
          value={moderation.streamWindowCharacters}
          onChange={(value) => change({ streamWindowCharacters: value ?? 0 })}
        />
      </div>
      <ModerationChecks checks={moderation.checks} onChange={(checks) => change({ checks })} />
      <ModerationRules rules={moderation.rules} onChange={(rules) => change({ rules })} />
      <ModerationTest />
    </>
  );
}
