import { message } from './message.ts';
import { holderOf, waysToFree } from './port-holder.ts';
import { rolloutStepMessages } from './rollout-steps.ts';

interface Ended {
  readonly instance: string;
  readonly code: number | undefined;
  readonly signal: string | undefined;
  readonly outOfMemory: boolean;
}

function endEn(f: Ended): string {
  if (f.outOfMemory) return 'was killed for want of memory';
  if (f.signal !== undefined) return `was ended by ${f.signal}`;
  return f.code === undefined ? 'ended' : `exited with ${f.code}`;
}

function endEs(f: Ended): string {
  if (f.outOfMemory) return 'fue terminada por falta de memoria';
  if (f.signal !== undefined) return `terminó por ${f.signal}`;
  return f.code === undefined ? 'terminó' : `terminó con ${f.code}`;
}

const readLogs = {
  en: (f: { service: string }) => `read what it wrote: timonel logs ${f.service} --since 10m`,
  es: (f: { service: string }) => `lea lo que escribió: timonel logs ${f.service} --since 10m`,
};

/** What the rollout area says to its users. */
export const rolloutMessages = {
  ...rolloutStepMessages,
  ROLLOUT_INTERNAL: message<{ detail: string }>({
    en: (f) => `this should not happen (rollout): ${f.detail}`,
    es: (f) => `esto no debería ocurrir (rollout): ${f.detail}`,
  }),
  INPUT_INVALID: message<{ errors: number }>({
    en: (f) => `${f.errors} error${f.errors === 1 ? '' : 's'} in the project's files; nothing was changed`,
    es: (f) => `${f.errors} error${f.errors === 1 ? '' : 'es'} en los archivos del proyecto; no se cambió nada`,
    hint: { en: 'mend them and see: timonel plan', es: 'corríjalos y vea: timonel plan' },
  }),
  STORE_FAILED: message<{ detail: string }>({
    en: (f) => `Timonel's records cannot be read or written: ${f.detail}`,
    es: (f) => `no se pueden leer o escribir los registros de Timonel: ${f.detail}`,
    hint: {
      en: 'check free space and permissions of TIMONEL_HOME: df -h; ls -ld "$TIMONEL_HOME"',
      es: 'revise el espacio libre y los permisos de TIMONEL_HOME: df -h; ls -ld "$TIMONEL_HOME"',
    },
  }),
  STORE_FULL: message<Record<never, never>>({
    en: () => `the disk that holds Timonel's records is full; nothing more is done until they can be written`,
    es: () => `el disco de los registros de Timonel está lleno; no se hace nada más hasta poder escribirlos`,
    hint: {
      en: 'make room; it goes on by itself: df -h "$TIMONEL_HOME"',
      es: 'libere espacio; sigue sola después: df -h "$TIMONEL_HOME"',
    },
  }),
  STORE_NEWER: message<{ found: number; known: number }>({
    en: (f) => `the records were written by a newer Timonel (format ${f.found}, this one knows ${f.known})`,
    es: (f) => `los registros son de un Timonel más nuevo (formato ${f.found}, este conoce ${f.known})`,
    hint: {
      en: 'use the newer Timonel, or another TIMONEL_HOME',
      es: 'use el Timonel más nuevo, u otro TIMONEL_HOME',
    },
  }),
  DEPENDENCY_CYCLE: message<{ cycle: string }>({
    en: (f) => `services wait for each other: ${f.cycle}`,
    es: (f) => `los servicios se esperan entre sí: ${f.cycle}`,
    hint: { en: 'take one of these depends_on away', es: 'quite uno de estos depends_on' },
  }),
  LOCKED: message<{ project: string; deployment: string; by: string; since: string; step: string | undefined }>({
    en: (f) =>
      `${f.project} is being deployed by ${f.by} (${f.deployment}) since ${f.since}${f.step === undefined ? '' : `, now at ${f.step}`}`,
    es: (f) =>
      `${f.by} está desplegando ${f.project} (${f.deployment}) desde ${f.since}${f.step === undefined ? '' : `, ahora en ${f.step}`}`,
    hint: {
      en: (f) => `wait for it with --wait 10m, or stop it: timonel cancel -p ${f.project}`,
      es: (f) => `espere con --wait 10m, o deténgalo: timonel cancel -p ${f.project}`,
    },
  }),
  PROJECT_UNKNOWN: message<{ project: string; known: string }>({
    en: (f) => `no project ${f.project} is deployed here${f.known === '' ? '' : `; there is ${f.known}`}`,
    es: (f) => `aquí no hay un proyecto ${f.project}${f.known === '' ? '' : `; existe ${f.known}`}`,
    hint: { en: 'deploy it: timonel deploy DIRECTORY', es: 'despliéguelo: timonel deploy CARPETA' },
  }),
  PROJECT_STOPPED: message<{ project: string }>({
    en: (f) => `${f.project} is stopped`,
    es: (f) => `${f.project} está detenido`,
    hint: { en: 'bring it up: timonel deploy DIRECTORY', es: 'levántelo: timonel deploy CARPETA' },
  }),
  SERVICE_UNKNOWN: message<{ project: string; service: string; known: string }>({
    en: (f) => `${f.project} has no service ${f.service}; it has ${f.known}`,
    es: (f) => `${f.project} no tiene un servicio ${f.service}; tiene ${f.known}`,
  }),
  REPLICAS_INVALID: message<{ service: string; count: number }>({
    en: (f) => `${f.service} cannot have ${f.count} instances`,
    es: (f) => `${f.service} no puede tener ${f.count} instancias`,
    hint: {
      en: (f) => `a whole number from 0 on: timonel scale ${f.service}=2`,
      es: (f) => `un número entero desde 0: timonel scale ${f.service}=2`,
    },
  }),
  RELEASE_UNKNOWN: message<{ project: string; release: number; known: string }>({
    en: (f) => `${f.project} has no release ${f.release} to go back to; kept are ${f.known}`,
    es: (f) => `${f.project} no tiene una versión ${f.release} a la que volver; se conservan ${f.known}`,
    hint: {
      en: (f) => `see them: timonel releases -p ${f.project}`,
      es: (f) => `véalas: timonel releases -p ${f.project}`,
    },
  }),
  NO_EARLIER_RELEASE: message<{ project: string }>({
    en: (f) => `${f.project} has no release before the one that serves`,
    es: (f) => `${f.project} no tiene una versión anterior a la que está activa`,
    hint: {
      en: (f) => `see which are kept: timonel releases -p ${f.project}`,
      es: (f) => `vea cuáles se conservan: timonel releases -p ${f.project}`,
    },
  }),
  NOTHING_WARM: message<{ project: string }>({
    en: (f) => `${f.project} holds no release warm, so there is nothing to switch over to`,
    es: (f) => `${f.project} no mantiene ninguna versión lista, así que no hay a qué cambiar`,
    hint: {
      en: 'strategy: blue-green keeps one; or go back the usual way: timonel rollback',
      es: 'strategy: blue-green mantiene una; o vuelva del modo habitual: timonel rollback',
    },
  }),
  NOTHING_SERVES: message<{ project: string }>({
    en: (f) => `${f.project} has no release that served yet`,
    es: (f) => `${f.project} aún no tiene una versión que haya estado activa`,
    hint: { en: 'deploy it: timonel deploy DIRECTORY', es: 'despliéguelo: timonel deploy CARPETA' },
  }),
  RUNTIME_MISSING: message<{ runtime: string }>({
    en: (f) => `this Timonel has no runtime ${f.runtime}`,
    es: (f) => `este Timonel no tiene el entorno de ejecución ${f.runtime}`,
  }),
  PORT_TAKEN: message<{ service: string; address: string; port: number; pid: number; name: string }>({
    en: (f) => `${f.service}: port ${f.port} of ${f.address} is held by ${holderOf.en(f)}`,
    es: (f) => `${f.service}: el puerto ${f.port} de ${f.address} lo ocupa ${holderOf.es(f)}`,
    hint: {
      en: (f) => `${waysToFree.en(f, f.port)}, or publish another port`,
      es: (f) => `${waysToFree.es(f, f.port)}, o publique otro puerto`,
    },
  }),
  PORT_UDP: message<{ service: string; port: number }>({
    en: (f) => `${f.service}: port ${f.port} is published for UDP, which the proxy cannot carry`,
    es: (f) => `${f.service}: el puerto ${f.port} se publica por UDP, que el proxy no puede llevar`,
    hint: {
      en: 'take it out of `ports:`, or publish it for TCP',
      es: 'quítelo de `ports:`, o publíquelo por TCP',
    },
  }),
  PORT_OF_OTHER_PROJECT: message<{ service: string; port: number; owner: string }>({
    en: (f) => `${f.service}: port ${f.port} is published by ${f.owner} already`,
    es: (f) => `${f.service}: el puerto ${f.port} ya lo publica ${f.owner}`,
    hint: { en: 'publish another port', es: 'publique otro puerto' },
  }),
  STEP_FAILED: message<{ step: string; reason: string }>({
    en: (f) => `${f.step} failed: ${f.reason}`,
    es: (f) => `${f.step} falló: ${f.reason}`,
    hint: {
      en: 'see the daemon’s log: timonel daemon status',
      es: 'vea el registro del servicio: timonel daemon status',
    },
  }),
  STEP_OVERDUE: message<{ step: string; seconds: number }>({
    en: (f) => `${f.step} did not end within ${f.seconds} s`,
    es: (f) => `${f.step} no terminó en ${f.seconds} s`,
  }),
  INTERRUPTED: message<{ step: string | undefined }>({
    en: (f) =>
      f.step === undefined
        ? 'Timonel was stopped before anything had changed'
        : `Timonel was stopped during ${f.step}, and whether that had happened cannot be told`,
    es: (f) =>
      f.step === undefined
        ? 'Timonel se detuvo antes de que algo cambiara'
        : `Timonel se detuvo durante ${f.step}, y no se puede saber si llegó a ocurrir`,
    hint: { en: 'deploy again: timonel deploy', es: 'despliegue de nuevo: timonel deploy' },
  }),
  PLAN_OUTDATED: message({
    en: 'the plan was made by another version of Timonel, so it was undone instead of resumed',
    es: 'el plan era de otra versión de Timonel, así que se deshizo en lugar de continuarse',
    hint: { en: 'deploy again: timonel deploy', es: 'despliegue de nuevo: timonel deploy' },
  }),
  CANCELLED_UNCHANGED: message({
    en: 'cancelled; nothing had changed',
    es: 'cancelado; nada había cambiado',
  }),
  CANCELLED_UNDONE: message({
    en: 'cancelled; what had changed was taken back',
    es: 'cancelado; lo que había cambiado se deshizo',
  }),
  UNDO_FAILED: message<{ step: string; reason: string }>({
    en: (f) => `going back did not succeed at ${f.step}: ${f.reason}`,
    es: (f) => `no se pudo volver atrás en ${f.step}: ${f.reason}`,
    hint: { en: 'look at what serves now: timonel status', es: 'mire qué está activo ahora: timonel status' },
  }),
  GATE_TIMED_OUT: message<{ service: string; instance: string; seconds: number; attempts: number }>({
    en: (f) => `${f.instance} was not ready within ${f.seconds} s (asked ${f.attempts} times)`,
    es: (f) => `${f.instance} no estuvo lista en ${f.seconds} s (${f.attempts} preguntas)`,
    hint: readLogs,
  }),
  INSTANCE_ENDED: message<Ended & { service: string; times: number }>({
    en: (f) => `${f.instance} ${endEn(f)}${f.times > 1 ? ` (${f.times} starts)` : ''}`,
    es: (f) => `${f.instance} ${endEs(f)}${f.times > 1 ? ` (${f.times} inicios)` : ''}`,
    hint: readLogs,
  }),
  INSTANCE_GONE: message<{ service: string; instance: string }>({
    en: (f) => `${f.instance} does not exist any more`,
    es: (f) => `${f.instance} ya no existe`,
  }),
  ONE_SHOT_UNSEEN: message<{ service: string; instance: string }>({
    en: (f) => `${f.instance} ended while nobody watched, so how it ended is not known`,
    es: (f) => `${f.instance} terminó sin que nadie mirara, así que no se sabe cómo`,
    hint: readLogs,
  }),
  NOBODY_READY: message<{ service: string }>({
    en: (f) => `no new instance of ${f.service} got ready`,
    es: (f) => `ninguna instancia nueva de ${f.service} llegó a estar lista`,
    hint: readLogs,
  }),
  RELEASE_COMMAND_FAILED: message<{
    service: string;
    code: number | undefined;
    seconds: number | undefined;
    output: string;
  }>({
    en: (f) =>
      `the release command of ${f.service} ${f.seconds === undefined ? `exited with ${f.code ?? 'a signal'}` : `did not end within ${f.seconds} s`}${f.output === '' ? '' : `: ${f.output}`}`,
    es: (f) =>
      `el comando de versión de ${f.service} ${f.seconds === undefined ? `terminó con ${f.code ?? 'una señal'}` : `no terminó en ${f.seconds} s`}${f.output === '' ? '' : `: ${f.output}`}`,
    hint: {
      en: 'mend it and deploy again; it has not run to its end',
      es: 'corríjalo y despliegue de nuevo; no llegó a su fin',
    },
  }),
  OBSERVED_ENDED: message<Ended & { service: string }>({
    en: (f) => `${f.instance} ${endEn(f)} after it had taken traffic`,
    es: (f) => `${f.instance} ${endEs(f)} después de recibir peticiones`,
    hint: readLogs,
  }),
  OBSERVED_UNHEALTHY: message<{ service: string; instance: string }>({
    en: (f) => `${f.instance} became unhealthy after it had taken traffic`,
    es: (f) => `${f.instance} dejó de estar sana después de recibir peticiones`,
    hint: readLogs,
  }),
  OBSERVED_ERRORS: message<{ service: string; errors: number; requests: number; limit: number }>({
    en: (f) => `${f.service} answered ${f.errors} of ${f.requests} requests with 5xx; allowed are ${f.limit * 100} %`,
    es: (f) =>
      `${f.service} respondió ${f.errors} de ${f.requests} peticiones con 5xx; se admite un ${f.limit * 100} %`,
    hint: readLogs,
  }),
  VERIFY_NOT_RUNNING: message<{ service: string; instance: string }>({
    en: (f) => `${f.instance} should run and does not`,
    es: (f) => `${f.instance} debería estar en marcha y no lo está`,
    hint: readLogs,
  }),
  VERIFY_NOT_HEALTHY: message<{ service: string; instance: string }>({
    en: (f) => `${f.instance} should be healthy and is not`,
    es: (f) => `${f.instance} debería estar sana y no lo está`,
    hint: readLogs,
  }),
  VOLUME_EMPTIED: message<{
    service: string;
    target: string;
    old: string;
    name: string;
    elsewhere: string | undefined;
  }>({
    en: (f) =>
      f.elsewhere === undefined
        ? `${f.service} has its data at ${f.target} in the volume ${f.old}; ${f.name} would be new and empty`
        : `${f.service} has its data at ${f.target} in the volume ${f.old} of the runtime ${f.elsewhere}; it would start on an empty one`,
    es: (f) =>
      f.elsewhere === undefined
        ? `${f.service} tiene sus datos de ${f.target} en el volumen ${f.old}; ${f.name} sería nuevo y estaría vacío`
        : `${f.service} tiene sus datos de ${f.target} en el volumen ${f.old} del entorno ${f.elsewhere}; arrancaría sobre uno vacío`,
    hint: {
      en: (f) =>
        f.elsewhere === undefined
          ? `keep it: give the volume “name: ${f.old}”; if it is meant: --accept-new-volume`
          : `stay there: --runtime ${f.elsewhere}; if it is meant: --accept-new-volume`,
      es: (f) =>
        f.elsewhere === undefined
          ? `consérvelo: dé al volumen «name: ${f.old}»; si es lo que quiere: --accept-new-volume`
          : `quédese allí: --runtime ${f.elsewhere}; si es lo que quiere: --accept-new-volume`,
    },
  }),
  VERIFY_OTHER_FINGERPRINT: message<{ service: string; instance: string; expected: string; found: string }>({
    en: (f) => `${f.instance} runs ${f.found}, but the release recorded ${f.expected}`,
    es: (f) => `${f.instance} ejecuta ${f.found}, pero la versión registró ${f.expected}`,
  }),
  VERIFY_COUNT: message<{ service: string; expected: number; found: number }>({
    en: (f) => `${f.service} should have ${f.expected} instances and has ${f.found}`,
    es: (f) => `${f.service} debería tener ${f.expected} instancias y tiene ${f.found}`,
  }),
  VERIFY_NOT_ROUTED: message<{ service: string; instance: string }>({
    en: (f) => `the proxy sends ${f.instance} no requests, but should`,
    es: (f) => `el proxy no envía peticiones a ${f.instance}, pero debería`,
  }),
  PROGRESS_PROBE: message<{ instance: string; attempts: number }>({
    en: (f) => `${f.instance}: not ready yet (asked ${f.attempts} times)`,
    es: (f) => `${f.instance}: aún no está lista (${f.attempts} preguntas)`,
  }),
  PROGRESS_LINE: message<{ line: string }>({ en: (f) => f.line, es: (f) => f.line }),
  PROGRESS_RESTART: message<{ instance: string; code: number | undefined; ms: number }>({
    en: (f) => `${f.instance} exited with ${f.code ?? 'a signal'}; starting it again in ${f.ms} ms`,
    es: (f) => `${f.instance} terminó con ${f.code ?? 'una señal'}; se inicia de nuevo en ${f.ms} ms`,
  }),
  PROGRESS_DRAIN: message<{ instance: string; sessions: number }>({
    en: (f) => `${f.instance}: ${f.sessions} requests in flight`,
    es: (f) => `${f.instance}: ${f.sessions} peticiones en curso`,
  }),
  PROGRESS_KILLED: message<{ instance: string; seconds: number }>({
    en: (f) => `${f.instance} ignored its stop signal for ${f.seconds} s and was killed`,
    es: (f) => `${f.instance} ignoró su señal de parada durante ${f.seconds} s y fue terminada`,
    hint: {
      en: 'a shell as first process hides the signal: use exec, or the list form of command',
      es: 'un shell como primer proceso oculta la señal: use exec, o command en forma de lista',
    },
  }),
  PROGRESS_TOLERATED: message<{ instance: string }>({
    en: (f) => `${f.instance} did not get ready; max_failure_ratio allows it`,
    es: (f) => `${f.instance} no llegó a estar lista; max_failure_ratio lo permite`,
  }),
  WARN_GAVE_UP: message<{ service: string; instance: string; restarts: number }>({
    en: (f) => `${f.instance} keeps ending (${f.restarts} restarts) and is left stopped by its restart policy`,
    es: (f) => `${f.instance} termina una y otra vez (${f.restarts} reinicios) y su política la deja detenida`,
    hint: readLogs,
  }),
  WARN_UNHEALTHY: message<{ service: string; instance: string }>({
    en: (f) => `${f.instance} is unhealthy`,
    es: (f) => `${f.instance} no está sana`,
    hint: readLogs,
  }),
  WARN_PAUSED: message<{ project: string; release: number }>({
    en: (f) =>
      `the last deployment of ${f.project} stopped half-way, as failure_action: pause asks; ${f.release} and the release before serve together`,
    es: (f) =>
      `el último despliegue de ${f.project} se detuvo a medias, como pide failure_action: pause; ${f.release} y la anterior están activas juntas`,
    hint: {
      en: 'go on with timonel deploy, or go back with timonel rollback RELEASE',
      es: 'continúe con timonel deploy, o vuelva con timonel rollback VERSIÓN',
    },
  }),
};
