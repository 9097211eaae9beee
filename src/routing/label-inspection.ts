import { type Finding, finding } from '#core/finding.ts';
import type { Locate } from '#world/runtime.ts';
import { isTrue, type TraefikLabel } from './traefik-labels.ts';

/** What we do with a label: it counts, it changes nothing here and that is fine, or it is not honoured yet. */
type Standing = 'honoured' | 'harmless' | 'unhonoured';

/** Keys without their names: `http.routers.*.rule`. The first that fits decides. */
const standings: readonly (readonly [pattern: RegExp, standing: Standing])[] = [
  [/^(enable|tags)$/, 'honoured'],
  // Which Docker network to reach the instances by: Timonel knows their addresses.
  [/^docker\.(network|lbswarm)$|^swarm\.network$/, 'harmless'],
  [/^http\.routers\.\*\.(rule|entrypoints|service|priority|middlewares|tls|tls\.certresolver)$/, 'honoured'],
  [/^http\.routers\.\*\.tls\.domains\[\d+\]\.(main|sans)$/, 'honoured'],
  // The rule's syntax is recognised by itself; both versions may be mixed.
  [/^http\.routers\.\*\.(rulesyntax|observability\..*)$/, 'harmless'],
  [/^http\.services\.\*\.loadbalancer\.(server\.port|server\.scheme|server\.weight|strategy)$/, 'honoured'],
  [/^http\.services\.\*\.loadbalancer\.healthcheck\./, 'honoured'],
  [
    /^http\.services\.\*\.loadbalancer\.sticky(\.cookie(\.(name|secure|httponly|samesite|maxage|path|domain))?)?$/,
    'honoured',
  ],
  // Their own readers tell what is wrong with them.
  [/^http\.middlewares\.\*\./, 'honoured'],
  // What an instance sends is passed on at once, and its certificate is not asked for.
  [/^http\.services\.\*\.loadbalancer\.(responseforwarding\.flushinterval|serverstransport)$/, 'harmless'],
  [/./, 'unhonoured'],
];

/**
 * A finding for every label that changes nothing, at its place, so that none is dropped in silence: an error for what
 * Traefik itself would do something with.
 */
export function inspectLabels(labels: readonly TraefikLabel[], locate: Locate): Finding[] {
  return labels
    .filter((label) => standingOf(label) === 'unhonoured')
    .map(({ label, parts, path }) => {
      const severity = /^(http|tcp|udp)$/i.test(parts[0] ?? '') ? 'error' : 'warning';
      return finding(severity, 'ROUTE_LABEL_UNHONOURED', { label }, locate(path));
    });
}

function standingOf({ parts, value }: TraefikLabel): Standing {
  const key = parts.map((part, index) =>
    index === 2 && parts[0]?.toLowerCase() === 'http' ? '*' : part.toLowerCase(),
  );
  if (isUsual(key.join('.'), value)) return 'harmless';
  return standings.find(([pattern]) => pattern.test(key.join('.')))?.[1] ?? 'unhonoured';
}

/** Does it ask for what is so without it? */
function isUsual(key: string, value: string): boolean {
  if (/^http\.services\.\*\.loadbalancer\.passhostheader$/.test(key)) return isTrue(value);
  return /^http\.routers\.\*\.tls\.options$/.test(key) && /^default(@\w+)?$/.test(value);
}
