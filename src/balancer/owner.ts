import type { ProxyOptions } from './options.ts';

type User = Pick<ProxyOptions, 'user'>;

/** Global settings that give the traffic to its user and group. */
export function trafficOwner({ user }: User): string[] {
  if (user === undefined) return [];
  return typeof user === 'number' ? [`  uid ${user}`, `  gid ${user}`] : [`  user ${user}`, `  group ${user}`];
}

/** Words of a `bind` that give its file to whoever carries the traffic; with the space before them. */
export function socketOwner({ user }: User): string {
  if (user === undefined) return '';
  return typeof user === 'number' ? ` uid ${user}` : ` user ${user}`;
}
