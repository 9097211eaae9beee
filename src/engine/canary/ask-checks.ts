import type { CanaryCheck, CanaryEvidence } from '#model/canary.ts';
import { judgeAnswer } from '#monitor/analysis/check-answers.ts';
import type { Prober } from '#world/prober.ts';

/** How long one check may take, milliseconds. */
const timeoutMs = 5000;
/** A query without a sum answers with a line for each of its series. */
const mostBytes = 1 << 20;

interface Asking {
  readonly prober: Prober;
  readonly checks: readonly CanaryCheck[];
  /** Where the canary's instances answer. */
  readonly instances: readonly { readonly address: string; readonly port: number }[];
}

/** Asks every check, all at once; a path is asked of every instance. */
export async function askChecks({ prober, checks, instances }: Asking): Promise<readonly CanaryEvidence[]> {
  const asked = checks.flatMap((check) => {
    const urls = check.url.startsWith('/')
      ? instances.map(({ address, port }) => new URL(`http://${address}:${port}${check.url}`))
      : [urlOf(check)];
    return urls.map(async (url) => {
      const answer = await prober.http({ ...questionOf(url), timeoutMs, mostBytes });
      if (answer.kind === 'http') return judgeAnswer(check, { ...answer, kind: 'answer' });
      return judgeAnswer(check, { kind: 'silence', reason: answer.kind === 'error' ? answer.reason : 'no answer' });
    });
  });
  return Promise.all(asked);
}

function urlOf(check: CanaryCheck): URL {
  return new URL(
    check.kind === 'prometheus' ? `${check.url}/api/v1/query?query=${encodeURIComponent(check.query)}` : check.url,
  );
}

function questionOf(url: URL) {
  const scheme = url.protocol === 'https:' ? 'https' : 'http';
  const port = url.port === '' ? (scheme === 'https' ? 443 : 80) : Number(url.port);
  const address = url.hostname.replace(/^\[|\]$/g, '');
  const headers = { host: url.host, ...credentialsOf(url) };
  return { address, port, scheme, path: `${url.pathname}${url.search}`, headers } as const;
}

function credentialsOf({ username, password }: URL): { readonly authorization?: string } {
  if (username === '' && password === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}
