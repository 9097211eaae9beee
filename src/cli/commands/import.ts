import { fail } from '#core/errors.ts';
import { hasErrors } from '#core/finding.ts';
import { wordedFinding } from '#daemon/worded.ts';
import { importNginx } from '#nginx/import.ts';
import { renderImported } from '#nginx/render.ts';
import { knownServices } from '../client/known-services.ts';
import { nginxFiles } from '../client/nginx-files.ts';
import { type Context, command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { composeFlags } from '../flags.ts';
import { InvalidFile } from '../render/failure.ts';
import { renderFinding } from '../render/finding.ts';

export const importCommand = command({
  usage: 'nginx FILE ...',
  about: {
    en: `Turns nginx configuration into routes of x-timonel and prints them, to be pasted into the Compose file or given beside it
with a second -f. What cannot be carried over is listed on standard error, each with its place and what to do instead.
Reads include where the file is there; - reads standard input. With -f the upstreams are matched to the services of that
Compose file. Needs no daemon and writes no file.`,
    es: `Convierte la configuración de nginx en rutas de x-timonel y las imprime, para pegarlas en el archivo Compose o darlas
junto a él con otro -f. Lo que no se puede trasladar se enumera en la salida de errores, con su lugar y qué hacer en su
lugar. Lee los include cuyo archivo exista; - lee la entrada estándar. Con -f los upstream se asocian a los servicios de
ese archivo Compose. No necesita el servicio timonel ni escribe archivos.`,
  },
  flags: composeFlags,
  examples: [
    'timonel import nginx nginx/nginx.conf -f compose.yaml > compose.routes.yaml',
    'docker compose exec -T nginx nginx -T | timonel import nginx -',
  ],
  async run(context) {
    const [kind, ...files] = context.args.positionals;
    if (kind !== 'nginx' || files.length === 0) {
      throw fail('CLI_ARGUMENTS', { command: 'import', usage: this.usage, given: context.args.positionals.join(' ') });
    }
    const known = await knownServices(context);
    const result = importNginx({ ...nginxFiles(files, context.cwd), known });
    const findings = result.findings.map((one) => wordedFinding(one, context.language));
    if (hasErrors(result.findings)) throw new InvalidFile(findings, context.cwd);
    const { routes, trustedProxies } = result;
    if (context.json) context.terminal.out(`${JSON.stringify({ routes, trustedProxies, findings })}\n`);
    else tell(context, renderImported(result, files), findings);
    return exitCodes.done;
  },
});

function tell(context: Context, text: string, findings: readonly ReturnType<typeof wordedFinding>[]): void {
  const { terminal } = context;
  for (const one of findings) terminal.err(renderFinding(one, { ...context, base: context.cwd }));
  terminal.out(text);
}
