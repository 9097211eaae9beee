/** What the Compose file tells of a service that an upstream may mean. */
export interface KnownService {
  readonly name: string;
  /** Other names that it answers to: container_name, hostname, network aliases. */
  readonly aliases: readonly string[];
  /** Ports inside its instances. */
  readonly ports: readonly number[];
  readonly published: readonly { readonly host: number; readonly inside: number }[];
  /** Folders and files of this machine that it sees, to find certificates by the path that nginx knows. */
  readonly mounts: readonly { readonly from: string; readonly to: string }[];
  /** Is it the nginx that Timonel takes the place of? */
  readonly isNginx: boolean;
}

/** The service and its port that `host:port` of an upstream means; undefined when none is known by that. */
export function findService(
  host: string,
  port: number,
  known: readonly KnownService[],
): { readonly name: string; readonly port: number } | undefined {
  const candidates = known.filter((one) => !one.isNginx);
  if (isThisMachine(host)) {
    for (const one of candidates) {
      const found = one.published.find((published) => published.host === port);
      if (found !== undefined) return { name: one.name, port: found.inside };
    }
    return onlyOne(candidates.filter((one) => one.ports.includes(port)))?.at(port);
  }
  const named = [host, ...withoutCount(host)].flatMap((name) =>
    candidates.filter((one) => one.name === name || one.aliases.includes(name)),
  )[0];
  if (named !== undefined) return { name: named.name, port };
  return onlyOne(candidates.filter((one) => one.ports.includes(port)))?.at(port);
}

function onlyOne(services: readonly KnownService[]) {
  const [first, ...others] = services;
  if (first === undefined || others.length > 0) return undefined;
  return { at: (port: number) => ({ name: first.name, port }) };
}

function isThisMachine(host: string): boolean {
  return /^(localhost|127\.[\d.]+|\[::1\]|host\.docker\.internal)$/.test(host);
}

/** `backend_1`, `shop-backend-2` and `backend3` are names of instances of `backend`. */
export function withoutCount(host: string): readonly string[] {
  const base = host.replace(/[-_]?\d+$/, '');
  if (base === host || base === '') return [];
  const parts = base.split(/[-_]/);
  const shorter = parts.length > 1 ? [parts.slice(1).join('-'), parts.slice(1).join('_')] : [];
  return [base, ...shorter];
}
