// The test box in the form: a prompt by what the form holds, where the Model API is there already.
import { useMessages } from "../../../i18n/language.tsx";
import { TestBox } from "../../routing/test-box.tsx";
import { testMessages } from "../../routing/test-messages.ts";
import { useFormContext } from "../form-context.tsx";
import classes from "./intelligent.module.css";
import { PartsHead } from "./known-parts.tsx";

export function DraftTest() {
  const t = useMessages(testMessages);
  const { editing, body } = useFormContext();
  return (
    <div className={`panel sunken ${classes["preview"]}`}>
      {editing === undefined ? (
        <>
          <PartsHead heading="h3" title={t("title")} />
          <p className="small soft" style={{ margin: 0 }}>
            {t("later")}
          </p>
        </>
      ) : (
        <TestBox name={editing} modelService={body["modelService"]} needs={false} heading="h3" />
      )}
    </div>
  );
}
