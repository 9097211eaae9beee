import type { Finding } from '#core/finding.ts';
import type { RoutePolicy } from '#model/policy.ts';
import type { Locate } from '#world/runtime.ts';
import type { NamedServices } from '../named-services.ts';
import type { TraefikObject } from '../traefik-labels.ts';
import { resolveMiddlewares } from './resolve.ts';
import { serviceOptions } from './service-options.ts';

interface Input {
  readonly router: TraefikObject;
  readonly service: TraefikObject | undefined;
  readonly defined: readonly TraefikObject[];
  /** Those that a middleware may name. */
  readonly services: NamedServices;
  readonly locate: Locate;
}

/** The policy that a router's labels and its service's ask for; none when they ask for nothing. */
export function resolvePolicy({ router, service, defined, services, locate }: Input): {
  readonly policy: RoutePolicy | undefined;
  readonly findings: readonly Finding[];
} {
  const { rules, findings } = resolveMiddlewares({ router, defined, services, locate });
  const options = serviceOptions(service, locate);
  const isEmpty = rules.length === 0 && Object.keys(options.policy).length === 0;
  return {
    policy: isEmpty ? undefined : { rules, ...options.policy },
    findings: [...findings, ...options.findings],
  };
}
