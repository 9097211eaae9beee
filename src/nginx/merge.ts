import type { ImportedRoute, RouteSetting } from './route.ts';

/** Locations that differ in nothing but their path become one route with several paths. */
export function merged(routes: readonly ImportedRoute[]): readonly ImportedRoute[] {
  const kept: ImportedRoute[] = [];
  for (const route of routes) {
    const same = kept.findIndex((one) => sameBut(one, route));
    const twin = kept[same];
    if (twin === undefined) kept.push(route);
    else kept[same] = { ...twin, origin: `${twin.origin}, ${route.origin}`, setting: withPath(twin, route) };
  }
  return kept;
}

function sameBut(one: ImportedRoute, other: ImportedRoute): boolean {
  if (one.setting.path === undefined || other.setting.path === undefined) return false;
  return one.service === other.service && withoutPath(one.setting) === withoutPath(other.setting);
}

function withoutPath({ path: _, ...rest }: RouteSetting): string {
  return JSON.stringify(rest);
}

function withPath(one: ImportedRoute, other: ImportedRoute): RouteSetting {
  const paths = [one.setting.path ?? [], other.setting.path ?? []].flat();
  return { ...one.setting, path: [...new Set(paths)] };
}
