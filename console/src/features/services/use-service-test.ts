// Running the test of a service: with what a form holds, or of a stored one. One test at a time, which can be stopped.
import { useMutation } from "@tanstack/react-query";
import { useCallback, useRef } from "react";
import type { ServiceTestReport } from "../../../../src/control/routes/try-out.ts";
import { call } from "../../api/client.ts";

export type TestSubject =
  | { readonly kind: "stored"; readonly name: string }
  /** As one would save it; masked secrets are the stored ones of this name. */
  | { readonly kind: "typed"; readonly body: object };

export function useServiceTest() {
  const running = useRef<AbortController>(null);
  const test = useMutation({
    mutationFn: (subject: TestSubject) => {
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      const { signal } = controller;
      return subject.kind === "stored"
        ? call<ServiceTestReport>("POST", `/services/${encodeURIComponent(subject.name)}/test`, {
            body: {},
            signal,
          })
        : call<ServiceTestReport>("POST", "/services/test", { body: subject.body, signal });
    },
  });
  const stop = useCallback(() => running.current?.abort(), []);
  return { test, stop };
}
