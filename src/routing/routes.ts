import { type Finding, finding } from '#core/finding.ts';
import type { Authority } from '#model/certificate.ts';
import type { Service } from '#model/project.ts';
import type { Balance, Endpoint, Route } from '#model/route.ts';
import type { ServiceSettings } from '#settings/schema.ts';
import type { Locate } from '#world/runtime.ts';
import { withAddedPolicies } from './added-policy.ts';
import { breadth, breadthLimit } from './breadth.ts';
import { NamedServices } from './named-services.ts';
import { settingsRoutes } from './settings-routes.ts';
import { enabling, isEnabled, isTrue, isTruth, objectsOf, type TraefikLabel, traefikLabels } from './traefik-labels.ts';
import { traefikBalance, traefikRoutes } from './traefik-routes.ts';

/** What routes are made from: one service as the user wrote it, and what is known of its ports. */
export interface RoutingInput {
  readonly project: string;
  readonly service: string;
  readonly compose: Service;
  readonly settings: ServiceSettings;
  readonly endpoints: readonly Endpoint[];
  /** The project's other services: a router may use a middleware that another service defines. */
  readonly neighbours?: Readonly<Record<string, Service>>;
  /** The ports of the other services, for routes that ask one of them for something. */
  readonly neighbourEndpoints?: Readonly<Record<string, readonly Endpoint[]>>;
  /** Proxies in front of the edge that the project knows of. */
  readonly trustedProxies?: readonly string[] | undefined;
  readonly locate: Locate;
  /** The project's folder, from which files are named; the root without it. */
  readonly directory?: string;
  /** Who issues certificates for the project; the usual one without it. */
  readonly authority?: Authority;
}

/** The routes of a service at the edge, from `x-timonel.route` and from Traefik labels; both count. */
export function resolveRoutes(input: RoutingInput): {
  readonly routes: Route[];
  readonly balance: Balance;
  readonly findings: readonly Finding[];
} {
  const labels = traefikLabels(input.service, input.compose);
  const { project, service, compose, endpoints } = input;
  const named = new NamedServices({
    project,
    services: { ...input.neighbours, [service]: compose },
    endpoints: { ...input.neighbourEndpoints, [service]: endpoints },
  });
  const own = settingsRoutes(input, named);
  const labelled = isEnabled(labels) ? traefikRoutes(input, labels, named) : { routes: [], findings: [] };
  const whole = withAddedPolicies(input.service, labelled.routes, own.added);
  const routes = [...own.routes, ...whole.routes];
  return {
    routes: routes
      .filter((route) => breadth(route.match) <= breadthLimit)
      .map((route) =>
        input.trustedProxies === undefined ? route : { ...route, trustedProxies: input.trustedProxies },
      ),
    balance: own.balance ?? traefikBalance(labels) ?? 'roundrobin',
    findings: [
      ...inspectSwitch({ input, labels, isRouted: routes.length > 0 }),
      ...[...own.findings, ...labelled.findings, ...whole.findings, ...findTooWide(input, routes)],
    ],
  };
}

interface Switched {
  readonly input: RoutingInput;
  readonly labels: readonly TraefikLabel[];
  readonly isRouted: boolean;
}

/** `traefik.enable` with a value that says nothing, or that has nothing to turn on: Traefik would make a host of a name. */
function inspectSwitch({ input: { service, locate }, labels, isRouted }: Switched): Finding[] {
  const label = enabling(labels);
  if (label === undefined) return [];
  const at = locate(label.path);
  if (!isTruth(label.value)) {
    return [finding('error', 'ROUTE_LABEL_VALUE', { label: label.label, demand: 'true or false' }, at)];
  }
  const isIdle = isTrue(label.value) && !isRouted && objectsOf(labels, 'routers').length === 0;
  return isIdle ? [finding('warning', 'ROUTE_NO_ROUTER', { service }, at)] : [];
}

function findTooWide({ service, locate }: RoutingInput, routes: readonly Route[]): Finding[] {
  return routes
    .map((route) => ({ route, terms: breadth(route.match) }))
    .filter(({ terms }) => terms > breadthLimit)
    .map(({ route, terms }) =>
      finding(
        'error',
        'ROUTE_RULE_TOO_WIDE',
        { route: route.name, terms, limit: breadthLimit },
        locate(['services', service]),
      ),
    );
}
