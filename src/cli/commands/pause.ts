import { renderDuration } from '#core/duration.ts';
import type { PauseBegun } from '#daemon/contract.ts';
import { chooseProject, projectPath } from '../client/choose-project.ts';
import { type Context, command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { composeFlags, type Flags } from '../flags.ts';
import { servicesOrPlace, steerOr } from '../pausing.ts';
import { whoAsks } from '../run-deployment.ts';
import { steerCanary, tellSteered } from '../steer-canary.ts';
import { durationOf } from '../times.ts';

const flags = {
  ...composeFlags,
  timeout: {
    kind: 'value',
    value: 'DURATION',
    text: {
      en: 'let a request wait this long at most, then 503 (default: hold of x-timonel); 0 is 503 at once',
      es: 'una petición espera como mucho esto, después 503 (por omisión: hold de x-timonel); 0 es 503 de inmediato',
    },
  },
  drain: {
    kind: 'value',
    value: 'DURATION',
    text: {
      en: 'wait this long for requests in flight to end; exit code 1 when some have not',
      es: 'espera este tiempo a que terminen las peticiones en curso; código de salida 1 si queda alguna',
    },
  },
} as const satisfies Flags;

export const pause = command({
  usage: '[DIR | SERVICE ...]',
  about: {
    en: `Lets new requests and connections to the named services wait in the proxy until timonel resume, while their instances
go on: for a migration by hand, or to move a volume. Those in flight end as usual. One that waits for too long gets 503
with Retry-After. The pause survives restarts and deployments; timonel status shows it, timonel down ends it.

Without a service it stops the clock of the canary that is under way: it keeps its share of the requests until timonel
resume or timonel promote. It is still watched, and a release that turns bad still goes back.`,
    es: `Hace esperar en el proxy las peticiones y conexiones nuevas a los servicios indicados hasta timonel resume, mientras
sus instancias siguen: para una migración a mano o para mover un volumen. Las que están en curso terminan como siempre.
La que espera demasiado recibe 503 con Retry-After. La pausa sobrevive a reinicios y despliegues; timonel status la
muestra y timonel down la termina.

Sin servicio detiene el reloj del canario en marcha: conserva su parte de las peticiones hasta timonel resume o timonel
promote. Se sigue vigilando, y una versión que empeora vuelve atrás igualmente.`,
  },
  flags,
  examples: ['timonel pause web', 'timonel pause web api --drain 30s --timeout 5m', 'timonel pause -p documentos'],
  async run(context) {
    const { services, place } = servicesOrPlace(context);
    if (services.length > 0) return holdRequests(context, services, place);
    return steerOr(
      async () => {
        const steered = await steerCanary(context, 'pause', place);
        tellSteered(context, steered, () => context.notice('CANARY_PAUSED', { project: steered.project }));
      },
      // Says which services there are.
      () => holdRequests(context, services, place),
    );
  },
});

async function holdRequests(context: Context, services: readonly string[], place: string | undefined): Promise<number> {
  const timeoutMs = durationOf(context, 'timeout');
  const drainMs = durationOf(context, 'drain');
  const project = await chooseProject(context, place);
  const begun = await context.daemon.call<PauseBegun>({
    method: 'POST',
    path: projectPath(project, 'pause'),
    body: { services, by: whoAsks(), timeoutMs, drainMs },
  });
  if (context.json) context.terminal.out(`${JSON.stringify(begun)}\n`);
  else
    for (const { service, maxMs, inFlight } of begun.paused)
      context.notice('PAUSED', { project, service, maxMs, inFlight });
  const busy = begun.paused.filter((one) => one.inFlight > 0);
  if (drainMs === undefined || busy.length === 0) return exitCodes.done;
  const names = busy.map((one) => one.service).join(', ');
  if (!context.json) context.notice('PAUSE_NOT_DRAINED', { services: names, drain: renderDuration(drainMs) });
  return exitCodes.failed;
}
