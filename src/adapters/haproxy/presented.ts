import { wantedCertificates } from '#balancer/certificates.ts';
import type { ServedCertificate } from '#model/certificate.ts';
import type { RouteTable } from '#model/route.ts';
import type { Clock } from '#world/clock.ts';
import { CertificateLine } from './certificate-line.ts';
import { CertificateWatch, type Stamps, stampsOf } from './certificate-watch.ts';
import { type PreparedCertificate, prepareCertificates } from './certificates.ts';
import type { WorkerLine } from './worker-line.ts';

interface Parts {
  readonly line: WorkerLine;
  /** Folder from which the proxy reads its certificates. */
  readonly folder: string;
  /** Folder of what authorities issued. */
  readonly acme: string;
  readonly clock: Clock;
  /** Called when a certificate file of the user has changed. */
  readonly changed: () => void;
}

/** The certificates that the proxy presents: made ready, put into service, and watched for change. */
export class Presented {
  readonly #parts: Parts;
  readonly #line: CertificateLine;
  readonly #watch: CertificateWatch;
  #prepared: readonly PreparedCertificate[] = [];
  #stamps: Stamps = new Map();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#line = new CertificateLine(parts.line);
    this.#watch = new CertificateWatch(parts.changed);
  }

  /** Lays the certificates of a table ready as files. */
  async prepare(table: RouteTable): Promise<readonly PreparedCertificate[]> {
    const wanted = wantedCertificates(table);
    // Before the files are read: a change after this moment is noticed.
    this.#stamps = await stampsOf(wanted);
    this.#prepared = await prepareCertificates(wanted, this.#parts);
    return this.#prepared;
  }

  /** A worker has just read them. */
  async loaded(): Promise<void> {
    await this.#line.loaded(this.#prepared);
    this.#watch.expect(this.#stamps);
  }

  /** Gives the serving worker those that it does not have. @throws PROXY_COMMAND_REFUSED */
  async push(): Promise<void> {
    await this.#line.push(this.#prepared);
    this.#watch.expect(this.#stamps);
  }

  served(): readonly ServedCertificate[] {
    return this.#prepared.map((one) => one.served);
  }

  close(): void {
    this.#watch.close();
  }
}
