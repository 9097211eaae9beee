import { type Said, said } from '#core/messages/say.ts';
import type { CanaryEvidence } from '#model/canary.ts';
import type { Finding } from './judge.ts';

interface Share extends Pick<Finding, 'evidence' | 'requests'> {
  readonly service: string;
  readonly percent: number;
}

/** Why a canary goes back whose evidence says that it is not good enough. */
export function notGoodEnough({ service, percent, evidence, requests }: Share): Said {
  const worst = evidence.find((one) => one.verdict === 'fail');
  if (worst?.kind === 'threshold') {
    const { measure, canary: value = 0, limit = 0, stable } = worst;
    return said('CANARY_WORSE', { service, percent, measure, value, limit, stable, requests: requests.canary });
  }
  const { asked = '', found = '-' } = worst ?? {};
  return said('CANARY_CHECK_FAILED', { service, percent, asked, found });
}

interface Waited extends Share {
  /** How long was waited for more, beyond the share's own time. */
  readonly seconds: number;
  readonly needed: number;
}

/** Why a canary goes back of which nothing is known: a check that says nothing, else too few requests. */
export function tooLittleToSay({ service, percent, evidence, requests, seconds, needed }: Waited): Said {
  const unsure = evidence.filter((one) => one.verdict === 'inconclusive');
  const [silent] = unsure.filter(isCheck);
  if (silent !== undefined && unsure.every(isCheck)) {
    const { asked, found = '-' } = silent;
    return said('CANARY_CHECK_SILENT', { service, percent, asked, found, seconds });
  }
  const { canary, stable } = requests;
  return said('CANARY_INCONCLUSIVE', { service, percent, requests: canary, stable, needed, seconds });
}

function isCheck(one: CanaryEvidence): one is Extract<CanaryEvidence, { readonly kind: 'check' }> {
  return one.kind === 'check';
}
