import { finding } from '#core/finding.ts';
import { findService, type KnownService, withoutCount } from './known-services.ts';
import type { Directive } from './parse.ts';
import type { Scope } from './scope.ts';
import type { Variables } from './variables.ts';

/** Where `proxy_pass` leads: a service's port, and what becomes of the path. */
export interface Target {
  readonly service: string;
  readonly port: number;
  readonly scheme: 'http' | 'https';
  /** What takes the place of the location's own path; undefined: the path stays. */
  readonly uri: string | undefined;
  /** What the upstream says of how its servers are chosen. */
  readonly balance?: 'leastconn';
  readonly sticky?: true;
  /** How many servers the upstream names; 1 without an upstream. */
  readonly servers: number;
}

interface Upstream {
  readonly directive: Directive;
  readonly servers: readonly Server[];
  readonly balance?: 'leastconn';
  readonly sticky?: true;
}

interface Server {
  readonly host: string;
  readonly port: number | undefined;
}

/** Finds services behind the targets of an nginx file. */
export class Targets {
  readonly #upstreams: ReadonlyMap<string, Upstream>;
  readonly #known: readonly KnownService[];

  constructor(http: Scope, known: readonly KnownService[]) {
    this.#upstreams = new Map(http.own('upstream').map((one) => [one.args[0] ?? '', readUpstream(one, http)]));
    this.#known = known;
  }

  /** Undefined when only nginx knows where it leads; that is reported then. */
  find(pass: Directive, variables: Variables, { ledger }: Scope): Target | undefined {
    const url = variables.expand(pass.args[0] ?? '');
    const parts = /^(https?):\/\/([^/:$]+|\[[^\]]+\])(?::(\d+))?(.*)$/.exec(url);
    if (parts === null || parts[2] === 'unix') {
      ledger.leave(pass, 'target');
      return undefined;
    }
    const [, scheme = 'http', host = '', port, rest = ''] = parts;
    const usual = scheme === 'https' ? 443 : 80;
    const upstream = this.#upstreams.get(host);
    const place = this.#placeOf({ host, port: Number(port ?? usual), upstream, pass, ledger });
    return {
      ...{ ...place, scheme: scheme as 'http', uri: uriOf(rest), servers: upstream?.servers.length ?? 1 },
      ...(upstream?.balance === undefined ? {} : { balance: upstream.balance }),
      ...(upstream?.sticky === undefined ? {} : { sticky: upstream.sticky }),
    };
  }

  #placeOf({ host, port, upstream, pass, ledger }: Asked): { readonly service: string; readonly port: number } {
    const servers = upstream?.servers ?? [{ host, port }];
    const found = servers.map(
      (one) => findService(one.host, one.port ?? port, this.#known) ?? guess(one, { host, port, of: servers.length }),
    );
    const [first = { name: host, port }] = found;
    const names = [...new Set(found.map((one) => one.name))];
    const at = upstream?.directive ?? pass;
    const told = { upstream: host, service: first.name };
    if (names.length > 1) {
      const facts = { upstream: host, services: names.join(', '), chosen: first.name };
      ledger.say(at, finding('warning', 'NGINX_SEVERAL_SERVICES', facts, at.at));
    } else if (servers.length > 1) {
      ledger.say(at, finding('info', 'NGINX_REPLICAS', { ...told, count: servers.length }, at.at));
    }
    if (this.#known.length > 0 && !this.#known.some((one) => one.name === first.name)) {
      ledger.say(at, finding('warning', 'NGINX_SERVICE_GUESSED', told, at.at));
    } else if (this.#known.length === 0 && !servers.some((one) => isName(one.host))) {
      ledger.say(
        at,
        finding('warning', 'NGINX_SERVICE_GUESSED', { ...told, upstream: servers[0]?.host ?? host }, at.at),
      );
    }
    return { service: first.name, port: first.port };
  }
}

interface Asked {
  readonly host: string;
  readonly port: number;
  readonly upstream: Upstream | undefined;
  readonly pass: Directive;
  readonly ledger: Scope['ledger'];
}

/** Without a Compose file the name is all there is: of an instance that of its service, of an address the upstream's. */
function guess(server: Server, { host, port, of }: { host: string; port: number; of: number }): Place {
  const base = [server.host, host].find(isName) ?? 'app';
  return { name: (of > 1 ? withoutCount(base)[0] : undefined) ?? base, port: server.port ?? port };
}

interface Place {
  readonly name: string;
  readonly port: number;
}

/** A name that a service may have, and no address. */
function isName(host: string): boolean {
  return /^[a-z_]/i.test(host) && host !== 'localhost';
}

/** The path that is said, without what only repeats the request's own. */
function uriOf(rest: string): string | undefined {
  const uri = rest.replace(/\$(request_uri|uri\$is_args\$args|uri)$/, '');
  return uri === '' ? undefined : uri;
}

function readUpstream(directive: Directive, http: Scope): Upstream {
  const scope = http.inside(directive.block ?? []);
  const { ledger } = scope;
  const balance = scope.own('least_conn').length > 0 ? 'leastconn' : undefined;
  const [ipHash] = scope.own('ip_hash');
  if (ipHash !== undefined) ledger.change(ipHash, 'ip-hash');
  for (const one of scope.own('hash')) ledger.leave(one, 'hash');
  // Connections are kept open, and instances are found, without being told.
  scope.own('keepalive', 'keepalive_timeout', 'keepalive_requests', 'zone', 'random', 'resolver');
  const servers = scope.own('server').filter((one) => !one.args.includes('down'));
  for (const one of servers) inspectServer(one, ledger);
  return {
    ...{ directive, servers: servers.filter((one) => !one.args.includes('backup')).map(serverOf) },
    ...(balance === undefined ? {} : { balance }),
    ...(ipHash === undefined ? {} : { sticky: true }),
  };
}

function inspectServer(server: Directive, ledger: Scope['ledger']): void {
  if (server.args.includes('backup') || server.args.some((one) => /^weight=(?!1$)/.test(one))) {
    ledger.leave(server, 'weights');
  }
  if (server.args.some((one) => /^(max_fails|fail_timeout)=/.test(one))) ledger.change(server, 'probes');
}

function serverOf({ args }: Directive): Server {
  const [, host = '', port] = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(args[0] ?? '') ?? [];
  return { host, port: port === undefined ? undefined : Number(port) };
}
