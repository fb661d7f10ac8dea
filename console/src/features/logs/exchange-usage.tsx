// Tokens and cost of an exchange, line by line, with the prices that the service has now.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ExchangeRecord } from "../../../../src/control/routes/console-answers.ts";
import { listQuery } from "../../api/resources.ts";
import { formatCount, formatMoney } from "../../i18n/format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { costLines, lineCost, priceOf, totalCost } from "./cost-lines.ts";
import { exchangeMessages } from "./exchange-messages.ts";
import classes from "./exchange.module.css";

export function ExchangeUsage({ record }: { readonly record: ExchangeRecord }) {
  const t = useMessages(exchangeMessages);
  const services = useQuery(listQuery("services"));
  const { usage, costUsd, service, model } = record;
  if (usage === null) {
    return (
      <section>
        <div className={classes["sectionHead"]}>
          <h2>{t("usage")}</h2>
        </div>
        <p className="dim">{t("noUsage")}</p>
      </section>
    );
  }
  const price = priceOf(services.data?.items ?? [], service, model);
  const lines = costLines(usage, price);
  const money = (usd: number | null): string => (usd === null ? "—" : formatMoney(usd));
  const isSame = costUsd !== null && Math.abs(totalCost(lines) - costUsd) < 1e-6;
  return (
    <section>
      <div className={classes["sectionHead"]}>
        <h2>{t("usage")}</h2>
      </div>
      <div className="table-scroll" tabIndex={0} role="region" aria-label={t("usage")}>
        <table className="rows-31">
          <thead>
            <tr>
              <th scope="col">
                <span className="sr-only">{t("usage")}</span>
              </th>
              <th scope="col" className="td-right">
                {t("amount")}
              </th>
              <th scope="col" className="td-right">
                {t("price")}
              </th>
              <th scope="col" className="td-right td-last">
                {t("cost")}
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={line.name}>
                <td>{t(`line_${line.name}`)}</td>
                <td className="td-right num">{formatCount(line.amount)}</td>
                <td className="td-right num dim">
                  {line.price === null
                    ? "—"
                    : t(line.per === 1 ? "each" : "perMillion", { price: `$ ${line.price}` })}
                </td>
                <td className="td-right num td-last">{money(lineCost(line))}</td>
              </tr>
            ))}
            <tr>
              <td className="medium" colSpan={3}>
                {t("total")}
              </td>
              <td className="td-right num td-last medium">
                {costUsd === null ? "—" : formatMoney(costUsd, { estimated: usage.estimated })}
              </td>
            </tr>
          </tbody>
        </table>
      </div>
      {usage.estimated && <p className="small dim">{t("estimatedText")}</p>}
      {services.data !== undefined && price === undefined && costUsd === null && service !== "" && (
        <p className="small dim">
          {t("noPrice", { service, model: model === "" ? "—" : model })}{" "}
          <Link to="/services/$name" params={{ name: service }} className="textlink">
            {t("setPrice")}
          </Link>
        </p>
      )}
      {price !== undefined && (
        <p className="small dim">{t(isSame || costUsd === null ? "priceNow" : "priceChanged")}</p>
      )}
    </section>
  );
}
