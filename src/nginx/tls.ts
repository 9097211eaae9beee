import { posix } from 'node:path';
import type { KnownService } from './known-services.ts';
import type { RouteSetting } from './route.ts';
import type { Scope } from './scope.ts';

interface Surroundings {
  readonly known: readonly KnownService[];
  /** Does the path stand for a file on this machine? */
  isFile(path: string): boolean;
}

/** The certificate of a server that listens with TLS. Without files of its own it gets a self-signed one. */
export function tlsOf(scope: Scope, around: Surroundings): NonNullable<RouteSetting['tls']> {
  const certificate = scope.last('ssl_certificate');
  const key = scope.last('ssl_certificate_key');
  const own = scope.inherited('ssl_protocols', 'ssl_ciphers', 'ssl_prefer_server_ciphers', 'ssl_ecdh_curve');
  if (own[0] !== undefined) scope.ledger.change(own[0], 'tls');
  if (certificate === undefined || key === undefined) return true;
  const files = [certificate, key].map((one) => {
    const written = one.args[0] ?? '';
    const found = hostPath(written, around);
    if (found === undefined) scope.ledger.change(one, 'certificate');
    return found ?? written;
  });
  return { certificate: files[0] ?? '', key: files[1] ?? '' };
}

/** Where on this machine the file lies that nginx's container sees at `path`. */
function hostPath(path: string, { known, isFile }: Surroundings): string | undefined {
  for (const { from, to } of known.filter((one) => one.isNginx).flatMap((one) => one.mounts)) {
    if (path === to) return from;
    if (path.startsWith(`${to.replace(/\/$/, '')}/`)) return posix.join(from, path.slice(to.replace(/\/$/, '').length));
  }
  return isFile(path) ? path : undefined;
}
