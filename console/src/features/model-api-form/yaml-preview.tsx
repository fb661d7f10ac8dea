// The draft as YAML; loaded when its tab opens, as the YAML package is large.
import { stringify } from "yaml";
import { useMessages } from "../../i18n/language.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { useFormContext } from "./form-context.tsx";
import { formMessages } from "./form-messages.ts";
import classes from "./form.module.css";
import { shownBody } from "./policies/policy-draft.ts";
import { withoutDefaults } from "./resource-body.ts";

export function YamlPreview() {
  const t = useMessages(formMessages);
  const { body, draft, editing } = useFormContext();
  const title = t(editing === undefined ? "yamlTitle" : "yamlEditTitle");
  return (
    <>
      <h3 className={classes["sub"]}>{title}</h3>
      <CodeBlock code={stringify(withoutDefaults(shownBody(body), draft))} label={title} />
    </>
  );
}
