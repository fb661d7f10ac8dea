// What came of sending a made-up record to a sink: the verdict, then each request with its answer.
import { formatBytes, formatDuration } from "../../../i18n/format.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { ErrorPanel } from "../../../ui/error-panel.tsx";
import { Moon } from "../../../ui/moon.tsx";
import type { SinkTest } from "../../../../../src/control/routes/console-answers.ts";
import { deliveryMessages } from "./delivery-messages.ts";

export function SinkTestResult({
  result,
  error,
  isPending,
}: {
  readonly result: SinkTest | undefined;
  readonly error: unknown;
  readonly isPending: boolean;
}) {
  const t = useMessages(deliveryMessages);
  return (
    <div aria-live="polite">
      {isPending && <p className="dim">{t("testing")}</p>}
      {!isPending && error !== null && <ErrorPanel title={t("testFailed")} error={error} />}
      {!isPending && result !== undefined && (
        <div className="panel" style={{ padding: "10px 14px" }}>
          <div className="row g8">
            <Moon phase={result.ok ? "full" : "struck"} size={12} />
            <b className="medium">{t(result.ok ? "testOk" : "testBad")}</b>
            <span className="dim num">{formatDuration(Math.max(1, Math.round(result.ms)))}</span>
          </div>
          <p className="soft" style={{ overflowWrap: "anywhere" }}>
            {result.message}
          </p>
          <ul>
            {result.requests.map(({ method, url, bytes, status, ms }, index) => {
              const time = formatDuration(Math.max(1, Math.round(ms)));
              const size = formatBytes(bytes);
              return (
                <li key={index} className="small">
                  <span className="mono" style={{ overflowWrap: "anywhere" }}>
                    {t("testRequest", { method, url })}
                  </span>{" "}
                  <span className="dim num">
                    {status === 0
                      ? t("testNoAnswer", { size, time })
                      : t("testAnswer", { status: String(status), size, time })}
                  </span>
                </li>
              );
            })}
          </ul>
        </div>
      )}
    </div>
  );
}
