import { Document, isMap, isSeq, visit } from 'yaml';
import type { Imported, ImportedRoute } from './route.ts';

/**
 * The routes as a Compose file that can be pasted into one's own, or given beside it with a second `-f`.
 *
 * @param from the files that were read, for the comment at the top
 */
export function renderImported({ routes, trustedProxies }: Imported, from: readonly string[]): string {
  const services = Map.groupBy(routes, (one) => one.service);
  const value = {
    ...(trustedProxies.length === 0 ? {} : { 'x-timonel': { trustedProxies } }),
    services: Object.fromEntries(
      [...services].map(([name, own]) => [name, { 'x-timonel': { route: own.map((one) => one.setting) } }]),
    ),
  };
  // Compose reads `on` and `yes` as truth values, so texts like these get quotes.
  const document = new Document(doubled(value), { version: '1.1' });
  document.commentBefore = ` Made from ${from.join(', ')} by: timonel import nginx`;
  for (const [name, own] of services) comment(document, name, own);
  visit(document, {
    Pair: (_, pair) => {
      // Short lists stand on one line, as people write them.
      if (isSeq(pair.value) && pair.value.items.every((one) => !isMap(one))) pair.value.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false, directives: false });
}

function comment(document: Document, service: string, routes: readonly ImportedRoute[]): void {
  routes.forEach(({ at, origin }, index) => {
    const node = document.getIn(['services', service, 'x-timonel', 'route', index], true);
    if (isMap(node)) node.commentBefore = ` ${at.file}:${at.line} ${origin.replaceAll('\n', ' ')}`;
  });
}

/** Compose takes `$` for the beginning of a variable everywhere, and `$$` for a `$`. */
function doubled(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('$', '$$$$');
  if (Array.isArray(value)) return value.map(doubled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, doubled(one)]));
}
