import { isAddressRange } from '#core/address-range.ts';
import { clientDepth } from './client-key.ts';
import type { Middleware } from './middleware.ts';

/** https://doc.traefik.io/traefik/middlewares/http/ipallowlist/ ; called ipWhiteList before version 3. */
export const ipAllowList: Middleware = {
  words: ['ipallowlist', 'ipwhitelist'],
  rules(options) {
    options.required('sourcerange');
    const ranges = options.list('sourcerange').filter((range) => {
      if (isAddressRange(range)) return true;
      options.refuse('sourcerange', 'addresses or ranges such as 10.0.0.0/8, between commas');
      return false;
    });
    const depth = clientDepth(options, 'ipstrategy.');
    const status = options.whole('rejectstatuscode', 400) ?? 403;
    if (status > 599) options.refuse('rejectstatuscode', 'a status from 400 to 599');
    if (ranges.length === 0) return [];
    return [{ kind: 'ip-allow', ranges, status, ...(depth === undefined ? {} : { depth }) }];
  },
};
