import { reasonOf } from '#core/errors.ts';
import { type Finding, finding } from '#core/finding.ts';
import type { Balance, Domains, Match, Route, Tls } from '#model/route.ts';
import { resolveAuthority } from '#settings/acme.ts';
import type { Locate } from '#world/runtime.ts';
import { inspectLabels } from './label-inspection.ts';
import { hostName } from './matchers.ts';
import { inspectMiddlewares } from './middlewares/inspect.ts';
import { resolvePolicy } from './middlewares/policy.ts';
import type { NamedServices } from './named-services.ts';
import { inspectPolicy } from './policy-inspection.ts';
import type { RoutingInput } from './routes.ts';
import { parseRule } from './rule.ts';
import { onlyPort } from './settings-routes.ts';
import { isTrue, isTruth, objectsOf, type TraefikLabel, type TraefikObject, traefikLabels } from './traefik-labels.ts';

/** The routes that the HTTP routers of Traefik labels describe, with Traefik's own meaning. */
export function traefikRoutes(
  input: RoutingInput,
  labels: readonly TraefikLabel[],
  named: NamedServices,
): { readonly routes: Route[]; readonly findings: readonly Finding[] } {
  const { locate } = input;
  const services = objectsOf(labels, 'services');
  const routers = objectsOf(labels, 'routers');
  const around = [...labels, ...neighbourLabels(input)];
  const middlewares = objectsOf(around, 'middlewares');
  const findings: Finding[] = [
    ...inspectLabels(labels, locate),
    ...inspectMiddlewares({
      own: objectsOf(labels, 'middlewares'),
      defined: middlewares,
      routers: objectsOf(around, 'routers'),
      locate,
    }),
  ];
  findings.push(...inspectWeights(services, objectsOf(neighbourLabels(input), 'services'), locate));
  const routes = routers.flatMap((router) =>
    new RouterReader({ input, router, services, middlewares, named, findings }).route(),
  );
  return { routes, findings };
}

function neighbourLabels({ service, neighbours = {} }: RoutingInput): readonly TraefikLabel[] {
  return Object.entries(neighbours)
    .filter(([name]) => name !== service)
    .flatMap(([name, compose]) => traefikLabels(name, compose));
}

/**
 * All instances of a service weigh the same, so a weight only says something where instances of several Compose services
 * stand behind one Traefik service.
 */
function inspectWeights(own: readonly TraefikObject[], others: readonly TraefikObject[], locate: Locate): Finding[] {
  return own.flatMap(({ name, options }) => {
    const label = options.get('loadbalancer.server.weight');
    if (label === undefined || !others.some((one) => one.name === name)) return [];
    const instead = 'several Compose services cannot share one Traefik service; use the strategy canary';
    return [finding('error', 'POLICY_UNSUPPORTED', { label: label.label, instead }, locate(label.path))];
  });
}

/** `loadbalancer.strategy`, the nearest that the proxy has. */
export function traefikBalance(labels: readonly TraefikLabel[]): Balance | undefined {
  const strategies = objectsOf(labels, 'services').map((one) => one.options.get('loadbalancer.strategy')?.value);
  const named = strategies.find((one) => one !== undefined)?.toLowerCase();
  return named === 'p2c' || named === 'leasttime' ? 'leastconn' : named === 'wrr' ? 'roundrobin' : undefined;
}

interface Parts {
  readonly input: RoutingInput;
  readonly router: TraefikObject;
  readonly services: readonly TraefikObject[];
  readonly middlewares: readonly TraefikObject[];
  readonly named: NamedServices;
  readonly findings: Finding[];
}

/** One router's labels on their way to a route. */
class RouterReader {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  route(): Route[] {
    const { input, router } = this.#parts;
    const match = this.#match();
    const port = this.#port();
    const { project, service } = input;
    const rule = this.#option('rule')?.value ?? '';
    // All of it is read, and what is wrong told, whatever is missing.
    const rest = { priority: this.#priority() ?? rule.length, ...this.#entries(this.#tls()), ...this.#policy() };
    if (match === undefined || port === undefined) return [];
    return [{ ...{ name: router.name, project, service, port, match }, ...rest }];
  }

  #option(key: string): TraefikLabel | undefined {
    return this.#parts.router.options.get(key);
  }

  #report(found: (at: ReturnType<RoutingInput['locate']>) => Finding, label?: TraefikLabel): undefined {
    const { input, router, findings } = this.#parts;
    const path = label?.path ?? [...router.options.values()][0]?.path ?? ['services', input.service];
    findings.push(found(input.locate(path)));
    return undefined;
  }

  #match(): Match | undefined {
    const label = this.#option('rule');
    const router = this.#parts.router.name;
    if (label === undefined) return this.#report((at) => finding('warning', 'ROUTE_NO_RULE', { router }, at));
    try {
      return parseRule(label.value);
    } catch (error) {
      const facts = { label: label.label, reason: reasonOf(error) };
      return this.#report((at) => finding('error', 'ROUTE_RULE', facts, at), label);
    }
  }

  #policy(): Pick<Route, 'policy'> {
    const { input, router, middlewares, named, findings } = this.#parts;
    const { locate } = input;
    const resolved = resolvePolicy({
      ...{ router, service: this.#service(), defined: middlewares, services: named, locate },
    });
    const at = this.#option('middlewares')?.path;
    findings.push(
      ...resolved.findings,
      ...inspectPolicy({ policy: resolved.policy, route: router.name, at: at && input.locate(at) }),
    );
    return resolved.policy === undefined ? {} : { policy: resolved.policy };
  }

  /** The router's own service, else the only one defined here. */
  #service(): TraefikObject | undefined {
    const wanted = this.#option('service')?.value.replace(/@docker$/, '');
    const { services } = this.#parts;
    return wanted === undefined ? services[0] : services.find((one) => one.name === wanted);
  }

  /** The port label of the router's service, else the service's only port. */
  #port(): number | undefined {
    const { input, router } = this.#parts;
    const named = this.#option('service');
    const service = this.#service();
    const { services } = this.#parts;
    if (named === undefined && services.length > 1) {
      const facts = { router: router.name, services: services.map((one) => one.name).join(', ') };
      return this.#report((at) => finding('error', 'ROUTE_SEVERAL_SERVICES', facts, at));
    }
    if (named !== undefined && service === undefined) {
      const facts = { router: router.name, service: named.value };
      return this.#report((at) => finding('error', 'ROUTE_UNKNOWN_SERVICE', facts, at), named);
    }
    const label = service?.options.get('loadbalancer.server.port');
    const port = label === undefined ? (onlyPort(input) ?? input.endpoints[0]?.port) : Number(label.value);
    if (port === undefined) {
      const facts = { service: input.service, route: router.name };
      return this.#report((at) => finding('error', 'ROUTE_NO_PORT', facts, at));
    }
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      const facts = { label: label?.label ?? '', demand: 'a port' } as const;
      return this.#report((at) => finding('error', 'ROUTE_LABEL_VALUE', facts, at), label);
    }
    return port;
  }

  #priority(): number | undefined {
    const label = this.#option('priority');
    const priority = label === undefined ? 0 : Number(label.value);
    if (Number.isInteger(priority)) return priority === 0 ? undefined : priority;
    const facts = { label: label?.label ?? '', demand: 'a whole number' } as const;
    return this.#report((at) => finding('error', 'ROUTE_LABEL_VALUE', facts, at), label);
  }

  #tls(): Tls {
    const keys = [...this.#parts.router.options.keys()].filter((key) => key === 'tls' || key.startsWith('tls.'));
    if (keys.length === 0 || this.#isOff(this.#option('tls'))) return { kind: 'none' };
    const domains = this.#domains();
    const named = domains.length > 0 ? { domains } : {};
    if (this.#option('tls.certresolver') === undefined) return { kind: 'self-signed', ...named };
    // Whatever the resolver is called: its definition is in Traefik's own file, ours is in x-timonel.acme.
    const { directory = '/', authority = resolveAuthority(undefined, directory) } = this.#parts.input;
    return { kind: 'acme', authority, ...named };
  }

  /** The label alone, with nothing after it, turns TLS on too. */
  #isOff(label: TraefikLabel | undefined): boolean {
    if (label === undefined || label.value.trim() === '') return false;
    if (!isTruth(label.value)) {
      const facts = { label: label.label, demand: 'true or false' } as const;
      this.#report((at) => finding('error', 'ROUTE_LABEL_VALUE', facts, at), label);
    }
    return !isTrue(label.value);
  }

  /** `tls.domains[N].main` and `.sans`: one certificate for each N (https://doc.traefik.io/traefik/routing/routers/#domains). */
  #domains(): Domains {
    const lists = new Map<string, string[]>();
    for (const [key, label] of this.#parts.router.options) {
      const [, index, part] = /^tls\.domains\[(\d+)\]\.(main|sans)$/.exec(key) ?? [];
      if (index === undefined) continue;
      const names = label.value.split(',').flatMap((text) => this.#domain(text, label));
      const before = lists.get(index) ?? [];
      lists.set(index, part === 'main' ? [...names, ...before] : [...before, ...names]);
    }
    return [...lists.values()].filter((names) => names.length > 0);
  }

  #domain(text: string, label: TraefikLabel): string[] {
    try {
      return [hostName(text)];
    } catch {
      this.#report(
        (at) => finding('error', 'ROUTE_LABEL_VALUE', { label: label.label, demand: 'host names' }, at),
        label,
      );
      return [];
    }
  }

  /**
   * Without entry points a router listens on all of them, with `tls` for HTTPS only and without it for HTTP only
   * (https://doc.traefik.io/traefik/routing/routers/#tls). `websecure` without `tls` is taken for HTTPS: Traefik's own
   * set-up gives that entry point its TLS elsewhere, where we cannot see it.
   */
  #entries(tls: Tls): Pick<Route, 'entries' | 'tls'> {
    const label = this.#option('entrypoints');
    const named = (label?.value ?? '')
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '');
    if (named.length === 0) return { tls, entries: tls.kind === 'none' ? ['http'] : ['https'] };
    const entries = new Set(named.map((name) => this.#entry(name, label)).filter((one) => one !== undefined));
    if (tls.kind === 'none') {
      return { tls: entries.has('https') ? { kind: 'self-signed' } : tls, entries: [...entries] };
    }
    if (!entries.has('https')) {
      this.#report((at) => finding('warning', 'ROUTE_TLS_ON_HTTP', { router: this.#parts.router.name }, at), label);
    }
    return { tls, entries: ['https'] };
  }

  #entry(name: string, label: TraefikLabel | undefined): 'http' | 'https' | undefined {
    const entry = entryNames[name.toLowerCase()];
    if (entry !== undefined) return entry;
    const facts = { name, router: this.#parts.router.name };
    return this.#report((at) => finding('error', 'ROUTE_ENTRY_POINT', facts, at), label);
  }
}

/** The names that Traefik's own documentation gives to ports 80 and 443, and their usual variants. */
const entryNames: Readonly<Record<string, 'http' | 'https'>> = {
  web: 'http',
  http: 'http',
  websecure: 'https',
  'web-secure': 'https',
  https: 'https',
};
