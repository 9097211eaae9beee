import type { Finding } from '#core/finding.ts';
import { isHeaderName } from '#core/header-name.ts';
import type { Endpoint } from '#model/route.ts';
import type { Probe } from '#model/spec.ts';
import type { Locate } from '#world/runtime.ts';
import { OptionReader } from './middlewares/option-reader.ts';
import { isEnabled, objectsOf, type TraefikObject, traefikLabels } from './traefik-labels.ts';

interface Input {
  readonly name: string;
  readonly labels: Parameters<typeof traefikLabels>[1];
  readonly endpoints: readonly Endpoint[];
  readonly locate: Locate;
}

/**
 * The health check that the labels of a Traefik service ask for, as the service's probe
 * (https://doc.traefik.io/traefik/reference/routing-configuration/http/load-balancing/service/#health-check). As there,
 * one failure takes an instance out of the rotation.
 */
export function labelProbe({ name, labels: compose, endpoints, locate }: Input): {
  readonly probe: Probe | undefined;
  readonly findings: readonly Finding[];
} {
  const labels = traefikLabels(name, compose);
  const checked = (one: TraefikObject) => [...one.options.keys()].some((key) => key.startsWith(`${under}.`));
  const [object, ...others] = isEnabled(labels) ? objectsOf(labels, 'services').filter(checked) : [];
  if (object === undefined) return { probe: undefined, findings: [] };
  const findings: Finding[] = [];
  for (const other of others) {
    const instead = 'a service has one probe, and another Traefik service of it is asked';
    new OptionReader({ object: other, under, locate, findings }).unsupported('path', instead);
  }
  const options = new OptionReader({ object, under, locate, findings });
  const probe = probeOf(options, servedBy(object, endpoints));
  options.finish();
  return { probe, findings };
}

const under = 'loadbalancer.healthcheck';

interface Served {
  readonly port: number | undefined;
  readonly scheme: string;
}

/** How the instances are asked for everything else. */
function servedBy({ options }: TraefikObject, endpoints: readonly Endpoint[]): Served {
  const port = options.get('loadbalancer.server.port');
  const first = endpoints.find((one) => one.protocol === 'http') ?? endpoints[0];
  return {
    port: port === undefined ? first?.port : Number(port.value),
    scheme: options.get('loadbalancer.server.scheme')?.value ?? 'http',
  };
}

function probeOf(options: OptionReader, served: Served): Probe | undefined {
  const path = options.required('path');
  if (path?.startsWith('/') === false) options.refuse('path', 'a path that begins with /');
  const scheme = (options.text('scheme') ?? served.scheme).toLowerCase();
  if (scheme !== 'http' && scheme !== 'https') options.refuse('scheme', 'http or https');
  const method = options.text('method')?.toUpperCase() ?? 'GET';
  if (method !== 'GET') options.unsupported('method', 'instances are asked with GET');
  if ((options.text('mode')?.toLowerCase() ?? 'http') !== 'http') options.unsupported('mode', 'it is asked over HTTP');
  const headers = options.record('headers').filter(([header]) => isHeaderName(header));
  const status = options.whole('status', 100);
  const host = options.text('hostname');
  const port = options.whole('port', 1) ?? served.port;
  // Redirects count as health without being followed; an ill instance is asked as often as a healthy one.
  options.harmless('followredirects', 'unhealthyinterval');
  const intervalMs = options.duration('interval') ?? 30_000;
  const timeoutMs = options.duration('timeout') ?? 5000;
  if (path === undefined || port === undefined) return undefined;
  return {
    ...{
      kind: 'http',
      port,
      path,
      scheme: scheme === 'https' ? 'https' : 'http',
      headers: Object.fromEntries(headers),
    },
    ...(host === undefined ? {} : { host }),
    status: status === undefined ? [] : [status],
    ...{ intervalMs, timeoutMs, retries: 1, startPeriodMs: 60_000, startIntervalMs: 100 },
  };
}
