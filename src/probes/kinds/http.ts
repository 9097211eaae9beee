import { said } from '#core/messages/say.ts';
import type { Ask } from '../kind.ts';

/**
 * GET from outside, so an image needs no curl. Sends the configured Host and says that the outer request was HTTPS, so
 * that an application that forces either does not answer with a redirect to itself.
 */
export const askHttp: Ask<'http'> = async ({ probe, address, timeoutMs, door }) => {
  const url = `${probe.scheme}://${address}:${probe.port}${probe.path}`;
  const answer = await door.prober.http({
    address,
    port: probe.port,
    scheme: probe.scheme,
    path: probe.path,
    timeoutMs,
    headers: {
      'x-forwarded-proto': 'https',
      ...(probe.host === undefined ? {} : { host: probe.host }),
      ...probe.headers,
    },
  });
  if (answer.kind !== 'http') {
    const reason = answer.kind === 'error' ? answer.reason : 'no answer';
    return { ok: false, said: said('PROBE_UNREACHABLE', { address: url, reason }) };
  }
  const ok =
    probe.status.length > 0 ? probe.status.includes(answer.status) : answer.status >= 200 && answer.status < 400;
  const redirected = answer.location !== undefined && answer.status >= 300 && answer.status < 400;
  const what = redirected
    ? said('PROBE_HTTP_REDIRECT', { url, status: answer.status, location: answer.location })
    : said('PROBE_HTTP_STATUS', { url, status: answer.status, body: answer.body.trim().slice(0, 300) });
  return { ok, said: what };
};
