import { fail } from '#core/errors.ts';
import type { Door } from '../door.ts';
import { document, type Route } from '../http/route.ts';
import { worded } from '../worded.ts';

/** `GET /certificates`, and `POST /certificates/retry`: orders at once what failed, only for `?host=` where it is given. */
export function certificateRoutes({ engine }: Door): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/certificates',
      handle: async ({ language }) => document(worded(await engine.certificates(), language)),
    },
    {
      method: 'POST',
      path: '/certificates/retry',
      handle: async ({ query }) => {
        const host = query.get('host') ?? undefined;
        if (host === '') throw fail('DAEMON_BAD_REQUEST', { detail: 'host must not be empty' });
        return document(await engine.retryCertificates(host));
      },
    },
  ];
}
