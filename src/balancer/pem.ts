import { createPrivateKey, X509Certificate } from 'node:crypto';
import { pemProblems } from '#core/messages/certificates.ts';
import type { CertificateFacts } from '#model/certificate.ts';

/**
 * Certificate, chain and key as one text, the way HAProxy reads them from a file and from its runtime socket. Nothing
 * but the blocks themselves is kept: an empty line would end the payload of a command, and comments are of no use.
 *
 * @throws Error that says what is wrong: no certificate, no key, or a key of another certificate
 */
export function joinPair(certificate: string, key: string): string {
  const chain = blocksOf(certificate, /^CERTIFICATE$/);
  const [privateKey] = blocksOf(key, /PRIVATE KEY$/);
  if (chain.length === 0) throw new Error(pemProblems['no-certificate'].en);
  if (privateKey === undefined) throw new Error(pemProblems['no-key'].en);
  const [leaf] = chain.map((one) => new X509Certificate(one));
  if (leaf?.checkPrivateKey(createPrivateKey(privateKey)) !== true) {
    throw new Error(pemProblems['other-key'].en);
  }
  return `${[...chain, privateKey].join('\n')}\n`;
}

/** What the first certificate of `pem` says. @throws Error when there is none */
export function factsOf(pem: string): CertificateFacts {
  const leaf = new X509Certificate(pem);
  return {
    names: [...(leaf.subjectAltName ?? '').matchAll(/DNS:([^,\s]+)/g)].map((match) => match[1] ?? ''),
    issuer: nameOf(leaf.issuer),
    notBefore: leaf.validFromDate.getTime(),
    notAfter: leaf.validToDate.getTime(),
  };
}

/** Did it sign itself? */
export function isSelfSigned(pem: string): boolean {
  const leaf = new X509Certificate(pem);
  return leaf.subject === leaf.issuer;
}

/** Is it for this host, by its names (RFC 6125)? */
export function fits(pem: string, host: string): boolean {
  return new X509Certificate(pem).checkHost(host) !== undefined;
}

function blocksOf(text: string, label: RegExp): string[] {
  return [...text.matchAll(/-----BEGIN ([A-Z ]+)-----([\s\S]*?)-----END \1-----/g)]
    .filter((match) => label.test(match[1] ?? ''))
    .map((match) => match[0].replace(/[ \t\r]*\n\s*/g, '\n'));
}

/** The organisation and the name of an issuer, from its distinguished name. */
function nameOf(issuer: string): string {
  const part = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(issuer)?.[1];
  const parts = [part('O'), part('CN')].filter((one) => one !== undefined);
  return parts.length > 0 ? [...new Set(parts)].join(' ') : issuer.replaceAll('\n', ', ');
}
