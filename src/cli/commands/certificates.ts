import { fail } from '#core/errors.ts';
import type { WireCertificate } from '#daemon/contract.ts';
import { command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { renderCertificates, renderRetried } from '../render/certificates.ts';

export const certificates = command({
  usage: '[retry [HOST]]',
  about: {
    en: `Lists the certificates that the edge presents: where they come from, when they expire, what went wrong with an
order and when the next one is placed. retry orders at once what failed, for one host or for all.`,
    es: `Lista los certificados que presenta la entrada: de dónde vienen, cuándo caducan, qué falló en un pedido y cuándo
se hace el siguiente. retry pide ya los que fallaron, de un host o de todos.`,
  },
  flags: {},
  examples: ['timonel certificates', 'timonel certificates --json', 'timonel certificates retry www.example.org'],
  async run(context) {
    const { daemon, terminal, language, json } = context;
    const [verb, host, ...rest] = context.args.positionals;
    if ((verb !== undefined && verb !== 'retry') || rest.length > 0) {
      const given = context.args.positionals.join(' ');
      throw fail('CLI_ARGUMENTS', { command: 'certificates', usage: this.usage, given });
    }
    if (verb === 'retry') {
      const path = `/certificates/retry${host === undefined ? '' : `?host=${encodeURIComponent(host)}`}`;
      const hosts = await daemon.call<readonly string[]>({ method: 'POST', path });
      terminal.out(json ? `${JSON.stringify(hosts)}\n` : renderRetried(hosts, language));
      return exitCodes.done;
    }
    const all = await daemon.call<readonly WireCertificate[]>({ method: 'GET', path: '/certificates' });
    terminal.out(json ? `${JSON.stringify(all)}\n` : renderCertificates(all, { terminal, language }));
    return exitCodes.done;
  },
});
