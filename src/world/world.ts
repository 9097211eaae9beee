import type { RuntimeKind } from '#model/spec.ts';
import type { Authorities } from './authorities.ts';
import type { Balancer } from './balancer.ts';
import type { Clock } from './clock.ts';
import type { Meter } from './meter.ts';
import type { Prober } from './prober.ts';
import type { ProjectFiles } from './project-files.ts';
import type { Runtime } from './runtime.ts';
import type { Store } from './store.ts';

/** Where the edge listens: the default address of published ports, and what URLs are made of. */
export interface Edge {
  readonly address: string;
  readonly httpPort: number;
  readonly httpsPort: number;
}

/** Every door to the outside, chosen once by the composition root. */
export interface World {
  readonly runtimes: Readonly<Record<RuntimeKind, Runtime | undefined>>;
  readonly balancer: Balancer;
  readonly meter: Meter;
  readonly store: Store;
  readonly prober: Prober;
  readonly clock: Clock;
  readonly files: ProjectFiles;
  readonly edge: Edge;
  /** Who issues certificates; without it none is ordered. */
  readonly authorities?: Authorities;
}
