import { type Finding, finding } from '#core/finding.ts';
import type { Locate } from '#world/runtime.ts';
import type { TraefikObject } from '../traefik-labels.ts';
import { kindsOf, namesIn } from './resolve.ts';

interface Input {
  /** The middlewares of this service. */
  readonly own: readonly TraefikObject[];
  /** All middlewares and routers that may name them. */
  readonly defined: readonly TraefikObject[];
  readonly routers: readonly TraefikObject[];
  readonly locate: Locate;
}

/**
 * What is wrong with middlewares themselves: one that no router uses does nothing, and one of two kinds is refused by
 * Traefik, which only matters when a router uses it.
 */
export function inspectMiddlewares({ own, defined, routers, locate }: Input): Finding[] {
  const attached = attachedNames(defined, routers);
  return own.flatMap((object) => {
    const at = [...object.options.values()][0];
    const place = at && locate(at.path);
    const middleware = object.name;
    const kinds = kindsOf(object);
    const isAttached = attached.has(middleware);
    return [
      ...(isAttached ? [] : [finding('warning', 'POLICY_UNATTACHED', { middleware }, place)]),
      ...(kinds.length > 1
        ? [
            finding(
              isAttached ? 'error' : 'warning',
              'POLICY_TWO_KINDS',
              { middleware, kinds: kinds.join(', ') },
              place,
            ),
          ]
        : []),
    ];
  });
}

/** The middlewares that requests meet, by a router or by a chain that a router uses. */
function attachedNames(defined: readonly TraefikObject[], routers: readonly TraefikObject[]): ReadonlySet<string> {
  const chains = new Map(defined.map((one) => [one.name, namesIn(one.options.get('chain.middlewares')?.value ?? '')]));
  const attached = new Set<string>();
  const attach = (name: string): void => {
    if (attached.has(name)) return;
    attached.add(name);
    for (const inner of chains.get(name) ?? []) attach(inner);
  };
  for (const router of routers) {
    for (const name of namesIn(router.options.get('middlewares')?.value ?? '')) attach(name);
  }
  return attached;
}
