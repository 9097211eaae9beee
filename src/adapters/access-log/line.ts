import { releaseOf } from '#core/instance-id.ts';
import type { LogQuery } from '#model/log-query.ts';
import type { AccessLine, RequestEnd } from '#model/metrics.ts';

/** What is written down of a request. */
export function lineOf(end: RequestEnd): AccessLine {
  const { backend, instance, route, host, requestId, status, weight } = end;
  const [project, service] = backend === undefined ? [] : backend.slice(0, backend.lastIndexOf(':')).split('/');
  const release = instance === undefined ? undefined : releaseOf(instance);
  return {
    time: new Date(end.at).toISOString(),
    ...given({ project, service, route, instance, release }),
    client: end.client,
    method: end.method,
    ...given({ host }),
    path: end.path,
    ...given({ status }),
    ...{ ms: end.ms, bytesIn: end.bytesIn, bytesOut: end.bytesOut, ended: end.ending, code: end.code },
    ...given({ requestId, standsFor: weight > 1 ? weight : undefined }),
  };
}

/** Does a reader want this line? */
export function isWanted(line: AccessLine, query: LogQuery): boolean {
  if (line.project !== query.project) return false;
  if (query.services !== undefined && !query.services.includes(line.service ?? '')) return false;
  if (query.instance !== undefined && line.instance !== query.instance) return false;
  if (query.release !== undefined && line.release !== query.release) return false;
  return query.since === undefined || Date.parse(line.time) >= query.since;
}

/** The line that a text is; undefined for one that a crash cut short. */
export function parseLine(text: string): AccessLine | undefined {
  try {
    return JSON.parse(text) as AccessLine;
  } catch {
    return undefined;
  }
}

type Given<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

function given<T extends object>(members: T): Given<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Given<T>;
}
