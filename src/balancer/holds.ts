import type { Hold, RouteTable } from '#model/route.ts';
import { proxyName } from './names.ts';

/** Longer than any hold: half of what the proxy lets a connection wait (`inspect-delay`) before it lets it through. */
export const longestHoldMs = 12 * 3_600_000;

/** The backends whose requests wait, by the proxy's name, with what the proxy is told about each. */
export function holdsOf(table: RouteTable): ReadonlyMap<string, string> {
  return new Map(
    Object.values(table.backends).flatMap((backend) =>
      backend.held === undefined ? [] : [[proxyName(backend.id), holdText(backend.held)]],
    ),
  );
}

/** `LIMIT/MILLISECONDS`, as hold.lua reads it. */
function holdText({ limit, maxMs }: Hold): string {
  return `${limit}/${Math.round(Math.min(maxMs, longestHoldMs))}`;
}

/** The map file that a starting proxy reads. */
export function holdMapText(holds: ReadonlyMap<string, string>): string {
  return [...holds].map(([name, text]) => `${name} ${text}\n`).join('');
}
