/** `*.example.org` stands for every name that has one label more than `example.org`. */
export function isWildcard(name: string): boolean {
  return name.startsWith('*.');
}

/** The wildcard that stands for this host; undefined for a name of one label. */
export function wildcardFor(host: string): string | undefined {
  const dot = host.indexOf('.');
  return dot <= 0 || isWildcard(host) ? undefined : `*${host.slice(dot)}`;
}

/** Clients take no certificate for all names of a top-level domain, such as `*.localhost`. */
export function isTrustedWildcard(name: string): boolean {
  return isWildcard(name) && name.slice(2).includes('.');
}
