// A fault in words, with a link to what stands in the way.
import { Link } from "@tanstack/react-router";
import { useMessages } from "../../i18n/language.tsx";
import { faultMessages } from "./fault-messages.ts";
import type { Fault } from "./faults.ts";

export function FaultText({ fault }: { readonly fault: Fault }) {
  const t = useMessages(faultMessages);
  const { code } = fault;
  const link = (
    <Link
      to="/model-apis/$name"
      params={{ name: fault.other ?? "" }}
      className="strong textlink"
      target="_blank"
    >
      {fault.other}
    </Link>
  );
  if (code === "said") return <>{fault.message}</>;
  if (code === "nameTaken") return <>{t.rich("nameTaken", { name: link })}</>;
  if (code === "addressTaken")
    return (
      <>
        {t.rich("addressTaken", {
          address: <span className="mono">{fault.address}</span>,
          name: link,
        })}
      </>
    );
  return <>{t(code)}</>;
}
