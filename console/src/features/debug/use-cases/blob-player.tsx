// Plays or shows bytes of an answer from memory, and gives them to keep.
import { Button } from "@mantine/core";
import { Download } from "lucide-react";
import { useCallback } from "react";
import { formatBytes } from "../../../i18n/format.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { saveBlob } from "../save-file.ts";
import { caseMessages } from "./use-case-messages.ts";
import classes from "./use-case.module.css";

export function BlobPlayer({ blob, name }: { readonly blob: Blob; readonly name: string }) {
  const t = useMessages(caseMessages);
  const kind = blob.type.split("/")[0];
  // The same while the bytes are, so that what plays is not begun anew.
  const source = useCallback(
    (element: { src: string } | null) => {
      const address = URL.createObjectURL(blob);
      if (element !== null) element.src = address;
      return () => URL.revokeObjectURL(address);
    },
    [blob],
  );
  return (
    <div className="col g12">
      {/* The answer of a model comes without captions. */}
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
      {kind === "audio" && <audio controls ref={source} aria-label={t("audio")} />}
      {kind === "video" && (
        // oxlint-disable-next-line jsx-a11y/media-has-caption
        <video controls ref={source} aria-label={t("video")} className={classes["video"]} />
      )}
      {kind === "image" && !blob.type.includes("svg") && (
        <img ref={source} alt={name} className={classes["video"]} />
      )}
      <div className="row g12">
        <span className="dim mono">
          {blob.type} · {formatBytes(blob.size)}
        </span>
        <Button size="xs" leftSection={<Download size={14} />} onClick={() => saveBlob(name, blob)}>
          {t("download")}
        </Button>
      </div>
    </div>
  );
}
