import type { Healthcheck } from '#model/project.ts';

const localUrl =
  /\b(https?):\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|\$\{?HOSTNAME\}?|\$HOST)(?::(\d{1,5}))?/gi;

/** The local ports to which the URLs of a Compose healthcheck go: `curl -f http://localhost:5000/health` names 5000. */
export function healthcheckPorts(healthcheck: Healthcheck | undefined): readonly number[] {
  const test = healthcheck?.test ?? [];
  if (healthcheck?.disable === true || test[0] === 'NONE') return [];
  const ports = [...test.join(' ').matchAll(localUrl)].map(([, scheme, port]) =>
    port === undefined ? (scheme?.toLowerCase() === 'https' ? 443 : 80) : Number(port),
  );
  return [...new Set(ports)].filter((port) => port >= 1 && port <= 65_535);
}
