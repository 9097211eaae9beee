import { postgres } from './postgres.ts';
import { type Provider, parseImage } from './provider.ts';
import { redis } from './redis.ts';

/** All providers. A new one is a file here and a line in this list. */
export const providers: readonly Provider[] = [postgres, redis];

/** The provider that stands in for an image; undefined when none does. */
export function providerOf(image: string | undefined): Provider | undefined {
  if (image === undefined) return undefined;
  const name = parseImage(image);
  return providers.find((provider) => provider.matches(name));
}

/** The provider that a recorded source names. */
export function providerNamed(name: string): Provider | undefined {
  return providers.find((provider) => provider.name === name);
}
