import { localUrls } from '#core/local-urls.ts';
import type { Healthcheck } from '#model/project.ts';

/** The local ports to which the URLs of a Compose healthcheck go: `curl -f http://localhost:5000/health` names 5000. */
export function healthcheckPorts(healthcheck: Healthcheck | undefined): readonly number[] {
  const test = healthcheck?.test ?? [];
  if (healthcheck?.disable === true || test[0] === 'NONE') return [];
  return [...new Set(localUrls(test.join(' ')).map((url) => url.port))];
}
