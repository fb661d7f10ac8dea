// Everything that surrounds the pages: theme, language, queries, notices, router.
import { MantineProvider } from "@mantine/core";
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRouter, RouterProvider } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { ApiError } from "../api/client.ts";
import { sessionQuery } from "../api/session.ts";
import { LanguageProvider } from "../i18n/language.tsx";
import { cssVariablesResolver, theme } from "../ui/theme.ts";
import { PageFailure, PageMissing } from "./page-failure.tsx";
import { routeTree } from "./router.tsx";

const freshMs = 5_000;

/** Nothing is confirmed before somebody has acted: it comes after the first page. */
const Notices = lazy(async () => ({ default: (await import("./notices.tsx")).Notices }));

/** A session that ended is found out by whatever call comes first: then the way leads to the sign-in page. */
function onFailure(error: unknown): void {
  if (!(error instanceof ApiError) || error.status !== 401) return;
  client.setQueryData(sessionQuery.queryKey, null);
  void router.invalidate();
}

const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: onFailure }),
  mutationCache: new MutationCache({ onError: onFailure }),
  defaultOptions: {
    queries: {
      staleTime: freshMs,
      retry: (failures, error) =>
        failures < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500),
    },
  },
});

const router = createRouter({
  routeTree,
  context: { client },
  defaultPreload: "intent",
  scrollRestoration: true,
  defaultErrorComponent: PageFailure,
  defaultNotFoundComponent: PageMissing,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";

// A dialog stops the page behind it from scrolling by a style element, which takes its nonce from this global name.
Object.assign(globalThis, { __webpack_nonce__: nonce });

export function Root() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      defaultColorScheme="auto"
      deduplicateCssVariables={false}
      getStyleNonce={() => nonce}
    >
      <LanguageProvider>
        <QueryClientProvider client={client}>
          <Suspense>
            <Notices />
          </Suspense>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </LanguageProvider>
    </MantineProvider>
  );
}
