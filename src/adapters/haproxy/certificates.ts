import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WantedCertificate } from '#balancer/certificates.ts';
import type { ReadyCertificate } from '#balancer/options.ts';
import { fail, reasonOf } from '#core/errors.ts';
import type { Clock } from '#world/clock.ts';
import { selfSigned } from './self-signed.ts';
import { readText, writeChanged } from './whole-file.ts';

/** A self-signed certificate is made anew when it has less than this left. */
const renewWithinMs = 30 * 86_400_000;

/** Makes every wanted certificate stand ready as one file of certificate and key, below `folder`. */
export async function prepareCertificates(
  wanted: readonly WantedCertificate[],
  folder: string,
  clock: Clock,
): Promise<ReadyCertificate[]> {
  if (wanted.length > 0) await mkdir(folder, { recursive: true, mode: 0o700 });
  const ready: ReadyCertificate[] = [];
  for (const one of wanted) {
    const file = join(folder, `${one.hosts[0] ?? 'default'}.pem`);
    const content = one.tls.kind === 'file' ? await given(one.tls) : await ownOf(one, file, clock);
    await writeChanged(file, content);
    ready.push({ file, hosts: one.hosts, digest: createHash('sha256').update(content).digest('hex') });
  }
  return ready;
}

/** The self-signed one that is there, while it is good for long enough. */
async function ownOf({ hosts }: WantedCertificate, file: string, clock: Clock): Promise<string> {
  const names = hosts.length > 0 ? hosts : ['localhost'];
  const there = await readText(file);
  if (there !== undefined && isGood(there, names, clock.now())) return there;
  return selfSigned(names, clock.now());
}

function isGood(pem: string, names: readonly string[], now: number): boolean {
  try {
    const certificate = new X509Certificate(pem);
    const left = certificate.validToDate.getTime() - now;
    return left > renewWithinMs && names.every((name) => certificate.checkHost(name) !== undefined);
  } catch {
    // Torn or foreign content is as good as none.
    return false;
  }
}

/** @throws PROXY_CERTIFICATE_FILE when a file is missing or certificate and key do not belong together */
async function given(files: { readonly certificate: string; readonly key: string }): Promise<string> {
  const [certificate, key] = await Promise.all([readPart(files.certificate), readPart(files.key)]);
  try {
    const parsed = new X509Certificate(certificate);
    if (!parsed.checkPrivateKey(createPrivateKey(key))) throw new Error('the key belongs to another certificate');
  } catch (error) {
    throw fail('PROXY_CERTIFICATE_FILE', { file: files.certificate, reason: reasonOf(error) }, { cause: error });
  }
  // An empty line would end the payload of a later replacement over the socket.
  return `${certificate}\n${key}`.replace(/\n{2,}/g, '\n').replace(/\n*$/, '\n');
}

async function readPart(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw fail('PROXY_CERTIFICATE_FILE', { file, reason: reasonOf(error) }, { cause: error });
  }
}
