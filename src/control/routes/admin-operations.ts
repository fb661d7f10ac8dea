// Every operation of the admin API, in the order of its description: the one list that router, checks and OpenAPI share.
import { describeApi } from "../openapi.ts";
import type { Operation } from "../operation.ts";
import { alertOperations } from "./alert-operations.ts";
import { auditOperations } from "./audit-operations.ts";
import { cacheOperations } from "./cache-operations.ts";
import { catalogueOperations } from "./catalogue-operations.ts";
import { checkOperations } from "./check-operations.ts";
import { configurationOperations } from "./configuration-operations.ts";
import { consumerUsageOperations } from "./consumer-usage.ts";
import { dependantOperations } from "./dependant-operations.ts";
import { credentialOperations } from "./credential-operations.ts";
import { debugOperations } from "./debug-operations.ts";
import { explainOperations } from "./explain-operations.ts";
import { moderationOperations } from "./moderation-operations.ts";
import { keyOperations } from "./key-operations.ts";
import { logOperations } from "./log-operations.ts";
import { logStreamOperations } from "./log-stream-operations.ts";
import { metricsOperations } from "./metrics-operations.ts";
import type { AdminApiPorts } from "./ports.ts";
import { quotaOperations } from "./quota-operations.ts";
import { routingOperations } from "./routing-operations.ts";
import { routingPreviewOperations } from "./routing-preview-operations.ts";
import { routingTryOperations } from "./routing-try-operations.ts";
import { routingJudgeOperations } from "./routing-judge-operations.ts";
import type { ProviderCheck } from "../oidc/check-provider.ts";
import type { OidcSignIn } from "../oidc/oidc-sign-in.ts";
import { oidcOperations } from "./oidc-operations.ts";
import { providerTestOperations } from "./provider-test-operations.ts";
import { ownSessionOperations, userSessionOperations } from "./user-session-operations.ts";
import { routingCatalogueOperations } from "./routing-catalogue-operations.ts";
import { resourceOperations } from "./resource-operations.ts";
import { resourceSchemas } from "./resource-schemas.ts";
import { revisionOperations } from "./revision-operations.ts";
import { serviceTestOperations } from "./service-test-operations.ts";
import { createSetUp } from "../set-up.ts";
import type { SignIn } from "../sign-in.ts";
import { sessionOperations } from "./session-operations.ts";
import { sinkOperations } from "./sink-operations.ts";
import { statusOperations } from "./status-operations.ts";
import { systemOperations } from "./system-operations.ts";
import { trafficOperations } from "./traffic-operations.ts";

/** What signing in is made of. */
export interface SignInParts {
  readonly signIn: SignIn;
  readonly oidc: OidcSignIn;
  readonly checkProvider: ProviderCheck;
}

export function adminOperations(
  ports: AdminApiPorts,
  { signIn, oidc, checkProvider }: SignInParts,
): readonly Operation[] {
  const { configuration, documents, randomBytes, telemetry, explain, debug, testService, version } = ports;
  const setUp = createSetUp(configuration, signIn, ports.setUpToken);
  const operations: readonly Operation[] = [
    ...resourceOperations({
      configuration,
      uses: ports.tokenUses,
      signIns: ports.signIns,
      users: signIn.users,
      wallMs: () => ports.clock.wallMs(),
    }),
    ...userSessionOperations(configuration, signIn.users),
    ...dependantOperations(configuration),
    ...checkOperations(configuration),
    ...keyOperations(configuration, randomBytes),
    ...credentialOperations(configuration, { randomBytes, wallMs: () => ports.clock.wallMs() }),
    ...configurationOperations(configuration, documents),
    ...revisionOperations(configuration),
    ...explainOperations(configuration, explain),
    ...moderationOperations(configuration, ports.testModeration),
    ...debugOperations(configuration, debug),
    ...cacheOperations(configuration, ports.answers),
    ...routingOperations(configuration, ports.routing),
    ...routingPreviewOperations(configuration, telemetry),
    ...routingTryOperations(configuration, ports.routing, explain),
    ...routingJudgeOperations(configuration, ports.judging),
    ...serviceTestOperations(configuration, testService),
    ...catalogueOperations(ports.configuration),
    ...routingCatalogueOperations(configuration),
    ...logStreamOperations(telemetry),
    ...logOperations(telemetry, ports),
    ...metricsOperations(telemetry, ports.clock),
    ...consumerUsageOperations(configuration, ports.quotas, telemetry, ports.clock),
    ...quotaOperations(configuration, ports.quotas),
    ...trafficOperations(configuration, telemetry),
    ...sinkOperations(configuration, ports.delivery),
    ...alertOperations(configuration, ports.alerts, telemetry, ports.clock),
    ...statusOperations(ports),
    ...auditOperations(configuration.audit),
    ...sessionOperations(signIn, setUp),
    ...ownSessionOperations(signIn.users),
    ...oidcOperations(oidc, ports.reportFailure),
    ...providerTestOperations(checkProvider),
    ...systemOperations(ports, () => describeApi(operations, resourceSchemas(), version)),
  ];
  return operations;
}
