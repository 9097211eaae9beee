import { X509Certificate } from 'node:crypto';

/** Tells our own from those that people signed themselves. */
const organisation = 'Timonel';

/** As long as browsers accept any certificate at all. */
const validDays = 397;

/** A certificate for these names that nobody vouches for, with its key, as HAProxy reads it. */
export async function selfSigned(names: readonly string[], now: number): Promise<string> {
  // Loaded when the first route wants it: it brings a whole X.509 library.
  const { generate } = await import('selfsigned');
  const from = new Date(now - 3_600_000);
  const subject = [
    { name: 'organizationName', value: organisation },
    { name: 'commonName', value: (names[0] ?? 'localhost').slice(0, 64) },
  ];
  const made = await generate(subject, {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: from,
    notAfterDate: new Date(from.getTime() + validDays * 86_400_000),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: names.map((value) => ({ type: 2 as const, value })) },
    ],
  });
  return `${made.cert.trim()}\n${made.private.trim()}\n`;
}

/** Was it made here? */
export function isOurs(pem: string): boolean {
  const { subject, issuer } = new X509Certificate(pem);
  return subject === issuer && subject.split('\n').includes(`O=${organisation}`);
}
