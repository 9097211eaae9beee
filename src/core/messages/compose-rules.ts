import { message } from './message.ts';

const kinds = {
  en: { network: 'network', volume: 'volume', secret: 'secret', config: 'config', model: 'model' },
  es: { network: 'la red', volume: 'el volumen', secret: 'el secreto', config: 'la configuración', model: 'el modelo' },
} as const;

/** What the Compose loader says about meaning: contradictions, references, what is obsolete. */
export const composeRuleMessages = {
  COMPOSE_VERSION_OBSOLETE: message({
    en: 'the attribute version is obsolete and ignored',
    es: 'el atributo version está obsoleto y se ignora',
    hint: { en: 'remove the line', es: 'elimine la línea' },
  }),
  COMPOSE_EXTERNAL_NAME: message<{ path: string }>({
    en: (f) => `${f.path}: external.name is deprecated`,
    es: (f) => `${f.path}: external.name está obsoleto`,
    hint: { en: 'write external: true and name: …', es: 'escriba external: true y name: …' },
  }),
  COMPOSE_EXTERNAL_NAMES_DIFFER: message<{ path: string }>({
    en: (f) => `${f.path}: name and external.name conflict`,
    es: (f) => `${f.path}: name y external.name se contradicen`,
    hint: { en: 'keep only name', es: 'deje solo name' },
  }),
  COMPOSE_EXTERNAL_CONFLICT: message<{ path: string; key: string }>({
    en: (f) => `${f.path}: external and ${f.key} contradict each other, for an external one is not created here`,
    es: (f) => `${f.path}: external y ${f.key} se contradicen, porque lo externo no se crea aquí`,
    hint: { en: (f) => `remove ${f.key} or external`, es: (f) => `elimine ${f.key} o external` },
  }),
  COMPOSE_SOURCES_EXCLUDE: message<{ path: string; keys: readonly string[] }>({
    en: (f) => `${f.path}: ${f.keys.join(' and ')} exclude each other`,
    es: (f) => `${f.path}: ${f.keys.join(' y ')} se excluyen`,
    hint: { en: 'keep one of them', es: 'deje uno de ellos' },
  }),
  COMPOSE_SOURCE_MISSING: message<{ path: string; keys: readonly string[] }>({
    en: (f) => `${f.path}: one of ${f.keys.join(', ')} must be set`,
    es: (f) => `${f.path}: falta uno de ${f.keys.join(', ')}`,
    hint: { en: (f) => `add ${f.keys[0]}:`, es: (f) => `añada ${f.keys[0]}:` },
  }),
  COMPOSE_BIND_SOURCE: message<{ path: string }>({
    en: (f) => `${f.path}: a mount of type "bind" needs a source`,
    es: (f) => `${f.path}: un montaje de tipo "bind" necesita source`,
    hint: { en: 'add source: with the path on this machine', es: 'añada source: con la ruta en esta máquina' },
  }),
  COMPOSE_COUNT_OR_IDS: message<{ path: string }>({
    en: (f) => `${f.path}: count and device_ids exclude each other`,
    es: (f) => `${f.path}: count y device_ids se excluyen`,
    hint: { en: 'keep one of them', es: 'deje uno de ellos' },
  }),
  COMPOSE_NO_HOME: message<{ path: string; value: string }>({
    en: (f) => `${f.path}: ~ in ${f.value} cannot be expanded, because HOME is not set`,
    es: (f) => `${f.path}: no se puede expandir ~ en ${f.value}, porque HOME no está definida`,
    hint: { en: 'write the whole path', es: 'escriba la ruta completa' },
  }),
  COMPOSE_ENV_FORMAT: message<{ format: string; file: string }>({
    en: (f) => `unsupported env_file format "${f.format}" for ${f.file}`,
    es: (f) => `formato de env_file no admitido "${f.format}" para ${f.file}`,
    hint: { en: 'remove format, or write format: raw', es: 'quite format o escriba format: raw' },
  }),
  COMPOSE_NO_IMAGE: message<{ service: string }>({
    en: (f) => `service "${f.service}" has neither an image nor a build context`,
    es: (f) => `el servicio "${f.service}" no tiene ni image ni build`,
    hint: { en: 'add image: or build:', es: 'añada image: o build:' },
  }),
  COMPOSE_TWO_DOCKERFILES: message<{ service: string }>({
    en: (f) => `service "${f.service}" declares both dockerfile and dockerfile_inline`,
    es: (f) => `el servicio "${f.service}" declara dockerfile y dockerfile_inline`,
    hint: { en: 'keep one of them', es: 'deje uno de ellos' },
  }),
  COMPOSE_CONTEXT_UNKNOWN: message<{ service: string; context: string; target: string }>({
    en: (f) => `service "${f.service}" takes context ${f.context} from service "${f.target}", which does not exist`,
    es: (f) => `el servicio "${f.service}" toma el contexto ${f.context} del servicio "${f.target}", que no existe`,
    hint: { en: 'name a service that is built here', es: 'indique un servicio que se construya aquí' },
  }),
  COMPOSE_CONTEXT_NOT_BUILT: message<{ service: string; context: string; target: string }>({
    en: (f) => `service "${f.service}" takes context ${f.context} from service "${f.target}", which is not built`,
    es: (f) =>
      `el servicio "${f.service}" toma el contexto ${f.context} del servicio "${f.target}", que no se construye`,
    hint: { en: (f) => `add build: to ${f.target}`, es: (f) => `añada build: a ${f.target}` },
  }),
  COMPOSE_BUILD_PLATFORM: message<{ service: string; platform: string; platforms: readonly string[] }>({
    en: (f) => `service "${f.service}" runs on ${f.platform}, but is built for ${f.platforms.join(', ')} only`,
    es: (f) =>
      `el servicio "${f.service}" se ejecuta en ${f.platform}, pero solo se construye para ${f.platforms.join(', ')}`,
    hint: { en: (f) => `add ${f.platform} to build.platforms`, es: (f) => `añada ${f.platform} a build.platforms` },
  }),
  COMPOSE_HEALTH_TEST: message<{ service: string; found: string }>({
    en: (f) =>
      `service "${f.service}": the list healthcheck.test must begin with CMD, CMD-SHELL or NONE, not "${f.found}"`,
    es: (f) =>
      `servicio "${f.service}": la lista healthcheck.test debe empezar por CMD, CMD-SHELL o NONE, no por "${f.found}"`,
    hint: { en: (f) => `write ["CMD", "${f.found}", …]`, es: (f) => `escriba ["CMD", "${f.found}", …]` },
  }),
  COMPOSE_NETWORK_MODE_AND_NETWORKS: message<{ service: string }>({
    en: (f) => `service "${f.service}" declares both network_mode and networks`,
    es: (f) => `el servicio "${f.service}" declara network_mode y networks`,
    hint: { en: 'keep one of them', es: 'deje uno de ellos' },
  }),
  COMPOSE_NETWORK_MODE_UNKNOWN: message<{ service: string; other: string }>({
    en: (f) => `service "${f.service}" shares the network of service "${f.other}", which does not exist`,
    es: (f) => `el servicio "${f.service}" comparte la red del servicio "${f.other}", que no existe`,
    hint: { en: 'name a service of this project', es: 'indique un servicio de este proyecto' },
  }),
  COMPOSE_UNDEFINED: message<{
    service: string;
    kind: keyof typeof kinds.en;
    name: string;
    nearest: string | undefined;
  }>({
    en: (f) =>
      f.name === ''
        ? `service "${f.service}" names no ${kinds.en[f.kind]} here`
        : `service "${f.service}" refers to undefined ${kinds.en[f.kind]} ${f.name}`,
    es: (f) =>
      f.name === ''
        ? `el servicio "${f.service}" no nombra aquí ${kinds.es[f.kind]}`
        : `el servicio "${f.service}" usa ${kinds.es[f.kind]} ${f.name}, que no está definido`,
    hint: {
      en: (f) => {
        if (f.name === '') return 'write the name, or remove the line';
        if (f.kind === 'volume' && f.name.includes('/')) return `write ./${f.name} for a path of this machine`;
        return f.nearest === undefined
          ? `declare it at top level: ${f.kind}s: {${f.name}: …}`
          : `did you mean ${f.nearest}?`;
      },
      es: (f) => {
        if (f.name === '') return 'escriba el nombre o elimine la línea';
        if (f.kind === 'volume' && f.name.includes('/')) return `escriba ./${f.name} si es una ruta de esta máquina`;
        return f.nearest === undefined
          ? `declárelo en el primer nivel: ${f.kind}s: {${f.name}: …}`
          : `¿quería decir ${f.nearest}?`;
      },
    },
  }),
  COMPOSE_DEPENDENCY_UNKNOWN: message<{
    service: string;
    other: string;
    profiles: readonly string[] | undefined;
    nearest: string | undefined;
  }>({
    en: (f) =>
      f.profiles === undefined
        ? `service "${f.service}" depends on undefined service "${f.other}"`
        : `service "${f.service}" depends on service "${f.other}", which is not active`,
    es: (f) =>
      f.profiles === undefined
        ? `el servicio "${f.service}" depende del servicio "${f.other}", que no existe`
        : `el servicio "${f.service}" depende del servicio "${f.other}", que no está activo`,
    hint: {
      en: (f) =>
        f.profiles !== undefined
          ? `activate it: --profile ${f.profiles[0]}, or write required: false`
          : f.nearest === undefined
            ? 'define it, or remove the dependency'
            : `did you mean ${f.nearest}?`,
      es: (f) =>
        f.profiles !== undefined
          ? `actívelo: --profile ${f.profiles[0]}, o escriba required: false`
          : f.nearest === undefined
            ? 'defínalo o quite la dependencia'
            : `¿quería decir ${f.nearest}?`,
    },
  }),
  COMPOSE_DEPENDENCY_CYCLE: message<{ services: readonly string[] }>({
    en: (f) => `dependency cycle detected: ${f.services.join(' -> ')}`,
    es: (f) => `ciclo de dependencias: ${f.services.join(' -> ')}`,
    hint: { en: 'remove one of these dependencies', es: 'elimine una de estas dependencias' },
  }),
  COMPOSE_DISTINCT_VALUES: message<{ service: string; one: string; other: string }>({
    en: (f) => `services.${f.service}: '${f.one}' and '${f.other}' say different things`,
    es: (f) => `services.${f.service}: '${f.one}' y '${f.other}' dicen cosas distintas`,
    hint: { en: (f) => `keep only ${f.other}`, es: (f) => `deje solo ${f.other}` },
  }),
  COMPOSE_CONTAINER_NAME_SCALE: message<{ service: string; attribute: string; count: number }>({
    en: (f) =>
      `service "${f.service}" has container_name and ${f.attribute} ${f.count}: a container name can be had once`,
    es: (f) =>
      `el servicio "${f.service}" tiene container_name y ${f.attribute} ${f.count}: un nombre de contenedor es único`,
    hint: { en: 'remove container_name', es: 'elimine container_name' },
  }),
  COMPOSE_CONTAINER_NAME_TAKEN: message<{ name: string; service: string; owner: string }>({
    en: (f) => `service "${f.service}": container name "${f.name}" is already in use by service "${f.owner}"`,
    es: (f) => `servicio "${f.service}": el nombre de contenedor "${f.name}" ya lo usa el servicio "${f.owner}"`,
    hint: {
      en: 'give each its own name, or remove container_name',
      es: 'dé a cada uno su nombre o elimine container_name',
    },
  }),
  COMPOSE_WATCH_TARGET: message<{ service: string; action: string }>({
    en: (f) => `service "${f.service}": develop.watch with action ${f.action} needs a target`,
    es: (f) => `servicio "${f.service}": develop.watch con action ${f.action} necesita target`,
    hint: {
      en: 'add target: with the path inside the container',
      es: 'añada target: con la ruta dentro del contenedor',
    },
  }),
  COMPOSE_TARGET_TAKEN: message<{ service: string; target: string; before: string }>({
    en: (f) => `service "${f.service}": ${f.target} is already mounted by ${f.before}`,
    es: (f) => `servicio "${f.service}": ${f.target} ya está montado por ${f.before}`,
    hint: { en: 'remove one of the two mounts', es: 'elimine uno de los dos montajes' },
  }),
  COMPOSE_NO_SUCH_SERVICE: message<{ name: string; nearest: string | undefined }>({
    en: (f) => `no such service: ${f.name}`,
    es: (f) => `no existe el servicio: ${f.name}`,
    hint: {
      en: (f) =>
        f.nearest === undefined ? 'list the services: timonel config --services' : `did you mean ${f.nearest}?`,
      es: (f) =>
        f.nearest === undefined ? 'liste los servicios: timonel config --services' : `¿quería decir ${f.nearest}?`,
    },
  }),
  COMPOSE_HOST_PORT_TAKEN: message<{ service: string; owner: string; port: string }>({
    en: (f) =>
      f.service === f.owner
        ? `service "${f.service}" publishes host port ${f.port} twice`
        : `service "${f.service}" publishes host port ${f.port}, which service "${f.owner}" publishes too`,
    es: (f) =>
      f.service === f.owner
        ? `el servicio "${f.service}" publica dos veces el puerto ${f.port} del anfitrión`
        : `el servicio "${f.service}" publica el puerto ${f.port} del anfitrión, que también publica "${f.owner}"`,
    hint: {
      en: 'give one of them another host port: only one can have it',
      es: 'dé a uno de ellos otro puerto del anfitrión: solo uno puede tenerlo',
    },
  }),
  COMPOSE_VOLUME_DRIVE: message<{ spec: string }>({
    en: (f) => `"${f.spec}" is read as a path on a Windows drive: it becomes the target of an anonymous volume`,
    es: (f) => `"${f.spec}" se lee como una ruta de una unidad de Windows: pasa a ser el destino de un volumen anónimo`,
    hint: {
      en: 'give the volume a name of two letters or more, or write the long form',
      es: 'dé al volumen un nombre de dos letras o más, o use la forma larga',
    },
  }),
};
