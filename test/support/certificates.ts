import { generate } from 'selfsigned';

/** A certificate and its key, PEM. */
export interface Pair {
  readonly certificate: string;
  readonly key: string;
}

interface Wanted {
  readonly organisation?: string;
  readonly from?: Date;
  readonly days?: number;
  readonly keyType?: 'rsa' | 'ec';
  /** Who signs it; it signs itself without. */
  readonly ca?: Pair;
}

/** Makes a certificate for these names. */
export async function issue(names: readonly string[], wanted: Wanted = {}): Promise<Pair> {
  const { organisation = 'Ejemplo', from = new Date(Date.now() - 60_000), days = 90, keyType = 'ec', ca } = wanted;
  const made = await generate(
    [
      { name: 'organizationName', value: organisation },
      { name: 'commonName', value: names[0] ?? 'x' },
    ],
    {
      ...{ keyType, algorithm: 'sha256', keySize: 2048 },
      ...{ notBeforeDate: from, notAfterDate: new Date(from.getTime() + days * 86_400_000) },
      ...(ca === undefined ? {} : { ca: { key: ca.key, cert: ca.certificate } }),
      extensions: [{ name: 'subjectAltName', altNames: names.map((value) => ({ type: 2 as const, value })) }],
    },
  );
  return { certificate: `${made.cert.trim()}\n`, key: `${made.private.trim()}\n` };
}

/** An authority that signs others, in name only. */
export async function makeAuthority(organisation = 'Autoridad'): Promise<Pair> {
  return issue([`${organisation.toLowerCase()}.example`], { organisation });
}
