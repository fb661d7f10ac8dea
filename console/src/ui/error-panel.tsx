// What failed, what is not affected, and the way on; stands inside the panel that failed.
import { Button } from "@mantine/core";
import { RotateCw } from "lucide-react";
import { ApiError } from "../api/client.ts";
import { useMessages } from "../i18n/language.tsx";
import { CopyText } from "./copy.tsx";
import { Moon } from "./moon.tsx";
import { uiMessages } from "./ui-messages.ts";
import classes from "./states.module.css";

/** @param title what could not be done, in a sentence @param retry called by the button */
export function ErrorPanel({
  title,
  error,
  retry,
}: {
  readonly title: string;
  readonly error: unknown;
  readonly retry?: () => void;
}) {
  const t = useMessages(uiMessages);
  const requestId = error instanceof ApiError ? error.requestId : "";
  return (
    <div className={`panel ${classes["error"]}`} role="alert">
      <span className={classes["sign"]}>
        <Moon phase="struck" size={14} />
      </span>
      <div className="grow">
        <h3>{title}</h3>
        <p className="soft">{useErrorText(error)}</p>
        <div className="row g12">
          {retry !== undefined && (
            <Button size="xs" leftSection={<RotateCw size={14} />} onClick={retry}>
              {t("tryAgain")}
            </Button>
          )}
          {requestId !== "" && <CopyText text={requestId} label={t("requestId")} />}
        </div>
      </div>
    </div>
  );
}

/** The words of an error for a person, with every fault it lists. */
export function useErrorText(error: unknown): string {
  const t = useMessages(uiMessages);
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  if (error.status === 0) return t("unreachable");
  const faults = error.details
    .filter(({ message }) => !error.message.includes(message))
    .map(({ path, message }) => (path === "" ? message : `${path}: ${message}`));
  return [error.message, ...faults].join(" ");
}
