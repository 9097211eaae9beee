import { type Language, message } from './message.ts';

/** Why the process runtime does not act on an attribute. */
export type RuntimeReason = keyof typeof reasons;

const reasons = {
  capability: { en: 'no capability has this name', es: 'ninguna capacidad se llama así' },
  confinement: {
    en: 'processes run here without seccomp, AppArmor or SELinux profiles of their own',
    es: 'aquí los procesos se ejecutan sin perfiles propios de seccomp, AppArmor o SELinux',
  },
  containers: { en: 'there are no containers here', es: 'aquí no hay contenedores' },
  development: { en: 'it is for development', es: 'es para el desarrollo' },
  devices: { en: 'the devices of the machine are open as they are', es: 'los dispositivos están abiertos tal cual' },
  hooks: { en: 'its commands would not be run', es: 'sus órdenes no se ejecutarían' },
  jobs: { en: 'jobs are not scheduled here', es: 'aquí no se planifican trabajos' },
  limit: { en: 'this limit cannot be set', es: 'este límite no se puede fijar' },
  logs: {
    en: 'the output is kept in log files here (timonel logs)',
    es: 'aquí la salida se guarda en archivos de registro (timonel logs)',
  },
  metadata: { en: 'it is for tools of containers', es: 'es para herramientas de contenedores' },
  models: { en: 'nothing here can provide it', es: 'aquí nada puede proporcionarlo' },
  'mount-type': { en: 'only bind, volume and tmpfs can be mounted', es: 'solo se pueden montar bind, volume y tmpfs' },
  'mount-option': { en: 'mounts have no such option here', es: 'aquí los montajes no tienen esa opción' },
  names: { en: 'instances have names of their own', es: 'las instancias tienen nombres propios' },
  'no-image': { en: 'no image is built or pulled here', es: 'aquí no se construye ni descarga ninguna imagen' },
  'one-machine': { en: 'there is one machine', es: 'hay una sola máquina' },
  platform: { en: 'the machine is of another architecture', es: 'la máquina es de otra arquitectura' },
  proxy: { en: 'the proxy balances', es: 'el balanceo lo hace el proxy' },
  'shared-kernel': {
    en: 'processes share this part of the kernel with the machine',
    es: 'los procesos comparten esta parte del núcleo con la máquina',
  },
  'shared-network': {
    en: 'all services share the network of the machine, each at its own loopback address',
    es: 'todos los servicios comparten la red de la máquina, cada uno en su propia dirección de loopback',
  },
  signal: { en: 'no signal has this name', es: 'ninguna señal se llama así' },
  terminal: { en: 'there is no terminal to attach to', es: 'no hay un terminal al que conectarse' },
  unknown: { en: 'this runtime does not know it', es: 'este runtime no lo conoce' },
  'whole-root': { en: 'it would hide the whole machine', es: 'ocultaría toda la máquina' },
  windows: { en: 'it is for Windows', es: 'es para Windows' },
} as const satisfies Readonly<Record<string, Readonly<Record<Language, string>>>>;

interface KeyFacts {
  readonly service: string;
  readonly key: string;
  readonly why: RuntimeReason;
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1_048_576)} MiB`;

/** What the process runtime says to its users. */
export const runtimeMessages = {
  RUNTIME_BIND_MISSING: message<{ service: string; source: string; target: string }>({
    en: (f) => `service ${f.service}: ${f.source}, to be mounted at ${f.target}, does not exist`,
    es: (f) => `servicio ${f.service}: no existe ${f.source}, que debía montarse en ${f.target}`,
    hint: {
      en: 'create it or correct the path; it is never made for you, because an empty one hides the mistake',
      es: 'créelo o corrija la ruta; nunca se crea solo, porque uno vacío oculta el error',
    },
  }),
  RUNTIME_CLOSED: message<{ home: string }>({
    en: (f) => `the runtime over ${f.home} was closed`,
    es: (f) => `el runtime sobre ${f.home} ya se cerró`,
  }),
  RUNTIME_CONTEXT_CHANGED: message<{ service: string; context: string }>({
    en: (f) => `service ${f.service}: the files in ${f.context} are no longer those of the revision to deploy`,
    es: (f) => `servicio ${f.service}: los archivos de ${f.context} ya no son los de la revisión que se despliega`,
    hint: {
      en: 'deploy again; an older release can be brought back only while its copy is kept',
      es: 'despliegue de nuevo; una versión anterior solo vuelve mientras se conserve su copia',
    },
  }),
  RUNTIME_CONTEXT_MISSING: message<{ service: string; context: string }>({
    en: (f) => `service ${f.service}: the build context ${f.context} is no folder of this machine`,
    es: (f) => `servicio ${f.service}: el contexto ${f.context} no es una carpeta de esta máquina`,
    hint: { en: 'correct build.context', es: 'corrija build.context' },
  }),
  RUNTIME_CONTEXT_TOO_LARGE: message<{ context: string; bytes: number; files: number; largest: string }>({
    en: (f) => `${f.context} is too large to copy: more than ${megabytes(f.bytes)} in ${f.files} files so far`,
    es: (f) => `${f.context} es demasiado grande: más de ${megabytes(f.bytes)} en ${f.files} archivos hasta ahora`,
    hint: {
      en: (f) => `leave out what the service does not need, in .dockerignore; the largest part is ${f.largest}`,
      es: (f) => `excluya en .dockerignore lo que el servicio no necesita; la parte mayor es ${f.largest}`,
    },
  }),
  RUNTIME_DISK_FULL: message<{ path: string }>({
    en: (f) => `the disk is full: ${f.path} could not be written`,
    es: (f) => `el disco está lleno: no se pudo escribir ${f.path}`,
    hint: { en: (f) => `make room: df -h ${f.path}`, es: (f) => `libere espacio: df -h ${f.path}` },
  }),
  RUNTIME_ENV_NAME: message<{ name: string }>({
    en: (f) => `${f.name} cannot be the name of an environment variable`,
    es: (f) => `${f.name} no puede ser el nombre de una variable de entorno`,
    hint: { en: 'a name has no "=" and no NUL in it', es: 'un nombre no lleva «=» ni NUL' },
  }),
  RUNTIME_ENV_VALUE: message<{ name: string; problem: 'nul' | 'long' }>({
    en: (f) => `the variable ${f.name} ${f.problem === 'nul' ? 'contains a NUL' : 'is longer than 128 KiB'}`,
    es: (f) => `la variable ${f.name} ${f.problem === 'nul' ? 'contiene un NUL' : 'ocupa más de 128 KiB'}`,
    hint: { en: 'give it as a secret or a config, as a file', es: 'désela como secret o config, en un archivo' },
  }),
  RUNTIME_HOME_IN_USE: message<{ home: string; pid: number }>({
    en: (f) => `${f.home} is in use by process ${f.pid}`,
    es: (f) => `el proceso ${f.pid} está usando ${f.home}`,
    hint: { en: 'timonel daemon stop', es: 'timonel daemon stop' },
  }),
  RUNTIME_IMAGE_UNKNOWN: message<{ service: string; image: string }>({
    en: (f) => `service ${f.service}: the process runtime cannot run the image ${f.image}`,
    es: (f) => `servicio ${f.service}: el runtime de procesos no puede ejecutar la imagen ${f.image}`,
    hint: {
      en: 'say what to run in its place, x-timonel: {process: {command: [...]}}, or deploy with --runtime docker',
      es: 'diga qué ejecutar en su lugar, x-timonel: {process: {command: [...]}}, o despliegue con --runtime docker',
    },
  }),
  RUNTIME_KEY_HARMLESS: message<KeyFacts>({
    en: (f) => `service ${f.service}: ${f.key} does nothing: ${reasons[f.why].en}`,
    es: (f) => `servicio ${f.service}: ${f.key} no hace nada: ${reasons[f.why].es}`,
  }),
  RUNTIME_KEY_IMPOSSIBLE: message<KeyFacts>({
    en: (f) => `service ${f.service}: ${f.key} cannot be honoured by the process runtime: ${reasons[f.why].en}`,
    es: (f) => `servicio ${f.service}: el runtime de procesos no puede cumplir ${f.key}: ${reasons[f.why].es}`,
    hint: {
      en: 'remove it, or deploy with --runtime docker',
      es: 'quítelo, o despliegue con --runtime docker',
    },
  }),
  RUNTIME_LAUNCH_FAILED: message<{ instance: string; act: string; detail: string }>({
    en: (f) => `${f.instance} could not be started, at "${f.act}": ${f.detail}`,
    es: (f) => `no se pudo iniciar ${f.instance}, en «${f.act}»: ${f.detail}`,
  }),
  RUNTIME_LIMIT_UNAVAILABLE: message<{ service: string; controller: string }>({
    en: (f) =>
      `service ${f.service}: its ${f.controller} limit is not enforced, this machine gives us no control group`,
    es: (f) => `servicio ${f.service}: su límite de ${f.controller} no se aplica, esta máquina no nos da un cgroup`,
    hint: {
      en: 'run the daemon as root on a kernel with this cgroup controller',
      es: 'ejecute el daemon como root en un núcleo con este controlador de cgroups',
    },
  }),
  RUNTIME_LINUX_ONLY: message<{ platform: string }>({
    en: (f) => `the process runtime needs Linux; this is ${f.platform}`,
    es: (f) => `el runtime de procesos necesita Linux; esto es ${f.platform}`,
    hint: { en: 'timonel deploy --runtime docker', es: 'timonel deploy --runtime docker' },
  }),
  RUNTIME_MOUNT_POINT: message<{ path: string; reason: string }>({
    en: (f) => `the empty mount point ${f.path} could not be made: ${f.reason}`,
    es: (f) => `no se pudo crear el punto de montaje vacío ${f.path}: ${f.reason}`,
    hint: { en: (f) => `make it: sudo mkdir -p ${f.path}`, es: (f) => `créelo: sudo mkdir -p ${f.path}` },
  }),
  RUNTIME_NEEDS_ROOT: message<{ service: string; key: string }>({
    en: (f) => `service ${f.service}: ${f.key} needs a daemon that runs as root`,
    es: (f) => `servicio ${f.service}: ${f.key} necesita que el daemon se ejecute como root`,
    hint: { en: 'sudo timonel daemon start', es: 'sudo timonel daemon start' },
  }),
  RUNTIME_NOT_PREPARED: message<{ service: string; revision: string }>({
    en: (f) => `service ${f.service}: there is no copy of its revision ${f.revision}`,
    es: (f) => `servicio ${f.service}: no hay una copia de su revisión ${f.revision}`,
    hint: { en: 'timonel deploy', es: 'timonel deploy' },
  }),
  RUNTIME_NOT_RUNNING: message<{ instance: string }>({
    en: (f) => `${f.instance} is not running`,
    es: (f) => `${f.instance} no está en ejecución`,
    hint: { en: 'timonel status', es: 'timonel status' },
  }),
  RUNTIME_NO_ADDRESS: message<{ home: string }>({
    en: (f) => `no loopback address is left for ${f.home}`,
    es: (f) => `no queda ninguna dirección de loopback para ${f.home}`,
  }),
  RUNTIME_NO_COMMAND: message<{ service: string; proposal: string }>({
    en: (f) => `service ${f.service}: nothing says what to run; its image is not built by the process runtime`,
    es: (f) => `servicio ${f.service}: nada dice qué ejecutar; el runtime de procesos no construye su imagen`,
    hint: {
      en: (f) => `write x-timonel: {process: {command: ${f.proposal}}} in the service, or use --runtime docker`,
      es: (f) => `escriba x-timonel: {process: {command: ${f.proposal}}} en el servicio, o use --runtime docker`,
    },
  }),
  RUNTIME_NO_INSTANCE: message<{ project: string; instance: string }>({
    en: (f) => `project ${f.project} has no instance ${f.instance}`,
    es: (f) => `el proyecto ${f.project} no tiene la instancia ${f.instance}`,
    hint: { en: 'timonel status', es: 'timonel status' },
  }),
  RUNTIME_NO_NAMESPACE: message<{ service: string; needs: string }>({
    en: (f) => `service ${f.service}: ${f.needs} cannot be mounted, this kernel gives us no namespace of our own`,
    es: (f) =>
      `servicio ${f.service}: no se puede montar ${f.needs}, el núcleo no permite un espacio de nombres propio`,
    hint: {
      en: 'run the daemon as root, or allow user namespaces: sysctl -w kernel.unprivileged_userns_clone=1',
      es: 'ejecute el daemon como root, o permita user namespaces: sysctl -w kernel.unprivileged_userns_clone=1',
    },
  }),
  RUNTIME_NO_PRIVATE_NAMES: message<{ service: string }>({
    en: (f) => `service ${f.service}: the names of its neighbours do not resolve, this kernel gives us no namespace`,
    es: (f) => `servicio ${f.service}: los nombres de sus vecinos no se resuelven, el núcleo no da espacios de nombres`,
    hint: {
      en: 'run the daemon as root, or write the addresses of `timonel status` in the environment',
      es: 'ejecute el daemon como root, o escriba en el entorno las direcciones de `timonel status`',
    },
  }),
  RUNTIME_NO_ROOM: message<{ folder: string; free: number; needed: number }>({
    en: (f) =>
      `not enough disk for the code: ${f.folder} has ${megabytes(f.free)} free, ${megabytes(f.needed)} are needed`,
    es: (f) =>
      `falta disco para el código: ${f.folder} tiene ${megabytes(f.free)} libres y hacen falta ${megabytes(f.needed)}`,
    hint: { en: (f) => `make room: df -h ${f.folder}`, es: (f) => `libere espacio: df -h ${f.folder}` },
  }),
  RUNTIME_SETUP_FAILED: message<{ service: string; command: string; end: string; output: string }>({
    en: (f) => `service ${f.service}: setup command \`${f.command}\` ended with ${f.end}\n${f.output}`,
    es: (f) => `servicio ${f.service}: la orden de setup \`${f.command}\` terminó con ${f.end}\n${f.output}`,
    hint: { en: 'correct x-timonel.process.setup', es: 'corrija x-timonel.process.setup' },
  }),
  RUNTIME_STILL_RUNNING: message<{ instance: string }>({
    en: (f) => `${f.instance} still exists or runs`,
    es: (f) => `${f.instance} todavía existe o se ejecuta`,
    hint: { en: 'timonel down', es: 'timonel down' },
  }),
  RUNTIME_TOOL_MISSING: message<{ tool: string; package: string }>({
    en: (f) => `the program ${f.tool} is missing`,
    es: (f) => `falta el programa ${f.tool}`,
    hint: { en: (f) => `apt-get install -y ${f.package}`, es: (f) => `apt-get install -y ${f.package}` },
  }),
  RUNTIME_UNKILLABLE: message<{ pid: number; left: string }>({
    en: (f) => `process ${f.pid} was killed, but ${f.left} did not end; the kernel holds them, often for a disk`,
    es: (f) =>
      `se mató el proceso ${f.pid}, pero ${f.left} no terminaron; el núcleo los retiene, a menudo por un disco`,
    hint: { en: 'look at the disks: dmesg | tail', es: 'revise los discos: dmesg | tail' },
  }),
  RUNTIME_USER_ROOT: message<{ user: string }>({
    en: (f) => `only root can run a service as user ${f.user}`,
    es: (f) => `solo root puede ejecutar un servicio como el usuario ${f.user}`,
    hint: { en: 'sudo timonel daemon start', es: 'sudo timonel daemon start' },
  }),
  RUNTIME_USER_UNKNOWN: message<{ user: string }>({
    en: (f) => `this machine has no account ${f.user}`,
    es: (f) => `esta máquina no tiene la cuenta ${f.user}`,
    hint: {
      en: (f) => `make it, useradd --system ${f.user}, or give a number`,
      es: (f) => `créela, useradd --system ${f.user}, o indique un número`,
    },
  }),
  RUNTIME_VOLUME_DRIVER: message<{ volume: string; driver: string }>({
    en: (f) => `volume ${f.volume}: the process runtime has no driver ${f.driver}`,
    es: (f) => `volumen ${f.volume}: el runtime de procesos no tiene el driver ${f.driver}`,
    hint: {
      en: 'mount it on the machine and name the folder as a bind mount',
      es: 'móntelo en la máquina y nombre la carpeta como bind mount',
    },
  }),
  RUNTIME_VOLUME_EXTERNAL: message<{ volume: string; path: string }>({
    en: (f) => `the external volume ${f.volume} does not exist`,
    es: (f) => `el volumen externo ${f.volume} no existe`,
    hint: { en: (f) => `make it: mkdir -p ${f.path}`, es: (f) => `créelo: mkdir -p ${f.path}` },
  }),
  RUNTIME_VOLUME_IN_USE: message<{ volume: string; instance: string }>({
    en: (f) => `volume ${f.volume} is in use by ${f.instance}`,
    es: (f) => `el volumen ${f.volume} lo usa ${f.instance}`,
    hint: { en: 'timonel down', es: 'timonel down' },
  }),
};
