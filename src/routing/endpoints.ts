import { type Finding, finding } from '#core/finding.ts';
import type { Port, Service } from '#model/project.ts';
import type { Endpoint, Protocol } from '#model/route.ts';
import type { ServiceSettings } from '#settings/schema.ts';
import type { Locate } from '#world/runtime.ts';
import { healthcheckPorts } from './healthcheck-ports.ts';
import { isEnabled, labelPorts, traefikLabels } from './traefik-labels.ts';
import { usualProtocol } from './usual-ports.ts';

interface Input {
  /** The service's name, for the places of findings. */
  readonly name: string;
  readonly compose: Service;
  readonly settings: ServiceSettings;
  /** Ports that the image or provider is known to open. */
  readonly sourcePorts: readonly number[];
  readonly locate: Locate;
}

/**
 * The ports on which a service's instances listen, the most telling first (an instance gets the first as `PORT`), and
 * what each speaks: `http` when something says so, `tcp` otherwise, because plain connections are always right.
 */
export function resolveEndpoints(input: Input): {
  readonly endpoints: readonly Endpoint[];
  readonly findings: readonly Finding[];
} {
  const evidence = gather(input);
  const ports = [
    ...evidence.published.map((port) => port.target),
    ...evidence.labelled,
    ...evidence.routed.map((route) => route.port),
    ...evidence.probed,
    ...evidence.exposed,
    ...input.sourcePorts,
    ...evidence.checked,
  ];
  return {
    endpoints: [...new Set(ports)].map((port) => ({ port, ...speaks(port, evidence) })),
    findings: findUnbalanced(input),
  };
}

interface Evidence {
  readonly published: readonly Port[];
  readonly labelled: readonly number[];
  readonly routed: readonly { readonly port: number; readonly protocol: Protocol }[];
  readonly probed: readonly number[];
  readonly exposed: readonly number[];
  readonly checked: readonly number[];
}

function gather({ name, compose, settings, sourcePorts }: Input): Evidence {
  const labels = traefikLabels(name, compose);
  const published = (compose.ports ?? []).filter((port) => isTcp(port.protocol));
  const exposed = exposedPorts(compose);
  const checked = healthcheckPorts(compose.healthcheck);
  const labelled = isEnabled(labels) ? labelPorts(labels) : [];
  // A route or probe without a port means the first port that anything else names.
  const first = [...published.map((port) => port.target), ...labelled, ...exposed, ...sourcePorts, ...checked][0];
  const portOr = (port: number | undefined) => [port ?? first].filter((one) => one !== undefined);
  const http = settings.probe?.http;
  return {
    published,
    exposed,
    checked,
    labelled,
    routed: routesOf(settings).flatMap((route) =>
      portOr(route.port).map((port) => ({ port, protocol: route.protocol ?? 'http' })),
    ),
    probed: http === undefined ? [] : portOr(typeof http === 'string' ? undefined : http.port),
  };
}

function routesOf(settings: ServiceSettings) {
  return settings.route === undefined ? [] : [settings.route].flat();
}

/** First the words of the user, then the signs, then custom. */
function speaks(port: number, evidence: Evidence): Pick<Endpoint, 'protocol' | 'because'> {
  const route = evidence.routed.find((one) => one.port === port);
  if (route !== undefined) return { protocol: route.protocol, because: 'x-timonel.route' };
  const named = evidence.published.find((one) => one.target === port)?.app_protocol?.toLowerCase();
  if (named !== undefined) return { protocol: httpNames.has(named) ? 'http' : 'tcp', because: 'app_protocol' };
  if (evidence.labelled.includes(port)) return { protocol: 'http', because: 'label' };
  if (evidence.probed.includes(port)) return { protocol: 'http', because: 'probe' };
  if (evidence.checked.includes(port)) return { protocol: 'http', because: 'healthcheck' };
  return { protocol: usualProtocol(port), because: 'well-known' };
}

/**
 * Names of `app_protocol` whose requests are balanced one by one. What is encrypted end to end (https, wss) and what
 * needs HTTP/2 all the way to the instance (h2c, grpc) is missing on purpose: both are carried whole, as connections.
 */
const httpNames: ReadonlySet<string> = new Set(['http', 'http1', 'http/1.1', 'ws']);

function exposedPorts(compose: Service): number[] {
  return (compose.expose ?? []).flatMap((text) => {
    const [range = '', protocol] = String(text).split('/');
    if (!isTcp(protocol)) return [];
    const [from = Number.NaN, to = from] = range.split('-').map(Number);
    if (!Number.isInteger(from) || !Number.isInteger(to) || from < 1 || to > 65_535) return [];
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
  });
}

function isTcp(protocol: string | undefined): boolean {
  return protocol === undefined || protocol === '' || protocol === 'tcp';
}

function findUnbalanced({ name, compose, locate }: Input): Finding[] {
  return (compose.ports ?? []).flatMap((port, index) =>
    isTcp(port.protocol)
      ? []
      : [
          finding(
            'error',
            'ROUTE_UDP',
            { service: name, port: port.target, protocol: port.protocol ?? '' },
            locate(['services', name, 'ports', index]),
          ),
        ],
  );
}
