import { message } from './message.ts';

/** What the docker runtime says to its users. `what` is the engine's operation and its object, in the engine's words. */
export const dockerMessages = {
  DOCKER_REFUSED: message<{ what: string; status: number; detail: string }>({
    en: (f) => `Docker refused “${f.what}”: ${f.detail} (${f.status})`,
    es: (f) => `Docker rechazó «${f.what}»: ${f.detail} (${f.status})`,
  }),
  DOCKER_TIMEOUT: message<{ what: string; after: string }>({
    en: (f) => `Docker did not answer “${f.what}” within ${f.after}`,
    es: (f) => `Docker no respondió a «${f.what}» en ${f.after}`,
    hint: {
      en: 'see what it does: journalctl -u docker -n 50; restart it: sudo systemctl restart docker',
      es: 'mire qué hace: journalctl -u docker -n 50; reinícielo: sudo systemctl restart docker',
    },
  }),
  DOCKER_UNREACHABLE: message<{ socket: string; detail: string }>({
    en: (f) => `no Docker engine answers at ${f.socket} (${f.detail})`,
    es: (f) => `ningún motor de Docker responde en ${f.socket} (${f.detail})`,
    hint: {
      en: 'start it: sudo systemctl start docker; not installed: sudo apt-get install docker.io; without Docker: --runtime process',
      es: 'inícielo: sudo systemctl start docker; no está instalado: sudo apt-get install docker.io; sin Docker: --runtime process',
    },
  }),
  DOCKER_FORBIDDEN: message<{ socket: string }>({
    en: (f) => `the Docker engine's socket ${f.socket} is closed to this user`,
    es: (f) => `este usuario no tiene acceso al socket de Docker ${f.socket}`,
    hint: { en: 'run Timonel as root: sudo timonel ...', es: 'ejecute Timonel como root: sudo timonel ...' },
  }),
  DOCKER_NEEDS_ROOT: message({
    en: 'the docker runtime needs root: it puts the addresses of services on the host',
    es: 'el entorno docker necesita root: pone en el host las direcciones de los servicios',
    hint: { en: 'run it as root: sudo timonel ...', es: 'ejecútelo como root: sudo timonel ...' },
  }),
  DOCKER_NEEDS_IPROUTE: message({
    en: 'the command “ip” is missing: the docker runtime puts the addresses of services on the host with it',
    es: 'falta el comando «ip»: con él, el entorno docker pone en el host las direcciones de los servicios',
    hint: { en: 'sudo apt-get install iproute2', es: 'sudo apt-get install iproute2' },
  }),
  DOCKER_TOO_OLD: message<{ version: string }>({
    en: (f) => `Docker ${f.version} is too old: 20.10 or newer is needed`,
    es: (f) => `Docker ${f.version} es demasiado antiguo: se necesita 20.10 o más reciente`,
    hint: { en: 'sudo apt-get install docker.io', es: 'sudo apt-get install docker.io' },
  }),
  DOCKER_ELSEWHERE: message<{ system: string }>({
    en: (f) =>
      `this Docker engine (${f.system}) does not run on this host as root, so the proxy cannot reach its containers`,
    es: (f) =>
      `este motor de Docker (${f.system}) no se ejecuta en este host como root, así que el proxy no alcanza sus contenedores`,
    hint: {
      en: 'use the host’s own engine: DOCKER_HOST=unix:///var/run/docker.sock',
      es: 'use el motor del propio host: DOCKER_HOST=unix:///var/run/docker.sock',
    },
  }),
  DOCKER_HOST_NETWORK: message<{ detail: string }>({
    en: (f) => `the addresses of services could not be put on the host: ${f.detail}`,
    es: (f) => `no se pudieron poner en el host las direcciones de los servicios: ${f.detail}`,
  }),
  DOCKER_FIREWALL: message<{ detail: string }>({
    en: (f) => `iptables did not take the rules that protect the addresses of services: ${f.detail}`,
    es: (f) => `iptables no aceptó las reglas que protegen las direcciones de los servicios: ${f.detail}`,
    hint: { en: 'see: iptables -S INPUT', es: 'vea: iptables -S INPUT' },
  }),
  DOCKER_ADDRESSES_TAKEN: message<{ block: string }>({
    en: (f) => `no free address is left in ${f.block}`,
    es: (f) => `no queda ninguna dirección libre en ${f.block}`,
    hint: {
      en: 'give the network a larger subnet, or take down projects that are no longer used: timonel down -p NAME',
      es: 'dé a la red una subred mayor, o baje proyectos que ya no se usan: timonel down -p NOMBRE',
    },
  }),
  DOCKER_ADDRESS_IN_USE: message<{ instance: string; address: string }>({
    en: (f) => `${f.instance} cannot have the address ${f.address}: another container has it`,
    es: (f) => `${f.instance} no puede tener la dirección ${f.address}: la tiene otro contenedor`,
    hint: {
      en: 'find it: docker network inspect NETWORK; with a fixed ipv4_address use x-timonel.strategy: recreate',
      es: 'búsquelo: docker network inspect RED; con una ipv4_address fija use x-timonel.strategy: recreate',
    },
  }),
  DOCKER_STATE_UNREADABLE: message<{ path: string; detail: string }>({
    en: (f) => `${f.path} cannot be read (${f.detail})`,
    es: (f) => `no se puede leer ${f.path} (${f.detail})`,
    hint: {
      en: 'restore it from a copy, or move it away: the services of that project get new addresses at the next deployment',
      es: 'recupérelo de una copia o apártelo: los servicios de ese proyecto tendrán otras direcciones en el próximo despliegue',
    },
  }),
  DOCKER_NETWORK_MISSING: message<{ name: string }>({
    en: (f) => `the external network ${f.name} does not exist`,
    es: (f) => `la red externa ${f.name} no existe`,
    hint: {
      en: (f) => `create it: docker network create ${f.name}; or with the deployment: timonel deploy --create-networks`,
      es: (f) => `créela: docker network create ${f.name}; o con el despliegue: timonel deploy --create-networks`,
    },
  }),
  DOCKER_NETWORK_FOREIGN: message<{ name: string; owner: string }>({
    en: (f) =>
      f.owner === ''
        ? `a network ${f.name} exists already and was not made for a project`
        : `the network ${f.name} belongs to the project ${f.owner}`,
    es: (f) =>
      f.owner === ''
        ? `ya existe una red ${f.name} y no se creó para un proyecto`
        : `la red ${f.name} pertenece al proyecto ${f.owner}`,
    hint: {
      en: 'to share it, declare it with “external: true”; to have your own, give it another “name:”',
      es: 'para compartirla, declárela con «external: true»; para tener una propia, dele otro «name:»',
    },
  }),
  DOCKER_NETWORK_CHANGED: message<{ name: string; project: string }>({
    en: (f) =>
      `the network ${f.name} was made with other settings than the file has now, and a network cannot be changed`,
    es: (f) => `la red ${f.name} se creó con otros ajustes que los del archivo, y una red no se puede cambiar`,
    hint: {
      en: (f) =>
        `give it another “name:”, or make it anew (volumes stay): timonel down -p ${f.project}, then timonel deploy`,
      es: (f) =>
        `dele otro «name:», o créela de nuevo (los volúmenes se quedan): timonel down -p ${f.project} y luego timonel deploy`,
    },
  }),
  DOCKER_VOLUME_MISSING: message<{ name: string }>({
    en: (f) => `the external volume ${f.name} does not exist`,
    es: (f) => `el volumen externo ${f.name} no existe`,
    hint: {
      en: (f) => `create it: docker volume create ${f.name}`,
      es: (f) => `créelo: docker volume create ${f.name}`,
    },
  }),
  DOCKER_VOLUME_FOREIGN: message<{ name: string; owner: string }>({
    en: (f) => `the volume ${f.name} belongs to the project ${f.owner}`,
    es: (f) => `el volumen ${f.name} pertenece al proyecto ${f.owner}`,
    hint: {
      en: 'to share it, declare it with “external: true”; to have your own, give it another “name:”',
      es: 'para compartirlo, declárelo con «external: true»; para tener uno propio, dele otro «name:»',
    },
  }),
  DOCKER_VOLUME_IN_USE: message<{ name: string }>({
    en: (f) => `the volume ${f.name} is used by a container`,
    es: (f) => `un contenedor usa el volumen ${f.name}`,
    hint: {
      en: (f) => `find it: docker ps -a --filter volume=${f.name}`,
      es: (f) => `búsquelo: docker ps -a --filter volume=${f.name}`,
    },
  }),
  DOCKER_BIND_MISSING: message<{ service: string; source: string }>({
    en: (f) => `${f.service} mounts ${f.source}, which does not exist`,
    es: (f) => `${f.service} monta ${f.source}, que no existe`,
    hint: {
      en: (f) => `create the file or the folder (mkdir -p ${f.source}), or correct the path`,
      es: (f) => `cree el archivo o la carpeta (mkdir -p ${f.source}) o corrija la ruta`,
    },
  }),
  DOCKER_NAMELESS_VOLUME: message<{ service: string; path: string }>({
    en: (f) =>
      `the image of ${f.service} keeps data in ${f.path}, for which the file names no volume: a new instance would start empty`,
    es: (f) =>
      `la imagen de ${f.service} guarda datos en ${f.path}, para lo que el archivo no nombra un volumen: una instancia nueva empezaría vacía`,
    hint: {
      en: (f) =>
        `name one (volumes: ["data:${f.path}"]), or hand it on with a pause (x-timonel.strategy: recreate), or say that it may go (tmpfs: ["${f.path}"])`,
      es: (f) =>
        `nombre uno (volumes: ["data:${f.path}"]), o páselo con una pausa (x-timonel.strategy: recreate), o diga que puede perderse (tmpfs: ["${f.path}"])`,
    },
  }),
  DOCKER_PROFILE_UNREADABLE: message<{ path: string; detail: string }>({
    en: (f) => `the seccomp profile ${f.path} cannot be read: ${f.detail}`,
    es: (f) => `no se puede leer el perfil seccomp ${f.path}: ${f.detail}`,
  }),
  DOCKER_COMPANION_MISSING: message<{ service: string; instance: string }>({
    en: (f) => `${f.instance} shares a namespace or volumes with ${f.service}, which does not run`,
    es: (f) => `${f.instance} comparte espacio de nombres o volúmenes con ${f.service}, que no está en marcha`,
    hint: {
      en: (f) => `see why: timonel logs ${f.service}`,
      es: (f) => `vea por qué: timonel logs ${f.service}`,
    },
  }),
  DOCKER_NAME_TAKEN: message<{ name: string }>({
    en: (f) => `a container ${f.name} exists already and is not of this Timonel`,
    es: (f) => `ya existe un contenedor ${f.name} y no es de este Timonel`,
    hint: {
      en: (f) => `look at it: docker inspect ${f.name}; if nobody needs it: docker rm ${f.name}`,
      es: (f) => `mírelo: docker inspect ${f.name}; si nadie lo necesita: docker rm ${f.name}`,
    },
  }),
  DOCKER_STILL_RUNNING: message<{ instance: string }>({
    en: (f) => `${f.instance} still runs: it is stopped before it is removed`,
    es: (f) => `${f.instance} sigue en marcha: se detiene antes de eliminarse`,
  }),
  DOCKER_START_FAILED: message<{ instance: string; detail: string }>({
    en: (f) => `${f.instance} could not be started: ${f.detail}`,
    es: (f) => `${f.instance} no se pudo iniciar: ${f.detail}`,
  }),
  DOCKER_HOOK_FAILED: message<{ hook: string; code: number; output: string }>({
    en: (f) => `the post_start hook “${f.hook}” ended with ${f.code}: ${f.output}`,
    es: (f) => `el post_start «${f.hook}» terminó con ${f.code}: ${f.output}`,
  }),
  DOCKER_NO_INSTANCE: message<{ instance: string; project: string }>({
    en: (f) => `${f.project} has no instance ${f.instance}`,
    es: (f) => `${f.project} no tiene la instancia ${f.instance}`,
    hint: { en: (f) => `timonel status -p ${f.project}`, es: (f) => `timonel status -p ${f.project}` },
  }),
  DOCKER_NOT_RUNNING: message<{ container: string; detail: string }>({
    en: (f) => `nothing can be run in ${f.container}: ${f.detail}`,
    es: (f) => `no se puede ejecutar nada en ${f.container}: ${f.detail}`,
  }),
  DOCKER_IMAGE_UNKNOWN: message<{ image: string; detail: string }>({
    en: (f) => `the image ${f.image} is neither here nor found in its registry: ${f.detail}`,
    es: (f) => `la imagen ${f.image} no está aquí ni se encontró en su registro: ${f.detail}`,
    hint: {
      en: 'check the name and the tag; for a private registry: sudo docker login REGISTRY',
      es: 'revise el nombre y la etiqueta; para un registro privado: sudo docker login REGISTRO',
    },
  }),
  DOCKER_IMAGE_GONE: message<{ image: string }>({
    en: (f) => `the image ${f.image} was removed from this machine`,
    es: (f) => `la imagen ${f.image} se eliminó de esta máquina`,
    hint: { en: 'make it again: timonel deploy', es: 'créela de nuevo: timonel deploy' },
  }),
  DOCKER_PULL_FAILED: message<{ image: string; detail: string }>({
    en: (f) => `${f.image} could not be pulled: ${f.detail}`,
    es: (f) => `no se pudo descargar ${f.image}: ${f.detail}`,
    hint: {
      en: 'check the network; for a private registry: sudo docker login REGISTRY',
      es: 'revise la red; para un registro privado: sudo docker login REGISTRO',
    },
  }),
  DOCKER_BUILD_REMOTE: message<{ service: string; context: string }>({
    en: (f) => `${f.service} is built from ${f.context}, which is not on this machine: its revision cannot be pinned`,
    es: (f) =>
      `${f.service} se construye desde ${f.context}, que no está en esta máquina: su revisión no se puede fijar`,
    hint: {
      en: 'clone it and name the folder in build.context',
      es: 'clónelo y ponga la carpeta en build.context',
    },
  }),
  DOCKER_CONTEXT_MISSING: message<{ service: string; context: string }>({
    en: (f) => `the build context of ${f.service}, ${f.context}, is no folder`,
    es: (f) => `el contexto de construcción de ${f.service}, ${f.context}, no es una carpeta`,
  }),
  DOCKER_CONTEXT_CHANGED: message<{ service: string; context: string }>({
    en: (f) => `files of ${f.service} in ${f.context} changed while the deployment was under way`,
    es: (f) => `los archivos de ${f.service} en ${f.context} cambiaron durante el despliegue`,
    hint: { en: 'deploy again: timonel deploy', es: 'despliegue de nuevo: timonel deploy' },
  }),
  DOCKER_DOCKERFILE_MISSING: message<{ service: string; path: string }>({
    en: (f) => `${f.service} has no Dockerfile at ${f.path}`,
    es: (f) => `${f.service} no tiene Dockerfile en ${f.path}`,
    hint: {
      en: 'write one or name it in build.dockerfile; to run without an image: --runtime process',
      es: 'escriba uno o nómbrelo en build.dockerfile; para ejecutar sin imagen: --runtime process',
    },
  }),
  DOCKER_BUILD_FAILED: message<{ service: string; detail: string; output: string }>({
    en: (f) => `the image of ${f.service} could not be built: ${f.detail}${f.output === '' ? '' : `\n${f.output}`}`,
    es: (f) => `no se pudo construir la imagen de ${f.service}: ${f.detail}${f.output === '' ? '' : `\n${f.output}`}`,
  }),
  DOCKER_BUILD_MEMORY: message<{ service: string; gigabytes: string; detail: string; output: string }>({
    en: (f) =>
      `the build of ${f.service} was ended because it took more than ${f.gigabytes} GiB of memory: ${f.detail}`,
    es: (f) =>
      `la construcción de ${f.service} se terminó porque usó más de ${f.gigabytes} GiB de memoria: ${f.detail}`,
    hint: {
      en: 'build the image elsewhere and name it in “image:”, or let the build use less memory',
      es: 'construya la imagen en otra máquina y nómbrela en «image:», o haga que la construcción use menos memoria',
    },
  }),
  DOCKER_BUILD_TIMEOUT: message<{ service: string; minutes: number }>({
    en: (f) => `the image of ${f.service} was not built within ${f.minutes} minutes`,
    es: (f) => `la imagen de ${f.service} no se construyó en ${f.minutes} minutos`,
    hint: {
      en: 'see what takes so long: docker build CONTEXT',
      es: 'vea qué tarda tanto: docker build CONTEXTO',
    },
  }),
  DOCKER_IMPOSSIBLE: message<{ service: string; attribute: string }>({
    en: (f) => `${f.service}: the docker runtime cannot honour “${f.attribute}”`,
    es: (f) => `${f.service}: el entorno docker no puede cumplir «${f.attribute}»`,
    hint: {
      en: (f) => `remove “${f.attribute}”, or put it under “x-” to keep it as a note`,
      es: (f) => `quite «${f.attribute}», o póngalo bajo «x-» para conservarlo como nota`,
    },
  }),
  DOCKER_HARMLESS: message<{ service: string; attribute: string }>({
    en: (f) => `${f.service}: “${f.attribute}” has no effect here`,
    es: (f) => `${f.service}: «${f.attribute}» no tiene efecto aquí`,
  }),
  DOCKER_FIXED_ADDRESS: message<{ service: string; address: string; replicas: number }>({
    en: (f) =>
      `${f.service} has the fixed address ${f.address}, which two instances cannot share, not even during a deployment`,
    es: (f) =>
      `${f.service} tiene la dirección fija ${f.address}, que dos instancias no pueden compartir, ni durante un despliegue`,
    hint: {
      en: 'remove ipv4_address (neighbours find it by name), or set x-timonel.strategy: recreate and one replica',
      es: 'quite ipv4_address (los vecinos lo encuentran por su nombre), o ponga x-timonel.strategy: recreate y una réplica',
    },
  }),
  DOCKER_ENGINE_TOO_OLD: message<{ service: string; attribute: string; needs: string; has: string }>({
    en: (f) => `${f.service}: “${f.attribute}” needs a Docker engine with API ${f.needs}; this one has ${f.has}`,
    es: (f) => `${f.service}: «${f.attribute}» necesita un motor de Docker con API ${f.needs}; este tiene ${f.has}`,
    hint: {
      en: (f) => `update Docker, or remove “${f.attribute}”`,
      es: (f) => `actualice Docker, o quite «${f.attribute}»`,
    },
  }),
};
