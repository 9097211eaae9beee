import { message } from './message.ts';

/** What the command line says of the machine: the daemon, packages, systemd, registries. */
export const cliMachineMessages = {
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
  CLI_ORDER_LOST: message<{ home: string; log: string }>({
    en: (f) => `the daemon of ${f.home} ended before it said what came of the order`,
    es: (f) => `el servicio timonel de ${f.home} terminó sin decir qué fue del encargo`,
    hint: {
      en: (f) => `see whether it has begun: timonel status; if not, give it again. Why it ended: ${f.log}`,
      es: (f) => `vea si ha empezado: timonel status; si no, vuelva a darlo. Por qué terminó: ${f.log}`,
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
  CLI_DAEMON_METRICS: message<{ url: string }>({
    en: (f) => `metrics for a Prometheus: ${f.url}`,
    es: (f) => `métricas para un Prometheus: ${f.url}`,
  }),
  CLI_DAEMON_METRICS_FAILED: message<{ url: string; reason: string }>({
    en: (f) => `the metrics cannot be read at ${f.url}: ${f.reason}; it is tried again`,
    es: (f) => `las métricas no se pueden leer en ${f.url}: ${f.reason}; se vuelve a intentar`,
    hint: {
      en: 'name another address: TIMONEL_METRICS_ADDRESS=127.0.0.1:9181, then start the daemon anew',
      es: 'indique otra dirección: TIMONEL_METRICS_ADDRESS=127.0.0.1:9181, y vuelva a arrancar el servicio',
    },
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
  CLI_FETCHING_IMAGES: message<{ images: readonly string[] }>({
    en: (f) => `HAProxy is not installed here and will run in a container: fetching ${f.images.join(', ')} ...`,
    es: (f) => `HAProxy no está instalado aquí y se ejecutará en un contenedor: descargando ${f.images.join(', ')} ...`,
  }),
  CLI_IMAGES_NOT_FETCHED: message<{ reason: string; packages: readonly string[] }>({
    en: (f) => `${f.reason}; the package ${f.packages.join(', ')} will do`,
    es: (f) => `${f.reason}; servirá el paquete ${f.packages.join(', ')}`,
  }),
  CLI_FETCHED_IMAGES: message<{ images: readonly string[]; elapsed: string }>({
    en: (f) => `fetched ${f.images.join(', ')} (${f.elapsed})`,
    es: (f) => `se descargó ${f.images.join(', ')} (${f.elapsed})`,
  }),
  CLI_SETTING_NOT_IN_USE: message<{ setting: string; wanted: string; running: string }>({
    en: (f) => `the running daemon uses ${f.setting} ${f.running}, not ${f.wanted}`,
    es: (f) => `el servicio timonel en marcha usa ${f.setting} ${f.running}, no ${f.wanted}`,
    hint: {
      en: 'start it again to change that: timonel daemon stop && timonel daemon start',
      es: 'arránquelo de nuevo para cambiarlo: timonel daemon stop && timonel daemon start',
    },
  }),
  CLI_PACKAGES_ROOT: message<{ packages: readonly string[] }>({
    en: (f) => `this machine lacks ${f.packages.join(', ')}, and only root can install packages`,
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
