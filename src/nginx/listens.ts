import type { Scope } from './scope.ts';

export type Entry = 'http' | 'https';

/** The edge's entry points that a server's `listen` lines mean. A port of its own is reported. */
export function entriesOf(scope: Scope): ReadonlySet<Entry> {
  const entries = new Set<Entry>();
  const isSecure = scope.last('ssl')?.args[0] === 'on';
  // HTTP/2 is on wherever there is TLS; HTTP/3 is not offered, and clients do without.
  scope.own('http2', 'http3');
  for (const one of scope.own('listen')) {
    const port = Number(/(?:^|:)(\d+)$/.exec(one.args[0] ?? '')?.[1] ?? 80);
    const entry = one.args.includes('ssl') || one.args.includes('quic') || port === 443 || isSecure ? 'https' : 'http';
    if (port !== (entry === 'https' ? 443 : 80)) scope.ledger.leave(one, 'port');
    entries.add(entry);
  }
  return entries.size === 0 ? new Set(['http']) : entries;
}
