import { quote } from '../quote.ts';
import { addressRules } from './counters.ts';
import type { Pieces, RuleContext, RuleOf } from './pieces.ts';
import { refuse } from './text.ts';

export function ipAllow({ ranges, depth, status }: RuleOf<'ip-allow'>, { when }: RuleContext): Pieces {
  const answer = refuse({ status, error: 'Forbidden', message: 'this address is not allowed here' });
  const list = ranges.map(quote).join(' ');
  if (depth === undefined) return { request: [`${answer} if ${when} !{ src -- ${list} }`] };
  return { request: [...addressRules(depth, when), `${answer} if ${when} !{ var(txn.client) -m ip -- ${list} }`] };
}

export function hostAllow({ hosts, headers = [] }: RuleOf<'host-allow'>, { when }: RuleContext): Pieces {
  const answer = refuse({ status: 403, error: 'Forbidden', message: 'this host is not allowed here' });
  const told = headers.map((name) => `req.fhdr(${name})`);
  return {
    request: [
      `http-request set-var(txn.asked) req.hdr(host),host_only if ${when}`,
      ...told
        .toReversed()
        .map((header) => `http-request set-var(txn.asked) ${header},host_only if ${when} { ${header} -m len 1:65535 }`),
      `${answer} if ${when} !{ var(txn.asked) -m str -i -- ${hosts.map(quote).join(' ')} }`,
    ],
  };
}
