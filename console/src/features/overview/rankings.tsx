// Who had the most: Model APIs by requests, models by output tokens.
import { Link } from "@tanstack/react-router";
import type { TrafficAnswer } from "../../../../src/control/routes/console-answers.ts";
import { formatCount, formatDuration, formatShare } from "../../i18n/format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { overviewMessages } from "./overview-messages.ts";
import classes from "./overview.module.css";

const most = 5;

/** @param names Model APIs that exist; undefined while it is not known */
export function TopApis({
  traffic,
  names,
  group,
}: {
  readonly traffic: TrafficAnswer;
  readonly names: ReadonlySet<string> | undefined;
  readonly group: string | undefined;
}) {
  const t = useMessages(overviewMessages);
  const rows = traffic.apis.filter(({ api }) => api !== "").slice(0, most);
  return (
    <section>
      <div className={classes["section"]}>
        <h2>{t("top")}</h2>
        <span className="grow" />
        {names !== undefined && names.size > 0 && (
          <Link to="/model-apis" className="small textlink">
            {t("all", { n: names.size })}
          </Link>
        )}
      </div>
      {rows.length === 0 ? (
        <p className="soft">{t("noApis")}</p>
      ) : (
        <div className="table-scroll" tabIndex={0} role="region" aria-label={t("top")}>
          <table className={classes["table"]}>
            <thead>
              <tr>
                <th scope="col">{t("name")}</th>
                <th scope="col" className="td-right">
                  {t("requests")}
                </th>
                <th scope="col" className="td-right">
                  {t("success")}
                </th>
                <th scope="col" className="td-right td-last">
                  {t("ttftP50")}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ api, requests, succeeded, ttftP50Ms }) => (
                <tr key={api}>
                  <td className={classes["apiName"]}>
                    {names === undefined || names.has(api) ? (
                      <Link to="/model-apis/$name" params={{ name: api }} className="medium" title={api}>
                        {api}
                      </Link>
                    ) : (
                      <span className="dim" title={api}>
                        {api} ({t("gone")})
                      </span>
                    )}
                  </td>
                  <td className="num td-right">
                    <Link
                      to="/observe/metrics"
                      search={{ view: "traffic", range: traffic.window, api: [api], ...inGroup(group) }}
                      className={classes["number"]}
                      aria-label={`${formatCount(requests)}, ${t("metricsOf", { name: api })}`}
                    >
                      {formatCount(requests)}
                    </Link>
                  </td>
                  <td className="num td-right">
                    {succeeded === requests ? (
                      formatShare(1, 2)
                    ) : (
                      <Link
                        to="/observe/logs"
                        search={{
                          q: `api:${api} status:5xx,429`,
                          from: Date.parse(traffic.from),
                          to: Date.parse(traffic.to),
                        }}
                        className={classes["number"]}
                        aria-label={`${formatShare(succeeded / requests, 2)}, ${t("failuresOf", { name: api })}`}
                      >
                        {formatShare(succeeded / requests, 2)}
                      </Link>
                    )}
                  </td>
                  <td className="num td-right td-last">
                    {ttftP50Ms === null ? <span className="dim">—</span> : formatDuration(ttftP50Ms)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

const inGroup = (group: string | undefined): { resourceGroup?: string[] } =>
  group === undefined ? {} : { resourceGroup: [group] };

export function TokensByModel({
  traffic,
  group,
}: {
  readonly traffic: TrafficAnswer;
  readonly group: string | undefined;
}) {
  const t = useMessages(overviewMessages);
  const all = traffic.total.outputTokens;
  const shown = traffic.topModels.filter(({ outputTokens }) => outputTokens > 0).slice(0, most);
  const rest = all - shown.reduce((sum, { outputTokens }) => sum + outputTokens, 0);
  const rows = [
    ...shown.map(({ model, outputTokens }, index) => ({
      key: `model ${model}`,
      model: model === "" ? null : model,
      name: model === "" ? t("noModel") : model,
      tokens: outputTokens,
      colour: `var(--mg-c${index + 1})`,
    })),
    ...(rest > 0
      ? [{ key: "rest", model: null, name: t("others"), tokens: rest, colour: "var(--mg-rest)" }]
      : []),
  ];
  return (
    <section aria-labelledby="models-title">
      <div className={classes["section"]}>
        <h2 id="models-title">{t("byModel")}</h2>
      </div>
      {all === 0 ? (
        <p className="soft">{t("noTokens")}</p>
      ) : (
        <>
          <span className="bar" style={{ height: 10, margin: "6px 0 8px" }} aria-hidden>
            {rows.map(({ key, tokens, colour }) => (
              <i key={key} style={{ width: `${(tokens / all) * 100}%`, background: colour }} />
            ))}
          </span>
          <ul className={classes["models"]}>
            {rows.map(({ key, model, name, tokens, colour }) => (
              <li key={key}>
                <i style={{ background: colour }} />
                <span className="grow cut" title={name}>
                  {model === null ? (
                    name
                  ) : (
                    <Link
                      to="/observe/metrics"
                      search={{ view: "tokens", range: traffic.window, model: [model], ...inGroup(group) }}
                      className={classes["number"]}
                    >
                      {name}
                    </Link>
                  )}
                </span>
                <span className="num soft" title={String(tokens)}>
                  {formatCount(tokens)}
                </span>
                <span className={`num dim ${classes["shareCell"]}`}>{formatShare(tokens / all, 0)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
