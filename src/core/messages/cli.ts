import { message } from './message.ts';

/** What the cli area says to its users. */
export const cliMessages = {
  CLI_INTERNAL: message<{ detail: string }>({
    en: (f) => `this should not happen (cli): ${f.detail}`,
    es: (f) => `esto no debería ocurrir (cli): ${f.detail}`,
    hint: {
      en: 'see where: TIMONEL_DEBUG=1 timonel ...',
      es: 'vea dónde: TIMONEL_DEBUG=1 timonel ...',
    },
  }),
  CLI_UNKNOWN_COMMAND: message<{ command: string; nearest: string | undefined }>({
    en: (f) => `there is no command ${f.command}`,
    es: (f) => `no existe el comando ${f.command}`,
    hint: {
      en: (f) => (f.nearest ? `did you mean: timonel ${f.nearest}` : 'see them all: timonel help'),
      es: (f) => (f.nearest ? `¿quiso decir: timonel ${f.nearest}?` : 'véalos todos: timonel help'),
    },
  }),
  CLI_UNKNOWN_FLAG: message<{ option: string; nearest: string | undefined; command: string }>({
    en: (f) => `${f.command} has no option ${f.option}`,
    es: (f) => `${f.command} no tiene la opción ${f.option}`,
    hint: {
      en: (f) => (f.nearest ? `did you mean ${f.nearest}?` : `see them: timonel ${f.command} --help`),
      es: (f) => (f.nearest ? `¿quiso decir ${f.nearest}?` : `véalas: timonel ${f.command} --help`),
    },
  }),
  CLI_FLAG_NEEDS_VALUE: message<{ option: string; value: string; command: string }>({
    en: (f) => `${f.option} needs a value: ${f.option} ${f.value}`,
    es: (f) => `a ${f.option} le falta el valor: ${f.option} ${f.value}`,
    hint: {
      en: (f) => `see how: timonel ${f.command} --help`,
      es: (f) => `vea cómo: timonel ${f.command} --help`,
    },
  }),
  CLI_FLAG_TAKES_NO_VALUE: message<{ option: string; command: string }>({
    en: (f) => `${f.option} takes no value`,
    es: (f) => `${f.option} no lleva valor`,
    hint: {
      en: (f) => `write it alone: timonel ${f.command} ${f.option}`,
      es: (f) => `escríbala sola: timonel ${f.command} ${f.option}`,
    },
  }),
  CLI_FLAG_CHOICE: message<{ option: string; value: string; choices: readonly string[]; command: string }>({
    en: (f) => `${f.option} ${f.value}: should be one of ${f.choices.join(', ')}`,
    es: (f) => `${f.option} ${f.value}: debe ser uno de ${f.choices.join(', ')}`,
    hint: {
      en: (f) => `see how: timonel ${f.command} --help`,
      es: (f) => `vea cómo: timonel ${f.command} --help`,
    },
  }),
  CLI_FLAG_DURATION: message<{ option: string; value: string }>({
    en: (f) => `${f.option} ${f.value}: should be a duration`,
    es: (f) => `${f.option} ${f.value}: debe ser una duración`,
    hint: {
      en: (f) => `for example: ${f.option} 90s, ${f.option} 5m, ${f.option} 1h30m`,
      es: (f) => `por ejemplo: ${f.option} 90s, ${f.option} 5m, ${f.option} 1h30m`,
    },
  }),
  CLI_FLAG_NUMBER: message<{ option: string; value: string; least: number }>({
    en: (f) => `${f.option} ${f.value}: should be a whole number from ${f.least} on`,
    es: (f) => `${f.option} ${f.value}: debe ser un número entero desde ${f.least}`,
    hint: { en: (f) => `for example: ${f.option} 100`, es: (f) => `por ejemplo: ${f.option} 100` },
  }),
  CLI_FLAG_SINCE: message<{ value: string }>({
    en: (f) => `--since ${f.value}: should be a duration or a moment`,
    es: (f) => `--since ${f.value}: debe ser una duración o un momento`,
    hint: {
      en: 'for example: --since 10m, --since 2026-11-22T10:00:00',
      es: 'por ejemplo: --since 10m, --since 2026-11-22T10:00:00',
    },
  }),
  CLI_ARGUMENTS: message<{ command: string; usage: string; given: string }>({
    en: (f) => `${f.command} ${f.given}: the arguments do not fit`,
    es: (f) => `${f.command} ${f.given}: los argumentos no corresponden`,
    hint: {
      en: (f) => `it is: timonel ${f.command} ${f.usage}`,
      es: (f) => `se escribe: timonel ${f.command} ${f.usage}`,
    },
  }),
  CLI_NO_SUCH_PLACE: message<{ path: string }>({
    en: (f) => `there is no file or folder ${f.path}`,
    es: (f) => `no existe el archivo o carpeta ${f.path}`,
    hint: {
      en: 'name the folder of a Compose file: timonel deploy DIR',
      es: 'indique la carpeta de un archivo Compose: timonel deploy DIR',
    },
  }),
  CLI_NOT_DEPLOYED: message<{ folder: string; known: readonly string[] }>({
    en: (f) => `nothing is deployed from ${f.folder}`,
    es: (f) => `no hay nada desplegado desde ${f.folder}`,
    hint: {
      en: (f) =>
        f.known.length > 0
          ? `deployed are: ${f.known.join(', ')}; choose with -p NAME`
          : 'deploy first: timonel deploy DIR',
      es: (f) =>
        f.known.length > 0
          ? `hay desplegados: ${f.known.join(', ')}; elija con -p NOMBRE`
          : 'despliegue primero: timonel deploy DIR',
    },
  }),
  CLI_WHICH_PROJECT: message<{ known: readonly string[] }>({
    en: (f) => `which project? There are ${f.known.join(', ')}`,
    es: (f) => `¿qué proyecto? Hay ${f.known.join(', ')}`,
    hint: {
      en: (f) => `choose one: -p ${f.known[0] ?? 'NAME'}`,
      es: (f) => `elija uno: -p ${f.known[0] ?? 'NOMBRE'}`,
    },
  }),
  CLI_INVALID: message<{ count: number }>({
    en: (f) => (f.count === 1 ? '1 error; nothing was touched' : `${f.count} errors; nothing was touched`),
    es: (f) => (f.count === 1 ? '1 error; no se tocó nada' : `${f.count} errores; no se tocó nada`),
    hint: {
      en: 'correct the places above, then run it again',
      es: 'corrija los lugares indicados y vuelva a ejecutarlo',
    },
  }),
  CLI_DAEMON_FAILED: message<{ home: string; log: string; lines: readonly string[] }>({
    en: (f) => `the daemon could not start in ${f.home}:\n${f.lines.join('\n')}`,
    es: (f) => `el servicio timonel no pudo arrancar en ${f.home}:\n${f.lines.join('\n')}`,
    hint: { en: (f) => `its whole log: ${f.log}`, es: (f) => `su registro completo: ${f.log}` },
  }),
  CLI_DAEMON_SILENT: message<{ seconds: number; log: string; lines: readonly string[] }>({
    en: (f) => ['the daemon did not answer within', `${f.seconds} s`, ...f.lines].join(f.lines.length > 0 ? '\n' : ' '),
    es: (f) =>
      ['el servicio timonel no respondió en', `${f.seconds} s`, ...f.lines].join(f.lines.length > 0 ? '\n' : ' '),
    hint: { en: (f) => `look into its log: ${f.log}`, es: (f) => `mire su registro: ${f.log}` },
  }),
  CLI_DAEMON_WONT_STOP: message<{ pid: number; seconds: number }>({
    en: (f) => `the daemon (process ${f.pid}) did not end within ${f.seconds} s`,
    es: (f) => `el servicio timonel (proceso ${f.pid}) no terminó en ${f.seconds} s`,
    hint: {
      en: (f) => `ending it by force harms nothing that serves: kill -9 ${f.pid}`,
      es: (f) => `forzarlo no afecta a lo que atiende: kill -9 ${f.pid}`,
    },
  }),
  CLI_DAEMON_OLDER: message<{ running: string; wanted: string }>({
    en: (f) => `the daemon is still version ${f.running} (this is ${f.wanted}) because it is deploying`,
    es: (f) => `el servicio timonel sigue en la versión ${f.running} (esta es la ${f.wanted}) porque está desplegando`,
    hint: {
      en: 'the next command after that replaces it',
      es: 'el siguiente comando posterior lo reemplazará',
    },
  }),
  CLI_DAEMON_REPLACED: message<{ running: string; wanted: string }>({
    en: (f) => `the daemon was version ${f.running}; it is being replaced by ${f.wanted}, what serves goes on`,
    es: (f) => `el servicio timonel era la versión ${f.running}; se reemplaza por ${f.wanted}, lo que atiende continúa`,
  }),
  CLI_DAEMON_LOST: message<{ id: string }>({
    en: (f) => `lost the daemon during deployment ${f.id}; starting it again, it goes on from its journal`,
    es: (f) =>
      `se perdió el servicio timonel durante el despliegue ${f.id}; se arranca de nuevo y sigue desde su diario`,
  }),
  CLI_DAEMON_KEEPS_DYING: message<{ id: string; log: string }>({
    en: (f) => `the daemon died several times during deployment ${f.id}`,
    es: (f) => `el servicio timonel murió varias veces durante el despliegue ${f.id}`,
    hint: {
      en: (f) => `see why in ${f.log}; what served before still serves: timonel status`,
      es: (f) => `vea por qué en ${f.log}; lo que atendía antes sigue: timonel status`,
    },
  }),
  CLI_DAEMON_ABSENT: message<{ home: string }>({
    en: (f) => `no daemon runs for ${f.home}`,
    es: (f) => `no hay servicio timonel en marcha para ${f.home}`,
    hint: { en: 'start it: timonel daemon start', es: 'arránquelo: timonel daemon start' },
  }),
  CLI_DAEMON_STARTING: message<{ home: string }>({
    en: (f) => `starting the daemon of ${f.home} ...`,
    es: (f) => `arrancando el servicio timonel de ${f.home} ...`,
  }),
  CLI_DAEMON_RUNS: message<{ home: string; pid: number; version: string; edge: string }>({
    en: (f) => `the daemon of ${f.home} runs: process ${f.pid}, version ${f.version}, edge ${f.edge}`,
    es: (f) =>
      `el servicio timonel de ${f.home} está en marcha: proceso ${f.pid}, versión ${f.version}, borde ${f.edge}`,
  }),
  CLI_DAEMON_RECOVERING: message({
    en: 'it is still bringing back what should run',
    es: 'todavía está recuperando lo que debe ejecutarse',
  }),
  CLI_DAEMON_ENDED: message<{ home: string }>({
    en: (f) => `the daemon of ${f.home} ended; instances and proxy go on serving, but nobody restarts what fails`,
    es: (f) =>
      `el servicio timonel de ${f.home} terminó; las instancias y el proxy siguen atendiendo, pero nadie reinicia lo que falle`,
    hint: { en: 'start it again: timonel daemon start', es: 'arránquelo de nuevo: timonel daemon start' },
  }),
  CLI_INSTALLED_UNIT: message<{ unit: string; home: string }>({
    en: (f) => `wrote ${f.unit}; systemd starts the daemon of ${f.home} at boot and keeps it running`,
    es: (f) => `se escribió ${f.unit}; systemd arranca el servicio de ${f.home} al iniciar y lo mantiene en marcha`,
    hint: { en: 'see it: systemctl status timonel', es: 'véalo: systemctl status timonel' },
  }),
  CLI_INSTALLING_PACKAGES: message<{ packages: readonly string[] }>({
    en: (f) => `installing ${f.packages.join(', ')} ...`,
    es: (f) => `instalando ${f.packages.join(', ')} ...`,
  }),
  CLI_INSTALLED_PACKAGES: message<{ packages: readonly string[]; elapsed: string }>({
    en: (f) => `installed ${f.packages.join(', ')} (${f.elapsed})`,
    es: (f) => `se instaló ${f.packages.join(', ')} (${f.elapsed})`,
  }),
  CLI_SETTING_NOT_IN_USE: message<{ setting: string; wanted: string; running: string }>({
    en: (f) => `the running daemon uses ${f.setting} ${f.running}, not ${f.wanted}`,
    es: (f) => `el servicio timonel en marcha usa ${f.setting} ${f.running}, no ${f.wanted}`,
    hint: {
      en: 'start it again to change that: timonel daemon stop && timonel daemon start',
      es: 'arránquelo de nuevo para cambiarlo: timonel daemon stop && timonel daemon start',
    },
  }),
  CLI_DETACHED: message<{ id: string; project: string }>({
    en: (f) => `you left; deployment ${f.id} goes on without you`,
    es: (f) => `usted salió; el despliegue ${f.id} continúa sin usted`,
    hint: {
      en: (f) => `follow it: timonel status -p ${f.project} · undo it: timonel cancel -p ${f.project}`,
      es: (f) => `sígalo: timonel status -p ${f.project} · deshágalo: timonel cancel -p ${f.project}`,
    },
  }),
  CLI_NOTHING_TO_CANCEL: message<{ project: string }>({
    en: (f) => `no deployment of ${f.project} is under way; nothing was changed`,
    es: (f) => `no hay ningún despliegue de ${f.project} en marcha; no se cambió nada`,
  }),
  CLI_CANCELLING: message<{ id: string }>({
    en: (f) => `cancelling deployment ${f.id}; what it changed is being undone`,
    es: (f) => `cancelando el despliegue ${f.id}; se deshace lo que cambió`,
  }),
  CLI_NEEDS_YES: message<{ project: string }>({
    en: (f) => `taking ${f.project} down needs your word, and there is no terminal to ask on`,
    es: (f) => `detener ${f.project} necesita su confirmación y no hay terminal donde pedirla`,
    hint: { en: 'say yes beforehand: timonel down -y', es: 'confírmelo de antemano: timonel down -y' },
  }),
  CLI_DOWN_DECLINED: message<{ project: string }>({
    en: (f) => `${f.project} stays up; nothing was changed`,
    es: (f) => `${f.project} sigue en marcha; no se cambió nada`,
  }),
  CLI_SCALE_FORM: message<{ given: string }>({
    en: (f) => `${f.given}: should be SERVICE=COUNT`,
    es: (f) => `${f.given}: debe ser SERVICIO=CANTIDAD`,
    hint: { en: 'for example: timonel scale web=3', es: 'por ejemplo: timonel scale web=3' },
  }),
  CLI_RELEASE_FORM: message<{ given: string }>({
    en: (f) => `${f.given} is no release number`,
    es: (f) => `${f.given} no es un número de versión`,
    hint: { en: 'see them: timonel releases', es: 'véalos: timonel releases' },
  }),
  CLI_PACKAGES_ROOT: message<{ packages: readonly string[] }>({
    en: (f) => `this machine lacks ${f.packages.join(', ')}, and only root can install them`,
    es: (f) => `a esta máquina le falta ${f.packages.join(', ')} y solo root puede instalarlo`,
    hint: {
      en: (f) => `sudo apt-get install -y ${f.packages.join(' ')}`,
      es: (f) => `sudo apt-get install -y ${f.packages.join(' ')}`,
    },
  }),
  CLI_PACKAGES_REFUSED: message<{ packages: readonly string[] }>({
    en: (f) => `this machine lacks ${f.packages.join(', ')}, and --no-install forbids to install them`,
    es: (f) => `a esta máquina le falta ${f.packages.join(', ')} y --no-install impide instalarlo`,
    hint: {
      en: (f) => `apt-get install -y ${f.packages.join(' ')}`,
      es: (f) => `apt-get install -y ${f.packages.join(' ')}`,
    },
  }),
  CLI_PACKAGES_NO_APT: message<{ packages: readonly string[] }>({
    en: (f) => `this machine lacks ${f.packages.join(', ')} and has no apt-get`,
    es: (f) => `a esta máquina le falta ${f.packages.join(', ')} y no tiene apt-get`,
    hint: {
      en: "install them with the system's own package manager, then run it again",
      es: 'instálelo con el gestor de paquetes del sistema y vuelva a ejecutarlo',
    },
  }),
  CLI_PACKAGES_FAILED: message<{ packages: readonly string[]; code: string; output: readonly string[] }>({
    en: (f) => `apt-get could not install ${f.packages.join(', ')} (exit ${f.code}):\n${f.output.join('\n')}`,
    es: (f) => `apt-get no pudo instalar ${f.packages.join(', ')} (código ${f.code}):\n${f.output.join('\n')}`,
    hint: {
      en: (f) => `try it by hand: apt-get update && apt-get install -y ${f.packages.join(' ')}`,
      es: (f) => `pruébelo a mano: apt-get update && apt-get install -y ${f.packages.join(' ')}`,
    },
  }),
  CLI_NO_SYSTEMD: message<{ unit: string }>({
    en: (f) => `systemd does not run this machine, so ${f.unit} was not written`,
    es: (f) => `systemd no gobierna esta máquina, así que no se escribió ${f.unit}`,
    hint: {
      en: 'have your own start-up run: timonel daemon start',
      es: 'haga que su propio arranque ejecute: timonel daemon start',
    },
  }),
  CLI_SYSTEMD_FAILED: message<{ command: string; output: string }>({
    en: (f) => `${f.command} failed: ${f.output}`,
    es: (f) => `${f.command} falló: ${f.output}`,
    hint: { en: (f) => `try it by hand: ${f.command}`, es: (f) => `pruébelo a mano: ${f.command}` },
  }),
  CLI_OUTPUT_FILE: message<{ file: string; reason: string }>({
    en: (f) => `cannot write ${f.file}: ${f.reason}`,
    es: (f) => `no se puede escribir ${f.file}: ${f.reason}`,
    hint: { en: 'choose another: -o FILE', es: 'elija otro: -o ARCHIVO' },
  }),
  CLI_PLAN_HEAD: message<{ project: string; from: number; to: number }>({
    en: (f) => `${f.project}: release ${f.from} -> ${f.to}`,
    es: (f) => `${f.project}: versión ${f.from} -> ${f.to}`,
  }),
  CLI_PLAN_HEAD_FIRST: message<{ project: string; to: number }>({
    en: (f) => `${f.project}: first release, ${f.to}`,
    es: (f) => `${f.project}: primera versión, ${f.to}`,
  }),
  CLI_PLAN_NOTHING: message<{ project: string; release: number }>({
    en: (f) => `nothing changed; release ${f.release} of ${f.project} serves as it is`,
    es: (f) => `sin cambios; la versión ${f.release} de ${f.project} sigue atendiendo tal como está`,
  }),
  CLI_PLAN_CHANGES: message<{ count: number }>({
    en: (f) =>
      f.count === 1 ? 'a deployment would change 1 service' : `a deployment would change ${f.count} services`,
    es: (f) => (f.count === 1 ? 'un despliegue cambiaría 1 servicio' : `un despliegue cambiaría ${f.count} servicios`),
    hint: { en: 'do it: timonel deploy', es: 'hágalo: timonel deploy' },
  }),
  CLI_PLAN_PAUSE: message<{ service: string; pause: string }>({
    en: (f) => `${f.service}: requests are held for about ${f.pause} while it is replaced`,
    es: (f) => `${f.service}: las peticiones esperan unos ${f.pause} mientras se reemplaza`,
  }),
  CLI_WAITING: message<{ deployment: string; by: string; step: string | undefined; since: string }>({
    en: (f) => `waiting for deployment ${f.deployment} of ${f.by} (since ${f.since}${f.step ? `, at ${f.step}` : ''})`,
    es: (f) =>
      `esperando al despliegue ${f.deployment} de ${f.by} (desde ${f.since}${f.step ? `, en el paso ${f.step}` : ''})`,
  }),
  CLI_STILL_AT: message<{ service: string; step: string; elapsed: string; last: string | undefined }>({
    en: (f) => `${f.service}  still at: ${f.step}, ${f.elapsed}${f.last ? `; last: ${f.last}` : ''}`,
    es: (f) => `${f.service}  sigue en: ${f.step}, ${f.elapsed}${f.last ? `; último: ${f.last}` : ''}`,
  }),
  CLI_SWITCHED: message<{ service: string; release: number }>({
    en: (f) => `${f.service}  all new requests go to release ${f.release}`,
    es: (f) => `${f.service}  todas las peticiones nuevas van a la versión ${f.release}`,
  }),
  CLI_UNDOING: message<{ step: string }>({
    en: (f) => `undoing: ${f.step}`,
    es: (f) => `deshaciendo: ${f.step}`,
  }),
  CLI_END_SERVES: message<{ project: string; release: number; elapsed: string }>({
    en: (f) => `release ${f.release} of ${f.project} serves (${f.elapsed})`,
    es: (f) => `la versión ${f.release} de ${f.project} está atendiendo (${f.elapsed})`,
  }),
  CLI_END_DOWN: message<{ project: string; elapsed: string }>({
    en: (f) => `${f.project} is down (${f.elapsed}); its volumes and releases stay`,
    es: (f) => `${f.project} está detenido (${f.elapsed}); se conservan sus volúmenes y versiones`,
    hint: { en: 'bring it back: timonel deploy DIR', es: 'vuelva a levantarlo: timonel deploy DIR' },
  }),
  CLI_END_ROLLED_BACK: message<{ project: string; failed: number; release: number }>({
    en: (f) => `release ${f.failed} of ${f.project} failed; release ${f.release} still serves`,
    es: (f) => `la versión ${f.failed} de ${f.project} falló; la versión ${f.release} sigue atendiendo`,
  }),
  CLI_END_FAILED_FIRST: message<{ project: string; failed: number }>({
    en: (f) => `release ${f.failed} of ${f.project} failed; nothing served before, and nothing was left behind`,
    es: (f) => `la versión ${f.failed} de ${f.project} falló; antes no atendía nada y no quedó nada a medias`,
  }),
  CLI_END_FAILED: message<{ project: string }>({
    en: (f) => `the deployment of ${f.project} failed`,
    es: (f) => `el despliegue de ${f.project} falló`,
    hint: { en: 'see what serves: timonel status', es: 'vea qué está atendiendo: timonel status' },
  }),
  CLI_END_CANCELLED: message<{ project: string; release: number }>({
    en: (f) => `cancelled; release ${f.release} of ${f.project} serves as before`,
    es: (f) => `cancelado; la versión ${f.release} de ${f.project} atiende como antes`,
  }),
  CLI_END_CANCELLED_FIRST: message<{ project: string }>({
    en: (f) => `cancelled; nothing of ${f.project} serves, as before`,
    es: (f) => `cancelado; nada de ${f.project} atiende, como antes`,
  }),
  REGISTRY_UNREACHABLE: message<{ registry: string; reason: string }>({
    en: (f) => `cannot reach the registry ${f.registry}: ${f.reason}`,
    es: (f) => `no se puede llegar al registro ${f.registry}: ${f.reason}`,
    hint: {
      en: 'check the network, or leave --resolve-image-digests out',
      es: 'revise la red, o quite --resolve-image-digests',
    },
  }),
  REGISTRY_REFUSED: message<{ image: string; registry: string; status: number }>({
    en: (f) => `the registry ${f.registry} gives no digest for ${f.image} (HTTP ${f.status})`,
    es: (f) => `el registro ${f.registry} no da el digest de ${f.image} (HTTP ${f.status})`,
    hint: {
      en: 'check name and tag; images that need an account cannot be asked for',
      es: 'revise nombre y etiqueta; no se pueden consultar imágenes que requieren cuenta',
    },
  }),
};
