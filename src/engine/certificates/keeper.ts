import { fail, TimonelError } from '#core/errors.ts';
import { type Said, said } from '#core/messages/say.ts';
import { nextOrderAt, pauseAfter } from '#monitor/certificates/orders.ts';
import type { Authorities, CertificateOrder } from '#world/authorities.ts';
import type { World } from '#world/world.ts';
import type { EventBook } from '../events/event-book.ts';
import type { TrafficKeeper } from '../traffic-keeper.ts';
import { authorityName } from './authority-name.ts';
import { orderKey, servicesAt, wantedOrders } from './wanted-orders.ts';

interface Parts {
  readonly world: Pick<World, 'authorities' | 'balancer' | 'clock'>;
  readonly traffic: Pick<TrafficKeeper, 'all' | 'apply' | 'onApplied'>;
  readonly events: Pick<EventBook, 'tell'>;
  readonly onFailure: (doing: string, error: unknown) => void;
}

/** A certificate may be taken away by hand, and the clock may jump: look at least this often. */
const lookEveryMs = 3_600_000;

/**
 * Orders certificates for the hosts that the proxy carries, one after the other and beside everything else: what there
 * is serves meanwhile. Each is put into service when it is there, and ordered anew before its end.
 */
export class CertificateKeeper {
  readonly #parts: Parts;
  readonly #closed = new AbortController();
  #woken = new AbortController();
  #running = false;
  #again = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.traffic.onApplied = () => this.wake();
  }

  /** The routes may be others now, or time has passed: look whether something is due. */
  wake(): void {
    this.#woken.abort();
    const { authorities } = this.#parts.world;
    this.#again = this.#running;
    if (this.#running || this.#closed.signal.aborted || authorities === undefined) return;
    this.#running = true;
    void this.#keep(authorities)
      .catch((error: unknown) => {
        if (!this.#closed.signal.aborted) this.#parts.onFailure('keep the certificates', error);
      })
      .finally(() => {
        this.#running = false;
        // Woken in the moment in which it ended.
        if (this.#again) this.wake();
      });
  }

  /**
   * Orders at once what failed, whatever pause was due.
   *
   * @param host only this one; all without it
   * @returns the hosts
   * @throws CERTIFICATE_UNKNOWN for a host that no certificate is ordered for
   */
  retry(host: string | undefined): readonly string[] {
    const { authorities, clock } = this.#parts.world;
    const orders = this.#orders();
    const chosen = orders.filter((one) => host === undefined || one.names.includes(host));
    if (host !== undefined && chosen.length === 0) {
      throw fail('CERTIFICATE_UNKNOWN', { host, known: orders.flatMap((one) => one.names).join(', ') });
    }
    const failed = chosen.filter((one) => authorities?.attempts()[orderKey(one)] !== undefined);
    for (const one of failed) {
      const attempts = authorities?.attempts()[orderKey(one)];
      if (attempts !== undefined) authorities?.setAttempts(orderKey(one), { ...attempts, nextAt: clock.now() });
    }
    this.wake();
    return failed.map((one) => one.host);
  }

  close(): void {
    this.#closed.abort();
  }

  /** Told to every service whose hosts the certificate is for. */
  #tell({ host, names }: CertificateOrder, outcome: Outcome): void {
    for (const [project, services] of Object.entries(this.#parts.traffic.all()))
      for (const service of servicesAt(names, services))
        this.#parts.events.tell({ ...outcome, project, service, host });
  }

  #orders(): readonly CertificateOrder[] {
    return wantedOrders(this.#parts.traffic.all());
  }

  /** Until nothing is wanted any more. */
  async #keep(authorities: Authorities): Promise<void> {
    const { clock } = this.#parts.world;
    while (!this.#closed.signal.aborted) {
      this.#woken = new AbortController();
      const next = this.#next(authorities);
      if (next === undefined) return;
      const waitMs = Math.min(next.at - clock.now(), lookEveryMs);
      if (waitMs <= 0) await this.#place(authorities, next.order);
      else await this.#rest(waitMs);
    }
  }

  #next(authorities: Authorities): { readonly order: CertificateOrder; readonly at: number } | undefined {
    const attempts = authorities.attempts();
    const due = this.#orders().map((order) => {
      const key = orderKey(order);
      return { order, at: nextOrderAt({ key, issued: authorities.issued(order), attempts: attempts[key] }) };
    });
    return due.toSorted((a, b) => a.at - b.at)[0];
  }

  async #rest(ms: number): Promise<void> {
    const signal = AbortSignal.any([this.#closed.signal, this.#woken.signal]);
    await this.#parts.world.clock.wait(ms, signal).catch(() => undefined);
  }

  /** Counted before it is placed: a daemon that dies of it must not begin anew without a pause. */
  async #place(authorities: Authorities, order: CertificateOrder): Promise<void> {
    const { world, onFailure } = this.#parts;
    const key = orderKey(order);
    const count = (authorities.attempts()[key]?.count ?? 0) + 1;
    const event = authorities.issued(order) === undefined ? 'certificate-issued' : 'certificate-renewed';
    const lastAt = world.clock.now();
    authorities.setAttempts(key, { count, lastAt, nextAt: lastAt + pauseAfter(count) });
    try {
      const { notAfter } = await authorities.order(
        order,
        (token, answer) => world.balancer.answerChallenge(token, answer),
        this.#closed.signal,
      );
      this.#tell(order, { event, expires: new Date(notAfter).toISOString() });
    } catch (error) {
      if (this.#closed.signal.aborted) return;
      onFailure(`order a certificate for ${order.host}`, error);
      const pause = Math.max(pauseAfter(count), askedToWait(error));
      const reason = wordsOf(error, order);
      authorities.setAttempts(key, { count, lastAt, nextAt: world.clock.now() + pause, error: reason });
      this.#tell(order, { event: 'certificate-failed', reason });
      return;
    }
    authorities.setAttempts(key, undefined);
    // The proxy's keeper goes on trying when this fails.
    await this.#parts.traffic.apply().catch((error: unknown) => onFailure('present a new certificate', error));
  }
}

type Outcome =
  | { readonly event: 'certificate-issued' | 'certificate-renewed'; readonly expires: string }
  | { readonly event: 'certificate-failed'; readonly reason: Said };

function wordsOf(error: unknown, { host, authority }: CertificateOrder) {
  if (error instanceof TimonelError) return error.said;
  const reason = error instanceof Error ? error.message : String(error);
  return said('CERTIFICATE_ORDER_FAILED', { host, authority: authorityName(authority), reason });
}

/** What the authority asked for, milliseconds (RFC 8555, section 6.6: Retry-After). */
function askedToWait(error: unknown): number {
  const asked = error instanceof TimonelError ? error.said.facts.notBeforeMs : undefined;
  return typeof asked === 'number' ? asked : 0;
}
