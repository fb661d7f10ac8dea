// Drawer and dialogs of the panel, loaded when they are opened.
import { lazy, Suspense } from "react";
import type { OpenTool } from "../debug-search.ts";
import type { StoredRun } from "../history.ts";
import { withPreset } from "../presets.ts";
import type { Run } from "../run.ts";
import type { Settings } from "../settings.ts";

const RunsDrawer = lazy(async () => ({ default: (await import("../tools/runs-drawer.tsx")).RunsDrawer }));
const SeriesDialog = lazy(async () => ({
  default: (await import("../tools/series-dialog.tsx")).SeriesDialog,
}));
const PresetsDialog = lazy(async () => ({
  default: (await import("../tools/presets-dialog.tsx")).PresetsDialog,
}));
const ShareDialog = lazy(async () => ({ default: (await import("../tools/share-dialog.tsx")).ShareDialog }));

export function Tools({
  open,
  api,
  settings,
  message,
  onSettings,
  onRun,
  startAgain,
  onClose,
}: {
  readonly open: OpenTool | undefined;
  readonly api: string;
  readonly settings: Settings;
  readonly message: string;
  readonly onSettings: (settings: Settings) => void;
  readonly onRun: (run: StoredRun) => void;
  readonly startAgain: () => Run;
  readonly onClose: () => void;
}) {
  return (
    <Suspense fallback={null}>
      {open === "runs" && <RunsDrawer api={api} onOpen={onRun} onClose={onClose} />}
      {open === "series" && <SeriesDialog start={startAgain} onClose={onClose} />}
      {open === "share" && <ShareDialog settings={settings} message={message} onClose={onClose} />}
      {open === "presets" && (
        <PresetsDialog
          settings={settings}
          onChoose={(preset) => {
            onSettings(withPreset(settings, preset));
            onClose();
          }}
          onClose={onClose}
        />
      )}
    </Suspense>
  );
}
