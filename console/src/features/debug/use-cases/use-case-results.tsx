// What came back, drawn as what it is: vectors, ranks, pictures, sound; other shapes as their JSON.
import { useMessages } from "../../../i18n/language.tsx";
import { formatCount } from "../../../i18n/format.ts";
import { CodeBlock } from "../../../ui/code-block.tsx";
import { AnswerImage } from "../markdown/inline.tsx";
import { at, listAt, numberAt, parseJson, prettyJson, textAt } from "../json.ts";
import type { RequestForm } from "../request-forms.ts";
import type { RunView } from "../run-view.ts";
import { BlobPlayer } from "./blob-player.tsx";
import { caseMessages } from "./use-case-messages.ts";
import classes from "./use-case.module.css";
import { cosine, norm, vectorsOf } from "./vectors.ts";

const mostShown = 200_000;

export function UseCaseResult({ form, view }: { readonly form: RequestForm; readonly view: RunView }) {
  const t = useMessages(caseMessages);
  const body = parseJson(view.body);
  if (view.blob !== null) return <BlobPlayer blob={view.blob} name={fileName(view)} />;
  if (form.kind === "embedding" && vectorsOf(body).length > 0) return <Vectors vectors={vectorsOf(body)} />;
  if (form.kind === "rerank" && rankedOf(body).length > 0) return <Ranked view={view} body={body} />;
  if (form.kind === "image" && listAt(body, "data").length > 0) return <Images body={body} />;
  if (view.body === "") return null;
  return <CodeBlock code={prettyJson(view.body).slice(0, mostShown)} label={t("answer")} />;
}

function fileName({ requestId, blob }: RunView): string {
  const end = /\/(?:x-)?([a-z0-9]+)/u.exec(blob?.type ?? "")?.[1] ?? "bin";
  return `${requestId}.${end === "mpeg" ? "mp3" : end}`;
}

const previewLength = 24;

function Vectors({ vectors }: { readonly vectors: readonly (readonly number[])[] }) {
  const t = useMessages(caseMessages);
  const [one, other] = vectors;
  const similarity = one === undefined || other === undefined ? null : cosine(one, other);
  const names = [t("input"), t("secondInput")];
  return (
    <div className="col g16">
      {vectors.map((vector, index) => (
        <section key={index} className="col g6">
          <h3>{t("vectorOf", { name: names[index] ?? String(index + 1) })}</h3>
          <p className="soft num">
            {t("dimensions", { n: vector.length })} · {t("norm", { n: norm(vector).toFixed(4) })}
          </p>
          <VectorStrip vector={vector} />
          <CodeBlock
            code={`[${vector
              .slice(0, previewLength)
              .map((value) => value.toFixed(5))
              .join(", ")}${vector.length > previewLength ? ", …" : ""}]`}
            label={t("first", { n: Math.min(previewLength, vector.length) })}
          />
        </section>
      ))}
      {similarity !== null && (
        <p className="reading">
          {t("cosine")}: <b className="num">{similarity.toFixed(4)}</b>
        </p>
      )}
    </div>
  );
}

/** The first values as bars up and down. */
function VectorStrip({ vector }: { readonly vector: readonly number[] }) {
  const shown = vector.slice(0, 96);
  const most = Math.max(...shown.map(Math.abs), 1e-9);
  return (
    <svg
      viewBox={`0 0 ${shown.length * 4} 40`}
      className={classes["strip"]}
      preserveAspectRatio="none"
      aria-hidden
    >
      {shown.map((value, index) => {
        const height = (Math.abs(value) / most) * 19;
        return (
          <rect
            key={index}
            x={index * 4}
            y={value < 0 ? 20 : 20 - height}
            width="3"
            height={height}
            fill="var(--mg-c1)"
          />
        );
      })}
    </svg>
  );
}

function rankedOf(body: unknown): readonly unknown[] {
  const lists = [listAt(body, "results"), listAt(body, "output", "results"), listAt(body, "data")];
  return lists.find((list) => list.length > 0) ?? [];
}

function Ranked({ view, body }: { readonly view: RunView; readonly body: unknown }) {
  const t = useMessages(caseMessages);
  const asked = view.request.body;
  const documents =
    listAt(asked, "documents").length > 0 ? listAt(asked, "documents") : listAt(asked, "input", "documents");
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={t("results")}>
      <table className="rows-34">
        <thead>
          <tr>
            <th scope="col">{t("rank")}</th>
            <th scope="col" className="td-right">
              {t("score")}
            </th>
            <th scope="col" className="td-right">
              {t("before")}
            </th>
            <th scope="col">{t("document")}</th>
          </tr>
        </thead>
        <tbody>
          {rankedOf(body).map((row, index) => {
            const place = numberAt(row, "index") ?? index;
            const score = numberAt(row, "relevance_score") ?? numberAt(row, "score");
            const text = documents[place] ?? at(row, "document", "text");
            return (
              <tr key={place}>
                <td className="num">{index + 1}</td>
                <td className="td-right num">{score === null ? "—" : score.toFixed(4)}</td>
                <td className="td-right num">{formatCount(place + 1)}</td>
                <td className={classes["document"]}>{typeof text === "string" ? text : "—"}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Images({ body }: { readonly body: unknown }) {
  const t = useMessages(caseMessages);
  const format = textAt(body, "output_format") || "png";
  return (
    <div className={classes["gallery"]}>
      {listAt(body, "data").map((row, index) => {
        const encoded = textAt(row, "b64_json");
        const address = encoded === "" ? textAt(row, "url") : `data:image/${format};base64,${encoded}`;
        return <AnswerImage key={index} address={address} alt={t("imageNumber", { n: index + 1 })} />;
      })}
    </div>
  );
}
