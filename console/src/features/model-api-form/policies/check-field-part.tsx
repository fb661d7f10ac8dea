// One field of a check, by its name. Which check has which stands in `check-fields.ts`.
import { useMessages } from "../../../i18n/language.tsx";
import { ServiceAndModel } from "./cache-body.tsx";
import { listOf, numberOf, personalKinds, textOf, withField, type CheckField } from "./check-fields.ts";
import { CheckSecret } from "./check-secret.tsx";
import { moderationMessages } from "./moderation-messages.ts";
import { AreaPart, ChoicePart, LinesPart, NumberPart, SetPart, SwitchPart, TextPart } from "./parts.tsx";
import type { CheckValue } from "./policy-draft.ts";

const actions = ["block", "mask"] as const;
const maxPolicy = 8_192;
const maxPattern = 256;

export function CheckFieldPart({
  field,
  path: base,
  row,
  check,
  onChange,
}: {
  readonly field: CheckField;
  /** Of the check. */
  readonly path: string;
  readonly row: string;
  readonly check: CheckValue;
  readonly onChange: (check: CheckValue) => void;
}) {
  const t = useMessages(moderationMessages);
  const path = `${base}.${field}`;
  const put = (value: unknown): void => onChange(withField(check, field, value));
  switch (field) {
    case "action":
      return (
        <ChoicePart
          path={path}
          row={row}
          label={t("action")}
          value={check["action"] === "mask" ? "mask" : "block"}
          options={actions.map((action) => ({
            value: action,
            label: t(action === "block" ? "actBlock" : "actMask"),
          }))}
          onChange={put}
        />
      );
    case "keywords":
      return (
        <LinesPart
          path={path}
          label={t("keywords")}
          hint={t("keywordsHint")}
          value={listOf(check, field)}
          onChange={put}
        />
      );
    case "wholeWords":
    case "images":
      return (
        <SwitchPart
          path={path}
          row={row}
          label={t(field === "images" ? "judgesImages" : field)}
          {...(field === "images" ? {} : { hint: t("wholeWordsHint") })}
          checked={check[field] !== false}
          onChange={put}
        />
      );
    case "kinds":
      return (
        <SetPart
          path={path}
          label={t("kinds")}
          value={personalKinds.filter((kind) => listOf(check, field).includes(kind))}
          options={personalKinds.map((kind) => ({
            value: kind,
            label: t(kind === "secret" ? "secret-kind" : kind),
          }))}
          onChange={put}
        />
      );
    case "serviceAndModel":
      return (
        <ServiceAndModel
          path={base}
          labels={{ service: t("service"), model: t("model"), choose: t("chooseService") }}
          service={textOf(check, "service")}
          model={textOf(check, "model")}
          onChange={(change) => onChange({ ...check, ...change })}
        />
      );
    case "policy":
      return (
        <AreaPart
          path={path}
          label={t("policy")}
          hint={t("policyHint")}
          maxLength={maxPolicy}
          value={textOf(check, field)}
          onChange={put}
        />
      );
    case "timeoutMs":
      return (
        <NumberPart
          path={path}
          row={row}
          label={t("timeout")}
          unit="ms"
          width={140}
          value={numberOf(check, field)}
          onChange={put}
        />
      );
    case "accessKeySecret":
    case "secret":
      return (
        <CheckSecret
          path={path}
          row={row}
          label={t(field)}
          hint={t(field === "secret" ? "secretHint" : "writeOnly")}
          secret={check[field]}
          onChange={(value) => put(field === "secret" && value === "" ? undefined : value)}
        />
      );
    case "accessKeyId":
    case "region":
    case "url":
    case "endpoint":
    case "pattern":
      return <TextField field={field} path={path} row={row} check={check} onChange={put} />;
  }
}

const textHints = { pattern: "patternHint", url: "urlHint", endpoint: "endpointHint" } as const;

function TextField({
  field,
  path,
  row,
  check,
  onChange,
}: {
  readonly field: "accessKeyId" | "region" | "url" | "endpoint" | "pattern";
  readonly path: string;
  readonly row: string;
  readonly check: CheckValue;
  readonly onChange: (value: string | undefined) => void;
}) {
  const t = useMessages(moderationMessages);
  return (
    <TextPart
      path={path}
      row={row}
      label={t(field)}
      {...(field === "accessKeyId" || field === "region" ? {} : { hint: t(textHints[field]) })}
      mono
      {...(field === "pattern" ? { maxLength: maxPattern } : {})}
      value={textOf(check, field)}
      // An endpoint that is not given is not there.
      onChange={(value) => onChange(field === "endpoint" && value === "" ? undefined : value)}
    />
  );
}
