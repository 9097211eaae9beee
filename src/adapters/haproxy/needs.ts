import type { Clock } from '#world/clock.ts';
import { Launchers } from './launch/launchers.ts';
import { layoutOf } from './layout.ts';

/** What a proxy needs that is to be started on this machine, and the way to bring it. */
export type ProxyNeeds = Pick<Launchers, 'lacking' | 'fetchImage'>;

interface Options {
  readonly home: string;
  readonly clock: Clock;
  /** The image that the user named, if any. */
  readonly image: string | undefined;
}

export function proxyNeeds({ home, clock, image }: Options): ProxyNeeds {
  return new Launchers({ layout: layoutOf(home), clock, image });
}
