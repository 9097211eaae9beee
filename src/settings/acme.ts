import { resolve } from 'node:path';
import { z } from 'zod';
import { demands } from '#core/messages/demands.ts';
import type { Authority } from '#model/certificate.ts';

/** Directories that have a short name. */
const directories = {
  letsencrypt: 'https://acme-v02.api.letsencrypt.org/directory',
  staging: 'https://acme-staging-v02.api.letsencrypt.org/directory',
} as const;

const words = z.array(z.string().min(1)).nonempty();

/** `x-timonel.acme`: who issues the certificates of routes with `tls: {acme: true}` or a `certresolver` label. */
export const acmeSettings = z
  .strictObject({
    directory: z
      .string()
      .refine((text) => text in directories || URL.canParse(text), { message: demands.directory.en })
      .optional()
      .meta({
        description:
          'The authority: `letsencrypt`, `staging` (Let’s Encrypt’s test authority, which browsers do not trust), or the URL of another one’s ACME directory. Ordering accepts its terms of service.',
        default: 'letsencrypt',
      }),
    email: z.email().optional().meta({ description: 'Where the authority writes to.' }),
    challenge: z.enum(['http-01', 'dns-01']).optional().meta({
      description:
        'How a name is shown to be yours: `http-01` is answered by the proxy on port 80; `dns-01` by the command in `hook`.',
      default: 'http-01',
    }),
    hook: z
      .union([z.string().min(1), words])
      .optional()
      .meta({ description: 'For `dns-01`: a command that sets and removes a TXT record; see docs/tls.md.' }),
    ca: z.string().optional().meta({ description: 'PEM file of the roots of a private authority, for its own HTTPS.' }),
  })
  .refine((value) => (value.challenge === 'dns-01') === (value.hook !== undefined), {
    message: demands.hook.en,
  });

/**
 * The authority that these settings describe.
 *
 * @param directory folder of the project, from which relative paths count
 */
export function resolveAuthority(settings: z.output<typeof acmeSettings> | undefined, directory: string): Authority {
  const { directory: named = 'letsencrypt', email, hook, ca } = settings ?? {};
  const command = typeof hook === 'string' ? ['/bin/sh', '-c', hook] : hook;
  return {
    directory: named in directories ? directories[named as keyof typeof directories] : named,
    ...(email === undefined ? {} : { email }),
    challenge: command === undefined ? { kind: 'http-01' } : { kind: 'dns-01', hook: command, cwd: directory },
    ...(ca === undefined ? {} : { ca: resolve(directory, ca) }),
  };
}
