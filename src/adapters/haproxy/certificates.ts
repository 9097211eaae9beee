import { createHash, X509Certificate } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileName, issuedFile } from '#adapters/acme/issued.ts';
import type { WantedCertificate } from '#balancer/certificates.ts';
import type { ReadyCertificate } from '#balancer/options.ts';
import { factsOf, fits, isSelfSigned, joinPair } from '#balancer/pem.ts';
import { reasonOf } from '#core/errors.ts';
import { fingerprint } from '#core/hash.ts';
import { type Said, said } from '#core/messages/say.ts';
import type { ServedCertificate } from '#model/certificate.ts';
import type { Clock } from '#world/clock.ts';
import { isOurs, selfSigned } from './self-signed.ts';
import { readText, writeChanged } from './whole-file.ts';

/** A certificate in the place from which the proxy reads it, and what is known of it. */
export interface PreparedCertificate extends ReadyCertificate {
  readonly pem: string;
  readonly served: ServedCertificate;
}

interface Places {
  /** Where the proxy reads. */
  readonly folder: string;
  /** What authorities issued. */
  readonly acme: string;
  readonly clock: Clock;
}

/** A self-signed certificate is made anew when it has less than this left. */
const renewWithinMs = 30 * 86_400_000;

/**
 * Makes every wanted certificate stand ready as one file of certificate and key. Nothing that is wrong with one of them
 * stops the others or the proxy: what was there stays, else a self-signed one stands in.
 */
export async function prepareCertificates(
  wanted: readonly WantedCertificate[],
  places: Places,
): Promise<PreparedCertificate[]> {
  if (wanted.length > 0) await mkdir(places.folder, { recursive: true, mode: 0o700 });
  const ready: PreparedCertificate[] = [];
  for (const one of wanted.toSorted(byServing)) {
    const file = join(places.folder, `${nameOf(one)}.pem`);
    const content = await contentOf(one, file, places);
    if (isOfNoUse(one, content, ready)) continue;
    const { pem, standIn, problem } = content;
    await writeChanged(file, pem);
    const facts = factsOf(pem);
    const served = {
      ...{ host: one.hosts[0] ?? (one.tls.kind === 'file' ? facts.names[0] : undefined), projects: one.projects },
      ...{ source: one.tls.kind, standIn, ...facts },
      ...(problem === undefined ? {} : { problem }),
    };
    ready.push({ file, hosts: one.hosts, digest: createHash('sha256').update(pem).digest('hex'), pem, served });
  }
  return ready;
}

/** Those that serve others' hosts before those others; the order is kept otherwise. */
function byServing(a: WantedCertificate, b: WantedCertificate): number {
  return Number(a.servedBy !== undefined) - Number(b.servedBy !== undefined);
}

function nameOf({ hosts: [host], tls }: WantedCertificate): string {
  if (host !== undefined) return fileName(host);
  return tls.kind === 'file' ? `+${fingerprint(tls.certificate)}` : 'default';
}

/**
 * A host that a wildcard serves keeps a certificate of its own only until the wildcard's is there; and a self-signed one
 * for no host in particular is there already.
 */
function isOfNoUse(one: WantedCertificate, { standIn }: Content, ready: readonly PreparedCertificate[]): boolean {
  if (one.hosts.length === 0) return one.tls.kind === 'file' && standIn;
  const { servedBy } = one;
  if (servedBy === undefined) return false;
  const wildcard = ready.find((other) => other.hosts.includes(servedBy));
  return standIn || wildcard === undefined || (!wildcard.served.standIn && fits(wildcard.pem, servedBy));
}

interface Content {
  readonly pem: string;
  readonly standIn: boolean;
  readonly problem?: Said;
}

async function contentOf(one: WantedCertificate, file: string, places: Places): Promise<Content> {
  const { tls, hosts } = one;
  switch (tls.kind) {
    case 'self-signed':
      return { pem: await ownOf(hosts, file, places.clock), standIn: false };
    case 'file': {
      const host = hosts[0] ?? 'default';
      return given(tls).then(
        (pem) => ({ pem, standIn: false }),
        async (error) => {
          const problem = said('CERTIFICATE_FILE', { host, file: tls.certificate, reason: reasonOf(error) });
          return { ...(await keptOf(hosts, file, places.clock)), problem };
        },
      );
    }
    case 'acme': {
      const issued = await readText(issuedFile(places.acme, hosts[0] ?? '', tls.authority.directory));
      if (issued === undefined || !isUsable(issued))
        return { pem: await ownOf(hosts, file, places.clock), standIn: true };
      const missing = hosts.filter((host) => !fits(issued, host)).join(', ');
      if (missing === '') return { pem: issued, standIn: false };
      const problem = said('CERTIFICATE_INCOMPLETE', { host: hosts[0] ?? '', missing });
      return { pem: issued, standIn: false, problem };
    }
    default:
      return tls satisfies never;
  }
}

/** What the proxy had for the host, whoever made it; a self-signed one where it had nothing. */
async function keptOf(hosts: readonly string[], file: string, clock: Clock): Promise<Content> {
  const there = await readText(file);
  if (there !== undefined && isUsable(there) && !isOurs(there)) return { pem: there, standIn: false };
  return { pem: await ownOf(hosts, file, clock), standIn: true };
}

/** The self-signed one that is there, while it is good for long enough. */
async function ownOf(hosts: readonly string[], file: string, clock: Clock): Promise<string> {
  const names = hosts.length > 0 ? hosts : ['localhost'];
  const there = await readText(file);
  if (there !== undefined && isGood(there, names, clock.now())) return there;
  return selfSigned(names, clock.now());
}

function isGood(pem: string, names: readonly string[], now: number): boolean {
  if (!isUsable(pem) || !isSelfSigned(pem)) return false;
  return factsOf(pem).notAfter - now > renewWithinMs && names.every((name) => fits(pem, name));
}

/** Torn or foreign content is as good as none. */
function isUsable(pem: string): boolean {
  try {
    return joinPair(pem, pem) !== '' && new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

/** @throws Error that says which file is missing, or what is wrong with the pair */
async function given(files: { readonly certificate: string; readonly key: string }): Promise<string> {
  const [certificate, key] = await Promise.all([readFile(files.certificate, 'utf8'), readFile(files.key, 'utf8')]);
  return joinPair(certificate, key);
}
